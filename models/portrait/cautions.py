"""What to be careful about in a segment, in plain words."""

from collections.abc import Sequence
from datetime import timedelta

import numpy as np

from models.results import UNSURE, Floats, Ints
from models.solution import Alternative

ENOUGH_PEOPLE = 100
"""What market research practice asks for in a segment."""
SHAKY = 0.6
MANY_UNSURE = 0.3
PIECE = 0.25
"""A split is one when each of two pieces holds at least so much of the segment, and both together nearly all of it."""
TOGETHER, MOSTLY_FROM = 0.9, 0.75
FIRM = 0.8
"""Stability (adjusted Rand index) at which a solution with one segment more is taken as found again."""
OLD_DAYS = 365


def too_small(size: int) -> list[str]:
    """Return a warning when a segment holds fewer people than practice asks for."""
    if size >= ENOUGH_PEOPLE:
        return []
    people = "1 person" if size == 1 else f"{size} people"
    return [f"Only {people}: market research usually asks for about {ENOUGH_PEOPLE} in a segment."]


def shaky(stability: float | None) -> list[str]:
    """Return a warning when a segment is hardly found again in resamples (below .6, Hennig 2007)."""
    if stability is None or stability >= SHAKY:
        return []
    return [
        f"Shaky: in repeated draws of the answers this segment was found again only in part ({stability:.2f} of 1)."
    ]


def poorly_placed(confidence: Floats) -> list[str]:
    """Return a warning when many of a segment's people could as well be elsewhere; confidence: theirs, (m,)."""
    unsure = float((confidence < UNSURE).mean()) if len(confidence) else 0.0
    return [f"{unsure:.0%} of its people could as well belong to another segment."] if unsure >= MANY_UNSURE else []


def overlapping(confidence: Floats, second: Ints, names: Sequence[str]) -> list[str]:
    """Return a warning that names the segment which a segment runs into.

    confidence: of the segment's people, (m,). second: int (m,), the next nearest segment of each, 1..k. names: of all.
    """
    unsure = confidence < UNSURE
    share = float(unsure.mean()) if len(confidence) else 0.0
    if share < MANY_UNSURE:
        return []
    counts = np.bincount(second[unsure], minlength=len(names) + 1)[1:]
    other = int(counts.argmax())
    if counts[other] <= counts.sum() / 2:
        return poorly_placed(confidence)
    return [f"Overlapping: {share:.0%} of its people could as well belong elsewhere, most of them to “{names[other]}”."]


def too_broad(labels: Ints, segment: int, k: int, alternatives: Sequence[Alternative]) -> list[str]:
    """Return a warning when the solution with one segment more cuts this one in two and is found again in resamples.

    labels: int (n,), 0 = no segment.
    """
    inside = labels == segment
    for other in alternatives:
        if other.k != k + 1 or other.stability < FIRM or other.verdict not in ("natural", "reproducible"):
            continue
        pieces = np.bincount(other.labels[inside], minlength=other.k + 1)[1:] / max(int(inside.sum()), 1)
        largest = np.argsort(-pieces, kind="stable")[:2]
        own = [float((labels[other.labels == at + 1] == segment).mean()) for at in largest.tolist() if pieces[at] > 0]
        if pieces[largest].min() >= PIECE and pieces[largest].sum() >= TOGETHER and min(own) >= MOSTLY_FROM:
            first, second = (f"{pieces[at]:.0%}" for at in largest.tolist())
            return [
                f"Too broad, perhaps: with {other.k} segments it splits in two ({first} and {second} of its people),"
                f" and that solution is found again when the answers are drawn anew ({other.stability:.2f} of 1)."
            ]
    return []


def outdated(age: timedelta) -> list[str]:
    """Return a warning about a whole solution that is old; what has changed since, models/drift.py says."""
    if age.days <= OLD_DAYS:
        return []
    return [
        f"Perhaps outdated: these segments are {age.days / 365.25:.1f} years old; ask some people again and compare."
    ]


def between(confidence: Floats, k: int) -> list[str]:
    """Return a warning about a whole solution of k segments when many people sit between them.

    confidence: of everybody with a segment, (n,).
    """
    unsure = float((confidence < UNSURE).mean()) if len(confidence) else 0.0
    if k < 2 or unsure < MANY_UNSURE:
        return []
    return [f"{unsure:.0%} of the people could not be placed well: they sit between segments."]
