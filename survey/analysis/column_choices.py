"""Several choices in one cell: what stands between them, and which choices there are.

Forms write them with semicolons, bars or commas. A comma may also be part of a choice ("Good price, no fees"): what
stands before and behind it then never stands apart.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import pairwise

SEPARATORS = (";", "|", ",")
"""What may stand between choices; the first that is common in a column does."""

COMMON = 0.05
"""Part of the cells from which a sign is common: somebody's own words may hold any sign."""

COMMA = ","
TOGETHER = 3
"""Parts that stand next to each other so often, and never apart, are one choice."""

RECUR = 0.7
"""Part of the choices that must stand in two different cells, for commas to be taken for what is between choices."""


def choices_in(cells: Iterable[str]) -> tuple[str, ...]:
    """Return the different choices in the filled cells of a column, in the alphabet's order.

    >>> choices_in(["tea; milk", "milk; sugar"]), choices_in(["No fees, ever", "Service, No fees, ever"] * 2)
    (('milk', 'sugar', 'tea'), ('No fees, ever', 'Service'))
    """
    found = list(cells)
    between = _separator(found)
    said = [_parts(cell, between) for cell in found]
    if between == COMMA:
        said = _joined(said)
    return tuple(sorted({part for parts in said for part in parts}))


def picker(cells: Sequence[str], choices: Collection[str]) -> Callable[[str], list[str]]:
    """Return what reads the choices made in one of the filled cells of a column, each as it stands in `choices`.

    >>> picker(["Service, No fees, ever"], {"Service", "No fees, ever"})("Service, No fees, ever")
    ['Service', 'No fees, ever']
    """
    known = frozenset(choices)
    between = _separator(cells)
    longest = 1 + max((choice.count(COMMA) for choice in known), default=0) if between == COMMA else 1

    def picks(cell: str) -> list[str]:
        if cell in known:
            return [cell]
        parts = _parts(cell, between)
        found: list[str] = []
        at = 0
        while at < len(parts):
            ends = range(min(at + longest, len(parts)), at + 1, -1)
            end = next((end for end in ends if f"{COMMA} ".join(parts[at:end]) in known), at + 1)
            found.append(f"{COMMA} ".join(parts[at:end]))
            at = end
        return found

    return picks


def holds_several(cells: Sequence[str], most: int) -> bool:
    """Return whether the filled cells of a column hold several choices each, of at most so many different ones."""
    between = _separator(cells)
    if not between:
        return False
    choices = choices_in(cells)
    if len(choices) > most or len(choices) >= len(cells):
        return False
    if between != COMMA:
        return True
    picks = picker(cells, choices)
    stand = Counter(pick for cell in set(cells) for pick in set(picks(cell)))
    return len(set(cells)) > 2 and sum(times > 1 for times in stand.values()) >= RECUR * len(stand)


def _separator(cells: Sequence[str]) -> str:
    least = COMMON * len(cells)
    return next((sign for sign in SEPARATORS if 0 < sum(sign in cell for cell in cells) >= least), "")


def _parts(cell: str, between: str) -> list[str]:
    parts = cell.split(between) if between else [cell]
    return [part.strip() for part in parts if part.strip()]


def _joined(said: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return the parts of each cell, those that never stand apart as one."""
    alone = Counter(part for parts in said for part in parts)
    beside = Counter(pair for parts in said for pair in pairwise(parts))
    one = {pair for pair, times in beside.items() if times >= TOGETHER and times == alone[pair[0]] == alone[pair[1]]}
    found = []
    for parts in said:
        joined: list[str] = []
        for at, part in enumerate(parts):
            if at and (parts[at - 1], part) in one:
                joined[-1] = f"{joined[-1]}{COMMA} {part}"
            else:
                joined.append(part)
        found.append(joined)
    return found
