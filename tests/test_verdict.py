"""Promises of models/evidence.py about the verdict, given the figures it rests on."""

import numpy as np
import pytest

from models.evidence import verdict_on
from models.results import KEvidence

STEADY = np.array([0.95, 0.9])


def figures(stability, null_upper):
    return KEvidence(2, score=1.0, stability=stability, null=null_upper - 0.1, null_upper=null_upper)


@pytest.mark.parametrize(
    ("p", "dip", "stability", "null_upper", "jaccard", "verdict"),
    [
        (0.001, 0.9, 0.9, 0.8, STEADY, "natural"),
        (0.001, 0.9, 0.9, 0.95, STEADY, "reproducible"),
        (0.001, 0.9, 0.9, 0.9, STEADY, "reproducible"),
        (0.001, 0.01, 1.0, 1.0, STEADY, "natural"),
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
