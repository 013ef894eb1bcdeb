"""Answers as what people can differ in: shares of people, and means. One reader a type, in READERS."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from models.features import SKEWED, Answers
from models.texts.nothing_said import says_nothing

Measure = Literal["share", "mean"]
Numbers = NDArray[np.float64]

FEW_LEVELS = 3
"""A scale of so few levels is compared level by level, and so is one whose levels are words."""

FIRST_PLACES = 3
MOST_YEARS = 8
BARE = frozenset(
    {"yes", "no", "ja", "nej", "nei", "kyllä", "ei", "true", "false", "none", "other", "annat", "annet", "andet", "muu"}
)
"""Answers that say nothing without their question."""

WHOLE = 100.0


@dataclass(frozen=True, eq=False)
class Column:
    """One thing that people can differ in.

    question: its short name; title: as people read it. answer: what x counts, beside the title; "" for all of it.
    x: (n,), 0 or 1 for shares, NaN without an answer. compared: x as it is tested, logarithms where x has a long tail.
    zero: whether x has a natural zero. says: the answer as a name may use it, "" where it says nothing without the
    title. common: whether the answer is common words, as codes have, and no name that keeps its capital.
    """

    question: str
    title: str
    answer: str
    measure: Measure
    x: Numbers
    compared: Numbers
    zero: bool
    says: str
    common: bool = False

    @property
    def mute(self) -> bool:
        """Whether the answer is "don't know" or the like, which nobody wants or is."""
        return self.answer.lower() not in BARE and says_nothing(self.answer) and bool(self.answer)


def unmistakable(questions: Sequence[Sequence[Column]]) -> list[tuple[Column, ...]]:
    """Return each question's columns; choices that several questions offer say nothing without their title."""

    def choice(column: Column) -> str:
        return column.says.casefold() if column.measure == "share" else ""

    offered = Counter(says for columns in questions for says in set(map(choice, columns)) - {""})
    return [
        tuple(replace(column, says="") if offered[choice(column)] > 1 else column for column in columns)
        for columns in questions
    ]


def columns_of(answers: Answers, title: str) -> tuple[Column, ...]:
    """Return the columns of one closed question; () for open answers and those that hold nothing to compare.

    Raises ValueError for a kind without a reader.
    """
    if answers.kind not in READERS:
        raise ValueError(f"the 'kind' parameter must be one of {', '.join(READERS)}, got {answers.kind!r}")
    return tuple(
        Column(answers.name, title, answer, measure, x, _even(x) if measure == "mean" and zero else x, zero, says)
        for answer, measure, x, zero, says in READERS[answers.kind](answers)
        if not np.isnan(x).all()
    )


Read = list[tuple[str, Measure, Numbers, bool, str]]
"""Answer, measure, numbers, whether they have a natural zero, and the answer as a name may use it."""


def _even(x: Numbers) -> Numbers:
    """Logarithms of numbers with a long tail, others as they are."""
    known = x[~np.isnan(x)]
    spread = known.std()
    skewed = known.min() >= 0 and spread > 0 and ((known - known.mean()) ** 3).mean() > SKEWED * spread**3
    return np.log1p(x) if skewed else x


def _nominal(answers: Answers) -> Read:
    values = [_plain(value) for value in answers.values]
    return _shares_of([None if value is None else (value,) for value in values], _found(answers.options, values))


def _multi(answers: Answers) -> Read:
    picks = [None if value is None else tuple(_plain(pick) for pick in value) for value in answers.values]
    return _shares_of(picks, _found(answers.options, [pick for chosen in picks if chosen for pick in chosen]))


def _binary(answers: Answers) -> Read:
    x = _numbers(answers.values, lambda value: float(bool(value)))
    return [("yes", "share", x, True, "")]


def _ordinal(answers: Answers) -> Read:
    """Means of marks; shares of levels that are words, or few."""
    levels = _found(answers.options, answers.values)
    if all(_is_number(level) for level in levels) and len(levels) > FEW_LEVELS:
        return [("", "mean", _numbers(answers.values, float), False, "")]
    return _shares_of([None if value is None else (value,) for value in answers.values], levels, named=False)


def _number(answers: Answers) -> Read:
    x = _numbers(answers.values, float)
    known = x[~np.isnan(x)]
    return [("", "mean", x, bool(len(known) and known.min() >= 0), "")]


