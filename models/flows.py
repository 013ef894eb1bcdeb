"""How people move between two ways to divide them: what a picture of alternatives is drawn from."""

from dataclasses import dataclass

import numpy as np

from models.results import Ints
from models.stability import contingency, origin_stability


@dataclass(frozen=True)
class Flows:
    """From the segments of one solution to those of another, over people who have a segment in both.

    counts: int (k from, k to), people. shares: float (k from, k to), the part of each segment of the second that comes
    from each of the first; columns sum to 1, or 0 for a segment without people. stability: float (k to,), segment-level
    stability across solutions (SLSa; Dolnicar & Leisch 2017), 1 when a segment was one segment before, 0 when it
    comes from all of them alike. people: who is counted.
    """

    counts: Ints
    shares: np.ndarray
    stability: np.ndarray
    people: int


def flows(labels_from: Ints, labels_to: Ints) -> Flows:
    """Return how the people of `labels_from` are spread over `labels_to`; both int (n,), 1..k, 0 for no segment.

    Raises ValueError when the two differ in length or share nobody with a segment.
    """
    if len(labels_from) != len(labels_to):
        raise ValueError(f"both solutions must hold the same people, got {len(labels_from)} and {len(labels_to)}")
    both = (labels_from > 0) & (labels_to > 0)
    if not both.any():
        raise ValueError("the two solutions must share people with a segment, got none")
    before, after = labels_from[both] - 1, labels_to[both] - 1
    ones = np.ones(int(both.sum()))
    counts = contingency(before, after, ones).astype(np.int64)
    shares = counts / np.maximum(counts.sum(axis=0), 1)
    stability = np.where(counts.any(axis=0), origin_stability(after, before, ones), 0.0)
    return Flows(counts, shares, stability, int(both.sum()))
