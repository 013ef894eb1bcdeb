"""Coding of open answers: what comes back, what does not matter, abstention, evidence, learning from corrections."""

from collections.abc import Sequence

import numpy as np
import pytest

from models.codes.frames import Frame, read_frame
from models.codes.learning import Correction, learn
from models.coding import Coding, code_answers
from models.errors import ModelError
from models.texts.ideas import split_ideas
from tests.fakes import FakeEmbedder

FRAME = read_frame(
    {
        "price": "price, cheap, expensive, money, cost",
        "staff": "staff, friendly, helpful, rude, service",
        "place": "place, cosy, music, noisy, view",
        "other": {"description": "remarks, stories", "rest": True},
    }
)
ANSWERS = [
    *[f"the price was {word}, {extra}" for word in ("cheap", "expensive", "low") for extra in ("money saved", "cost")],
    *[f"the staff were {word} {extra}" for word in ("friendly", "helpful", "rude") for extra in ("today", "as always")],
    *[f"a {word} place with {extra}" for word in ("cosy", "noisy", "calm") for extra in ("music", "a view")],
    *[f"we came by on a {day} evening" for day in ("monday", "tuesday", "friday", "sunday", "saturday", "thursday")],
]


def code(answers: Sequence[str], frame: Frame = FRAME, corrections: Sequence[Correction] = ()) -> Coding:
    return code_answers(answers, frame, FakeEmbedder(), corrections=corrections)


def given(coding: Coding, row: int) -> list[str]:
    return [found.code for found in coding.given(row)]


def test_answers_get_the_codes_that_they_speak_of() -> None:
    coding = code(ANSWERS)
    assert coding.codes == ("price", "staff", "place", "other")
    for start, expected in ((0, "price"), (6, "staff"), (12, "place"), (18, "other")):
        right = [given(coding, row)[:1] == [expected] for row in range(start, start + 6)]
        assert sum(right) >= 4, expected


def test_probabilities_are_probabilities_and_codes_come_likeliest_first() -> None:
    coding = code(ANSWERS)
    assert coding.probabilities.shape == (len(ANSWERS), 4)
    assert ((coding.probabilities >= 0) & (coding.probabilities <= 1)).all()
    for row in range(len(ANSWERS)):
        stated = [found.probability for found in coding.given(row)]
        assert stated == sorted(stated, reverse=True)
        assert all(value >= 0.5 for value in stated)


def test_an_answer_about_two_things_has_two_codes_each_with_its_own_evidence() -> None:
    both = "cheap price and low cost, but the staff were rude and the service not helpful"
    coding = code([*ANSWERS, both])
    found = {entry.code: entry.evidence for entry in coding.given(len(ANSWERS))}
    assert {"price", "staff"} <= set(found)
    assert "cheap price" in found["price"]
    assert "staff" in found["staff"] or "service" in found["staff"]
    assert "price" not in found["staff"] or found["staff"] == both


def test_evidence_is_always_a_part_of_the_answer() -> None:
    coding = code(ANSWERS)
    for row, answer in enumerate(ANSWERS):
        assert all(entry.evidence in answer for entry in coding.given(row))


def test_neither_the_order_of_answers_nor_repeats_change_a_code() -> None:
    plain = code(ANSWERS)
    turned = code([*ANSWERS[::-1], ANSWERS[0]])
    assert np.array_equal(plain.probabilities, turned.probabilities[:-1][::-1])
    assert np.array_equal(turned.probabilities[-1], plain.probabilities[0])


@pytest.mark.parametrize("answers", [[], ["", "  ", "..."]])
def test_nothing_answered_gives_no_codes(answers: list[str]) -> None:
    coding = code(answers)
    assert coding.probabilities.shape == (len(answers), 4)
    assert all(coding.given(row) == () for row in range(len(answers)))


@pytest.mark.parametrize("number", [1, 2, 10])
def test_few_answers_are_coded_too(number: int) -> None:
    coding = code_answers(ANSWERS[:number], FRAME, FakeEmbedder(), background={"en": ANSWERS})
    assert np.isfinite(coding.probabilities).all()
    assert given(coding, 0) == ["price"]


