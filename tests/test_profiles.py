"""Profiles: names people can read, quotes that speak for the segment, intervals and warnings that are true."""

from dataclasses import replace

import numpy as np
import pytest

from models.profiles import overall_warnings, profile_segments
from models.results import Clustering, Evidence, SegmentProfile
from models.shares import take_turns, wilson
from models.texts.cleaning import Answered, excerpt, has_private_parts, is_blank, masked, to_embed
from models.texts.naming import leading_language, segment_names
from models.texts.quotes import choose_quotes
from models.texts.stopwords import stop_words
from models.texts.terms import Candidate, read_vocabulary
from tests.fakes import FakeEmbedder

PRICE = {
    "en": ["The price is too high", "Lower prices please", "A fair price for the phone", "Prices keep going up"],
    "sv": ["Priset är för högt", "Lägre priser tack", "Ett rimligt pris för telefonen", "Priserna går upp"],
    "fi": ["Hinta on liian korkea", "Alemmat hinnat kiitos", "Reilu hinta puhelimesta", "Hinnat nousevat"],
}
COVERAGE = {
    "en": ["Coverage at the cabin", "No coverage in the forest", "The coverage drops", "Better coverage outdoors"],
    "sv": ["Täckning i stugan", "Ingen täckning i skogen", "Täckningen försvinner", "Bättre täckning utomhus"],
    "fi": ["Kuuluvuus mökillä", "Ei kuuluvuutta metsässä", "Kuuluvuus katoaa", "Parempi kuuluvuus ulkona"],
}


def study(
    groups: list[dict[str, list[str]]], times: int = 10, evidence: Evidence | None = None
) -> tuple[Answered, Clustering, tuple[SegmentProfile, ...]]:
    rows = [
        (f"{text}{' ' * copy}", language, label)
        for label, group in enumerate(groups, start=1)
        for language, texts in group.items()
        for text in texts
        for copy in range(times)
    ]
    texts, languages, labels = zip(*rows, strict=True)
    answered = Answered(texts, languages, tuple(range(len(rows))))
    vectors = FakeEmbedder().encode(texts)
    clustering = Clustering(
        labels=np.array(labels),
        confidence=np.full(len(rows), 0.9),
        centroids=np.zeros((len(groups), 2)),
        coordinates=np.zeros((len(rows), 2)),
        evidence=evidence or Evidence("reproducible", ""),
        k=len(groups),
        seed=0,
    )
    vocabulary = read_vocabulary(texts, languages)
    return answered, clustering, profile_segments(answered, vectors, clustering, vocabulary, FakeEmbedder().encode)


def test_names_come_from_distinct_words_in_the_leading_language() -> None:
    _, _, (first, second) = study([PRICE, COVERAGE])
    assert "price" in first.name.lower()
    assert "coverage" in second.name.lower()
    swedish = {language: texts if language == "sv" else texts[:1] for language, texts in PRICE.items()}
    _, _, (first, second) = study([swedish, {**COVERAGE, "en": []}])
    assert "pris" in first.name.lower()
    assert "täckning" in second.name.lower()


def test_terms_and_quotes_come_in_the_segments_own_mix_of_languages() -> None:
    _, _, (first, _) = study([PRICE, COVERAGE])
    assert {"price", "hinnat"} & {term.text for term in first.terms}
    assert {quote.language for quote in first.quotes} == {"en", "sv", "fi"}
    assert first.languages == {"en": 40, "fi": 40, "sv": 40}


def test_quotes_are_verbatim_unlike_each_other_and_know_their_row() -> None:
    answered, _, profiles = study([PRICE, COVERAGE])
    for profile in profiles:
        texts = [quote.text.strip() for quote in profile.quotes]
        assert 3 <= len(texts) == len(set(texts))
        assert all(answered.texts[quote.row] == quote.text for quote in profile.quotes)


