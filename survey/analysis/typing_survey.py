"""The golden questions of a typing tool as a survey that the chat can ask, and its answers as the tool reads them."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any

from models.golden.coders import Golden
from models.golden.tool import Typed, TypingTool
from survey.analysis import asked
from survey.definition import Question, Survey, check, parse
from survey.definition.base import RESERVED_NAMES
from survey.definition.kinds import Choice, Optioned
from survey.errors import AppError

Element = dict[str, Any]

LIST_FROM = 8
"""Options from which a choice is asked by a list that opens."""

MOST_STEPS = 21
"""Steps that a rating and a battery may have."""

ELSEWHERE = frozenset(
    (
        *("visibleIf", "enableIf", "requiredIf", "visible", "validators"),
        *("defaultValue", "defaultValueExpression", "setValueExpression", "setValueIf"),
        *("choicesVisibleIf", "choicesFromQuestion", "choicesFromQuestionMode", "rowsVisibleIf"),
        *("minValueExpression", "maxValueExpression"),
    )
)
"""What may speak of other questions, which are not asked here."""


def golden_survey(tool: TypingTool, document: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return a survey document that asks the golden questions, the most telling first.

    document: the survey that the questions come from; they are asked as they are worded there, in all its languages.
    Without it they are worded by their names and options. Raises AppError when they cannot be asked in a chat.
    """
    survey = parse(dict(document)) if document else None
    elements = [_element(tool, name, document or {}, survey) for name in tool.questions]
    made: dict[str, Any] = {"title": "A few questions"}
    if document:
        made = {name: deepcopy(document[name]) for name in ("title", "locale") if name in document}
        consent = {name: one for name, one in (document.get("samtal") or {}).items() if name == "consent"}
        made |= {"samtal": deepcopy(consent)} if consent else {}
    made = {**made, "pages": [{"elements": elements}]}
    wrong = next((found for found in check(made) if found.severity == "error"), None)
    if wrong is not None:
        raise AppError(f"The golden questions cannot be asked in a chat: {wrong.message}")
    return made


def type_answers(tool: TypingTool, survey: Survey, values: Mapping[str, Any]) -> Typed:
    """Return where one respondent belongs; values: stored answers by question, as the survey's questions store them.

    A golden question that the survey does not ask counts as not answered.
    """
    told = {}
    for name in tool.questions:
        question = survey.question(name) or survey.question(survey_name(name))
        value = None if question is None else values.get(question.name)
        if question is not None and value is not None:
            read = asked.answers(question, [value], survey.locale)
            told[name] = None if read is None else read.values[0]
    return tool.classify(told)


def survey_name(name: str) -> str:
    """Return the name under which a survey can ask a question that a table calls so.

    >>> survey_name("status"), survey_name("{x} y ")
    ('status_', 'x y')
    """
    kept = "".join(letter for letter in name if letter.isprintable() and letter not in "{}").strip()[:60].strip()
    return f"{kept}_" if kept in RESERVED_NAMES else kept or "golden"


def _element(tool: TypingTool, name: str, document: Mapping[str, Any], survey: Survey | None) -> Element:
    parts = [one for one in tool.coders if one.name == name]
    question = survey.question(name) if survey else None
    original = next((found for found in _elements(document) if found.get("name") == name), None)
    if question is None or original is None or survey is None:
        return _made(parts)
    kept = {key: deepcopy(value) for key, value in original.items() if key not in ELSEWHERE}
    if isinstance(question, Optioned) and question.choicesFromQuestion:
        kept["choices"] = [_choice_of(option) for option in question.options]
    elif "choices" in kept:
        kept["choices"] = [_plain_choice(choice) for choice in kept["choices"]]
    if "rows" in kept:
        wanted = {one.part for one in parts if one.part}
        rows = [_plain_choice(row) for row in kept["rows"]]
        called = asked.texts(question, question.values, survey.locale)
        kept["rows"] = [row for row in rows if not wanted or called.of(_value(row)) in wanted]
    return {key: _without_names(value) if key in ("title", "description") else value for key, value in kept.items()}


def _elements(part: Any) -> Iterator[Mapping[str, Any]]:
    """Every element of a document, those of pages and panels too; a document may be one element itself."""
    if isinstance(part, Mapping):
        if "type" in part and "name" in part:
            yield part
        for key in ("pages", "elements", "questions"):
            for inner in part.get(key) or ():
                yield from _elements(inner)


def _choice_of(option: Choice) -> Element:
    return {"value": option.value, "text": dict(option.text.root)}


def _plain_choice(choice: Any) -> Any:
    if not isinstance(choice, Mapping):
        return choice
    return {key: value for key, value in choice.items() if key not in ("visibleIf", "enableIf")}


def _value(choice: Any) -> Any:
    return choice["value"] if isinstance(choice, Mapping) else choice


def _without_names(text: Any) -> Any:
    """A text without the braces in which an answer to another question would stand."""
    if isinstance(text, Mapping):
        return {language: _without_names(one) for language, one in text.items()}
    return re.sub(r"[{}]", "", text) if isinstance(text, str) else text


def _made(parts: Sequence[Golden]) -> Element:
    one = parts[0]
    kind = "battery" if one.part else one.kind
    head = {"name": survey_name(one.name), "title": _without_names(one.title)}
    return {"type": "", **head, **MADE[kind](parts)}


def _choice(parts: Sequence[Golden]) -> Element:
    options = list(parts[0].scheme.options)
    return {"type": "radiogroup" if len(options) < LIST_FROM else "dropdown", "choices": options}


def _listed(kind: str) -> Callable[[Sequence[Golden]], Element]:
    return lambda parts: {"type": kind, "choices": list(parts[0].scheme.options)}


def _scale(parts: Sequence[Golden]) -> Element:
    levels = list(parts[0].levels)
    if len(levels) > MOST_STEPS or len(levels) < 2:
        return {"type": "text", "inputType": "number"}
    return {"type": "rating", "rateValues": levels}


def _battery(parts: Sequence[Golden]) -> Element:
    levels = list(dict.fromkeys(level for one in parts for level in one.levels))
    if all(isinstance(level, int | float) for level in levels):
        levels.sort()
    if not 2 <= len(levels) <= MOST_STEPS or any(isinstance(level, float) for level in levels):
        raise AppError(
            f"'{parts[0].name}' has {len(levels)} different marks, and a chat asks a battery with 2 to {MOST_STEPS} "
            "whole numbers or words.",
            "Make the tool without it, or use the workbook.",
        )
    rows = [one.part for one in parts if one.part] or list(parts[0].scheme.items)
    return {"type": "matrix", "rows": rows, "columns": levels}


def _best_worst(parts: Sequence[Golden]) -> Element:
    options = list(parts[0].scheme.options)
    return {"type": "bestworst", "choices": options, "setSize": min(4, max(3, len(options)))}


MADE: Mapping[str, Callable[[Sequence[Golden]], Element]] = {
    "nominal": _choice,
    "multi": _listed("checkbox"),
    "binary": lambda _: {"type": "boolean"},
    "ordinal": _scale,
    "number": lambda _: {"type": "text", "inputType": "number"},
    "date": lambda _: {"type": "text", "inputType": "date"},
    "battery": _battery,
    "ranking": _listed("ranking"),
    "bestworst": _best_worst,
    "shares": _listed("allocation"),
}
"""Kind of answers to the question of a survey that asks for them."""


def reads(question: Question) -> bool:
    """Return whether a typing tool can ask a question of a survey."""
    return question.encoder in MADE