def _date(answers: Answers) -> Read:
    """Shares of years; of decades when there are many years, of months when there is one."""
    days = [None if value is None else date.fromisoformat(str(value)[:10]) for value in answers.values]
    years = {day.year for day in days if day}
    if len(years) == 1:
        periods = [None if day is None else f"{day.year}-{day.month:02d}" for day in days]
    elif len(years) <= MOST_YEARS:
        periods = [None if day is None else str(day.year) for day in days]
    else:
        periods = [None if day is None else f"{day.year // 10 * 10}–{day.year // 10 * 10 + 9}" for day in days]
    return _shares_of([None if one is None else (one,) for one in periods], _found((), periods), named=False)


def _battery(answers: Answers) -> Read:
    """A mean per item: of the marks where they are numbers, else of their places from 1."""
    levels = _found(answers.options, [mark for marks in answers.values if marks for mark in marks.values()])
    numbers = all(_is_number(level) for level in levels)
    mark_of = {level: float(level) if numbers else float(place) for place, level in enumerate(levels, start=1)}
    items = answers.items or tuple(dict.fromkeys(item for marks in answers.values if marks for item in marks))
    return [(str(item), "mean", _marks(answers.values, item, mark_of), False, str(item)) for item in items]


def _marks(values: Sequence[Any], item: str, mark_of: Mapping[Any, float]) -> Numbers:
    return _numbers([(marks or {}).get(item) for marks in values], mark_of.__getitem__)


def _ranking(answers: Answers) -> Read:
    """Shares of people who put an option first; among the first three where there are many options."""
    options = _found(answers.options, [pick for picks in answers.values if picks for pick in picks])
    top = FIRST_PLACES if len(options) > 2 * FIRST_PLACES else 1
    picks = [tuple(value[:top]) if value else None for value in answers.values]
    where = "first" if top == 1 else f"among the first {top}"
    return [
        (f"{answer}, {where}", measure, x, zero, named)
        for answer, measure, x, zero, named in _shares_of(picks, options)
    ]


def _bestworst(answers: Answers) -> Read:
    """Means of best minus worst over how often an option was shown, -1 to 1."""
    sets = [[one for one in found or () if one["best"] is not None] for found in answers.values]
    options = _found(answers.options, [item for found in sets for one in found for item in one["set"]])
    return [
        (str(option), "mean", np.array([_balance(found, option) for found in sets]), False, str(option))
        for option in options
    ]


def _balance(sets: Sequence[Mapping[str, Any]], option: Any) -> float:
    shown = sum(option in one["set"] for one in sets)
    won = sum((one["best"] == option) - (one["worst"] == option) for one in sets)
    return won / shown if shown else float("nan")


def _shares(answers: Answers) -> Read:
    """Means of the parts, of 100 in all."""
    options = _found(answers.options, [part for parts in answers.values if parts for part in parts])
    return [
        (str(option), "mean", np.array([_part(parts, option) for parts in answers.values]), True, str(option))
        for option in options
    ]


def _part(parts: Mapping[Any, float] | None, option: Any) -> float:
    total = float(sum(parts.values())) if parts else 0.0
    return WHOLE * parts.get(option, 0) / total if parts and total > 0 else float("nan")


def _nothing(answers: Answers) -> Read:
    return []


READERS: dict[str, Callable[[Answers], Read]] = {
    "text": _nothing,
    "nominal": _nominal,
    "multi": _multi,
    "binary": _binary,
    "ordinal": _ordinal,
    "number": _number,
    "date": _date,
    "battery": _battery,
    "ranking": _ranking,
    "bestworst": _bestworst,
    "shares": _shares,
    "none": _nothing,
}


def _plain(value: Any) -> Any:
    return "other" if isinstance(value, Mapping) else value


def _found(options: Sequence[Any], values: Sequence[Any]) -> list[Any]:
    """The questionnaire's options, and behind them what was answered besides, in a fixed order."""
    extra = {value for value in values if value is not None and value not in options}
    numbers = all(_is_number(value) for value in extra)
    return [*options, *sorted(extra, key=float if numbers else str)]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | np.number) and not isinstance(value, bool)


def _shares_of(picks: Sequence[tuple[Any, ...] | None], options: Sequence[Any], *, named: bool = True) -> Read:
    place = {option: at for at, option in enumerate(options)}
    taken = np.zeros((len(options), len(picks)))
    for row, chosen in enumerate(picks):
        if chosen is None:
            taken[:, row] = np.nan
        else:
            taken[[place[pick] for pick in chosen], row] = 1.0
    return [
        (str(option), "share", x, True, str(option) if named and not _bare(option) else "")
        for option, x in zip(options, taken, strict=True)
    ]


def _bare(option: Any) -> bool:
    return isinstance(option, bool) or _is_number(option) or str(option).lower() in BARE


def _numbers(values: Sequence[Any], read: Callable[[Any], float]) -> Numbers:
    return np.array([np.nan if value is None else read(value) for value in values], dtype=np.float64)
