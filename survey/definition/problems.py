"""From a failed validation to one sentence that says where and what."""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from survey.definition.kinds import TYPES

Path = tuple[str | int, ...]
Line = Callable[[Path], int | None]


def sentence(error: ValidationError, document: object, source: str, line: Line) -> str:
    """Return the first thing that is wrong with a document, with its place."""
    problem = error.errors()[0]
    path = _path(document, problem["loc"])
    number = line(path)
    place = source if number is None else f"{source}, line {number}"
    message = f"{place}: {_element(document, path)} {_what(problem)}."
    more = error.error_count() - 1
    return f"{message} Problems besides this one: {more}." if more else message


def _path(document: object, location: Path) -> Path:
    """Return the part of a location that exists in the document (validation adds names of its own)."""
    here, path = document, []
    if isinstance(here, Mapping) and "pages" not in here and location[:1] == ("pages",):
        location = location[2:] if "elements" in here else location[4:]
    for step in location:
        if (isinstance(here, Mapping) and step in here) or (isinstance(here, list) and step in range(len(here))):
            here = here[step]  # type: ignore[index]
            path.append(step)
    return tuple(path)


def _element(document: Any, path: Path) -> str:
    """Return what to call the innermost question or page on a path."""
    here, found = document, "the survey"
    for depth, step in enumerate(path):
        here = here[step]
        if isinstance(step, int) and path[depth - 1] == "pages":
            found = f"page {step + 1}"
        elif isinstance(step, int) and path[depth - 1] == "elements":
            name = here.get("name") if isinstance(here, Mapping) else None
            found = f"question '{name}'" if name else f"question {step + 1}"
        elif isinstance(step, str) and depth == len(path) - 1 and step not in ("pages", "elements"):
            found += f", '{step}'"
    return found


def _missing(problem: ErrorDetails) -> str:
    return f"needs '{problem['loc'][-1]}'"


def _unknown_key(problem: ErrorDetails) -> str:
    return "is a key that Samtal does not know"


def _unknown_type(problem: ErrorDetails) -> str:
    return f"has the type '{problem.get('ctx', {}).get('tag')}', but must be one of {', '.join(TYPES)}"


def _no_type(problem: ErrorDetails) -> str:
    return f"needs a 'type' out of {', '.join(TYPES)}"


def _too_short(problem: ErrorDetails) -> str:
    least = problem["ctx"]["min_length"]
    return f"needs at least {least} {'entry' if least == 1 else 'entries'}"


WORDING: dict[str, Callable[[ErrorDetails], str]] = {
    "missing": _missing,
    "extra_forbidden": _unknown_key,
    "union_tag_invalid": _unknown_type,
    "union_tag_not_found": _no_type,
    "too_short": _too_short,
}


def _what(problem: ErrorDetails) -> str:
    wording = WORDING.get(problem["type"])
    if wording:
        return wording(problem)
    message = problem["msg"]
    from_pydantic = message.startswith(("Input", "String", "Value"))
    return f"is not right: {message[0].lower()}{message[1:]}" if from_pydantic else message
