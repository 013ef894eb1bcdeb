"""Whether everything that a survey names exists: in conditions, jumps, carried options and computed values."""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING

from survey.definition.base import ReplyRejected
from survey.definition.context import COMMENT, ITEM, LENGTH, MAX_CALCULATIONS, locate
from survey.definition.kinds import Allocation, BestWorst, Matrix, Optioned
from survey.definition.kinds.bestworst import MAX_ITEMS
from survey.definition.logic import SkipTrigger
from survey.definition.problems import Path, Problem
from survey.definition.walking import expressions

if TYPE_CHECKING:
    from survey.definition.document import Survey

PER_ITEM = frozenset({"choicesVisibleIf", "rowsVisibleIf", "choices", "rows", "columns"})
KEYED = Matrix | Allocation | BestWorst
MOST_LISTED = 30


def reference_problems(survey: "Survey") -> list[Problem]:
    """Return everything that a survey names and that is not there, or is there twice."""
    return [*_twice(survey), *_unknown(survey), *_carried(survey), *_goals(survey), *_circles(survey), *_checks(survey)]


def known(names: frozenset[str] | list[str]) -> str:
    """Return a list of names for a sentence, the most usual number of them."""
    listed = sorted(names)
    more = f" and {len(listed) - MOST_LISTED} more" if len(listed) > MOST_LISTED else ""
    return ", ".join(listed[:MOST_LISTED]) + more if listed else "none"


def suggestion(name: str, names: frozenset[str] | list[str]) -> str:
    """Return "Did you mean …?" when a known name is close, else nothing."""
    close = get_close_matches(name, list(names), 1, 0.6) or [one for one in names if one.lower() == name.lower()]
    return f"Did you mean '{close[0]}'?" if close else ""


def _twice(survey: "Survey") -> Iterator[Problem]:
    seen: set[str] = set()
    places = [(one.question.name, one.path) for one in survey.placed]
    places += [(one.name, ("calculatedValues", at)) for at, one in enumerate(survey.calculatedValues)]
    for name, path in places:
        if name in seen:
            yield Problem(path, f"bears a taken name: there are two questions called '{name}'")
        seen.add(name)


def _unknown(survey: "Survey") -> Iterator[Problem]:
    for path, expression in expressions(survey):
        for name in sorted(expression.names):
            problem = unknown_name(survey, name, path)
            if problem:
                yield problem


def unknown_name(survey: "Survey", name: str, path: Path) -> Problem | None:
    """Return what is wrong with one name of an expression, or None."""
    if name == ITEM and PER_ITEM & set(path):
        return None
    comment = survey.question(name.removesuffix(COMMENT)) if name.endswith(COMMENT) else None
    if comment is not None:
        return None
    found = locate(name, survey.names.__contains__)
    if found is None:
        hint = suggestion(name, survey.names) or "If invitations bring it along, list it under samtal.descriptors."
        return Problem(path, f"names '{name}', which is not there; the survey has {known(survey.names)}", hint)
    question = survey.question(found[0])
    steps = found[1]
    if not steps or question is None or not question.asks:
        return None
    if isinstance(question, KEYED) and isinstance(steps[0], str):
        rows = [str(value) for value in question.values]
        if steps[0] in rows:
            return None
        hint = suggestion(steps[0], rows)
        return Problem(path, f"names '{name}', but '{found[0]}' has {known(rows)}", hint)
    if (isinstance(steps[0], int) or steps[0] == LENGTH) and question.encoder in ("multi", "ranking"):
        return None
    return Problem(path, f"names '{name}', but the answer to '{found[0]}' has no such part")


def _carried(survey: "Survey") -> Iterator[Problem]:
    before: dict[str, bool] = {}
    for one in survey.placed:
        question = one.question
        source = question.choicesFromQuestion if isinstance(question, Optioned) else None
        path = (*one.path, "choicesFromQuestion")
        sources = [name for name, optioned in before.items() if optioned]
        if source is not None and source not in sources:
            listed = f"the earlier ones with choices are {known(sources)}"
            hint = suggestion(source, sources)
            yield Problem(path, f"names '{source}', which is no earlier question with choices; {listed}", hint)
        if isinstance(question, BestWorst) and len(question.values) > MAX_ITEMS:
            yield Problem(path, f"carries {len(question.values)} items forward, but may have at most {MAX_ITEMS}")
        before[question.name] = isinstance(question, Optioned)


def _goals(survey: "Survey") -> Iterator[Problem]:
    names = frozenset(question.name for question in survey.questions)
    pages = frozenset(page.name for page in survey.pages if page.name)
    for at, trigger in enumerate(survey.triggers):
        if isinstance(trigger, SkipTrigger) and trigger.gotoName not in names | pages:
            hint = suggestion(trigger.gotoName, names | pages)
            message = f"leads to '{trigger.gotoName}', which is not there; the survey has {known(names | pages)}"
            yield Problem(("triggers", at, "gotoName"), message, hint)


def _circles(survey: "Survey") -> Iterator[Problem]:
    uses = {
        one.name: [found[0] for name in one.expression.names if (found := locate(name, survey.names.__contains__))]
        for one in survey.calculated
    }

    def depth(name: str, above: tuple[str, ...]) -> int:
        if name in above or len(above) > MAX_CALCULATIONS:
            return MAX_CALCULATIONS + 1
        return 1 + max((depth(other, (*above, name)) for other in uses[name] if other in uses), default=0)

    paths: dict[str, Path] = {one.question.name: (*one.path, "expression") for one in survey.placed}
    paths |= {one.name: ("calculatedValues", at, "expression") for at, one in enumerate(survey.calculatedValues)}
    for name in uses:
        if depth(name, ()) > MAX_CALCULATIONS:
            yield Problem(
                paths[name],
                f"depends on itself, or on computed values of computed values more than {MAX_CALCULATIONS} deep",
            )


def _checks(survey: "Survey") -> Iterator[Problem]:
    for one in survey.placed:
        wanted = one.question.samtal.attention
        if wanted is None:
            continue
        try:
            one.question.read(wanted)
        except ReplyRejected:
            values = [str(value) for value in one.question.values]
            yield Problem(
                (*one.path, "samtal", "attention"),
                f"wants the answer '{wanted}', which the question does not take; it has {known(values)}",
            )
