"""The survey document: what may be asked, in which languages, and which replies count as answers."""

from survey.definition.base import MAX_CHARACTERS, Question, ReplyRejected
from survey.definition.checking import Finding, check
from survey.definition.context import Context
from survey.definition.document import Survey, one_question, parse
from survey.definition.expressions import Expression, ExpressionError, parse_expression
from survey.definition.kinds import KINDS, TYPES
from survey.definition.languages import LANGUAGES, interface_language, say, words
from survey.definition.loading import check_file, load, read
from survey.definition.logic import Calculated, Ending, Quota, Skip
from survey.definition.piping import pipe
from survey.definition.shown import Shown, Value

__all__ = [
    "KINDS",
    "LANGUAGES",
    "MAX_CHARACTERS",
    "TYPES",
    "Calculated",
    "Context",
    "Ending",
    "Expression",
    "ExpressionError",
    "Finding",
    "Question",
    "Quota",
    "ReplyRejected",
    "Shown",
    "Skip",
    "Survey",
    "Value",
    "check",
    "check_file",
    "interface_language",
    "load",
    "one_question",
    "parse",
    "parse_expression",
    "pipe",
    "read",
    "say",
    "words",
]
