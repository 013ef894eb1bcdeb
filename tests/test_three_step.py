"""Descriptors of latent classes: placing people first and comparing then understates differences; BCH does not."""

import numpy as np
import pytest
from numpy.typing import NDArray
from stepmix.stepmix import StepMix

from models.closed.methods import METHODS
from models.features import Answers
from models.population import Population, Question
from models.portrait.three_step import bch_weights, classification_errors
from models.portraits import portray
from models.results import Evidence
from models.solution import Portrait, Solution

PROFILES = np.array([[0.8, 0.8, 0.75, 0.75, 0.25], [0.25, 0.3, 0.25, 0.3, 0.75]])
TRUE = np.array([0.0, 1.0])


def people(seed: int, n: int = 1500) -> tuple[NDArray[np.int64], NDArray[np.bool_], NDArray[np.float64]]:
    rng = np.random.default_rng(seed)
    kind = (rng.random(n) < 0.4).astype(np.int64)
    return kind, rng.random((n, 5)) < PROFILES[kind], TRUE[kind] + rng.normal(size=n)


def posterior_of(picks: NDArray[np.bool_], seed: int) -> NDArray[np.float64]:
    """Probabilities of two classes, the larger one first."""
    x = picks.astype(float)
    found = StepMix(2, measurement="binary", n_init=3, random_state=seed, progress_bar=0).fit(x).predict_proba(x)
    return found[:, np.argsort(-found.sum(axis=0))]


def portraits_of(seed: int, method: str) -> tuple[Portrait, ...]:
    _, picks, z = people(seed)
    found = posterior_of(picks, seed)
    items = [Answers(f"i{j}", "binary", column.tolist()) for j, column in enumerate(picks.T)]
    solution = Solution(
        "psychographic",
        found.argmax(axis=1) + 1,
        found.max(axis=1),
        2,
        method,
        "",
        Evidence("reproducible", ""),
        0,
        tuple(item.name for item in items),
    )
    questions = [Question(item.name, item, ("psychographic",)) for item in items]
    population = Population(len(z), (*questions, Question("z", Answers("z", "number", z.tolist()))))
    return portray(population, solution)


def difference(seed: int, method: str) -> tuple[float, bool]:
    first, second = (portrait.who[0] for portrait in portraits_of(seed, METHODS[method].name))
    true_first, true_second = TRUE  # class 1, the larger one, is the first kind
    covered = first.low <= true_first <= first.high and second.low <= true_second <= second.high
    assert first.three_step == second.three_step == (method == "classes")
    return second.value - first.value, covered


def test_naive_comparison_attenuates_and_three_steps_do_not() -> None:
    naive = np.mean([difference(seed, "plain")[0] for seed in range(10)])
    freed = [difference(seed, "classes") for seed in range(10)]
    assert naive < 0.85
    assert np.mean([found for found, _ in freed]) == pytest.approx(1.0, abs=0.06)
    assert sum(covered for _, covered in freed) >= 7


def test_weights_agree_with_stepmix() -> None:
    _, picks, z = people(3)
    x = picks.astype(float)
    settings = {"measurement": "binary", "n_init": 3, "random_state": 1, "progress_bar": 0}
    whole = StepMix(2, structural="gaussian_unit", n_steps=3, correction="BCH", assignment="modal", **settings)
    theirs = whole.fit(x, z[:, None]).get_parameters()["structural"]["means"][:, 0]
    posterior = StepMix(2, **settings).fit(x).predict_proba(x)
    weights = bch_weights(posterior, posterior.argmax(axis=1) + 1)
    assert weights is not None
    assert weights.sum(axis=1) == pytest.approx(np.ones(len(z)))
    assert weights.T @ z / weights.sum(axis=0) == pytest.approx(theirs, abs=1e-8)


def test_certain_places_need_no_correction_and_hopeless_ones_get_none() -> None:
    labels = np.array([1, 2, 2, 1])
    sure = np.eye(2)[labels - 1]
    assert classification_errors(sure, labels).tolist() == np.eye(2).tolist()
    found = bch_weights(sure, labels)
    assert found is not None
    assert found.tolist() == sure.tolist()
    assert bch_weights(np.full((4, 2), 0.5), labels) is None
    assert bch_weights(sure, np.ones(4, dtype=np.int64)) is None
