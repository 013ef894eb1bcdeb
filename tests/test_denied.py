"""What answers deny: words that stand for the opposite, and things that do not matter to people."""

from collections.abc import Sequence

import numpy as np
import pytest

from models.coding import code_answers
from models.texts.denied import denied_by, matters_not
from models.texts.ideas import split_ideas, wished
from models.texts.terms import distinct_terms, read_vocabulary
from survey.frames import packaged_frame
from tests.fakes import FakeEmbedder

DOES_NOT_MATTER = (
    *("Price does not matter to me", "The price isn't that important", "I don't really care about design"),
    *("Priset spelar ingen roll", "Pris är inte viktigt", "Jag bryr mig inte om priset"),
    *("Prisen spiller ingen rolle", "Jeg bryr meg ikke om prisen", "Prisen er ikke så vigtig", "Prisen er ligegyldig"),
    *("Hinnalla ei ole väliä", "En oikein välitä hinnasta", "Hinta ei ole tärkeä"),
)
MATTERS = (
    *("It is not expensive", "They do not care about customers", "Returns are no issue", "What matters is price"),
    *("Inte dyrt", "Ikke dyrt", "Ei kallis", "Viktigt att det är billigt", "Jag vill inte köa"),
)


@pytest.mark.parametrize("text", DOES_NOT_MATTER)
def test_what_does_not_matter_is_no_wish(text: str) -> None:
    assert matters_not(text)
    coding = code_answers([text, "Cheap", "Friendly staff"], packaged_frame("benefits"), FakeEmbedder())
    assert coding.given(0) == ()


@pytest.mark.parametrize("text", MATTERS)
def test_what_is_denied_may_matter(text: str) -> None:
    assert not matters_not(text)


def test_what_matters_beside_it_stays() -> None:
    assert wished("Priset spelar ingen roll, men servicen är viktig") == ("men servicen är viktig",)


@pytest.mark.parametrize(
    ("language", "cheap", "term"),
    [
        ("en", ("it is not expensive", "it's not too expensive", "nothing is expensive here"), "not expensive"),
        ("sv", ("det är inte dyrt", "det är inte så dyrt", "inte alls dyrt"), "inte dyrt"),
        ("nb", ("det er ikke dyrt", "ikke så dyrt", "ikke dyrt"), "ikke dyrt"),
        ("da", ("det er ikke dyrt", "ikke så dyrt", "slet ikke dyrt"), "ikke dyrt"),
        ("fi", ("se ei ole kallis", "ei ole liian kallis", "ei kallis"), "ei kallis"),
    ],
)
def test_a_denied_word_is_another_word(language: str, cheap: Sequence[str], term: str) -> None:
    other = {"en": "the staff smiles", "sv": "personalen ler", "fi": "väki hymyilee"}.get(language, "personalet smiler")
    texts = [*cheap, *cheap, *cheap, *[other] * 9]
    first, _ = distinct_terms(read_vocabulary(texts, [language] * 18), np.repeat([1, 2], 9))
    assert first[language][0].text == term


def test_dots_within_numbers_and_abbreviations_end_no_idea() -> None:
    assert split_ideas("Det kostar 19,90 kr, t.ex. lunch") == (
        "Det kostar 19,90 kr, t.ex. lunch",
        "Det kostar 19,90 kr",
        "t.ex. lunch",
    )
    assert split_ideas("Mail anna.berg@firma.se about price") == ("Mail about price",)


@pytest.mark.parametrize(
    ("words", "language", "no"),
    [
        (("för", "en", "familj"), "sv", ""),
        (("en", "odota"), "fi", "en"),
        (("no", "hinta"), "fi", ""),
        (("not", "only", "cheap"), "en", ""),
        (("nobody", "smiles"), "en", ""),
        (("isn't", "expensive"), "en", "not"),
        (("nicht", "teuer"), "de", ""),
    ],
)
def test_a_word_denies_in_its_own_language(words: Sequence[str], language: str, no: str) -> None:
    assert denied_by(words, len(words) - 1, language) == no