def test_shares_have_intervals_and_add_up() -> None:
    _, _, profiles = study([PRICE, COVERAGE])
    assert sum(profile.size for profile in profiles) == 240
    assert all(profile.share_low < profile.share < profile.share_high for profile in profiles)


@pytest.mark.parametrize(("count", "total", "low", "high"), [(8, 10, 0.490, 0.943), (0, 10, 0.0, 0.278)])
def test_wilson(count: int, total: int, low: float, high: float) -> None:
    assert wilson(count, total) == pytest.approx((low, high), abs=0.001)


def test_names_differ_and_are_never_stop_words_or_private() -> None:
    private = ["Call me on +46 70 123 45 67", "anna@example.com", "https://example.org/anna", "it is what it is"]
    _, _, profiles = study([{"en": private}, {"en": ["and so on"]}, {"en": ["and so on"]}], times=30)
    names = [profile.name for profile in profiles]
    assert len(set(names)) == 3
    for name in names:
        assert not {"example", "123", "anna"} & set(name.lower().replace(".", " ").split())
        assert name.lower() not in stop_words("en")


def test_a_segment_without_words_is_named_by_its_quote() -> None:
    _, _, (first, _) = study([{"": ["👍👍"]}, PRICE], times=10)
    assert first.name == "“👍👍”"


def test_a_term_names_only_the_segment_where_it_weighs_most() -> None:
    def term(text: str, weight: float) -> Candidate:
        return Candidate((text,), text, 9, 0.5, 0.2, weight)

    groups = [{"en": [term("flight", 0.6), term("bag", 0.5)]}, {"en": [term("flight", 0.7), term("delay", 0.4)]}]
    same = np.ones((2, 8))
    names = segment_names(groups, [{"en": 9}, {"en": 9}], ["", ""], same, lambda texts: np.zeros((len(texts), 8)))
    assert [name.text for name in names] == ["Bag", "Flight, delay"]


def test_among_strong_terms_those_lead_that_mean_what_the_segment_is_about() -> None:
    meaning = {"thing": [0.0, 1.0], "ticket": [1.0, 0.1], "delay": [0.1, 1.0], "wait": [0.0, 1.0]}
    term = lambda text, weight: Candidate((text,), text, 9, 0.5, 0.2, weight)  # noqa: E731
    groups = [{"en": [term("thing", 0.5), term("ticket", 0.4)]}, {"en": [term("delay", 0.5), term("wait", 0.4)]}]
    names = segment_names(
        groups,
        [{"en": 9}, {"en": 9}],
        ["", ""],
        np.array([[1.0, 0.0], [0.0, 1.0]]),
        lambda texts: np.array([meaning[text] for text in texts], dtype=np.float32),
    )
    assert names[0].text.startswith("Ticket")


def test_a_language_nearly_as_common_gives_way_to_the_studys_own() -> None:
    assert leading_language({"sv": 50, "fi": 48}, {"fi": 300, "sv": 200}) == "fi"
    assert leading_language({"sv": 50, "fi": 8}, {"fi": 300, "sv": 200}) == "sv"
    assert leading_language({"": 9}, {"": 9}) == ""


def test_small_segments_are_told_once_when_all_are_small() -> None:
    _, clustering, profiles = study([PRICE, COVERAGE], times=2)
    assert all(profile.warnings == () for profile in profiles)
    assert sum("fewer than 100" in warning for warning in overall_warnings(clustering)) == 1
    _, clustering, (first, _, third) = study([PRICE, COVERAGE, {"en": ["Kind people answer the phone"] * 4}])
    assert first.warnings == ()
    assert "Only 40 people" in third.warnings[0]
    assert overall_warnings(clustering) == ()


