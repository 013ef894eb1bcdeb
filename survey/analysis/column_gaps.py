"""Cells in a column of marks or numbers that hold words and yet no answer: "Don't know", "Prefer not to say", "?"."""

import re
from collections import Counter
from collections.abc import Sequence

from models.texts.nothing_said import says_nothing
from survey.analysis.column_types import as_number, guess_type, is_missing, scale_of

RARE = 0.05
"""Other words than numbers, at most this part of what is filled in, are slips in a column of numbers."""

MAY_BE_ZERO = frozenset(
    (
        *("no", "none", "none of them", "nothing", "nothing at all", "nope", "zero"),
        *(
            "nej",
            "nei",
            "ej",
            "inte",
            "ikke",
            "ingen",
            "inga",
            "inget",
            "inget alls",
            "intet",
            "ingenting",
            "ingen ting",
        ),
        *("ikke noe", "ikke noget"),
        *("ei", "eipä", "ei ole", "ei mitään", "eipä mitään", "ei mikään", "ei yhtään"),
    )
)
"""Say nothing as an answer in words, and may mean 0 where a number was asked for."""

_WORD = re.compile(r"[^\W_]+")


def unanswered(cells: Sequence[str]) -> frozenset[str]:
    """Return the cells that count as no answer; none unless the others are numbers, or steps of one scale in words.

    >>> sorted(unanswered(["4", "5", "Don't know", "1"])), sorted(unanswered(["red", "blue", "Don't know"]))
    (["Don't know"], [])
    """
    found = Counter(cell.strip() for cell in cells if not is_missing(cell))
    silent = frozenset(filter(_silent, found))
    left = {cell: times for cell, times in found.items() if cell not in silent}
    words = {cell: times for cell, times in left.items() if as_number(cell) is None}
    if not words or scale_of(set(left)):
        return silent if silent and len(left) > 1 and not scale_of(set(found)) else frozenset()
    numbers = [cell for cell in left if cell not in words]
    slips = sum(words.values()) <= RARE * found.total() and not any(map(_holds_number, words))
    return silent | frozenset(words) if slips and guess_type(numbers) == "number" else frozenset()


def _silent(cell: str) -> bool:
    plain = " ".join(_WORD.findall(cell.casefold()))
    return not _holds_number(cell) and plain not in MAY_BE_ZERO and says_nothing(cell)


def _holds_number(cell: str) -> bool:
    return any(letter.isdigit() for letter in cell)


def blanked(cells: Sequence[str], gone: frozenset[str]) -> list[str]:
    """Return the cells with those that count as no answer blank."""
    return ["" if cell.strip() in gone else cell for cell in cells]


def told_of(left_out: Counter[tuple[str, str]]) -> str:
    """Return in a sentence what counts as no answer, by column and cell; "" when nothing does."""
    if not left_out:
        return ""
    (column, cell), times = left_out.most_common(1)[0]
    columns = len({name for name, _ in left_out})
    where = f"'{column}'" if columns == 1 else f"{columns} columns"
    if len(left_out) == 1:
        return f"'{cell}' in {where} counts as no answer ({times:,} of them)."
    most = "" if columns == 1 else f" in '{column}'"
    return (
        f"{left_out.total():,} cells of {where} are neither numbers nor steps of a scale and count as no answer, most "
        f"of them '{cell}'{most}."
    )
