"""Values that stand for every answer a question can have, as far as some requirements can tell answers apart."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from itertools import combinations, pairwise
from typing import Any

from survey.definition.base import Question
from survey.definition.expressions import Binary, Items, Literal, Name, Node, Unary, nodes
from survey.definition.functions import as_date
from survey.definition.kinds import Boolean, Checkbox, ChoiceQuestion, Date, Number, OpenQuestion, Rating, Slider
from survey.definition.kinds.choices import OTHER
from survey.definition.values import as_number, equal

Values = list[Any]
MOST_OPTIONS = 9
COMPARING = frozenset({"=", "!=", "<", "<=", ">", ">="})
SAME = frozenset({"=", "!=", "anyof", "noneof"})
FRESH = "\u2042 something that no condition names \u2042"


def domain(question: Question, requirements: Iterable[Node]) -> Values | None:
    """Return answers of which, for each answer the question can have, one meets the same requirements; None first.

    None in place of the list when that cannot be told of such a question or such requirements.
    """
    if any(path.removeprefix("#") != question.name for one in requirements for path in _paths(one)):
        return None
    for kinds, values in _DOMAINS:
        if isinstance(question, kinds):
            found = values(question, list(requirements))
            return None if found is None else [None, *found]
    return None


def literals(requirements: Iterable[Node]) -> list[Any]:
    """Return every value written in some requirements."""
    return [found.value for one in requirements for found in nodes(one) if isinstance(found, Literal)]


def _paths(node: Node) -> list[str]:
    return [found.path for found in nodes(node) if isinstance(found, Name)]


def compares(node: Node, operators: frozenset[str]) -> bool:
    """Return whether a requirement only compares the plain answer with written values, by some operators."""
    if isinstance(node, Unary) and node.operator == "not":
        return compares(node.operand, operators)
    if isinstance(node, Unary) and node.operator in ("empty", "notempty"):
        return isinstance(node.operand, Name)
    if isinstance(node, Name):
        return True
    if not isinstance(node, Binary) or node.operator not in operators:
        return False
    sides = [node.left, node.right]
    named = [side for side in sides if isinstance(side, Name)]
    return len(named) == 1 and all(_written(side) for side in sides if not isinstance(side, Name))


def _written(node: Node) -> bool:
    return isinstance(node, Literal) or (
        isinstance(node, Items) and all(isinstance(one, Literal) for one in node.parts)
    )


def _one_choice(question: Any, _requirements: list[Node]) -> Values:
    return [{OTHER: FRESH} if value == OTHER and question.showOtherItem else value for value in question.values]


def _choices(question: Any, requirements: list[Node]) -> Values | None:
    """Return every combination of the options that the requirements name, each also with one they do not name."""
    if not all(compares(one, SAME | {"contains", "notcontains", "allof"}) for one in requirements):
        return None
    named = literals(requirements)
    told = [value for value in question.values if any(equal(value, one) for one in named)]
    rest = [value for value in question.values if value not in told]
    if len(told) > MOST_OPTIONS:
        return None
    others = [next((value for value in rest if question.exclusive(value) == alone), None) for alone in (False, True)]
    found: Values = []
    for size in range(len(told) + 1):
        for chosen in combinations(told, size):
            for more in ([], *([value] for value in others if value is not None)):
                together = [*chosen, *more]
                if together and _allowed(question, together):
                    found.append([{OTHER: FRESH} if one == OTHER else one for one in together])
    return found


def _allowed(question: Any, chosen: list[Any]) -> bool:
    if any(question.exclusive(one) for one in chosen):
        return len(chosen) == 1
    return not question.maxSelectedChoices or len(chosen) <= question.maxSelectedChoices


def _numbers(question: Any, requirements: list[Node]) -> Values | None:
    if not all(compares(one, COMPARING | SAME) for one in requirements):
        return None
    low, high, step = question.min, question.max, question.step
    points = sorted({n for value in literals(requirements) if (n := as_number(value)) is not None})
    if step is not None and low is not None and high is not None and (high - low) / step <= 2_000:
        return [round(low + at * step, 10) for at in range(int((high - low) / step + 1e-9) + 1)]
    between = [(a + b) / 2 for a, b in pairwise(points)]
    ends = [points[0] - 1, points[-1] + 1] if points else [0]
    candidates = {*points, *between, *ends, *(end for end in (low, high) if end is not None)}
    return sorted(n for n in candidates if (low is None or n >= low) and (high is None or n <= high))


def _days(question: Any, requirements: list[Node]) -> Values | None:
    written = [value for value in literals(requirements) if value is not None]
    days = [as_date(value) for value in written]
    if not all(compares(one, COMPARING) for one in requirements) or None in days:
        return None
    if any(not isinstance(value, str) or len(value) != 10 for value in written):
        return None
    known = {day for day in [*days, question.min, question.max] if day is not None}
    moved = {_moved(day, by) for day in known for by in (-1, 0, 1)} | {date(2000, 1, 1)}
    inside = (d for d in moved if (not question.min or d >= question.min) and (not question.max or d <= question.max))
    return [day.isoformat() for day in sorted(inside)]


def _moved(day: date, by: int) -> date:
    return day if day in (date.min, date.max) else day + timedelta(days=by)


def _texts(_question: Any, requirements: list[Node]) -> Values | None:
    if not all(compares(one, SAME) for one in requirements):
        return None
    written = {
        str(value) for value in literals(requirements) if value not in (None, "") and not isinstance(value, bool)
    }
    return None if any(isinstance(value, bool) for value in literals(requirements)) else [*sorted(written), FRESH]


_DOMAINS: tuple[tuple[Any, Callable[[Any, list[Node]], Values | None]], ...] = (
    (ChoiceQuestion, _one_choice),
    (Boolean, lambda question, _requirements: [True, False]),
    (Rating, lambda question, _requirements: list(question.steps)),
    (Checkbox, _choices),
    ((Number, Slider), _numbers),
    (Date, _days),
    (OpenQuestion, _texts),
)
