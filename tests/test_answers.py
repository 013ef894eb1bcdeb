"""The pipeline: any answers in, an honest segmentation out, with nothing embedded twice and everybody placed."""

import re
from functools import partial

import numpy as np
import pytest

from models.answers import AnswersResult, segment_answers
from models.errors import ModelError
from models.features import Answers
from models.population import Question
from models.segment import SegmentSettings
from models.texts.excerpts import reading_sample
from models.work import jobs
from tests.fakes import FakeEmbedder

QUICK = SegmentSettings(pairs=10, null_sets=3)
TOPICS = {
    "price": ["the price is too high", "price went up again", "a lower price please", "high price for a phone"],
    "coverage": ["no coverage in the forest", "coverage at the cabin", "better coverage outdoors", "coverage drops"],
    "service": ["kind people in customer service", "customer service never answers", "slow customer service chat"],
}


def ages(answers: list[str], *, of_price: float, of_others: float) -> Question:
    rng = np.random.default_rng(2)
    middle = [of_price if "price" in answer else of_others for answer in answers]
    return Question("Age", Answers("age", "number", (middle + rng.normal(size=len(answers))).tolist()))


def many(n: int) -> list[str]:
    rng = np.random.default_rng(1)
    extra = ["today", "often", "in winter", "for my family", "at work", "since May", "near Oslo", "on the train"]
    return [f"{rng.choice(TOPICS[topic])} {rng.choice(extra)}" for topic in rng.choice(sorted(TOPICS), n)]


def run(answers: list, settings: SegmentSettings = QUICK, **kwargs: object) -> AnswersResult:
    return segment_answers(answers, settings=settings, embedder=FakeEmbedder(), **kwargs)


def test_many_answers() -> None:
    answers = many(240)
    answers[5], answers[17] = "", " - "
    heard: list[tuple[float, str]] = []
    result = run(answers, SegmentSettings(k=3, pairs=10, null_sets=3), progress=lambda *step: heard.append(step))
    found = result.segmentation
    assert found.k == len(found.segments) == 3
    assert found.labels.shape == (240,)
    assert set(np.flatnonzero(found.labels == 0)) == {5, 17}
    assert found.answered == 238
    assert found.coverage == 1.0
    assert np.isnan(found.coordinates[5]).all()
    assert found.confidence[5] == 0
    assert found.languages[5] == ""
    assert np.isfinite(found.coordinates[0]).all()
    assert [p.size for p in found.segments] == sorted((p.size for p in found.segments), reverse=True)
    assert len({p.name for p in found.segments}) == 3
    for profile in found.segments:
        assert all(found.labels[quote.row] == profile.segment for quote in profile.quotes)
        assert all(answers[quote.row] == quote.text for quote in profile.quotes)
    fractions = [fraction for fraction, _ in heard]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    assert heard[0][1] == "Reading 238 answers"
    assert any(message.startswith("Turning answers into vectors: ") for _, message in heard)


def test_closed_answers_describe_segments_and_form_none() -> None:
    answers = many(120)
    answers[3] = ""
    settings = SegmentSettings(k=3, pairs=10, null_sets=3)
    plain = run(answers, settings).segmentation
    told = run(answers, settings, describing=[ages(answers, of_price=50, of_others=30)]).segmentation
    assert (plain.labels == told.labels).all()
    assert all(segment.who == () for segment in plain.segments)
    (price,) = (segment for segment in told.segments if "price" in segment.quotes[0].text)
    (marker,) = price.who
    assert (marker.question, marker.measure, marker.base) == ("Age", "mean", price.size)
    assert marker.value == pytest.approx(50, abs=1)
    assert marker.p < 1e-6
    assert not marker.formed


def test_one_segment_has_nobody_to_differ_from() -> None:
    answers = many(5)
    (segment,) = run(answers, describing=[ages(answers, of_price=50, of_others=30)]).segmentation.segments
    assert segment.who == ()


def test_row_order_does_not_matter() -> None:
    answers = many(120)
    order = np.random.default_rng(3).permutation(len(answers))
    straight, mixed = run(answers).segmentation, run([answers[i] for i in order]).segmentation
    np.testing.assert_array_equal(mixed.labels, straight.labels[order])
    assert [p.name for p in mixed.segments] == [p.name for p in straight.segments]
    assert [[t.text for t in p.terms] for p in mixed.segments] == [[t.text for t in p.terms] for p in straight.segments]


def test_one_answer_gives_its_quote() -> None:
    found = run(["", "Täckning i hela landet, tack"]).segmentation
    assert found.k == found.answered == 1
    assert found.evidence.verdict == "none"
    assert found.labels.tolist() == [0, 1]
    assert found.segments[0].quotes[0].text == "Täckning i hela landet, tack"
    assert found.segments[0].name == "“Täckning i hela landet, tack”"
    assert found.themes[0].quotes[0].row == 1


