"""Learning from a researcher's corrections: a logistic model per code that starts from what the scores say."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

from models.results import Floats

TRUST_SLOPE, TRUST_CUT, TRUST_WORDS = 10.0, 30.0, 0.3
"""Precision of the prior on a code's slope, its cut and the weights of its vectors: what it takes to move them."""

Probabilities = NDArray[np.float64]


@dataclass(frozen=True)
class Correction:
    """An answer with all the codes it should have; none is a correction too."""

    text: str
    codes: frozenset[str]


def learn(
    margins: Probabilities,
    vectors: Floats,
    rows: NDArray[np.int64],
    truth: NDArray[np.bool_],
    slope: float,
) -> Probabilities:
    """Return the probabilities (n, m) that corrected answers lead to; without corrections those of the margins.

    margins: (n, m), 0 where a code is as likely as not. vectors: (n, d). rows: corrected answers, int (r,). truth:
    bool (r, m). slope: how steeply probability rises with the margin before anything is learnt. Bayesian logistic
    regression by its most likely coefficients, with the uncorrected coding as the mean of the prior (as Chelba &
    Acero 2006 adapt a model); corrected answers keep what the researcher said.
    """
    if not len(rows):
        return expit(slope * margins)
    learnt = np.column_stack(
        [
            expit(_adapted(margins[:, code], vectors, rows, truth[:, code].astype(np.float64), slope))
            for code in range(margins.shape[1])
        ]
    )
    learnt[rows] = truth
    return learnt


def _adapted(
    margin: NDArray[np.float64],
    vectors: Floats,
    rows: NDArray[np.int64],
    truth: NDArray[np.float64],
    slope: float,
) -> NDArray[np.float64]:
    """Return the log odds of one code for all rows."""
    features = np.column_stack([margin[rows], np.ones(len(rows)), np.asarray(vectors[rows], dtype=np.float64)])
    prior = np.zeros(features.shape[1])
    prior[0] = slope
    trust = np.full(features.shape[1], TRUST_WORDS)
    trust[:2] = TRUST_SLOPE, TRUST_CUT

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        odds = features @ weights
        away = weights - prior
        value = float(np.logaddexp(0, odds).sum() - truth @ odds + 0.5 * trust @ away**2)
        return value, features.T @ (expit(odds) - truth) + trust * away

    weights = minimize(loss, prior, jac=True, method="L-BFGS-B").x
    return margin * weights[0] + weights[1] + vectors @ weights[2:]
