"""Answers that say nothing are told by their words, in five languages, and get no code and no basis."""

import unicodedata
from typing import Literal

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from models.codes.frames import read_frame
from models.codes.learning import Correction
from models.coding import code_answers
from models.errors import ModelError
from models.leaning import pieces_of
from models.texts.nothing_said import LANGUAGES, says_nothing
from models.texts.struck_keys import holds_no_words
from models.vectors.remembering import Remembering
from survey.frames import packaged_frame
from tests.fakes import FakeEmbedder

NOTHING = (
    *("No idea, sorry!", "I don’t know", "I really dont know tbh", "nothing", "Nothing at all…", "N/A", "none", "yes"),
    *("Jag vet inte riktigt", "ingen aning", "inget särskilt just nu", "Vet ej", "nej tack", "Vill inte svara."),
    *("Vet ikke helt", "ikke noe spesielt", "aner ikke", "Ingen formening", "nei", "kommer ikke på noe akkurat nå"),
    *("Det ved jeg ikke", "ikke noget særligt", "aner det ikke", "ønsker ikke at svare", "jeg er ligeglad"),
    *("En tiedä", "en mä oikein tiedä kai", "ei mitään", "en osaa sanoa", "eos", "Ei oikeastaan mitään erityistä"),
    *("asdf", "Asdf jkl", "dfgdfgdfg", "aaaaaaaaaa", "qwerty asdf!", "xxx", "Hahahah 😂", "haha lol", "", " - ", "?"),
)
SOMETHING = (
    *(
        "Nothing works",
        "No fees",
        "nothing but the price",
        "I know nothing about the price",
        "no ads",
        "yes, the staff",
    ),
    *("inget krångel", "ingen väntan", "vet inte om priset stämmer", "ja, täckningen"),
    *("ingen bindingstid", "ikke noe tull med regningen", "ingen binding", "ikke noget bøvl"),
    *("ei mainoksia", "ei mitään vikaa", "en tiedä hintaa", "hinta", "42", "👍"),
    *("asdf, but cheap", "a qwerty keyboard", "bra haha", "app lol", "Jona", "heja", "Lana", "Property, liberty", "ok"),
)


OPTIONS = """
Don't know / no answer, Not relevant, Prefer not to answer, Does not apply, Undecided,
Vet ej, Vet inte / vill inte svara, Ingen uppfattning, Kan ej bedöma, Vill inte uppge,
Vet ikke / ikke aktuelt, Ønsker ikke å svare, Ubesvart, Kan ikke vurdere,
Ved ikke, Vil ikke oplyse, Ønsker ikke at svare, Ubesvaret,
En osaa sanoa, Ei osaa sanoa, EOS, En halua vastata, Ei koske minua
"""
"""What surveys offer those who have no answer."""


@pytest.mark.parametrize("text", [option.strip() for option in OPTIONS.split(",")])
def test_what_surveys_offer_those_who_have_no_answer_says_nothing(text: str) -> None:
    assert says_nothing(text)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("text", NOTHING)
def test_an_answer_that_says_nothing(text: str, form: Literal["NFC", "NFD"]) -> None:
    assert says_nothing(unicodedata.normalize(form, text))


@pytest.mark.parametrize("text", SOMETHING)
def test_an_answer_that_says_something(text: str) -> None:
    assert not says_nothing(text)


@given(st.text())
def test_any_text_can_be_asked_about(text: str) -> None:
    assert says_nothing(text) == says_nothing(f" {text}\n")


@pytest.mark.parametrize("language", LANGUAGES)
def test_fillers_alone_are_not_taken_for_nothing(language: str) -> None:
    lone = {(word,) for word in LANGUAGES[language].fillers} - LANGUAGES[language].phrases
    assert lone
    assert {word for (word,) in lone if says_nothing(word) and not holds_no_words(word)} <= {
        word for other in LANGUAGES.values() for (word, *rest) in other.phrases if not rest
    }


@pytest.mark.parametrize("id", ["benefits", "values", "lifestyle"])
def test_no_exemplar_of_ours_says_nothing(id: str) -> None:
    texts = [text for code in packaged_frame(id).codes for some in code.exemplars.values() for text in some]
    assert [text for text in texts if says_nothing(text)] == []


WANTS = """
id: wants
name: {en: Wants}
codes:
- id: price
  name: {en: Price}
  description: {en: "what it costs, cheap or dear"}
- id: staff
  name: {en: Staff}
  description: {en: "helpful staff in the shop"}
"""
NOTHING_TO_NAME = "- {id: nothing, name: {en: Nothing}, description: {en: nothing to name}}\n"
OTHER = "- {id: other, name: {en: Other}, rest: true}\n"
FRAME, OPEN_ENDED, WITH_REST = (read_frame(yaml.safe_load(WANTS + more)) for more in ("", NOTHING_TO_NAME, OTHER))
ANSWERS = ["cheap price", "helpful staff", "no idea", "No idea!", "ei mitään", ""]


