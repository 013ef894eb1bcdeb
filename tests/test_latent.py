"""Latent classes: the likelihood that others find, missing answers, and one class where there is one."""

import numpy as np
import pytest
from numpy.typing import NDArray
from stepmix import StepMix

from models.closed.class_fit import FLAGGED, bootstrap_test, relative_entropy
from models.closed.latent import Items, LatentSettings, items_of, latent_classes
from models.closed.latent_em import draw, fit, patterns
from models.features import Answers


def two_kinds(n: int, rng: np.random.Generator, items: int = 6) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    kind = (rng.random(n) < 0.35).astype(np.int64)
    return kind, (rng.random((n, items)) < np.where(kind, 0.85, 0.15)[:, None]).astype(np.int64)


def as_items(codes: NDArray[np.int64]) -> Items:
    names = tuple(f"item {j}" for j in range(codes.shape[1]))
    return Items(names, tuple(("no", "yes") for _ in names), codes)


def test_the_likelihood_is_stepmix_s() -> None:
    _, codes = two_kinds(150, np.random.default_rng(0))
    codes[:, 0] += codes[:, 1]
    sizes = (3, 2, 2, 2, 2, 2)
    mine = fit(patterns(codes, sizes), 2, 20, np.random.default_rng(0))
    theirs = StepMix(2, measurement="categorical", n_init=5, random_state=0, progress_bar=0, abs_tol=1e-10).fit(codes)
    assert mine.loglik == pytest.approx(theirs.score(codes) * len(codes), abs=1e-3)


def test_missing_answers_count_for_nothing_as_in_stepmix() -> None:
    rng = np.random.default_rng(1)
    _, codes = two_kinds(150, rng)
    codes[rng.random(codes.shape) < 0.2] = -1
    with_holes = np.where(codes < 0, np.nan, codes).astype(float)
    mine = fit(patterns(codes, (2,) * 6), 2, 20, np.random.default_rng(0))
    theirs = StepMix(2, measurement="binary_nan", n_init=5, random_state=0, progress_bar=0, abs_tol=1e-10)
    answered = np.flatnonzero((codes >= 0).any(axis=1))
    score = theirs.fit(with_holes[answered]).score(with_holes[answered]) * len(answered)
    assert mine.loglik == pytest.approx(score, abs=1e-3)


def test_two_classes_are_found_and_believed() -> None:
    kind, codes = two_kinds(300, np.random.default_rng(2))
    found = latent_classes(as_items(codes), LatentSettings(most=4, pairs=5))
    assert found.k == 2
    assert ((found.labels == 2) == kind).mean() > 0.95
    assert found.evidence.verdict in ("natural", "reproducible")
    assert found.shares[0] > found.shares[1]
    assert found.probabilities[0].shape == (2, 2)
    np.testing.assert_allclose(found.posterior.sum(axis=1), 1)
    assert [one.k for one in found.fits] == [1, 2, 3, 4]
    assert found.fits[0].local > found.fits[1].local


def test_coins_are_one_class() -> None:
    codes = (np.random.default_rng(3).random((300, 6)) < 0.4).astype(np.int64)
    found = latent_classes(as_items(codes), LatentSettings(most=4))
    assert (found.k, found.evidence.verdict) == (1, "none")


def test_two_items_that_say_the_same_are_flagged() -> None:
    _, codes = two_kinds(400, np.random.default_rng(4), 10)
    codes[:, 5] = codes[:, 4]
    found = latent_classes(as_items(codes), LatentSettings(k=2, pairs=3))
    assert {found.residuals[0].one, found.residuals[0].other} == {"item 4", "item 5"}
    assert found.residuals[0].value > FLAGGED
    assert any("pairs of items" in note for note in found.notes)


def test_row_order_changes_nothing() -> None:
    _, codes = two_kinds(120, np.random.default_rng(5))
    order = np.random.default_rng(6).permutation(120)
    one = latent_classes(as_items(codes), LatentSettings(most=3, pairs=3))
    other = latent_classes(as_items(codes[order]), LatentSettings(most=3, pairs=3))
    assert one.fits == other.fits
    assert one.evidence == other.evidence
    assert one.labels[order].tolist() == other.labels.tolist()


@pytest.mark.parametrize("n", [1, 10, 30])
def test_few_people_give_a_hedged_answer(n: int) -> None:
    _, codes = two_kinds(n, np.random.default_rng(7))
    found = latent_classes(as_items(codes), LatentSettings(pairs=3))
    assert len(found.labels) == n
    assert found.notes
    assert n >= 20 or found.evidence.verdict == "none"


def test_bootstrap_test_rejects_one_class_only_when_there_are_two() -> None:
    rng = np.random.default_rng(8)
    _, groups = two_kinds(200, rng, 4)
    coins = (rng.random((200, 4)) < 0.5).astype(np.int64)
    for codes, low, high in ((groups, 0.0, 0.1), (coins, 0.1, 1.0)):
        found = patterns(codes, (2,) * 4)
        one, two = (fit(found, k, 10, np.random.default_rng(0)) for k in (1, 2))
        assert low <= bootstrap_test(found, one, two, 15, rng) <= high


def test_drawn_answers_are_missing_where_they_were() -> None:
    codes = np.array([[0, -1], [1, 1], [0, 1], [1, -1]])
    found = patterns(codes, (2, 2))
    drawn = draw(fit(found, 1, 1, np.random.default_rng(0)), found, np.random.default_rng(0))
    assert drawn.people == 4
    assert sorted(drawn.shown[drawn.back].sum(axis=1).tolist()) == [1, 1, 2, 2]


def test_entropy_is_one_when_certain_and_zero_when_not() -> None:
    assert relative_entropy(np.eye(2), np.ones(2)) == 1
    assert relative_entropy(np.full((3, 2), 0.5), np.ones(3)) == pytest.approx(0)


def test_questions_become_items() -> None:
    found = items_of(
        [
            Answers("plan", "nominal", ["a", None, {"other": "x"}]),
            Answers("uses", "multi", [["x"], ["x", "y"], None], ("x", "y", "z")),
            Answers("marks", "battery", [{"p": 1, "q": 5}, {"p": 2}, None], items=("p", "q")),
        ]
    )
    assert found.names == ("plan", "x", "y", "z", "p", "q")
    assert found.levels[0] == ("a", "other")
    assert found.codes.tolist() == [[0, 0, 0, 0, 0, 0], [-1, 0, 1, 0, 1, -1], [1, -1, -1, -1, -1, -1]]
    with pytest.raises(ValueError, match="text"):
        items_of([Answers("why", "text", ["a"])])