def test_ten_answers_give_themes_and_claim_no_groups() -> None:
    found = run(many(10)).segmentation
    assert found.k == 1
    assert found.evidence.verdict == "none"
    assert 2 <= len(found.themes) <= 6
    assert sum(theme.size for theme in found.themes) == 10
    assert all(theme.quotes and theme.name for theme in found.themes)


def test_thirty_answers_give_groups_with_wide_intervals_and_a_warning() -> None:
    found = run(many(30), SegmentSettings(k=2, pairs=10, null_sets=3)).segmentation
    assert found.k == 2
    assert found.segments[0].share_high - found.segments[0].share_low > 0.25
    assert any("fewer than 100 people" in warning for warning in found.warnings)


@pytest.mark.parametrize("answers", [["", "  ", "-"], [], [None, float("nan")], [["", ""], ["?", " "]]])
def test_nobody_answered(answers: list) -> None:
    with pytest.raises(ModelError, match="holds an answer"):
        run(answers)


@pytest.mark.parametrize(
    "answers",
    [
        ["bra"] * 40,
        ["👍", "👎", "❤️❤️", "😀"] * 10,
        ["שירות טוב", "מחיר גבוה", "خدمة ممتازة", "السعر مرتفع", "价格便宜"] * 8,
        ["the price is too high. " * 900, "short", "coverage"] * 10,
        ["123", "4 5 6", "10/10"] * 10,
        ["\x00null", "\ud83d lone surrogate", "a\u0301 combining"] * 8,
    ],
    ids=["identical", "emoji", "scripts", "20,000 characters", "numbers", "odd"],
)
def test_odd_answers_are_placed_and_named(answers: list[str]) -> None:
    found = run(answers).segmentation
    assert (found.labels > 0).all()
    assert all(profile.name and profile.quotes for profile in found.segments)
    assert all(len(quote.text) <= 400 for profile in found.segments for quote in profile.quotes)


def test_several_columns_are_embedded_apart_and_each_text_once() -> None:
    embedder = FakeEmbedder()
    answers = [("price", "coverage"), ("price", ""), ("", "coverage"), ("", " ? "), ("service", "price")]
    result = segment_answers(answers, settings=QUICK, embedder=embedder)
    assert sorted(embedder.calls[0]) == ["coverage", "price", "service"]
    assert result.segmentation.labels.tolist() == [1, 1, 1, 0, 1]
    assert result.answered.texts[0] == "price / coverage"
    np.testing.assert_allclose(np.linalg.norm(result.vectors, axis=1), 1, atol=1e-5)


def test_skipping_a_question_does_not_make_a_group() -> None:
    answers = [("cheap and good value", many(1)[0]), ("cheap and good value", "")] * 20
    vectors = run(answers).vectors
    np.testing.assert_allclose(vectors[0], vectors[1], atol=1e-5)


def test_handles_links_and_numbers_are_not_embedded() -> None:
    embedder = FakeEmbedder()
    answers = ["@united lost my bag https://t.co/x1", "@jetblue  lost my bag", "lost my bag", "https://t.co/x2"]
    vectors = segment_answers(answers, settings=QUICK, embedder=embedder).vectors
    assert embedder.calls[0] == ["lost my bag", "https://t.co/x2"]
    np.testing.assert_array_equal(vectors[0], vectors[2])


def test_known_vectors_are_used_and_new_ones_returned() -> None:
    embedder = FakeEmbedder()
    first = segment_answers(["price", "coverage"], settings=QUICK, embedder=embedder)
    again = segment_answers(
        ["price", "coverage", "service"], settings=QUICK, embedder=embedder, known=first.new_vectors
    )
    assert embedder.calls[1:] == [["service"]]
    assert set(again.new_vectors) == {"service"}


def test_the_job_loads_its_embedder(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(jobs, "load_embedder", lambda *args: asked.append(args) or FakeEmbedder())
    found, new = jobs.segment([["price"]], {}, "fake", "/weights", {}, progress=lambda fraction, message: None)
    assert asked[0][0] == "fake"
    assert str(asked[0][1]) == "/weights"
    assert found.embedder == "fake-words"
    assert list(new) == ["price"]


def test_with_very_many_answers_a_sample_is_read_for_words_and_everybody_is_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers = many(400)
    whole = run(answers).segmentation
    monkeypatch.setattr("models.answers.reading_sample", partial(reading_sample, most=100))
    monkeypatch.setattr("models.texts.excerpts.AT_LEAST", 10)
    found, turned = run(answers).segmentation, run(answers[::-1]).segmentation
    np.testing.assert_array_equal(found.labels, whole.labels)
    assert [(one.size, one.share, one.languages) for one in found.segments] == [
        (one.size, one.share, one.languages) for one in whole.segments
    ]
    assert any(re.search(r"random sample of 1\d\d of 400 answers", warning) for warning in found.warnings)
    assert [(one.name, one.terms) for one in turned.segments] == [(one.name, one.terms) for one in found.segments]
    assert all(answers[quote.row] == quote.text for one in found.segments for quote in one.quotes)
