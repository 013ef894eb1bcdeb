"""How two solutions cross: figures against scipy, scikit-learn and Bergsma's formula written out."""

import numpy as np
import pytest
from scipy.stats import chi2_contingency
from sklearn.metrics import adjusted_mutual_info_score

from models.crossing import corrected_v, cross, cross_table, crossings, independence_p
from models.results import Evidence
from models.solution import Solution


def solution(basis: str, labels: list[int]) -> Solution:
    found = np.array(labels, dtype=np.int64)
    said = Evidence("constructive", "", n=len(found), n_total=len(found))
    return Solution(basis, found, np.ones(len(found)), int(found.max()), "", "", said, 0, ())


def bergsma(counts: np.ndarray) -> float:
    n, (r, c) = counts.sum(), counts.shape
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / n
    phi2 = ((counts - expected) ** 2 / expected).sum() / n
    plus = max(0.0, phi2 - (r - 1) * (c - 1) / (n - 1))
    return np.sqrt(plus / min(r - (r - 1) ** 2 / (n - 1) - 1, c - (c - 1) ** 2 / (n - 1) - 1))


def test_the_table_counts_people_with_a_segment_in_both() -> None:
    counts = cross_table(np.array([1, 1, 2, 0, 2]), np.array([2, 1, 1, 1, 0]), 2, 2)
    assert counts.tolist() == [[1, 1], [1, 0]]


def test_figures_agree_with_the_formula_and_with_other_implementations() -> None:
    rng = np.random.default_rng(1)
    one = rng.integers(1, 5, 400)
    other = np.where(rng.random(400) < 0.5, one, rng.integers(1, 5, 400))
    found = cross(solution("benefit", one.tolist()), solution("psychographic", other.tolist()))
    assert found.cramers_v == pytest.approx(bergsma(found.counts))
    assert found.ami == pytest.approx(adjusted_mutual_info_score(one, other))
    assert found.p == pytest.approx(chi2_contingency(found.counts, correction=False).pvalue)
    assert (found.one, found.other) == ("benefit", "psychographic")


def test_the_correction_takes_the_bias_out() -> None:
    rng = np.random.default_rng(2)
    tables = [cross_table(rng.integers(1, 7, 100), rng.integers(1, 7, 100), 6, 6) for _ in range(200)]
    plain = [np.sqrt(chi2_contingency(t, correction=False).statistic / (t.sum() * 5)) for t in tables]
    assert np.mean(plain) > 0.2
    assert np.mean([corrected_v(table) for table in tables]) < 0.06


def test_the_same_segments_go_together_fully() -> None:
    same = solution("benefit", [1, 2, 3] * 20)
    found = cross(same, same)
    assert found.cramers_v == pytest.approx(1.0)
    assert found.ami == pytest.approx(1.0)


def test_one_segment_only_says_nothing() -> None:
    found = cross(solution("benefit", [1] * 30), solution("psychographic", [1, 2] * 15))
    assert (found.cramers_v, found.p) == (0.0, None)
    assert independence_p(np.zeros((0, 0), dtype=np.int64)) is None
    assert corrected_v(np.zeros((2, 2), dtype=np.int64)) == 0.0


def test_every_two_bases_cross_once() -> None:
    three = [solution(basis, [1, 2] * 10) for basis in ("benefit", "psychographic", "place")]
    assert [(one.one, one.other) for one in crossings(three)] == [
        ("benefit", "psychographic"),
        ("benefit", "place"),
        ("psychographic", "place"),
    ]
