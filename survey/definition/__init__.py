"""The survey document: what may be asked, in which languages, and which replies count as answers."""

from survey.definition.document import Survey, one_question, parse
from survey.definition.languages import LANGUAGES, interface_language, say, words
from survey.definition.loading import load
from survey.definition.questions import MAX_CHARACTERS, TYPES, Question, ReplyRejected

__all__ = [
    "LANGUAGES",
    "MAX_CHARACTERS",
    "TYPES",
    "Question",
    "ReplyRejected",
    "Survey",
    "interface_language",
    "load",
    "one_question",
    "parse",
    "say",
    "words",
]
