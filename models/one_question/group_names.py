"""Names of groups made from the answers themselves, without words of any language where signs will do."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.results import Ints

MOST_NAMED = 3
LONGEST = 60
"""Letters from which a name says no more than the first thing, unless that is longer itself."""


def listed(names: Sequence[str]) -> str:
    """A few names side by side; of many the first ones and three dots."""
    shown = " / ".join(names[:MOST_NAMED])
    return f"{shown} / …" if len(names) > MOST_NAMED else shown


def ranges(groups: Sequence[Sequence[Any]], scale: Sequence[Any] | None = None) -> list[str]:
    """The lowest and highest answer of every group, `2–5`; a single answer alone.

    scale: what the answers are called, when `groups` holds places on a scale.
    """
    ends = [(min(values), max(values)) for values in groups]
    if scale is not None:
        ends = [(scale[low], scale[high]) for low, high in ends]
    digits = next((n for n in range(3, 16) if _apart(ends, n)), 16)
    shown = [(_shown(low, digits), _shown(high, digits)) for low, high in ends]
    return [low if low == high else f"{low}–{high}" for low, high in shown]


def _apart(ends: Sequence[tuple[Any, Any]], digits: int) -> bool:
    """Whether ends that differ look different in so many digits."""
    every = {end for pair in ends for end in pair}
    return len({_shown(end, digits) for end in every}) == len(every)


def marked(matrix: NDArray[np.float64], labels: Ints, columns: Sequence[str], k: int) -> list[str]:
    """What each group 1..k has most above everybody, up to three columns that fit; no two groups get the same name.

    matrix: (n, p). A group that is above everybody in nothing is named by what it lacks most, after a minus sign.
    """
    spread = np.maximum(matrix.std(axis=0), 1e-9)
    names: list[str] = []
    for group in range(1, k + 1):
        lift = (matrix[labels == group].mean(axis=0) - matrix.mean(axis=0)) / spread
        order = np.argsort(-lift, kind="stable")
        high = [columns[j] for j in order if lift[j] > max(0.25, lift[order[0]] / 2)][:MOST_NAMED]
        lowest = columns[order[-1]]
        name = _fitting(high) if high else (f"− {lowest}" if k > 1 else " / ".join(columns[:MOST_NAMED]))
        if name in names:
            name = f"{name} − {lowest}"
        names.append(name if name not in names else f"{name} ({group})")
    return names


def _fitting(names: Sequence[str]) -> str:
    """As many of the first names as a heading holds, one at least."""
    tried = [" + ".join(names[:number]) for number in range(len(names), 0, -1)]
    return next((name for name in tried if len(name) <= LONGEST), names[0])


def _shown(value: Any, digits: int) -> str:
    if not isinstance(value, float):
        return str(value)
    whole = len(f"{abs(value):.0f}")
    return f"{value:.{max(digits - whole, 0)}f}".rstrip("0").rstrip(".") if digits > whole else f"{value:.0f}"