def test_a_parent_is_given_when_its_child_is() -> None:
    frame = read_frame(
        {
            "codes": {
                "people": "people",
                "staff": {"description": "staff, friendly, helpful, rude", "parent": "people"},
                "price": "price, cheap, expensive, cost",
            }
        }
    )
    coding = code(ANSWERS, frame)
    assert np.array_equal(coding.probabilities[:, 0], coding.probabilities[:, 1])
    assert "people" in given(coding, 6)


def test_a_corrected_answer_keeps_its_correction_and_teaches_the_others() -> None:
    wanted = [row for row, answer in enumerate(ANSWERS) if answer.startswith("we came")]
    taught = [Correction(ANSWERS[row], frozenset({"place"})) for row in wanted[:4]]
    before, after = code(ANSWERS), code(ANSWERS, corrections=taught)
    assert all(given(after, row) == ["place"] for row in wanted[:4])
    place = after.codes.index("place")
    rest = wanted[4:]
    assert (after.probabilities[rest, place] > before.probabilities[rest, place]).all()


def test_a_correction_may_say_that_an_answer_has_no_code() -> None:
    coding = code(ANSWERS, corrections=[Correction(ANSWERS[0], frozenset())])
    assert given(coding, 0) == []


def test_an_unknown_code_in_a_correction_is_named() -> None:
    with pytest.raises(ModelError, match="'prise', which is not in the frame"):
        code(ANSWERS, corrections=[Correction(ANSWERS[0], frozenset({"prise"}))])


def test_without_corrections_nothing_is_learnt_and_with_them_mistakes_become_fewer() -> None:
    rng = np.random.default_rng(0)
    truth = rng.random((300, 2)) < 0.4
    vectors = 0.7 * truth @ rng.standard_normal((2, 16)) + 0.5 * rng.standard_normal((300, 16))
    margins = np.where(truth, 0.4, -0.4) + rng.normal(0, 0.8, truth.shape)
    none = np.zeros(0, dtype=np.int64)
    wrong = [((learn(margins, vectors, none, truth[none], 2.0) >= 0.5) != truth)[100:].mean()]
    for number in (10, 100):
        rows = np.arange(number)
        wrong.append(((learn(margins, vectors, rows, truth[rows], 2.0) >= 0.5) != truth)[100:].mean())
    assert wrong[0] > wrong[1] > wrong[2]


def test_ideas_are_sentences_and_clauses_as_they_were_written() -> None:
    assert split_ideas("Cheap, but slow") == ("Cheap, but slow", "Cheap", "but slow")
    assert split_ideas("Halpa ja nopea.\nToinen rivi!") == ("Halpa ja nopea.", "Halpa", "ja nopea.", "Toinen rivi!")
    assert split_ideas("ok") == ("ok",)
    assert split_ideas("?!") == ("?!",)


def test_an_answer_that_is_hardly_about_the_frame_has_no_code_of_it() -> None:
    plain = code(ANSWERS)
    about = {ANSWERS[0]: 0.25, ANSWERS[6]: 1.0}
    part = code_answers(ANSWERS, FRAME, FakeEmbedder(), about=about)
    named = [at for at, id in enumerate(plain.codes) if id != "other"]
    np.testing.assert_allclose(part.probabilities[0, named], 0.25 * plain.probabilities[0, named], atol=1e-5)
    np.testing.assert_allclose(part.probabilities[1:], plain.probabilities[1:], atol=1e-5)
    assert given(plain, 0) == ["price"]
    assert given(part, 0) == ["other"]


def test_corrections_can_overrule_that_answers_are_not_about_the_frame() -> None:
    about = dict.fromkeys(ANSWERS[:6], 0.2)
    told = [Correction(text, frozenset({"price"})) for text in ANSWERS[:4]]
    without, learnt = (
        code_answers(ANSWERS, FRAME, FakeEmbedder(), about=about, corrections=some) for some in ((), told)
    )
    assert given(learnt, 0) == ["price"]
    assert (learnt.probabilities[4:6, 0] > 1.5 * without.probabilities[4:6, 0]).all()
