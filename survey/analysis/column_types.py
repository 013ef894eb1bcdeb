"""Columns of a file as closed answers: what type they are of, in words people use, or judged by their cells."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from models.features import Answers
from survey.analysis.column_choices import choices_in, holds_several, picker
from survey.analysis.column_scales import LEAST, known_scale
from survey.errors import AppError

WORDS: Mapping[str, tuple[str, ...]] = {
    "nominal": ("choice", "single", "category", "categorical", "radiogroup", "dropdown"),
    "multi": ("choices", "several", "multiple", "checkbox", "multiselect"),
    "binary": ("yesno", "yes/no", "bool", "boolean", "dummy"),
    "ordinal": ("rating", "scale", "likert", "ordered", "nps"),
    "number": ("numeric", "amount", "continuous"),
    "date": ("day",),
    "battery": ("matrix", "grid", "items"),
    "centred": ("ipsatised", "ipsative"),
    "ranking": ("rank", "ranks"),
    "shares": ("points", "allocation", "percentages"),
    "bestworst": ("best-worst", "maxdiff"),
}
"""Types of closed answers, and what else people call them: keys of models.features.ENCODERS, and a centred battery."""

TYPES: Mapping[str, str] = {word: kind for kind, words in WORDS.items() for word in (kind, *words)}

MANY: frozenset[str] = frozenset({"battery", "centred", "ranking", "shares", "bestworst"})
"""Types whose answers stand in several columns, one an item."""

MISSING = frozenset({"", "na", "n/a", "nan", "null", "#n/a", "."})
"""Cells, in small letters, that hold no answer."""

YES = frozenset({"yes", "y", "true", "1", "1.0", "ja", "j", "kyllä", "on", "selected", "checked", "x"})
NO = frozenset({"no", "n", "false", "0", "0.0", "nej", "nei", "ei", "off", "not selected", "unchecked"})

LEVELS = 11
"""Most different whole numbers that read as marks on a scale."""

SMALL = 20
"""Whole numbers beyond this are amounts, not marks."""

OPTIONS = 40
"""Most different words that read as one choice among several."""

LONG = 5
"""From so many levels on a scale is told by its mean."""

_DENIAL = re.compile(r"^(?:not|no|ej|inte|ikke|ei)[\W_]+", re.IGNORECASE)
_LETTERS = re.compile(r"[\W_]+")
_WHOLE = re.compile(r"[-+−]?\d+")
_NUMBER = re.compile(r"[-+−]?\d+(?:[.,]\d+)?")
_NORDIC_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_NO_SCALE = re.compile(r"\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{3} \d{2}")
"""Days and postal codes hold numbers, and no order that matters."""

NAMES: Mapping[str, str] = {
    "nominal": "choice",
    "multi": "several choices",
    "binary": "yes or no",
    "ordinal": "rating",
    "number": "number",
    "date": "date",
    "battery": "battery",
    "centred": "centred battery",
    "ranking": "ranking",
    "shares": "points",
    "bestworst": "best–worst",
}
"""What each type is called in a report."""

Cells = Sequence[str]


def guess_type(cells: Cells) -> str | None:
    """Return the type that the cells of a column are of; None for texts of people's own, or no answer at all.

    >>> guess_type(["Yes", "No", ""]), guess_type(["3", "5", "4"]), guess_type(["23", "61", "45"])
    ('binary', 'ordinal', 'number')
    >>> guess_type(["-3", "+2", "I love it!+5"]), guess_type(["tea; milk", "tea", "milk", "milk; sugar"])
    ('ordinal', 'multi')
    """
    found = [cell.strip() for cell in cells if not is_missing(cell)]
    different = set(found)
    if not different:
        return None
    small = {value.casefold() for value in different}
    if (small <= YES | NO and len(small) > 1) or small == {"1"} or _named_yes(different):
        return "binary"
    if all(day_of(value) for value in different):
        return "date"
    numbers = [as_number(value) for value in different]
    if all(number is not None for number in numbers):
        whole = all(float(number).is_integer() and abs(number) <= SMALL for number in numbers if number is not None)
        return "ordinal" if whole and len(set(numbers)) <= LEVELS else "number"
    if len(different) <= OPTIONS and scale_of(different):
        return "ordinal"
    if holds_several(found, OPTIONS):
        return "multi"
    repeated = len(different) <= max(2, len(found) // 2)
    return "nominal" if len(different) <= OPTIONS and repeated else None


def read_cells(name: str, kind: str, columns: Mapping[str, Cells]) -> Answers:
    """Return the answers in one column, or in several columns of one question, as the numeric core takes them.

    columns: cells by item (its name for a single column). Raises AppError naming column, row and cell when the cells
    are not of this type.
    """
    if kind in MANY or (kind == "multi" and len(columns) > 1):
        return _SEVERAL[kind](name, columns)
    (cells,) = columns.values()
    return _ONE[kind](name, cells)


def in_words(answers: Answers, cells: Cells) -> Answers:
    """Return the answers in one column by the words in its cells, where marks, or yes and no, were made of words.

    So they can be read in another file as well, which may hold other words of the scale, or one of the two.
    """
    given = [None if is_missing(cell) else cell.strip() for cell in cells]
    different = {cell for cell in given if cell is not None}
    if answers.kind == "binary" and _named_yes(different):
        return Answers(answers.name, "nominal", given, tuple(sorted(different)))
    if answers.kind == "ordinal" and any(as_number(word) is None for word in different):
        return Answers(answers.name, "ordinal", given, scale_of(different))
    return answers


def is_missing(cell: str) -> bool:
    """Return whether a cell holds no answer."""
    return cell.strip().casefold() in MISSING


def as_number(cell: str) -> float | None:
    """Return the number that a cell spells, with a point or a comma; None for anything else.

    >>> as_number("3,5"), as_number(" 1e3 "), as_number("many"), as_number("inf")
    (3.5, 1000.0, None, None)
    """
    if "_" in cell:
        return None
    try:
        number = float(cell.strip().replace(",", ".").replace("−", "-"))
    except ValueError:
        return None
    return number if number == number and abs(number) != float("inf") else None


def scale_of(different: set[str]) -> tuple[str, ...]:
    """Return words of a known scale in its order, or words that each hold a number ("18–24", "I love it!+5"); or ()."""
    if known := known_scale(different):
        return known
    if len(different) < LEAST or all(_NO_SCALE.fullmatch(value) for value in different):
        return ()
    found = {value: _NUMBER.findall(value.replace("–", " ")) for value in different}
    if not all(1 <= len(numbers) <= 2 for numbers in found.values()) or not _in_one_unit(different):
        return ()
    first = {value: float(numbers[0].replace(",", ".").replace("−", "-")) for value, numbers in found.items()}
    return tuple(sorted(different, key=lambda value: first[value])) if len(set(first.values())) == len(first) else ()


def _in_one_unit(values: set[str]) -> bool:
    """Whether what stands beside the numbers is the same, save for more words ("under 18 years", "18–24 years")."""
    beside = Counter(" ".join(_LETTERS.split(_NUMBER.sub(" ", value).casefold())).strip() for value in values)
    unit = max(sorted(beside), key=lambda words: (beside[words], -len(words)))
    return all(unit in words for words in beside)


def day_of(value: str) -> str | None:
    """Return the day of "2026-01-31", "2026-01-31 10:05:00" or "31.1.2026" as an ISO date; None for anything else."""
    if nordic := _NORDIC_DAY.fullmatch(value):
        day, month, year = map(int, nordic.groups())
        value = f"{year:04}-{month:02}-{day:02}"
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment.date().isoformat() if "-" in value else None


def _each(name: str, cells: Cells, read: Callable[[str], Any], wanted: str) -> list[Any]:
    values: list[Any] = []
    for row, cell in enumerate(cells):
        value = None if is_missing(cell) else read(cell.strip())
        if value is None and not is_missing(cell):
            shown = cell.strip()[:40]
            raise AppError(f"Row {row} of '{name}' holds '{shown}', which is no {wanted}: name another type.")
        values.append(value)
    return values


def _nominal(name: str, cells: Cells) -> Answers:
    values = _each(name, cells, lambda cell: cell, "choice")
    return Answers(name, "nominal", values, tuple(sorted({value for value in values if value is not None})))


def _multi(name: str, cells: Cells) -> Answers:
    filled = [cell.strip() for cell in cells if not is_missing(cell)]
    choices = choices_in(filled)
    values = _each(name, cells, picker(filled, choices), "list of choices")
    return Answers(name, "multi", values, choices)


def _binary(name: str, cells: Cells) -> Answers:
    yes = _named_yes({cell.strip() for cell in cells if not is_missing(cell)})
    read = (lambda cell: cell == yes) if yes else _yes
    return Answers(name, "binary", _each(name, cells, read, "yes or no"))


def _named_yes(different: set[str]) -> str:
    """Return which of two cells says yes where the other is the same with "not" before it ("Not.work"); "" if none."""
    for value in different if len(different) == 2 else ():
        (other,) = different - {value}
        denied = _DENIAL.sub("", other)
        if denied != other and _LETTERS.sub("", denied).casefold() == _LETTERS.sub("", value).casefold():
            return value
    return ""


def _yes(cell: str) -> bool | None:
    small = cell.casefold()
    return True if small in YES else False if small in NO else None


def _ordinal(name: str, cells: Cells) -> Answers:
    words = {cell.strip() for cell in cells if not is_missing(cell)}
    if all(as_number(word) is not None for word in words):
        values = _each(name, cells, as_number, "number")
        marks = sorted({value for value in values if value is not None})
        whole = all(value.is_integer() for value in marks)
        plain = [None if value is None else int(value) if whole else value for value in values]
        return Answers(name, "ordinal", plain, tuple(int(mark) if whole else mark for mark in marks))
    scale = scale_of(words)
    if not scale:
        raise AppError(
            f"The answers to '{name}' are words, and their order is not known: use numbers, name the type 'choice', or "
            "give the scale in a survey file with --survey."
        )
    values = _each(name, cells, lambda cell: cell, "rating")
    numbers = _marks_of(scale)
    if not numbers:
        return Answers(name, "ordinal", values, scale)
    return Answers(name, "ordinal", [numbers.get(value) for value in values], tuple(numbers.values()))


def _marks_of(scale: Sequence[str]) -> dict[str, int]:
    """Return long scales as marks that have a mean: the number in each word ("I love it!+5"), or its place from 1.

    {} for short scales and for bands such as "18–24", which are told apart by their words.
    """
    if len(scale) < LONG:
        return {}
    if known_scale(scale):
        return {word: place for place, word in enumerate(scale, 1)}
    found = {word: _NUMBER.findall(word) for word in scale}
    if any(len(numbers) != 1 or not _WHOLE.fullmatch(numbers[0]) for numbers in found.values()):
        return {}
    return {word: int(numbers[0].replace("−", "-")) for word, numbers in found.items()}


def _number(name: str, cells: Cells) -> Answers:
    return Answers(name, "number", _each(name, cells, as_number, "number"))


def _day(name: str, cells: Cells) -> Answers:
    values = _each(name, cells, day_of, "date such as 2026-01-31")
    return Answers(name, "date", values)


def _battery(name: str, columns: Mapping[str, Cells]) -> Answers:
    """Marks as numbers, or words of one scale for all items."""
    words = {cell.strip() for cells in columns.values() for cell in cells if not is_missing(cell)}
    if all(as_number(word) is not None for word in words) or not (scale := scale_of(words)):
        marks = {item: _each(item, cells, as_number, "number") for item, cells in columns.items()}
        return Answers(name, "battery", _rows(marks), items=tuple(columns))
    given = {item: _each(item, cells, str, "word") for item, cells in columns.items()}
    return Answers(name, "battery", _rows(given), scale, tuple(columns))


def _centred(name: str, columns: Mapping[str, Cells]) -> Answers:
    return replace(_battery(name, columns), ipsatise=True)


def _points(name: str, columns: Mapping[str, Cells]) -> Answers:
    parts = {item: _each(item, cells, as_number, "number") for item, cells in columns.items()}
    rows = [row if row and sum(row.values()) > 0 else None for row in _rows(parts)]
    return Answers(name, "shares", rows, tuple(columns))


def _picked(name: str, columns: Mapping[str, Cells]) -> Answers:
    picks = {item: _each(item, cells, _yes, "yes or no") for item, cells in columns.items()}
    rows = [None if row is None else [item for item, picked in row.items() if picked] for row in _rows(picks)]
    return Answers(name, "multi", rows, tuple(columns))


def _places(name: str, columns: Mapping[str, Cells]) -> Answers:
    """An item without a place, or with 0 in its place, was not ranked."""
    places = {item: _each(item, cells, as_number, "place") for item, cells in columns.items()}
    ranked = ({item: place for item, place in (row or {}).items() if place > 0} for row in _rows(places))
    rows = [sorted(row, key=lambda item: row[item]) or None for row in ranked]
    return Answers(name, "ranking", rows, tuple(columns))


def _scores(name: str, columns: Mapping[str, Cells]) -> Answers:
    """Best minus worst counts, one column an item: compared like a battery in which each person's mean is taken out."""
    return _centred(name, columns)


def _rows(columns: Mapping[str, Sequence[Any]]) -> list[dict[str, Any] | None]:
    """Return what each person said by item; None for who said nothing."""
    rows = []
    for values in zip(*columns.values(), strict=True):
        said = {item: value for item, value in zip(columns, values, strict=True) if value is not None}
        rows.append(said or None)
    return rows


_ONE: Mapping[str, Callable[[str, Cells], Answers]] = {
    "nominal": _nominal,
    "multi": _multi,
    "binary": _binary,
    "ordinal": _ordinal,
    "number": _number,
    "date": _day,
}
_SEVERAL: Mapping[str, Callable[[str, Mapping[str, Cells]], Answers]] = {
    "multi": _picked,
    "battery": _battery,
    "centred": _centred,
    "ranking": _places,
    "shares": _points,
    "bestworst": _scores,
}