def test_who_says_nothing_gets_no_code() -> None:
    coding = code_answers(ANSWERS, FRAME, FakeEmbedder())
    assert (coding.probabilities[2:] == 0).all()
    assert coding.probabilities[:2].max(axis=1).min() > 0
    assert not coding.doubtful[2:].any()


def test_a_code_for_the_rest_takes_who_says_nothing() -> None:
    coding = code_answers(ANSWERS, WITH_REST, FakeEmbedder())
    assert [[one.code for one in coding.given(row)] for row in range(2, 6)] == [["other"]] * 3 + [[]]


def test_answers_that_say_nothing_change_nothing_for_the_others() -> None:
    few, more = ANSWERS[:2], [*ANSWERS[:2], "dunno", "nej", "en tiedä"]
    alone, beside = (code_answers(some, FRAME, FakeEmbedder()) for some in (few, more))
    assert (alone.probabilities == beside.probabilities[:2]).all()


def test_a_frame_with_a_code_for_nothing_is_asked() -> None:
    coding = code_answers(ANSWERS, OPEN_ENDED, FakeEmbedder())
    assert (coding.probabilities[2:5] > 0).any(axis=1).all()


def test_a_corrected_answer_has_the_codes_it_was_given() -> None:
    told = [Correction("no idea", frozenset({"staff"}))]
    coding = code_answers(ANSWERS, FRAME, FakeEmbedder(), corrections=told)
    assert [one.code for one in coding.given(2)] == ["staff"]


def test_pieces_that_say_nothing_speak_of_no_basis() -> None:
    said = [[("Price, no idea why", ""), ("dunno", "value")], [("en tiedä", "")]]
    found = pieces_of(said, None, Remembering(FakeEmbedder(), {}))
    assert [(piece.person, piece.text) for piece in found] == [(0, "Price")]


@pytest.mark.parametrize(
    "text",
    [
        *("Jag vet faktiskt inte", "Det vet jag inte", "Ingenting speciellt", "Det vet jeg ikke", "ved ikke rigtigt"),
        *("ei ole mielipidettä", "en keksi mitään", "I have no preference", "Nothing springs to mind", "som ovan"),
    ],
)
def test_fillers_may_stand_inside_what_says_nothing(text: str) -> None:
    assert says_nothing(text)


@pytest.mark.parametrize("text", ["radiopåverkan", "Ingen reklam", "inga köer vet jag"])
def test_words_with_a_run_of_keys_or_a_denial_say_something(text: str) -> None:
    assert not says_nothing(text)


@pytest.mark.parametrize("text", ["x", "42", "🙂🙂", "=1+1", "https://example.com/abc"])
def test_an_answer_without_words_gets_no_code(text: str) -> None:
    coding = code_answers([*ANSWERS, text], FRAME, FakeEmbedder())
    assert coding.given(len(ANSWERS)) == ()
    assert (coding.probabilities[-1] == 0).all()


def test_a_correction_to_nothing_of_what_says_nothing_teaches_nothing() -> None:
    plain = code_answers(ANSWERS, WITH_REST, FakeEmbedder())
    told = code_answers(ANSWERS, WITH_REST, FakeEmbedder(), corrections=[Correction("no idea", frozenset())])
    assert (plain.probabilities == told.probabilities).all()


def test_the_rest_is_what_nothing_else_explains_after_learning_too() -> None:
    told = [Correction("helpful staff", frozenset())]
    coding = code_answers([*ANSWERS, "cheap staff"], WITH_REST, FakeEmbedder(), corrections=told)
    named = coding.probabilities[:, [at for at, code in enumerate(coding.codes) if code != "other"]]
    rest = coding.probabilities[:, coding.codes.index("other")]
    assert rest[[0, 6]] == pytest.approx(1 - named[[0, 6]].max(axis=1))
    assert coding.given(1) == ()


def test_corrections_that_contradict_each_other_are_refused() -> None:
    told = [Correction("cheap price", frozenset({"price"})), Correction("cheap price", frozenset())]
    with pytest.raises(ModelError, match="“cheap price”"):
        code_answers(ANSWERS, FRAME, FakeEmbedder(), corrections=told)


def test_a_correction_to_a_parent_alone_is_refused() -> None:
    parents = "- {id: all, name: {en: All}}\n- {id: a, parent: all, name: {en: A}, description: {en: a thing}}\n"
    frame = read_frame(yaml.safe_load(WANTS + parents))
    with pytest.raises(ModelError, match="'all' alone"):
        code_answers(ANSWERS, frame, FakeEmbedder(), corrections=[Correction("cheap price", frozenset({"all"}))])