def test_shaky_one_language_and_poorly_placed_segments_are_told() -> None:
    evidence = Evidence("constructive", "", segment_stability=(0.9, 0.41))
    answered, clustering, (first, second) = study(
        [{**PRICE, "fi": []}, {"fi": COVERAGE["fi"]}], times=30, evidence=evidence
    )
    assert first.warnings == ()
    assert "0.41" in second.warnings[0]
    assert "Finnish" in second.warnings[1]
    unsure = replace(clustering, confidence=np.full(len(answered.texts), 0.4))
    vocabulary, encode = read_vocabulary(answered.texts, answered.languages), FakeEmbedder().encode
    profiles = profile_segments(answered, encode(answered.texts), unsure, vocabulary, encode)
    assert "100% of its people" in profiles[0].warnings[0]
    assert "could not be placed well" in overall_warnings(unsure)[0]


def test_long_answers_are_cut_at_a_word() -> None:
    text = "Täckningen är dålig. " * 1000
    quotes = choose_quotes(Answered((text,), ("sv",), (7,)), np.ones((1, 4)), np.array([1]), np.ones(1))
    assert len(quotes[0][0].text) <= 400
    assert quotes[0][0].text.endswith("…")
    assert quotes[0][0].row == 7
    assert excerpt("abc " * 3, 100) == "abc abc abc"


@pytest.mark.parametrize("text", ["", "  \n", "-", "...", "?", "–", "\u200b"])
def test_what_says_nothing_is_no_answer(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", ["n/a", "inget", "ei mitään", "👍", "10", "+", "好", ":-)", "x"])
def test_whatever_says_something_is_an_answer(text: str) -> None:
    assert is_blank(text) == (text == ":-)")


@pytest.mark.parametrize(
    ("text", "embedded"),
    [
        ("good service.No problem", "good service.No problem"),
        ("ring 070-123 45 67 or www.example.org now", "ring or now"),
        ("see example.com/help  and\nshop.se/kassa #fail", "see and fail"),
        ("price &amp; quality, 9.90 kr", "price & quality, 9.90 kr"),
        ("@samtal", "@samtal"),
    ],
)
def test_what_is_embedded(text: str, embedded: str) -> None:
    assert to_embed(text) == embedded


def test_turns_are_taken_by_weight() -> None:
    assert take_turns({"a": [1, 2, 3], "b": [4, 5]}, {"a": 2, "b": 1}, 4) == [1, 2, 4, 3]
    assert take_turns({"a": [1], "b": []}, {"a": 1, "b": 9}, 4) == [1]


PRIVATE = (
    *("Ring mig på 070-123 45 67", "070–123–45–67", "mitt nummer är 850101-1234", "131052-308T", "131052A308T"),
    *("FI21 1234 5600 0007 85", "SE4550000000058398257466", "anna.berg@example.se", "facebook.com/anna.berg"),
)
OPEN = ("öppet 08.00-20.00", "2019-2023", "200-300 kr", "1 000 000 kr", "Lav pris.Nettbutikken er enkel", "2 for 1")


@pytest.mark.parametrize("text", PRIVATE)
def test_numbers_and_addresses_of_people_are_private(text: str) -> None:
    assert has_private_parts(text)
    assert not has_private_parts(masked(text))


@pytest.mark.parametrize("text", OPEN)
def test_hours_years_and_sums_are_not_private(text: str) -> None:
    assert not has_private_parts(text)
    assert to_embed(text) == text


def test_who_leaves_a_number_is_quoted_only_where_nobody_else_is_and_then_without_it() -> None:
    texts = ("Ring 070-123 45 67 om priset", "Priset är bra", "Priset är lågt")
    one = np.ones(3, dtype=np.int64)
    vectors = np.eye(3)
    (quotes,) = choose_quotes(Answered(texts, ("sv",) * 3, (0, 1, 2)), vectors, one, np.ones(3))
    assert {quote.row for quote in quotes} <= {1, 2}
    (alone,) = choose_quotes(Answered(texts[:1], ("sv",), (0,)), vectors[:1], one[:1], np.ones(1))
    assert [quote.text for quote in alone] == ["Ring […] om priset"]
