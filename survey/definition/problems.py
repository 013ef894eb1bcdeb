"""From what is wrong with a document to sentences that say where and what."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from survey.definition.kinds import INPUTS, TYPES, UNKNOWN_INPUT

Path = tuple[str | int, ...]
Line = Callable[[Path], int | None]
LISTS = ("elements", "questions")
GROUPS = ("pages", *LISTS)
ENTRIES = {
    "triggers": "trigger",
    "calculatedValues": "calculated value",
    "completedHtmlOnCondition": "closing text",
    "quotas": "quota",
    "screenOut": "screen-out",
    "validators": "validator",
    "choices": "choice",
    "rows": "row",
    "columns": "column",
    "rateValues": "rate value",
}
MUST = "must be "
TYPED = {
    "string_type": "a text",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "list_type": "a list",
    "tuple_type": "a list",
    "dict_type": "a mapping of keys to values",
    "model_type": "a mapping of keys to values",
    "model_attributes_type": "a mapping of keys to values",
}
UNSUPPORTED = {
    "choicesByUrl": "is not supported: options are not fetched from an address; write them out as 'choices'",
    "choiceValuesFromQuestion": "is not supported: options are only carried from questions with 'choices'",
    "choiceTextsFromQuestion": "is not supported: options are only carried from questions with 'choices'",
    "maxRangeLength": "is not supported: a slider takes one value, not a range",
    "minRangeLength": "is not supported: a slider takes one value, not a range",
}


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong.

    message: what follows the name of the element. hint: what to do, or nothing. loose: it lies in a key that the
    element can do without.
    """

    path: Path
    message: str
    hint: str = ""
    loose: bool = False


def sentence(problems: list[Problem], document: object, source: str, line: Line) -> str:
    """Return the first of some problems as a sentence with its place, and how many more there are."""
    first = problems[0]
    path = place_in(document, first.path)
    number = line(path)
    place = source if number is None else f"{source}, line {number}"
    message = f"{place}: {element_at(document, path)} {first.message}."
    more = len(problems) - 1
    return f"{message} Problems besides this one: {more}." if more else message


def structural(error: ValidationError, document: object) -> list[Problem]:
    """Return everything that a failed validation found, in the order of the document.

    What may be of several types is one problem, not one for each type that it is not.
    """
    found: list[Problem] = []
    for one in error.errors():
        problem = Problem(place_in(document, one["loc"]), _what(one), loose=one["type"] == "extra_forbidden")
        last = found[-1] if found else None
        if last and last.path == problem.path and one["type"] in TYPED and last.message.startswith(MUST):
            if last.message in ("must be a number", problem.message):
                continue
            found[-1] = replace(last, message=f"{last.message} or {problem.message.removeprefix(MUST)}")
        else:
            found.append(problem)
    return found


def place_in(document: object, location: Path) -> Path:
    """Return the part of a location that exists in the document (reading adds names of its own)."""
    here, path = document, []
    if isinstance(here, Mapping) and "pages" not in here and location[:1] == ("pages",):
        location = location[2:] if {"elements", "questions"} & set(here) else location[4:]
    for step in location:
        if step == "elements" and isinstance(here, Mapping) and step not in here and "questions" in here:
            step = "questions"
        if (isinstance(here, Mapping) and step in here) or (isinstance(here, list) and step in range(len(here))):
            here = here[step]  # type: ignore[index]
            path.append(step)
    return tuple(path)


def element_at(document: Any, path: Path) -> str:
    """Return what to call the innermost question, panel or page on a path, and the key that the path ends in."""
    here, found = document, "the survey"
    for depth, step in enumerate(path):
        here = here[step]
        if isinstance(step, int) and path[depth - 1] == "pages":
            found = f"page {step + 1}"
        elif isinstance(step, int) and path[depth - 1] in LISTS:
            found = _named(here, step)
        elif isinstance(step, int) and path[depth - 1] in ENTRIES:
            found += f", {ENTRIES[str(path[depth - 1])]} {step + 1}"
        elif isinstance(step, str) and depth == len(path) - 1 and step not in GROUPS:
            found += f", '{step}'"
    return found


def _named(element: Any, number: int) -> str:
    known = element if isinstance(element, Mapping) else {}
    what = "panel" if known.get("type") == "panel" else "question"
    return f"{what} '{known['name']}'" if known.get("name") else f"{what} {number + 1}"


def _missing(problem: ErrorDetails) -> str:
    return f"needs '{problem['loc'][-1]}'"


def _unknown_key(problem: ErrorDetails) -> str:
    return UNSUPPORTED.get(str(problem["loc"][-1]), "is a key that Samtal does not know")


def _unknown_type(problem: ErrorDetails) -> str:
    given = problem["ctx"]["tag"]
    if "elements" not in problem["loc"]:
        return f"has the type '{given}', but must be one of {problem['ctx']['expected_tags']}"
    if given.startswith(UNKNOWN_INPUT):
        typed = given.removeprefix(UNKNOWN_INPUT)
        return f"has the inputType '{typed}', but a text must have one of {', '.join(INPUTS)}"
    return f"has the type '{given}', but must be one of {', '.join(TYPES)}"


def _no_type(problem: ErrorDetails) -> str:
    given = problem.get("input")
    typed = given.get("type") if isinstance(given, Mapping) else None
    return f"needs a 'type' out of {', '.join(TYPES)}" + (f", got '{typed}'" if typed else "")


def _too_short(problem: ErrorDetails) -> str:
    least = problem["ctx"]["min_length"]
    return f"needs at least {least} {'entry' if least == 1 else 'entries'}"


def _one_of(problem: ErrorDetails) -> str:
    return f"must be {problem['ctx']['expected']}, got {problem['input']!r:.60}"


WORDING: dict[str, Callable[[ErrorDetails], str]] = {
    "missing": _missing,
    "extra_forbidden": _unknown_key,
    "union_tag_invalid": _unknown_type,
    "union_tag_not_found": _no_type,
    "too_short": _too_short,
    "literal_error": _one_of,
}


def _what(problem: ErrorDetails) -> str:
    if problem["type"] in TYPED:
        return f"{MUST}{TYPED[problem['type']]}"
    wording = WORDING.get(problem["type"])
    if wording:
        return wording(problem)
    message = problem["msg"]
    from_pydantic = message.startswith(("Input", "String", "Value", "List", "Tuple"))
    return f"is not right: {message[0].lower()}{message[1:]}" if from_pydantic else message
