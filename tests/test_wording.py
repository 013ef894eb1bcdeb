"""How answers are worded, as numbers beside the vectors of what they mean."""

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import adjusted_rand_score

from models.evidence import CLAIMS
from models.segment import SegmentSettings, segment_vectors
from models.texts import wording
from models.texts.wording import DIRECTIONS, WEIGHT, beside_meaning

THINGS = ("laskutus", "coverage", "kundservice", "abonnement")
DIMS = 16
CLAIMING = SegmentSettings(pairs=5, other_pairs=2, null_sets=10, null_pairs=1)


def answers(number: int, seed: int = 0) -> tuple[list[str], NDArray[np.int64]]:
    """Return answers that name one of four things among words that anybody might use, and which thing it is."""
    rng = np.random.default_rng(seed)
    about = rng.integers(0, len(THINGS), number)
    fillers = [f"sana{letter}{letter}" for letter in "abcdefghijklmnopqrst"]
    return [f"{' '.join(rng.choice(fillers, 3))} {THINGS[thing]} {rng.choice(fillers)}" for thing in about], about


def blurred(number: int, seed: int = 0, dims: int = DIMS) -> NDArray[np.float32]:
    """Return vectors that know nothing of what the answers are about."""
    rows = np.random.default_rng([seed, 1]).standard_normal((number, dims))
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def test_the_vectors_stand_first_and_the_wording_beside_them_spreads_as_far_as_it_should() -> None:
    texts, _ = answers(80)
    vectors = blurred(80)
    found = beside_meaning(vectors, texts, [""] * 80)
    np.testing.assert_array_equal(found[:, :DIMS], vectors)
    assert DIMS < found.shape[1] <= DIMS + DIRECTIONS
    spread = [float(part.var(axis=0).sum()) for part in (found[:, :DIMS], found[:, DIMS:])]
    assert spread[1] / spread[0] == pytest.approx(WEIGHT**2, rel=1e-3)


def test_answers_that_share_a_word_are_near_each_other() -> None:
    texts, about = answers(120)
    words = beside_meaning(blurred(120), texts, [""] * 120)[:, DIMS:]
    alike = np.corrcoef(words)
    same = about[:, None] == about
    np.fill_diagonal(same, False)
    assert alike[same].mean() > alike[about[:, None] != about].mean() + 0.2


def test_another_order_of_the_answers_gives_the_same_rows_and_segments() -> None:
    texts, _ = answers(90)
    vectors, order = blurred(90), np.random.default_rng(5).permutation(90)
    first = beside_meaning(vectors, texts, ["fi"] * 90)
    again = beside_meaning(vectors[order], [texts[at] for at in order], ["fi"] * 90)
    np.testing.assert_allclose(again, first[order], atol=1e-6)
    quick = SegmentSettings(pairs=2, other_pairs=2, null_sets=4, null_pairs=1)
    np.testing.assert_array_equal(segment_vectors(again, quick).labels, segment_vectors(first, quick).labels[order])


@pytest.mark.parametrize("texts", [["snabbt"], ["hinta", "verkko", "palvelu"], ["och", "og", "ja"], ["", "👍", "!!!"]])
def test_without_shared_wording_the_vectors_come_back(texts: list[str]) -> None:
    vectors = blurred(len(texts))
    assert beside_meaning(vectors, texts, [""] * len(texts)) is vectors


def test_wording_is_left_out_where_all_mean_the_same() -> None:
    texts, _ = answers(30)
    vectors = np.tile(blurred(1), (30, 1))
    assert beside_meaning(vectors, texts, [""] * 30) is vectors


def test_segments_follow_what_is_named_and_not_the_language() -> None:
    rng = np.random.default_rng(2)
    words = {"sv": ["snabbt", "alltid", "gillar", "billigt"], "fi": ["nopeasti", "aina", "halpaa", "kivaa"]}
    named = rng.permutation(["netflix", "spotify"] * 60)
    spoken = rng.permutation(["sv", "fi"] * 60)
    texts = [f"{' '.join(rng.choice(words[tongue], 2))} {name}" for name, tongue in zip(named, spoken, strict=True)]
    few = SegmentSettings(k=2, pairs=2, other_pairs=2, null_sets=4, null_pairs=1)
    found = segment_vectors(beside_meaning(blurred(120), texts, list(spoken)), few, list(spoken)).labels
    assert adjusted_rand_score(named, found) > 0.2
    assert adjusted_rand_score(spoken, found) < 0.05


def test_very_many_answers_are_read_in_the_directions_of_some(monkeypatch: pytest.MonkeyPatch) -> None:
    texts, about = answers(300)
    monkeypatch.setattr(wording, "MOST_READ", 60)
    words = beside_meaning(blurred(300), texts, [""] * 300)[:, DIMS:]
    alike = np.corrcoef(words)
    assert alike[about[:, None] == about].mean() > alike[about[:, None] != about].mean() + 0.2


@pytest.mark.parametrize("tongues", [["en"], ["sv", "fi"]])
def test_phrases_that_people_share_by_chance_are_called_no_groups(tongues: list[str]) -> None:
    rng = np.random.default_rng(0)
    spoken, share = tongues * (300 // len(tongues)), len(tongues) * np.linspace(0.15, 0.05, 12)
    said = np.array([rng.permutation(300) < 300 * each for each in share]).T
    said &= np.repeat(tongues, 12 // len(tongues)) == np.array(spoken)[:, None]
    rows = np.hstack([rng.normal(size=(300, 40)), 5 * said + rng.normal(scale=0.25, size=said.shape)])
    assert segment_vectors(rows, CLAIMING, spoken).evidence.verdict == "reproducible"
    evidence = segment_vectors(rows, CLAIMING, spoken, wording=12).evidence
    assert evidence.verdict == "constructive"
    assert "phrases dealt out at random" in evidence.sentence
    assert evidence.phrases_p is not None
    assert evidence.phrases_p >= 0.01


def test_people_who_name_different_things_are_called_groups_though_nothing_else_tells_them_apart() -> None:
    texts, about = answers(120)
    rows = beside_meaning(blurred(120, dims=128), texts, [""] * 120)
    found = segment_vectors(rows, CLAIMING, wording=rows.shape[1] - 128)
    assert found.evidence.verdict in CLAIMS
    assert found.evidence.phrases_p is not None
    assert adjusted_rand_score(about, found.labels) > 0.8
