"""Two bases over the same people: who of one segment is in which of the other, and how far the two go together."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from scipy.stats import chi2_contingency
from sklearn.metrics import adjusted_mutual_info_score

from models.results import Ints
from models.solution import Crossing, Solution


def crossings(solutions: Sequence[Solution]) -> tuple[Crossing, ...]:
    """Return how every two solutions cross, in their order; those without any segment are left out."""
    return tuple(cross(one, other) for one, other in combinations([one for one in solutions if one.k], 2))


def cross(one: Solution, other: Solution) -> Crossing:
    """Return how two solutions over the same people cross; people without a segment in either are left out."""
    both = (one.labels > 0) & (other.labels > 0)
    counts = cross_table(one.labels, other.labels, one.k, other.k)
    ami = float(adjusted_mutual_info_score(one.labels[both], other.labels[both])) if both.any() else 0.0
    return Crossing(one.basis, other.basis, counts, corrected_v(counts), ami, independence_p(counts))


def cross_table(one: Ints, other: Ints, k_one: int, k_other: int) -> Ints:
    """Return how many people are in segment i + 1 of one and j + 1 of the other, int (k_one, k_other); 0 is nowhere."""
    both = (one > 0) & (other > 0)
    counts = np.zeros((k_one, k_other), dtype=np.int64)
    np.add.at(counts, (one[both] - 1, other[both] - 1), 1)
    return counts


def corrected_v(counts: Ints) -> float:
    """Return Cramér's V of a table of counts, corrected for its bias in small tables (Bergsma 2013), 0-1.

    0 for a table with fewer than two filled rows or columns, or fewer than two people.
    """
    table = _filled(counts)
    n = int(table.sum())
    if min(table.shape) < 2 or n < 2:
        return 0.0
    rows, columns = table.shape
    squared = chi2_contingency(table, correction=False).statistic / n
    beyond = max(0.0, squared - (rows - 1) * (columns - 1) / (n - 1))
    room = min(rows - (rows - 1) ** 2 / (n - 1), columns - (columns - 1) ** 2 / (n - 1)) - 1
    return float(min(1.0, np.sqrt(beyond / room))) if room > 0 else 0.0


def independence_p(counts: Ints) -> float | None:
    """Return the p-value of Pearson's chi-square test of no association; None where a side has one segment only."""
    table = _filled(counts)
    return float(chi2_contingency(table, correction=False).pvalue) if min(table.shape) >= 2 else None


def _filled(counts: Ints) -> Ints:
    """Return the table without empty rows and columns."""
    return counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
