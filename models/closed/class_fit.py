"""How well so many latent classes explain the answers: information criterion, clearness, what is left between items."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.closed.latent_em import ROUGHLY, Patterns, draw, fit, improved
from models.closed.mixture import Fitted
from models.results import ClassFit, Residual

FLAGGED = 3.84
"""Residuals above this 95 % point of chi-square on one degree of freedom are flagged (Vermunt & Magidson 2005)."""

DRAWN_STARTS = 5
"""Starts of the larger model on every data set of the bootstrap test."""


def measured(found: Patterns, model: Fitted) -> ClassFit:
    """Return the fit of a model to the answers it was fitted to."""
    free = free_parameters(found, model.k)
    return ClassFit(
        k=model.k,
        loglik=model.loglik,
        parameters=free,
        bic=float(-2 * model.loglik + free * np.log(found.people)),
        entropy=relative_entropy(model.posterior(found.answers), found.weights),
        local=sum(value > FLAGGED for _, _, value in _pairs(found, model)),
    )


def free_parameters(found: Patterns, k: int) -> int:
    """Return how many figures a model of k classes estimates."""
    return k - 1 + k * int((np.diff(found.starts) - 1).sum())


def relative_entropy(posterior: NDArray[np.float64], weights: NDArray[np.float64]) -> float:
    """1 + sum of p ln p over n ln k (Ramaswamy et al. 1993): 1 when everybody's class is certain; 1 for one class."""
    k = posterior.shape[1]
    if k == 1:
        return 1.0
    logs = np.log(np.where(posterior > 0, posterior, 1.0))
    return float(1 + weights @ (posterior * logs).sum(axis=1) / (weights.sum() * np.log(k)))


def bootstrap_test(found: Patterns, fewer: Fitted, more: Fitted, draws: int, rng: np.random.Generator) -> float:
    """p-value of `fewer` classes against `more` (McLachlan 1987): the likelihood ratio on data drawn from `fewer`.

    On those data `fewer` begins from what they were drawn from.
    """
    seen = 2 * (more.loglik - fewer.loglik)
    above = 0
    for _ in range(draws):
        drawn = draw(fewer, found, rng)
        larger = fit(drawn, more.k, DRAWN_STARTS, rng, ROUGHLY)
        above += 2 * (larger.loglik - improved(drawn, fewer, ROUGHLY).loglik) >= seen
    return (1 + above) / (1 + draws)


def residuals(found: Patterns, model: Fitted, names: Sequence[str]) -> tuple[Residual, ...]:
    """Return what the classes leave unexplained between every pair of items, largest first."""
    pairs = sorted(_pairs(found, model), key=lambda pair: (-pair[2], pair[0], pair[1]))
    return tuple(Residual(names[one], names[other], value) for one, other, value in pairs)


def _pairs(found: Patterns, model: Fitted) -> list[tuple[int, int, float]]:
    """Bivariate residual of every pair of items, over people who answered both."""
    seen = (found.shown * found.weights[:, None]).T @ found.shown
    expected = (model.odds * model.shares[:, None]).T @ model.odds
    spans = list(zip(found.starts, found.starts[1:], strict=False))
    result = []
    for i, (a, b) in enumerate(spans):
        for j, (c, d) in enumerate(spans[:i]):
            freedom = (b - a - 1) * (d - c - 1)
            table = seen[a:b, c:d]
            model_table = expected[a:b, c:d] * table.sum()
            there = model_table > 0
            chi = float(((table - model_table)[there] ** 2 / model_table[there]).sum())
            result.append((j, i, chi / freedom if freedom else 0.0))
    return result
