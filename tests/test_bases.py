"""Two bases over one population: everybody in one segment of each, nothing leaking from one into the other."""

from dataclasses import replace

import numpy as np
import pytest

from models.bases import segment_population
from models.errors import ModelError
from models.features import Answers
from models.population import Population, Question
from models.solutions import SolveSettings
from models.stability import rand_index

QUICK = SolveSettings(pairs=5, null_sets=6, null_pairs=1, starts=3)


def people(n: int = 240, seed: int = 1) -> tuple[Population, np.ndarray, np.ndarray]:
    """People of three wishes and, independently, two outlooks, in six items of five marks each, and their ages."""
    rng = np.random.default_rng(seed)
    wish, outlook = rng.integers(0, 3, n), rng.integers(0, 2, n)
    wants = np.clip(np.round(3 + 1.6 * np.eye(3)[wish][:, [0, 0, 1, 1, 2, 2]] + rng.normal(0, 0.6, (n, 6))), 1, 5)
    views = np.clip(np.round(3 + 1.4 * (2 * outlook[:, None] - 1) + rng.normal(0, 0.6, (n, 6))), 1, 5)
    asked = [Question(f"w{j}", Answers(f"w{j}", "ordinal", wants[:, j].tolist()), ("benefit",)) for j in range(6)]
    asked += [
        Question(f"v{j}", Answers(f"v{j}", "ordinal", views[:, j].tolist()), ("psychographic",)) for j in range(6)
    ]
    asked.append(Question("age", Answers("age", "number", rng.integers(18, 80, n).tolist())))
    return Population(n, tuple(asked)), wish, outlook


def same(one: np.ndarray, other: np.ndarray) -> float:
    return rand_index(one, other, np.ones(len(one)))


def test_each_basis_finds_its_own_segments_and_they_cross() -> None:
    population, wish, outlook = people()
    found = segment_population(population, settings=QUICK).solutions
    assert [one.basis for one in found.solutions] == ["benefit", "psychographic"]
    assert same(found.on("benefit").labels, wish) > 0.9
    assert same(found.on("psychographic").labels, outlook) > 0.9
    (crossing,) = found.crossings
    assert crossing.counts.sum() == population.people
    assert crossing.cramers_v < 0.2


def test_what_describes_people_changes_nothing() -> None:
    population, _, _ = people()
    *forming, age = population.questions
    other = replace(age, answers=replace(age.answers, values=[0] * population.people))
    one = segment_population(population, settings=QUICK).solutions
    two = segment_population(replace(population, questions=(*forming, other)), settings=QUICK).solutions
    for basis in ("benefit", "psychographic"):
        assert np.array_equal(one.on(basis).labels, two.on(basis).labels)
        assert "age" not in one.on(basis).questions


def test_who_said_nothing_of_a_basis_has_no_segment_on_it_only() -> None:
    population, _, _ = people()
    quiet = [
        replace(question, answers=replace(question.answers, values=[None, *question.answers.values[1:]]))
        if "psychographic" in question.bases
        else question
        for question in population.questions
    ]
    found = segment_population(replace(population, questions=tuple(quiet)), settings=QUICK).solutions
    assert found.on("psychographic").labels[0] == 0
    assert found.on("psychographic").confidence[0] == 0
    assert (found.on("psychographic").labels[1:] > 0).all()
    assert (found.on("benefit").labels > 0).all()


def test_a_basis_that_nothing_forms_is_refused() -> None:
    population, _, _ = people(30)
    with pytest.raises(ModelError, match="No question forms place segments"):
        segment_population(population, bases=["place"], settings=QUICK)


def test_a_basis_that_nobody_answered_is_refused() -> None:
    empty = Population(3, (Question("w", Answers("w", "ordinal", [None, None, None]), ("benefit",)),))
    with pytest.raises(ModelError, match="Nobody has answered what forms benefit segments"):
        segment_population(empty, settings=QUICK)


def test_one_question_alone_is_read_as_it_is() -> None:
    rng = np.random.default_rng(3)
    picks = rng.choice(["red", "green", "blue"], 90, p=[0.5, 0.3, 0.2]).tolist()
    alone = Population(90, (Question("Colour", Answers("c", "nominal", [None, *picks[1:]]), ("benefit",)),))
    found = segment_population(alone, settings=QUICK).solutions.on("benefit")
    assert {portrait.name for portrait in found.portraits} == {"red", "green", "blue"}
    assert found.labels[0] == 0
    assert all((found.labels[1:] == found.labels[1:][0]) == (np.array(picks[1:]) == picks[1]))
