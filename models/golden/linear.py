"""Linear classifiers with probabilities: multinomial logistic regression and linear discriminants. Needs numpy only."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]

PENALTY = 1.0
"""Ridge penalty of the logistic regression, half of the squared coefficients times this (le Cessie & van Houwelingen
1992): segments that answers tell apart perfectly would otherwise have infinite coefficients."""

SHRINK = 1e-3
"""Added to the variance of every column in linear discriminants, so that columns may depend on each other."""

STILL = 1e-10
"""Relative gain in log-likelihood at which a fit stands still."""

_ITERATIONS = 100


@dataclass(frozen=True)
class Linear:
    """P(segment) is proportional to exp(weights · x + intercept). weights: float (k, p); intercept: float (k,)."""

    weights: Matrix
    intercept: Matrix

    def probabilities(self, x: Matrix) -> Matrix:
        """Return P(segment) of the rows (n, p), float (n, k)."""
        return softmax(x @ self.weights.T + self.intercept)


def softmax(scores: Matrix) -> Matrix:
    """Return the rows as probabilities."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def logistic(x: Matrix, counts: Matrix, penalty: float = PENALTY, still: float = STILL) -> Linear:
    """Fit a multinomial logistic regression with a ridge by Newton's method.

    x: (m, p), distinct answers; counts: (m, k), people of each segment with them, so few yes-no answers of very many
    people take no time. still: relative gain at which the fit stands still.
    """
    design = np.hstack([x, np.ones((len(x), 1))])
    k, total = counts.shape[1], counts.sum(axis=1)
    ridge = np.full(design.shape[1], penalty)
    ridge[-1] = 1e-6  # the intercepts have no penalty to speak of; this fixes their sum
    beta = np.zeros((k, design.shape[1]))
    value = _loss(design, counts, beta, ridge)
    for _ in range(_ITERATIONS):
        p = softmax(design @ beta.T)
        gradient = (total[:, None] * p - counts).T @ design + ridge * beta
        step = np.linalg.solve(_hessian(design, total, p, ridge), gradient.reshape(-1)).reshape(beta.shape)
        length, before = 1.0, value
        value = _loss(design, counts, beta - step, ridge)
        while value > before and length > 1e-6:
            length /= 2
            value = _loss(design, counts, beta - length * step, ridge)
        beta = beta - length * step
        if before - value <= still * abs(value):
            break
    return Linear(beta[:, :-1].copy(), beta[:, -1].copy())


def _hessian(design: Matrix, total: Matrix, p: Matrix, ridge: Matrix) -> Matrix:
    k, width = p.shape[1], design.shape[1]
    blocks = np.empty((k, width, k, width))
    for a in range(k):
        for b in range(a + 1):
            weight = total * p[:, a] * (float(a == b) - p[:, b])
            blocks[a, :, b] = blocks[b, :, a] = design.T @ (weight[:, None] * design)
    return blocks.reshape(k * width, k * width) + np.diag(np.tile(ridge, k))


def _loss(design: Matrix, counts: Matrix, beta: Matrix, ridge: Matrix) -> float:
    scores = design @ beta.T
    highest = scores.max(axis=1)
    logs = highest + np.log(np.exp(scores - highest[:, None]).sum(axis=1))
    return float(counts.sum(axis=1) @ logs - (counts * scores).sum() + (ridge * beta**2).sum() / 2)


def discriminants(x: Matrix, counts: Matrix, shrink: float = SHRINK) -> Linear:
    """Return Fisher's linear discriminants (1936), with the segments' shares as priors; x, counts as for `logistic`."""
    people, sizes = counts.sum(axis=1), np.maximum(counts.sum(axis=0), 1e-9)
    means = counts.T @ x / sizes[:, None]
    within = (x * people[:, None]).T @ x - (means * sizes[:, None]).T @ means
    within = within / max(float(people.sum()) - len(sizes), 1.0)
    within[np.diag_indices_from(within)] += shrink
    weights = np.asarray(np.linalg.solve(within, means.T).T, dtype=np.float64)
    return Linear(weights, np.log(sizes / sizes.sum()) - (weights * means).sum(axis=1) / 2)
