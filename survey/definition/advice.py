"""What is doubtful in a survey that can be read: a registry of functions, one for each kind of doubt."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from survey.definition import advice_rules, advice_texts
from survey.definition.advice_rules import Doubt
from survey.definition.document import Survey

FINDERS: tuple[Callable[[Survey, Mapping[str, Any]], Iterator[Doubt]], ...] = (
    advice_rules.conditions,
    advice_rules.unreachable,
    advice_rules.looks_ahead,
    advice_rules.values,
    advice_rules.jumps,
    advice_rules.notes,
    advice_texts.pipes,
    advice_texts.translations,
    advice_texts.lengths,
)


def doubts(survey: Survey, document: Mapping[str, Any]) -> list[Doubt]:
    """Return every doubt about a survey whose references are all in order."""
    return [doubt for find in FINDERS for doubt in find(survey, document)]
