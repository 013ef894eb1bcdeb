"""Small sums over shares: intervals, and places given out by share."""

from collections.abc import Mapping, Sequence
from math import sqrt
from typing import TypeVar

T = TypeVar("T")

Z_95 = 1.959963984540054


def wilson(count: float, total: float) -> tuple[float, float]:
    """Return the 95 % interval of a share of `count` in `total` (Wilson 1927); (0, 1) when there is nobody."""
    if total == 0:
        return 0.0, 1.0
    share, z2 = count / total, Z_95**2
    middle = (share + z2 / (2 * total)) / (1 + z2 / total)
    half = Z_95 * sqrt(share * (1 - share) / total + z2 / (4 * total**2)) / (1 + z2 / total)
    low = 0.0 if count == 0 else max(0.0, middle - half)
    high = 1.0 if count == total else min(1.0, middle + half)
    return low, high


def take_turns(queues: Mapping[str, Sequence[T]], weights: Mapping[str, float], most: int) -> list[T]:
    """Return up to `most` items from the queues, each queue served in proportion to its weight (D'Hondt 1878).

    The heaviest queue comes first; equal claims are settled by the order of the names.
    """
    taken = dict.fromkeys(queues, 0)
    result: list[T] = []
    while len(result) < most:
        waiting = [name for name in queues if taken[name] < len(queues[name])]
        if not waiting:
            break
        turn = min(waiting, key=lambda name: (-weights[name] / (taken[name] + 1), name))
        result.append(queues[turn][taken[turn]])
        taken[turn] += 1
    return result
