"""Doubts about the rules of a survey: conditions, jumps, values that are not there, additions in the wrong place."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from survey.definition.conditions import Reasoner
from survey.definition.context import ITEM, Context, locate
from survey.definition.document import Survey
from survey.definition.expressions import Binary, Items, Name, Node, Unary, nodes
from survey.definition.expressions import Literal as Written
from survey.definition.kinds import (
    Boolean,
    Checkbox,
    ChoiceQuestion,
    Matrix,
    OpenQuestion,
    Rating,
)
from survey.definition.problems import Path, Problem
from survey.definition.references import known, suggestion
from survey.definition.values import equal
from survey.definition.walking import expressions

Doubt = tuple[Literal["error", "warning", "note"], Problem]
GATES = ("visibleIf", "enableIf")
COMPARED = frozenset({"=", "!=", "anyof", "noneof", "allof", "contains", "notcontains"})


def conditions(survey: Survey, _document: Mapping[str, Any]) -> Iterator[Doubt]:
    """Conditions that never or always hold on their own."""
    reason = Reasoner(survey)
    for path, expression in expressions(survey):
        key = path[-1]
        if key not in (*GATES, "requiredIf", "if") and path[0] not in ("triggers", "completedHtmlOnCondition"):
            continue
        if ITEM in expression.names:
            continue
        if reason.never([expression.root]):
            message = f"can never hold: {expression.text}"
            yield "error", Problem(path, message, "Look for values that exclude each other or that no answer has.")
        elif reason.always(expression.root):
            severe = path[0] in ("triggers", "samtal")
            yield ("error" if severe else "note"), Problem(path, f"always holds: {expression.text}")


def unreachable(survey: Survey, _document: Mapping[str, Any]) -> Iterator[Doubt]:
    """Questions that nobody can reach."""
    reason = Reasoner(survey)
    for one in survey.placed:
        name = one.question.name
        if one.never:
            yield "warning", Problem(one.path, "is never asked: 'visible' is false")
            continue
        own = [condition.root for condition in one.conditions]
        if any(reason.never([condition]) for condition in own):
            continue
        before = _ended_before(survey, reason, name)
        if own and reason.never(own, at=name):
            later = _later(survey, reason, one.conditions, name)
            why = f" ('{later}' is asked only afterwards)" if later else ""
            hint = "Compare its conditions with those of its page, its panels and the questions that it depends on."
            yield "error", Problem(one.path, f"can never be reached: its conditions never hold there{why}", hint)
        elif before and reason.never([*own, *before], at=name):
            yield "error", Problem(one.path, "can never be reached: the conversation has always ended before it")


def _ended_before(survey: Survey, reason: Reasoner, name: str) -> list[Node]:
    """Return the conditions that hold at a question because no early end has come before it."""
    if not reason.fixed:
        return []
    unanswered = Context(survey=survey)
    return [
        Unary("not", ending.when.root)
        for ending in survey.endings
        if all(used in reason.position and reason.position[used] < reason.position[name] for used in ending.when.names)
        and not ending.when.holds(unanswered)
    ]


def _later(survey: Survey, reason: Reasoner, conditions: tuple[Any, ...], name: str) -> str | None:
    used = (locate(path, survey.names.__contains__) for one in conditions for path in sorted(one.names))
    found = (place[0] for place in used if place)
    return next((other for other in found if reason.position.get(other, -1) >= reason.position[name]), None)


def looks_ahead(survey: Survey, _document: Mapping[str, Any]) -> Iterator[Doubt]:
    """Conditions on questions that come later, in an order that is the same for everybody."""
    reason = Reasoner(survey)
    for one in survey.placed:
        later = _later(survey, reason, one.conditions, one.question.name) if reason.fixed else None
        if later and not reason.never([condition.root for condition in one.conditions], at=one.question.name):
            message = f"has a condition on '{later}', which is not answered yet when it is looked at"
            yield "warning", Problem(one.path, message, f"Move it behind '{later}'.")


def values(survey: Survey, _document: Mapping[str, Any]) -> Iterator[Doubt]:
    """Comparisons with values that a question does not have."""
    for path, expression in expressions(survey):
        for node in nodes(expression.root):
            if not isinstance(node, Binary) or node.operator not in COMPARED:
                continue
            for name, written in ((node.left, node.right), (node.right, node.left)):
                if isinstance(name, Name):
                    yield from _missing_values(survey, path, name.path, written)


def _missing_values(survey: Survey, path: Path, name: str, written: Node) -> Iterator[Doubt]:
    found = locate(name.removeprefix("#"), survey.names.__contains__)
    question = survey.question(found[0]) if found else None
    if (
        found is None
        or question is None
        or not isinstance(question, ChoiceQuestion | Checkbox | Rating | Boolean | Matrix)
    ):
        return
    if isinstance(question, Matrix):
        possible = list(question.scale) if found[1] else []
    else:
        possible = [question.meaning(value) if isinstance(question, Boolean) else value for value in question.values]
    entries = written.parts if isinstance(written, Items) else (written,)
    for entry in entries:
        value = entry.value if isinstance(entry, Written) else None
        if value in (None, "") or not possible or any(equal(value, one) for one in possible):
            continue
        names = [str(one) for one in possible]
        message = f"compares '{found[0]}' with '{value}', which it does not have; it has {known(names)}"
        yield "warning", Problem(path, message, suggestion(str(value), names))


def jumps(survey: Survey, _document: Mapping[str, Any]) -> Iterator[Doubt]:
    """Skips that lead back, or from where they never start."""
    position = Reasoner(survey).position
    places = [at for at, one in enumerate(survey.triggers) if one.type.startswith("skip")]
    for at, skip in zip(places, survey.skips, strict=True):
        found = [locate(path, survey.names.__contains__) for path in skip.when.names]
        starts = [position[place[0]] for place in found if place and place[0] in position]
        if starts and skip.to in position and position[skip.to] <= max(starts):
            message = f"leads back to '{skip.to}', and a conversation only goes ahead; it has no effect"
            yield "warning", Problem(("triggers", at, "gotoName"), message)


def notes(survey: Survey, _document: Mapping[str, Any]) -> Iterator[Doubt]:
    """Additions under `samtal` that do nothing, or the wrong thing, where they stand."""
    for one in survey.placed:
        question, notes = one.question, one.question.samtal
        probed = isinstance(question, OpenQuestion) and question.encoder == "text"
        for key, there in (("laddering", notes.laddering is not None), ("clarify", notes.clarify)):
            if there and not probed:
                message = "has no effect: only open answers are asked on"
                yield (
                    "warning",
                    Problem((*one.path, "samtal", key), message, "It belongs to questions of type comment or text."),
                )
        if notes.centred and question.encoder != "battery":
            message = "has no effect: only a battery has an own mean to compare with"
            yield (
                "warning",
                Problem((*one.path, "samtal", "centred"), message, "It belongs to questions of type matrix."),
            )
        if notes.honeypot and (question.isRequired or question.requiredIf):
            yield (
                "warning",
                Problem(one.path, "is a trap for programs, and people cannot skip it", "Leave out 'isRequired'."),
            )
