"""Groups along one line: exact breaks, and mixtures of numbers or of marks on a scale."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression

from models.results import Ints

MOST_POINTS = 1500
"""Breaks and mixtures of numbers look at so many different values; more are drawn together into as many bins."""

ROUNDS, STARTS = 60, 6
LEAST_SPREAD = 0.1
"""A group's standard deviation is at least this share of everybody's, so that a popular round number is no group."""

_TINY = 1e-300


@dataclass(frozen=True)
class Line:
    """A mixture along a line.

    posterior: (m, k), group of every point, lowest group first. labels: int (m,), a group of every point, never falling
    along the line: between two neighbouring means the more probable of the two. loglik: of everybody. parameters: free
    ones.
    """

    posterior: NDArray[np.float64]
    labels: Ints
    loglik: float
    parameters: int

    @property
    def confidence(self) -> NDArray[np.float64]:
        """Probability of the group that each point is in, (m,)."""
        return np.asarray(self.posterior[np.arange(len(self.labels)), self.labels])


def bic(loglik: float, parameters: int, people: float) -> float:
    """Bayesian information criterion (Schwarz 1978); smaller is better."""
    return float(-2 * loglik + parameters * np.log(people))


def jenks(values: NDArray[np.float64], weights: NDArray[np.float64], k: int) -> Ints:
    """Groups 0..k-1 of sorted values (m,) with the smallest sum of squares within them; exact (Fisher 1958).

    Raises ValueError when there are fewer values than groups.
    """
    m = len(values)
    if not 1 <= k <= m:
        raise ValueError(f"the 'k' parameter must be an int in [1, {m}], got {k}")
    shifted = values - np.average(values, weights=weights)
    mass, first, second = (np.concatenate([[0.0], np.cumsum(weights * shifted**power)]) for power in (0, 1, 2))
    here, to = np.arange(m)[:, None], np.arange(1, m + 1)[None, :]
    held = np.where(to > here, mass[to] - mass[here], 1.0)
    held = np.where(held > 0, held, 1.0)
    cost = second[to] - second[here] - (first[to] - first[here]) ** 2 / held
    cost = np.where(to > here, np.maximum(cost, 0), np.inf)
    best, back = cost[0], np.zeros((k, m), dtype=np.int64)
    for group in range(1, k):
        total = np.concatenate([[np.inf], best[:-1]])[:, None] + cost
        back[group], best = total.argmin(axis=0), total.min(axis=0)
    labels, end = np.empty(m, dtype=np.int64), m
    for group in range(k - 1, -1, -1):
        start = int(back[group, end - 1])
        labels[start:end] = group
        end = start
    return labels


def points(x: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64], Ints]:
    """Sorted distinct values (m,), how many people have each, and each person's place; at most MOST_POINTS of them."""
    values, back, counts = np.unique(x, return_inverse=True, return_counts=True)
    if len(values) > MOST_POINTS:
        bins = np.minimum((np.cumsum(counts) - 1) * MOST_POINTS // len(x), MOST_POINTS - 1)
        _, place = np.unique(bins, return_inverse=True)
        mass = np.bincount(place, weights=counts)
        middle = np.bincount(place, weights=counts * values) / mass
        return middle, mass.astype(np.float64), place[back].astype(np.int64)
    return values, counts.astype(np.float64), back.astype(np.int64)


def gaussians(values: NDArray[np.float64], weights: NDArray[np.float64], k: int) -> Line:
    """Mixture of k normal distributions of sorted values (m,), by EM from the exact breaks."""
    total = weights.sum()
    spread = float(np.sqrt(np.average((values - np.average(values, weights=weights)) ** 2, weights=weights)))
    floor = max(LEAST_SPREAD * spread, 1e-9)
    there = np.flatnonzero(weights > 0)
    member = np.zeros((len(values), k))
    member[there, jenks(values[there], weights[there], k)] = 1
    loglik = -np.inf
    for _ in range(300):
        held = member * weights[:, None]
        mass = np.maximum(held.sum(axis=0), 1e-9)
        means = (held * values[:, None]).sum(axis=0) / mass
        spreads = np.sqrt((held * (values[:, None] - means) ** 2).sum(axis=0) / mass)
        spreads = np.maximum(spreads, floor)
        logs = np.log(mass / total) - np.log(spreads) - 0.5 * ((values[:, None] - means) / spreads) ** 2
        top = logs.max(axis=1, keepdims=True)
        member = np.exp(logs - top)
        sums = member.sum(axis=1, keepdims=True)
        member /= sums
        before, loglik = loglik, float(weights @ (top + np.log(sums))[:, 0] - total * 0.5 * np.log(2 * np.pi))
        if loglik - before < 1e-6 * total:
            break
    order = np.argsort(means, kind="stable")
    return _line(values, means[order], member[:, order], loglik, 3 * k - 1)


def _line(
    values: NDArray[np.float64], means: NDArray[np.float64], posterior: NDArray[np.float64], loglik: float, free: int
) -> Line:
    labels = np.zeros(len(values), dtype=np.int64)
    for upper in range(1, len(means)):
        between = (values >= means[upper - 1]) & (posterior[:, upper] >= posterior[:, upper - 1])
        labels[np.maximum.accumulate(between | (values >= means[upper]))] = upper
    return Line(posterior, labels, loglik, free)


@dataclass(frozen=True)
class Marks:
    """Mixtures on a scale, one for each of b sets of counts (b, levels).

    pmf: (b, k, levels), lowest group first. shares: (b, k). loglik: (b,).
    """

    pmf: NDArray[np.float64]
    shares: NDArray[np.float64]
    loglik: NDArray[np.float64]

    @property
    def parameters(self) -> int:
        """Free parameters: a place and a spread per group, and the shares."""
        return 3 * self.shares.shape[1] - 1

    def line(self, row: int = 0) -> Line:
        """The mixture of one set of counts as groups along the levels."""
        joint = self.shares[row][:, None] * self.pmf[row]
        posterior = (joint / np.maximum(joint.sum(axis=0), _TINY)).T
        levels = np.arange(joint.shape[1], dtype=np.float64)
        return _line(levels, self.pmf[row] @ levels, posterior, float(self.loglik[row]), self.parameters)


def marks(counts: NDArray[np.float64], k: int, rng: np.random.Generator) -> Marks:
    """Mixtures of k discrete bell curves on the levels of a scale, for many sets of counts (b, levels) at once.

    A curve may have its top beyond the ends of the scale, so each has one mode at most, flat or on the rim included.
    Fitted by EM over a grid of curves, from random quantiles of the answers.
    """
    sets, levels = counts.shape
    logs = _curves(levels)
    curve = np.exp(logs)
    tries = STARTS if k > 1 else 1
    at = (np.arange(k) + rng.random((sets, tries, k))) / k
    below = np.cumsum(counts, axis=1) / np.maximum(counts.sum(axis=1, keepdims=True), _TINY)
    level = np.minimum((below[:, None, None, :] < at[..., None]).sum(axis=3), levels - 1)
    chosen = _start_curves(logs, k)[level]
    shares = np.full((sets, tries, k), 1 / k)
    for _ in range(ROUNDS if k > 1 else 1):
        joint = shares[..., None] * curve[chosen]
        member = joint / np.maximum(joint.sum(axis=2, keepdims=True), _TINY)
        held = member * counts[:, None, None, :]
        shares = held.sum(axis=3)
        shares = shares / np.maximum(shares.sum(axis=2, keepdims=True), _TINY)
        chosen = (held.reshape(-1, levels) @ logs.T).argmax(axis=1).reshape(sets, tries, k)
    pmf = curve[chosen]
    loglik = (np.log(np.maximum((shares[..., None] * pmf).sum(axis=2), _TINY)) * counts[:, None, :]).sum(axis=2)
    best = loglik.argmax(axis=1)
    rows = np.arange(sets)
    pmf, shares = pmf[rows, best], shares[rows, best]
    order = np.argsort(pmf @ np.arange(levels), axis=1, kind="stable")
    return Marks(
        np.take_along_axis(pmf, order[:, :, None], axis=1),
        np.take_along_axis(shares, order, axis=1),
        loglik[rows, best],
    )


def _start_curves(logs: NDArray[np.float64], k: int) -> Ints:
    """The curve to begin with at every level: its top is there, and about k of them fill the scale."""
    levels = logs.shape[1]
    wanted = -0.5 * ((np.arange(levels) - np.arange(levels)[:, None]) / max(0.6, levels / (3 * k))) ** 2
    shape = np.exp(wanted)
    return np.asarray(((shape / shape.sum(axis=1, keepdims=True)) @ logs.T).argmax(axis=1), dtype=np.int64)


def one_mode(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """The most likely distribution (levels,) among those that rise to one mode and then fall."""
    best, highest = counts, -np.inf
    for mode in range(len(counts)):
        up = isotonic_regression(counts[: mode + 1]).x
        down = isotonic_regression(counts[mode + 1 :], increasing=False).x if mode + 1 < len(counts) else np.empty(0)
        shape = np.maximum(np.concatenate([up, down]), 1e-12)
        shape = shape / shape.sum()
        loglik = float(counts @ np.log(shape))
        if loglik > highest:
            best, highest = shape, loglik
    return best


def _curves(levels: int) -> NDArray[np.float64]:
    """Log-probabilities (curves, levels) of a grid of discrete bell curves, log-concave all of them."""
    place = np.linspace(-0.75 * levels, 1.75 * levels - 1, 10 * levels + 1)
    spread = np.geomspace(0.4, 1.5 * levels, 12)
    middle, width = (grid.ravel()[:, None] for grid in np.meshgrid(place, spread, indexing="ij"))
    logs = -0.5 * ((np.arange(levels) - middle) / width) ** 2
    top = logs.max(axis=1, keepdims=True)
    found = logs - top - np.log(np.exp(logs - top).sum(axis=1, keepdims=True))
    return np.maximum(found, -200.0)
