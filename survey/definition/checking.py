"""Everything that can be said of a survey document before anybody is asked: errors, doubts and notes, at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import ValidationError

from survey.definition.advice import doubts
from survey.definition.document import Survey
from survey.definition.effects import without_effect
from survey.definition.kinds import Html
from survey.definition.problems import GROUPS, LISTS, Line, Path, Problem, element_at, place_in, structural
from survey.definition.references import reference_problems
from survey.definition.text import DEFAULT

Severity = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")
MOST_REPAIRS = 50
STAND_IN = "in the place of "


@dataclass(frozen=True)
class Finding:
    """One thing found. line: None when unknown. element: what it is about. message: goes on from the element's name.

    error: the survey does not load, or a part can never be reached. warning: something will not happen as written.
    note: good to know.
    """

    severity: Severity
    line: int | None
    element: str
    message: str
    hint: str = ""


def check(document: Mapping[str, Any], line: Line = lambda _path: None) -> list[Finding]:
    """Return everything found in a document, in the order of its lines, errors first within a line.

    What is broken is set aside while the rest is looked at, so that one mistake does not hide the others.
    """
    found: list[tuple[Severity, Problem]] = [(severity, problem) for severity, problem in without_effect(document)]
    survey, problems = _read(document)
    found += [("error", problem) for problem in problems]
    if survey is not None:
        silent = {name for name in survey.names if _stands_in(survey, name)}
        references = [
            problem
            for problem in reference_problems(survey)
            if not any(f"'{name}'" in problem.message for name in silent)
        ]
        found += [("error", problem) for problem in references]
        found += doubts(survey, document) if not references else []
    findings = [_finding(severity, problem, document, line) for severity, problem in found]
    unique = list(dict.fromkeys(findings))
    return sorted(unique, key=lambda one: (one.line or 0, SEVERITIES.index(one.severity)))


def _finding(severity: Severity, problem: Problem, document: Mapping[str, Any], line: Line) -> Finding:
    path = place_in(document, problem.path)
    return Finding(severity, line(path), element_at(document, path), problem.message, problem.hint)


def _read(document: Mapping[str, Any]) -> tuple[Survey | None, list[Problem]]:
    """Return the survey without what cannot be read of it, or None, and what cannot be read."""
    problems: list[Problem] = []
    here: Any = document
    for _ in range(MOST_REPAIRS):
        try:
            return Survey.model_validate(here), problems
        except ValidationError as error:
            found = structural(error, here)
            problems += found
            mended = here
            for problem in found:
                mended = _mended(mended, problem)
            if mended == here:
                break
            here = mended
    return None, problems


def _mended(document: Any, problem: Problem) -> Any:
    """Return a copy without what a problem lies in: a key too many, else the innermost question, else its outer key.

    A question is replaced by a silent one of the same name, so that what refers to it is not wrong too.
    """
    path = place_in(document, problem.path)
    if problem.loose and path:
        return _replaced(document, path, None)
    depth = max((at for at in range(1, len(path)) if path[at - 1] in LISTS), default=0)
    if depth and isinstance(path[depth], int):
        return _replaced(document, path[: depth + 1], _stand_in)
    keys = [at for at, step in enumerate(path) if isinstance(step, str) and step not in GROUPS]
    return _replaced(document, path[: keys[0] + 1], None) if keys else document


def _stands_in(survey: Survey, name: str) -> bool:
    question = survey.question(name)
    return isinstance(question, Html) and question.html.root == {DEFAULT: f"{STAND_IN}{name}"}


def _stand_in(element: Any) -> dict[str, Any]:
    name = element.get("name") if isinstance(element, Mapping) else None
    usable = name if isinstance(name, str) and name.strip() == name and 0 < len(name) <= 64 else f"?{id(element)}"
    return {"type": "html", "name": usable, "html": f"{STAND_IN}{usable}"}


def _replaced(document: Any, path: Path, change: Callable[[Any], Any] | None) -> Any:
    step, *rest = path
    copy = dict(document) if isinstance(document, Mapping) else list(document)
    if rest:
        copy[step] = _replaced(copy[step], tuple(rest), change)  # type: ignore[index]
    elif change is None:
        del copy[step]  # type: ignore[arg-type]
    else:
        copy[step] = change(copy[step])  # type: ignore[index]
    return copy


def as_lines(source: str, findings: list[Finding]) -> list[str]:
    """Return findings as lines for a terminal, and a last one that counts them; source: what the document is called."""
    counts = [(severity, sum(one.severity == severity for one in findings)) for severity in SEVERITIES]
    said = [f"{number} {severity}{'' if number == 1 else 's'}" for severity, number in counts if number]
    return [*(_line_of(source, one) for one in findings), f"{', '.join(said)}." if said else "No problems found."]


def _line_of(source: str, one: Finding) -> str:
    place = source if one.line is None else f"{source}:{one.line}"
    sentence = " ".join(f"{one.element} {one.message.removesuffix('.')}.".split())
    return f"{place}: {one.severity}: {sentence} {one.hint}".strip()
