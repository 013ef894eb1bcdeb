"""Which segment of a new solution is which of the old one, and what it is called from now on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from models.results import Ints

SAME = 1 / 3
"""Jaccard overlap from which two segments are one: of equal size, they share half of their people."""


@dataclass(frozen=True)
class Match:
    """One segment before and after, 0 where it was not there. overlap: Jaccard index of their people, 0-1."""

    before: int
    after: int
    overlap: float


def matched(before: Ints, after: Ints) -> tuple[Match, ...]:
    """Return how the segments of two solutions of the same people belong together, one to one (Kuhn 1955).

    before, after: int (n,), 1.. and 0 without a segment. Pairs that overlap less than SAME are no pairs: the old
    segment has gone and the new one is new. Sorted by the number before, new ones behind.
    """
    both = (before > 0) & (after > 0)
    old, new = np.unique(before[before > 0]), np.unique(after[after > 0])
    overlap = _overlap(before[both], after[both], old, new)
    rows, columns = linear_sum_assignment(-overlap)
    pairs = {
        int(old[i]): (int(new[j]), float(overlap[i, j]))
        for i, j in zip(rows, columns, strict=True)
        if overlap[i, j] >= SAME
    }
    kept = [Match(number, *pairs.get(number, (0, 0.0))) for number in old.tolist()]
    found = {match.after for match in kept}
    return (*kept, *(Match(0, number, 0.0) for number in new.tolist() if number not in found))


def _overlap(before: Ints, after: Ints, old: Ints, new: Ints) -> NDArray[np.float64]:
    ones = (before[None] == old[:, None]).astype(np.float64)
    others = (after[None] == new[:, None]).astype(np.float64)
    shared = ones @ others.T
    union = ones.sum(axis=1)[:, None] + others.sum(axis=1) - shared
    return np.asarray(shared / np.maximum(union, 1.0))


def renumbering(matches: Sequence[Match]) -> dict[int, int]:
    """Return the number that every segment of the new solution gets: that of the old segment it is.

    A new segment gets a number that none had before, so that numbers, names and colours are never handed on.
    """
    free = max((match.before for match in matches), default=0)
    named: dict[int, int] = {}
    for match in sorted(matches, key=lambda one: one.after):
        if match.after and match.before:
            named[match.after] = match.before
        elif match.after:
            free += 1
            named[match.after] = free
    return named


def renumbered(labels: Ints, numbers: Mapping[int, int]) -> Ints:
    """Return the labels with their new numbers; 0 stays 0. Raises KeyError for a number without a new one."""
    return np.array([numbers[label] if label else 0 for label in labels.tolist()], dtype=np.int64)


def kept_names(matches: Sequence[Match], before: Mapping[int, str], after: Mapping[int, str]) -> dict[int, str]:
    """Return the names by number after the renumbering: those that people know, and the new ones of new segments.

    A new name that is known as that of another segment gets a number behind it.
    """
    numbers = renumbering(matches)
    kept = {match.before: before[match.before] for match in matches if match.after and match.before in before}
    for number, name in sorted((numbers[segment], name) for segment, name in after.items() if segment in numbers):
        if number not in kept:
            free = (f"{name} ({again})" if again > 1 else name for again in count(1))
            kept[number] = next(one for one in free if one not in kept.values())
    return kept
