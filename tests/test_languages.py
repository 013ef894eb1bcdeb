"""Languages are recognised in clear texts, left open in unclear ones, and the study's own mix settles short answers."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from models.texts.languages import detect_languages

SIB = Path(__file__).parents[1] / ".." / "shared" / "data" / "sib200_nordic.csv.gz"

NORWEGIAN = [
    "God dekning også på hytta, og aldri problemer med nettet når barna ser film",
    "Jeg vil ha en lavere pris og slippe å ringe kundeservice hver eneste måned",
    "Det viktigste er at regningen stemmer og at noen svarer når jeg ringer",
    "Rask levering og en app som virker også for oss som er litt eldre",
    "Kjapt nett",
    "Rimelig pris",
    "Raskere nett",
]


def test_answers_of_the_five_languages_and_beyond() -> None:
    answers = {
        "Bra täckning även på landet och ett pris som jag förstår": "sv",
        "God dekning på hytta og en regning jeg skjønner noe av": "nb",
        "God dækning i sommerhuset, og regningen skal være til at forstå": "da",
        "Hyvä kuuluvuus mökillä ja lasku, jonka ymmärtää heti": "fi",
        "Good coverage at the cabin and a bill that I can understand": "en",
        "Guter Empfang auf dem Land und eine Rechnung, die man versteht": "de",
        "שירות הלקוחות היה מצוין והמחיר הוגן מאוד": "he",
    }
    assert detect_languages(list(answers)) == tuple(answers.values())


def test_what_has_no_words_has_no_language() -> None:
    assert detect_languages(["", "   ", "👍👍", "10/10", "https://example.org/a", "@samtal"]) == ("",) * 6


def test_the_study_settles_what_a_short_answer_leaves_open() -> None:
    assert set(detect_languages(NORWEGIAN * 5)) == {"nb"}


def test_order_does_not_matter() -> None:
    answers = [*NORWEGIAN, "Lavere priser", "Bedre dækning i kælderen, tak", "Hinta", "Bra pris", "Nice and cheap"]
    order = np.random.default_rng(0).permutation(len(answers))
    assert detect_languages([answers[i] for i in order]) == tuple(np.array(detect_languages(answers))[order])


def test_very_long_answers_are_read_in_part() -> None:
    assert detect_languages(["Täckningen är bra men priset är för högt. " * 500]) == ("sv",)


@pytest.mark.parametrize(
    ("text", "language"), [("Inte dyrt", "sv"), ("Bra mat och snabbt", "sv"), ("Ikke dyrt", "nb"), ("Ei kallis", "fi")]
)
def test_a_single_short_answer(text: str, language: str) -> None:
    assert detect_languages([text]) == (language,)


@pytest.mark.skipif(not SIB.exists(), reason="needs the shared test data")
def test_nordic_sentences() -> None:
    frame = pd.read_csv(SIB).groupby("lang").head(120)
    found = np.array(detect_languages(frame.text.tolist()))
    assert (found == frame.lang.to_numpy()).mean() > 0.96
    assert (found == "").mean() < 0.03
