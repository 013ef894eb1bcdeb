"""Portraits: what sets a segment apart, names that differ, warnings that are true."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from scipy.stats import chi2_contingency, fisher_exact, ttest_1samp, ttest_ind

from models.codes.frames import read_frame
from models.coding import Coding
from models.features import ENCODERS, Answers
from models.population import Population, Question
from models.portrait.cautions import outdated
from models.portrait.columns import READERS, columns_of
from models.portrait.compare import compare
from models.portraits import portray
from models.results import Evidence, Marker
from models.solution import Alternative, Solution
from tests.fakes import FakeEmbedder

WISHES = ("Low price", "Easy to use", "Nice design", "Good service", "Long life", "Safe")


def solution(labels: np.ndarray, questions: tuple[str, ...], **more: Any) -> Solution:
    found = Solution(
        basis="benefit",
        labels=labels,
        confidence=np.where(labels > 0, 0.9, 0.0),
        k=int(labels.max()),
        method="",
        choice="",
        evidence=Evidence("reproducible", ""),
        seed=0,
        questions=questions,
    )
    return replace(found, **more)


def wishes(labels: np.ndarray, seed: int = 0) -> Population:
    """Segment 1 wants a low price, 2 an easy thing with a design, 3 nothing in particular; age goes with segment 1."""
    rng = np.random.default_rng(seed)
    lift = np.zeros((4, 6))
    lift[1, 0], lift[2, 1], lift[2, 2] = 2.0, 1.5, 1.4
    marks = np.clip(np.round(3 + lift[labels] + 0.8 * rng.normal(size=(len(labels), 6))), 1, 5).astype(int)
    battery = [dict(zip(WISHES, row, strict=True)) for row in marks.tolist()]
    age = (40 + 12 * (labels == 1) + 10 * rng.normal(size=len(labels))).tolist()
    coin = rng.integers(0, 2, len(labels)).tolist()
    return Population(
        len(labels),
        (
            Question("What matters?", Answers("wish", "battery", battery, (1, 2, 3, 4, 5), WISHES), ("benefit",)),
            Question("Age", Answers("age", "number", age)),
            Question("Coin", Answers("coin", "nominal", ["heads" if one else "tails" for one in coin])),
        ),
    )


LABELS = np.repeat([1, 2, 3], (200, 150, 120))


def test_names_come_from_what_sets_segments_apart_and_differ() -> None:
    first, second, third = portray(wishes(LABELS), solution(LABELS, ("wish",)))
    assert first.name.startswith("Low price first")
    assert second.name == "Easy to use and nice design"
    assert third.name not in (first.name, second.name)
    assert (first.size, first.share_low < 200 / 470 < first.share_high) == (200, True)


@pytest.mark.parametrize(("language", "words"), [("sv", "först"), ("nb", "først"), ("da", "først"), ("fi", "ensin")])
def test_names_are_put_together_in_the_language_of_the_study(language: str, words: str) -> None:
    first = portray(wishes(LABELS), solution(LABELS, ("wish",)), language=language)[0]
    assert first.name.startswith(f"Low price {words}")


def test_segments_that_nothing_tells_apart_still_differ_in_name() -> None:
    labels = np.random.default_rng(3).integers(1, 4, 470)
    names = [portrait.name for portrait in portray(wishes(LABELS), solution(labels, ("wish",)))]
    assert len(set(names)) == 3


def test_a_name_says_nothing_twice_when_two_questions_say_the_same() -> None:
    population = wishes(LABELS)
    again = replace(population.questions[0], answers=replace(population.questions[0].answers, name="again"))
    twice = replace(population, questions=(*population.questions, again))
    first, second, _ = portray(twice, solution(LABELS, ("wish", "again")))
    assert first.name.lower().count("low price") == 1
    assert second.name == "Easy to use and nice design"


def test_what_formed_segments_and_what_describes_them_stand_apart() -> None:
    first = portray(wishes(LABELS), solution(LABELS, ("wish",)))[0]
    assert {marker.answer for marker in first.wants} == set(WISHES)
    age = next(marker for marker in first.who if marker.question == "Age")
    assert (age.measure, age.base) == ("mean", 200)
    assert age.p < 1e-6
    assert 0.8 < age.effect < 1.6
    assert age.low < 52 < age.high + 1
    heads = next(marker for marker in first.who if marker.answer == "heads")
    assert heads.low < heads.total < heads.high


@pytest.mark.parametrize("kind", READERS)
def test_every_kind_of_question_can_be_compared(kind: str) -> None:
    given: dict[str, list[Any]] = {
        "text": ["well said", None],
        "nominal": ["a", {"other": "mine"}],
        "multi": [["a"], ["a", "b"]],
        "binary": [True, False],
        "ordinal": [1, 7],
        "number": [1.5, 20],
        "date": ["2026-01-02", "2025-03-04"],
        "battery": [{"a": 1, "b": None}, {"a": 5, "b": 2}],
        "ranking": [["a", "b"], ["b", "a"]],
        "bestworst": [[{"set": ["a", "b", "c"], "best": "a", "worst": "b"}], []],
        "shares": [{"a": 30, "b": 70}, {"a": 100}],
        "none": [None, None],
    }
    columns = columns_of(Answers("q", kind, [*given[kind], None]), "Question")
    assert all(len(column.x) == 3 and np.isnan(column.x[2]) for column in columns)
    assert bool(columns) == (kind not in ("text", "none"))
    assert READERS.keys() == ENCODERS.keys()


def test_small_shaky_broad_and_poorly_placed_segments_are_told() -> None:
    split = np.where((LABELS == 1) & (np.arange(len(LABELS)) % 2 == 0), 4, LABELS)
    broad = Alternative("k-means", 4, split, 0.9, "reproducible", 0.8)
    small = np.repeat([1, 2, 3], (200, 200, 70))
    evidence = Evidence("reproducible", "", segment_stability=(0.9, 0.9, 0.4))
    found = solution(small, ("wish",), evidence=evidence, confidence=np.where(small == 3, 0.4, 0.9))
    _, second, third = portray(wishes(small), found)
    assert second.warnings == ()
    assert [warning.split(":")[0] for warning in third.warnings[:2]] == ["Only 70 people", "Shaky"]
    assert "100% of its people" in third.warnings[2]
    first, second, third = portray(wishes(LABELS), solution(LABELS, ("wish",), alternatives=(broad,)))
    assert "splits in two (50% and 50%" in first.warnings[0]
    assert (second.warnings, third.warnings) == ((), ())
    weak = replace(broad, stability=0.5)
    assert portray(wishes(LABELS), solution(LABELS, ("wish",), alternatives=(weak,)))[0].warnings == ()


def test_a_solution_of_other_people_is_refused() -> None:
    with pytest.raises(ValueError, match="population holds 470"):
        portray(wishes(LABELS), solution(LABELS[:9], ("wish",)))


def test_tests_and_effects_agree_with_scipy() -> None:
    rng = np.random.default_rng(4)
    labels = rng.integers(1, 3, 60)
    x, y = rng.normal(size=60) + 0.5 * (labels == 1), (rng.random(60) < 0.3 + 0.3 * (labels == 1)).astype(float)
    weights = (labels[:, None] == [1, 2]).astype(float)
    one, other = x[labels == 1], x[labels == 2]
    number = columns_of(Answers("x", "number", x.tolist()), "x")[0]
    mean = compare(number, weights, labels > 0)[0].marker
    assert mean.p == pytest.approx(ttest_ind(one, other, equal_var=False).pvalue)
    interval = ttest_1samp(one, 0).confidence_interval()
    assert (mean.low, mean.high) == pytest.approx((interval.low, interval.high))
    share = compare(columns_of(Answers("y", "binary", y.tolist()), "y")[0], weights, labels > 0)[0].marker
    table = [[int(((labels == group) & (y == value)).sum()) for value in (0, 1)] for group in (1, 2)]
    assert share.p == pytest.approx(chi2_contingency(table, correction=False).pvalue)
    few = compare(columns_of(Answers("y", "binary", y[:12].tolist()), "y")[0], weights[:12], labels[:12] > 0)[0].marker
    small = [[int(((labels[:12] == group) & (y[:12] == value)).sum()) for value in (0, 1)] for group in (1, 2)]
    assert few.p == pytest.approx(fisher_exact(small).pvalue)


def test_corrected_tests_rarely_claim_what_is_not_there() -> None:
    claims = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        labels = rng.integers(1, 4, 300)
        coins = [Question(f"c{j}", Answers(f"c{j}", "binary", rng.integers(0, 2, 300).tolist())) for j in range(10)]
        numbers = [Question(f"n{j}", Answers(f"n{j}", "number", rng.normal(size=300).tolist())) for j in range(10)]
        portraits = portray(Population(300, (*coins, *numbers)), solution(labels, ()))
        claims += any(marker.p < 0.05 for portrait in portraits for marker in portrait.who)
    assert claims <= 5


SAID = {
    1: ["The price is too high", "Lower prices please", "I want a low price", "A fair price, nothing else"],
    2: ["Coverage at the cabin", "No coverage in the forest", "The coverage drops here", "Better coverage outdoors"],
}


def spoken_population() -> tuple[Population, np.ndarray]:
    labels = np.repeat([1, 2], 40)
    said = [f"{SAID[label][at % 4]}{' ' * at}" for at, label in enumerate(labels.tolist())]
    vectors = FakeEmbedder().encode([text.strip() for text in said])
    return Population(80, (Question("Why?", Answers("why", "text", said, vectors=vectors), ("benefit",)),)), labels


def test_open_answers_bring_terms_quotes_typical_people_and_names() -> None:
    population, labels = spoken_population()
    first, second = portray(population, solution(labels, ("why",)), encode=FakeEmbedder().encode)
    assert "price" in first.name.lower()
    assert "coverage" in second.name.lower()
    assert "price" in {term.text for term in first.terms}
    assert all("overage" in quote.text for quote in second.quotes)
    assert len(first.typical) == 5
    assert set(first.typical) <= set(np.flatnonzero(labels == 1).tolist())


def test_an_open_question_that_nobody_turned_into_vectors_leaves_the_words_of_the_others_alone() -> None:
    population, labels = spoken_population()
    unread = Question("Anything else?", Answers("else", "text", ["Nothing more", None] * 40))
    beside = Population(80, (*population.questions, unread))
    alone, both = (
        portray(people, solution(labels, ("why",)), encode=FakeEmbedder().encode) for people in (population, beside)
    )
    assert all(portrait.quotes for portrait in both)
    assert [(one.name, one.quotes, one.terms) for one in both] == [(one.name, one.quotes, one.terms) for one in alone]


def test_names_that_segments_have_already_are_kept_and_used() -> None:
    found = solution(LABELS, ("wish",), confidence=np.where(LABELS == 3, 0.4, 0.9))
    portraits = portray(wishes(LABELS), found, called={1: "Savers", 2: "Planners"})
    assert [portrait.name for portrait in portraits[:2]] == ["Savers", "Planners"]
    assert any(f"“{name}”" in portraits[2].warnings[0] for name in ("Savers", "Planners"))


def test_codes_name_segments_and_carry_quotes() -> None:
    population, labels = spoken_population()
    frame = read_frame({"id": "benefits", "codes": {"price": "What it costs", "coverage": "Where it works"}})
    of_price = (labels == 1).astype(float)
    probabilities = np.column_stack([0.9 * of_price, 0.9 * (1 - of_price)])
    coding = Coding(("price", "coverage"), probabilities, (("", ""),) * 80, ("en",) * 80, "")
    portraits = portray(
        population, solution(labels, ("why",)), codings={"why": {"benefits": coding}}, frames={"benefits": frame}
    )
    assert [portrait.name for portrait in portraits] == ["Price first, not coverage", "Coverage first, not price"]
    code = portraits[0].codes[0]
    assert (code.code, code.share, code.share_total) == ("price", 1.0, 0.5)
    assert code.quote is not None
    assert labels[code.quote.row] == 1
    assert portraits[0].wants[0].formed
    assert portraits[0].message.startswith("Worth testing: lead with “Price” (100% against 50% of everybody)")


def test_a_segment_that_runs_into_another_says_which() -> None:
    found = solution(LABELS, ("wish",), confidence=np.where(LABELS == 3, 0.4, 0.9))
    portraits = portray(wishes(LABELS), found)
    assert portraits[2].warnings[0].startswith("Overlapping: 100% of its people could as well belong elsewhere")
    assert any(portrait.name in portraits[2].warnings[0] for portrait in portraits[:2])


def test_old_segments_are_told() -> None:
    assert outdated(timedelta(days=365)) == []
    assert outdated(timedelta(days=800)) == [
        "Perhaps outdated: these segments are 2.2 years old; ask some people again and compare."
    ]


def test_markers_follow_the_published_rule() -> None:
    def marker(value: float, total: float) -> Marker:
        return Marker("", "", "share", value, 0, 1, total, None, 0, 1, 1)

    assert [marker(*pair).stands_out for pair in ((0.76, 0.5), (0.74, 0.5), (0.16, 0.1), (0.14, 0.1))] == [
        True,
        False,
        True,
        False,
    ]


def test_the_order_of_people_changes_nothing() -> None:
    population, order = wishes(LABELS), np.random.default_rng(5).permutation(len(LABELS))
    turned = Population(
        len(LABELS),
        tuple(
            replace(question, answers=replace(question.answers, values=[question.answers.values[at] for at in order]))
            for question in population.questions
        ),
    )
    one, other = (
        portray(people, solution(labels, ("wish",)))
        for people, labels in ((population, LABELS), (turned, LABELS[order]))
    )
    assert [portrait.name for portrait in one] == [portrait.name for portrait in other]
    for mine, theirs in zip(one, other, strict=True):
        assert mine.message == theirs.message
        given = population.questions[0].answers.values
        assert [given[at] for at in mine.typical] == [given[at] for at in order[list(theirs.typical)]]
        assert [m.effect for m in mine.who] == pytest.approx([m.effect for m in theirs.who])


def test_where_answers_name_two_segments_alike_their_own_words_tell_them_apart() -> None:
    population, halves = spoken_population()
    labels = np.concatenate([halves, np.full(40, 3)])
    frame = read_frame({"id": "benefits", "codes": {"price": "What it costs", "coverage": "Where it works"}})
    said = [*population.questions[0].answers.values, *(f"Cheap calls abroad{' ' * at}" for at in range(40))]
    vectors = FakeEmbedder().encode([text.strip() for text in said])
    answers = replace(population.questions[0].answers, values=said, vectors=vectors)
    of_price = (labels != 2).astype(float)
    coding = Coding(
        ("price", "coverage"),
        np.column_stack([0.9 * of_price, 0.9 * (1 - of_price)]),
        (("", ""),) * 120,
        ("en",) * 120,
        "",
    )
    everybody = Population(120, (replace(population.questions[0], answers=answers),))
    names = [
        portrait.name
        for portrait in portray(
            everybody, solution(labels, ("why",)), codings={"why": {"benefits": coding}}, frames={"benefits": frame}
        )
    ]
    assert len(set(names)) == 3
    assert not any(name.endswith(")") for name in names)


def test_groups_that_do_not_overlap_at_all_differ_most() -> None:
    labels = np.repeat([1, 2], 60)
    battery = Answers(
        "b", "battery", [{"Low price": 9, "Kind staff": 2}] * 60 + [{"Low price": 2, "Kind staff": 9}] * 60
    )
    population = Population(120, (Question("What matters", battery, ("benefit",)),))
    first, second = portray(population, solution(labels, ("b",)))
    assert "Low price" in first.name
    assert "Kind staff" in second.name


def test_who_lies_above_by_logarithms_and_below_by_the_mean_is_neither() -> None:
    rng = np.random.default_rng(0)
    spend = np.r_[rng.normal(10, 1, 95), np.full(5, 5000.0), rng.normal(60, 5, 100)]
    (column,) = columns_of(Answers("spend", "number", spend.tolist()), "Spend")
    hard = (np.repeat([1, 2], 100)[:, None] == [1, 2]).astype(float)
    for one in compare(column, hard, np.ones(200, dtype=bool)):
        assert one.marker.effect * (one.marker.value - one.marker.total) >= 0


def test_choices_that_several_questions_offer_are_named_with_their_question() -> None:
    labels = np.repeat([1, 2], 60)
    scale = ("Mycket missnöjd", "Ganska nöjd", "Mycket nöjd")
    asked = tuple(
        Question(f"Nöjd med {what}", Answers(what, kind, [scale[at] for at in labels * sign % 3], scale), ("benefit",))
        for what, kind, sign in (("pris", "nominal", 1), ("service", "ordinal", -1))
    )
    names = [one.name for one in portray(Population(120, asked), solution(labels, ("pris", "service")))]
    assert all("nöjd med pris: " in name.lower() or "nöjd med service: " in name.lower() for name in names)


def test_nobody_wants_not_to_know_and_what_few_say_names_nothing() -> None:
    labels = np.repeat([1, 2], 100)
    chosen = ["Vet ej"] * 60 + ["Pris"] * 36 + ["Form"] * 4 + ["Pris"] * 100
    asked = Question("Viktigast", Answers("q", "nominal", chosen, ("Pris", "Form", "Vet ej")), ("benefit",))
    first, _ = portray(Population(200, (asked,)), solution(labels, ("q",)), language="sv")
    for word in ("Vet ej", "Form"):
        assert word.lower() not in first.name.lower()
        assert word not in first.message
