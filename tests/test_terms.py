"""Terms: forms of a word counted as one, spelt as people spell them, fair to every language."""

import numpy as np
import pytest

from models.texts.lemmas import families
from models.texts.stopwords import stop_words
from models.texts.terms import distinct_terms, read_vocabulary
from models.texts.tokens import clauses


def terms_of(groups: list[list[tuple[str, str]]]) -> list[list[str]]:
    answers = [answer for group in groups for answer in group]
    labels = np.repeat(np.arange(1, len(groups) + 1), [len(group) for group in groups])
    vocabulary = read_vocabulary([text for text, _ in answers], [language for _, language in answers])
    return [[term.text for terms in group.values() for term in terms] for group in distinct_terms(vocabulary, labels)]


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("fi", ["hinta", "hinnat", "hinnan", "hintaan", "hintoja"]),
        ("sv", ["pris", "priset", "priser"]),
        ("sv", ["mobiltäckning", "mobiltäckningen"]),
        ("da", ["pris", "prisen", "priser", "priserne"]),
        ("nb", ["dekning", "dekningen"]),
        ("en", ["price", "prices"]),
    ],
)
def test_inflected_forms_are_one_family(language: str, forms: list[str]) -> None:
    assert len(set(families(forms, language).values())) == 1


def test_words_without_a_dictionary_stay_as_they_are() -> None:
    assert families(["가격", "gibberish"], "ko") == {"가격": "가격", "gibberish": "gibberish"}


def test_finnish_inflection_is_one_term_in_its_most_used_form() -> None:
    price = ["hinnat kohdallaan", "hinnat edulliset", "hinnan pysyvyys", "hinta"]
    network = ["verkko toimii metsässä", "verkon nopeus", "kuuluvuus metsässä", "kuuluvuus mökillä"]
    first, _ = terms_of([[(text, "fi") for text in price * 3], [(text, "fi") for text in network * 3]])
    assert first[0] == "hinnat"
    assert not {"hinnan", "hinta"} & set(first)


def test_a_phrase_stands_for_its_words() -> None:
    service = [("the customer service is slow", "en"), ("slow customer service again", "en")] * 6
    price = [("far too expensive", "en"), ("expensive monthly bill", "en")] * 6
    first, second = terms_of([service, price])
    assert "customer service" in first
    assert not {"customer", "service"} & set(first)
    assert "expensive" in second[0]


def test_a_word_is_not_distinctive_for_its_language() -> None:
    swedish, english = [("täckning på landet", "sv")], [("coverage in the country", "en")]
    price = [("billigt pris", "sv"), ("cheap price", "en")]
    groups = [swedish * 15 + english * 5 + price[:1] * 5, english * 15 + swedish * 5 + price * 5]
    first, second = terms_of(groups)
    assert "täckning" not in first
    assert {"cheap price"} & set(second)


def test_terms_never_hold_links_addresses_handles_or_numbers() -> None:
    answer = "Mail anna.berg@example.com or +46 70 123 45 67, see https://example.org/x?y=1 @samtal booking AB12345 5G"
    words = [word for clause in clauses(answer) for word in clause]
    assert words == ["Mail", "or", "see", "booking", "5G"]


def test_scripts_without_spaces_emoji_and_right_to_left() -> None:
    group = [("价格很便宜", "zh"), ("服务很好", "zh"), ("👍👍👍", ""), ("السعر مناسب جدا", "ar"), ("ราคาถูกมาก", "th")]
    first, second = terms_of([group * 5, [("good price", "en")] * 25])
    assert "مناسب" in " ".join(first)
    assert second == ["good price"] or "price" in second


def test_an_unknown_language_is_read_by_its_small_words() -> None:
    unknown = [("Vil ikke gå og passe på", "")] * 15
    first, _ = terms_of([unknown, [("Priset på mobilen", "sv")] * 30 + [("Min hund i haven", "da")] * 5])
    assert not {"ikke", "og", "vil"} & set(first)


def test_nothing_but_stop_words() -> None:
    assert terms_of([[("it is what it is", "en")] * 30, [("👍", "")] * 30]) == [[], []]


@pytest.mark.parametrize("language", ["en", "sv", "nb", "da", "fi"])
def test_stop_words_spare_what_customers_talk_about(language: str) -> None:
    wishes = {
        "en": "price bill order website help problem",
        "sv": "pris enkelt långsamt täckning",
        "nb": "pris dekning enkelt",
        "da": "pris dækning lav",
        "fi": "hinta helposti nopeasti apu",
    }
    assert not stop_words(language) & set(wishes[language].split())
    assert len(stop_words(language)) > 150
