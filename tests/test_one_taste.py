"""Rankings, best-worst picks and points of one taste are no groups: alone, beside other questions, or asked for."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from models.closed.nulls import layout, structureless_like
from models.closed.one_taste import drawn, utilities, with_one_taste
from models.features import Answers, encode, joined, unit_inertia
from models.single import SingleSettings, one_question
from models.solutions import SolveSettings, solve

OPTIONS = tuple("abcdef")
PEOPLE = 300


def rankings(rng: np.random.Generator, worth: NDArray[np.float64]) -> list[Any]:
    return [[OPTIONS[at] for at in order] for order in drawn(worth / worth.sum(), [6] * PEOPLE, rng)]


def best_worst(rng: np.random.Generator, worth: NDArray[np.float64], sets: int = 1) -> list[Any]:
    people = []
    for _ in range(PEOPLE):
        mine = []
        for _ in range(sets):
            shown = rng.choice(6, 4, replace=False)
            best = shown[np.argmax(np.log(worth[shown]) + rng.gumbel(size=4))]
            left = shown[shown != best]
            worst = left[np.argmax(rng.gumbel(size=3) - np.log(worth[left]))]
            mine.append({"set": [OPTIONS[at] for at in shown], "best": OPTIONS[best], "worst": OPTIONS[worst]})
        people.append(mine)
    return people


def points(rng: np.random.Generator, worth: NDArray[np.float64]) -> list[Any]:
    given = rng.dirichlet(len(worth) * worth / worth.sum(), size=PEOPLE)
    return [dict(zip(OPTIONS[: len(row)], (np.round(row * 20) * 5).tolist(), strict=True)) for row in given]


MAKERS = {"ranking": rankings, "bestworst": best_worst, "shares": points}


def asked(kind: str, seed: int) -> Answers:
    """Answers of one taste: points of chance alone, other kinds by worths of chance."""
    rng = np.random.default_rng(seed)
    worth = np.ones(5) if kind == "shares" else np.exp(rng.normal(size=6))
    return Answers("q", kind, MAKERS[kind](rng, worth), OPTIONS[: len(worth)])


@pytest.mark.parametrize(
    ("kind", "seed"),
    [("ranking", 50), ("ranking", 51), ("bestworst", 31), ("bestworst", 33), ("shares", 31), ("shares", 34)],
)
def test_one_taste_is_one_group(kind: str, seed: int) -> None:
    """Each of these looks grouped beside data with the same correlations alone."""
    found = one_question(asked(kind, seed), SingleSettings(pairs=4))
    assert (found.k, found.evidence.verdict) == (1, "none")


@pytest.mark.parametrize("kind", ["ranking", "multi"])
def test_asking_for_a_number_makes_no_groups_of_one_taste(kind: str) -> None:
    rng = np.random.default_rng(1)
    liking = rng.random((PEOPLE, 6)) < 1 / (1 + np.exp(-1.8 * rng.normal(size=(PEOPLE, 1)) + np.linspace(-1.5, 1.5, 6)))
    picks = [[option for option, liked in zip(OPTIONS, row, strict=True) if liked] for row in liking]
    answers = asked("ranking", 60) if kind == "ranking" else Answers("q", "multi", picks, OPTIONS)
    found = one_question(answers, SingleSettings(k=2, pairs=4))
    assert found.k == 2
    assert found.evidence.verdict in ("none", "constructive")


@pytest.mark.parametrize("kind", ["bestworst", "shares"])
def test_two_tastes_are_two_groups(kind: str) -> None:
    rng, worth = np.random.default_rng(2), np.exp(np.array([1.0, 1, 0, 0, -1, -1]))
    if kind == "bestworst":
        values = [*best_worst(rng, worth, 6)[:150], *best_worst(rng, worth[::-1], 6)[:150]]
    else:
        values = [*points(rng, worth)[:150], *points(rng, worth[::-1])[:150]]
    found = one_question(Answers("q", kind, values, OPTIONS), SingleSettings(pairs=4))
    assert found.k == 2
    assert found.evidence.verdict in ("natural", "reproducible")


def test_one_taste_beside_ratings_that_have_nothing_to_do_with_it_is_no_group() -> None:
    rng = np.random.default_rng(32)
    ratings = [Answers(f"r{at}", "ordinal", rng.integers(1, 6, PEOPLE).tolist(), (1, 2, 3, 4, 5)) for at in range(3)]
    wanted = SolveSettings(pairs=4, null_pairs=2, alternatives=False)
    assert solve([asked("bestworst", 32), *ratings], wanted).evidence.verdict in ("none", "constructive")


def test_worths_of_best_worst_items_are_found_again() -> None:
    rng, truth = np.random.default_rng(4), np.array([2.0, 1.0, 0.5, -0.5, -1.0, -2.0])
    shown = np.zeros((4000, 6), dtype=bool)
    for row in shown:
        row[rng.choice(6, 4, replace=False)] = True
    best = np.where(shown, truth + rng.gumbel(size=shown.shape), -np.inf).argmax(axis=1)
    left = shown.copy()
    left[np.arange(4000), best] = False
    worst = np.where(left, rng.gumbel(size=shown.shape) - truth, -np.inf).argmax(axis=1)
    assert np.abs(utilities(shown, best, worst) - truth).max() < 0.15


def test_what_is_drawn_is_scaled_as_the_answers_are_and_leaves_gaps_where_they_are() -> None:
    answers = asked("ranking", 5)
    holed = Answers("q", "ranking", [None, None, *answers.values[2:]], OPTIONS)
    block = unit_inertia(with_one_taste(encode(holed), holed))
    taste = block.one_taste
    assert taste is not None
    assert taste.draw(500, np.random.default_rng(0)).var(axis=0).sum() == pytest.approx(
        block.matrix.var(axis=0).sum(), rel=0.1
    )
    (first, weighed), *_ = layout([block], {"q": 4.0}).tastes
    assert first == 0
    one, four = (some.draw(50, np.random.default_rng(1)) for some in (taste, weighed))
    assert four == pytest.approx(2 * one)


@pytest.mark.parametrize("items", [12, 15])
def test_data_without_groups_keep_the_correlations_of_large_samples(items: int) -> None:
    """The error of the simulation is in every data set drawn: it must be small beside what differs between them."""
    rng = np.random.default_rng(6)
    marks = np.digitize(0.6 * rng.normal(size=(2000, 1)) + 0.8 * rng.normal(size=(2000, items)), (-1.2, -0.4, 0.4, 1.2))
    ratings = [Answers(f"r{at}", "ordinal", column.tolist(), tuple(range(5))) for at, column in enumerate(marks.T)]
    blocks = [unit_inertia(encode(one)) for one in ratings]
    x = joined(blocks)

    def leading(data: NDArray[np.float64]) -> float:
        return float(np.linalg.eigvalsh(np.cov(data.T))[-1])

    for seed in (0, 42):
        source = structureless_like(x, layout(blocks), np.random.default_rng([seed, 3]))
        found = [leading(source.draw(np.random.default_rng([seed, 4, at]))) for at in range(20)]
        assert abs(np.mean(found) - leading(x)) < 3 * np.std(found)
