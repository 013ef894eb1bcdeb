"""Promises of models/evidence.py about the verdict, given the figures it rests on."""

import numpy as np
import pytest

from models.evidence import verdict_on
from models.features import Answers
from models.results import KEvidence
from models.solutions import SolveSettings, solve

STEADY = np.array([0.95, 0.9])


def figures(stability, null_upper):
    return KEvidence(2, score=1.0, stability=stability, null=null_upper - 0.1, null_upper=null_upper)


@pytest.mark.parametrize(
    ("p", "dip", "stability", "null_upper", "jaccard", "verdict"),
    [
        (0.001, 0.9, 0.9, 0.8, STEADY, "natural"),
        (0.001, 0.9, 0.9, 0.95, STEADY, "reproducible"),
        (0.001, 0.9, 0.9, 0.9, STEADY, "reproducible"),
        (0.001, 0.01, 0.9, 0.95, STEADY, "reproducible"),
        (0.001, 0.01, 1.0, 1.0, STEADY, "natural"),
        (0.001, 0.9, 1.0, 1.0, STEADY, "reproducible"),
        (0.001, 0.01, 0.7, 0.3, STEADY, "reproducible"),
        (0.001, 0.01, 0.9, 0.3, np.array([0.95, 0.7]), "reproducible"),
        (0.1, 0.9, 0.9, 0.3, STEADY, "constructive"),
        (0.5, 0.9, 0.9, 0.3, STEADY, "none"),
        (0.5, 0.01, 0.9, 0.3, STEADY, "constructive"),
    ],
)
def test_natural_groups_are_separated_steady_and_apart(p, dip, stability, null_upper, jaccard, verdict):
    """A cut across one common dimension is found again in any answers: steadiness alone makes no group natural."""
    assert verdict_on(p, dip, figures(stability, null_upper), 1.0, jaccard) == verdict


def test_groups_that_resamples_do_not_find_are_a_convenience():
    assert verdict_on(0.001, 0.01, figures(0.5, 0.2), 0.4, np.array([0.5, 0.4])) == "constructive"


@pytest.mark.parametrize(
    ("apart", "noise", "verdict"), [(0.0, 0.6, "reproducible"), (1.2, 0.0, "natural")], ids=["dimension", "kinds"]
)
def test_one_dimension_is_not_natural_even_where_it_is_no_gaussian_cloud(apart, noise, verdict):
    """People differ in degree, and the high ones answer less alike; against people of two kinds."""
    rng = np.random.default_rng(0)
    much = rng.normal(size=(1000, 1))
    own = 0.8 * rng.normal(size=(1000, 12)) * np.exp(noise * much)
    marks = np.digitize(apart * np.sign(much) + (1.2 if noise else 0.3) * much + own, (-1.3, -0.5, 0.3, 1.1))
    questions = [
        Answers(f"q{item}", "ordinal", column.tolist(), tuple(range(5))) for item, column in enumerate(marks.T)
    ]
    found = solve(questions, SolveSettings(k=(2, 4), pairs=8, null_pairs=2, starts=3, alternatives=False))
    assert found.evidence.verdict == verdict
    assert min(found.evidence.segment_stability) >= 0.75
