"""Which column of a file holds the answers is found, or refused with a sentence that names the candidates."""

from pathlib import Path

import pandas as pd
import pytest

from data.errors import DataError, NotFound
from data.files import Table, only_text_column, read_table, require_columns

SHARED = Path(__file__).parent.parent.parent / "shared" / "data"


def table(**columns: list[str]) -> Table:
    return Table(pd.DataFrame(columns, dtype=object), "answers.csv")


SENTENCES = ["The price is too high", "Coverage is bad at home", "I like the helpful staff", "It never works on trains"]
CODES = ["r1", "r2", "r3", "r4"]


@pytest.mark.parametrize(
    "beside",
    [
        {"id": CODES},
        {"id": ["7", "8", "9", "10"], "date": ["2026-01-01 10:00", "2026-01-02 11:30", "2026-01-03 9:59", ""]},
        {"mail": ["a@x.se", "b@x.se", "c@x.se", "d@x.se"], "link": ["https://x.se/1"] * 4},
        {"plan": ["Basic", "Plus", "Plus", "Basic"], "sex": ["Female", "Male", "Male", "Female"]},
        {"agent": [f"Mozilla/5.0 (X11; Linux x86_64; rv:{n}) Gecko/20100101 Firefox" for n in range(4)]},
        {"name": ["Anna Ek", "Bo Ask", "Cecilia Al", "David Lind"]},
        {"empty": ["", "", "", ""]},
    ],
)
def test_answers_are_told_from_other_columns(beside) -> None:
    assert only_text_column(table(**beside, answer=SENTENCES)) == "answer"


@pytest.mark.parametrize(
    "answers",
    [
        ["Price"],
        ["price", "coverage", "staff", "trains"],
        ["bra", "bra", "bra", "bra"],
        ["👍👍", "😀"],
        ["値段が高いです"] * 2,
    ],
)
def test_a_lone_column_of_text_is_taken_however_short(answers) -> None:
    assert only_text_column(table(answer=answers)) == "answer"


def test_two_candidates_are_named() -> None:
    both = table(id=CODES, likes=SENTENCES, dislikes=SENTENCES[::-1])
    with pytest.raises(DataError, match="'likes', 'dislikes'"):
        only_text_column(both)


def test_what_is_known_to_be_something_else_is_no_candidate() -> None:
    both = table(id=CODES, likes=SENTENCES, dislikes=SENTENCES[::-1])
    assert only_text_column(both, besides={"likes"}) == "dislikes"


def test_a_closed_question_is_not_taken_for_answers() -> None:
    with pytest.raises(DataError, match=r"reads like open answers.*'visits'"):
        only_text_column(table(id=[str(n) for n in range(200)], visits=["Once a month", "Never at all"] * 100))
    with pytest.raises(DataError, match="holds text"):
        only_text_column(table(a=["1", "2"], b=["3", "4"]))


def test_unknown_columns_are_named_with_the_nearest() -> None:
    found = table(id=CODES, likes=SENTENCES)
    require_columns(found, ["likes", "id"])
    with pytest.raises(NotFound, match="did you mean 'likes'"):
        require_columns(found, ["likes", "Like"])
    with pytest.raises(NotFound, match="'id', 'likes'"):
        require_columns(found, ["zzz"])


@pytest.mark.skipif(not SHARED.exists(), reason="the public test data is not here")
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("banking77", "text"),
        ("airline_tweets_reasons", "text"),
        ("sib200_nordic", "text"),
        ("proctoring_two_coders", "text"),
        ("sv_social_sentiment", "text"),
        ("sentihood", "text"),
        ("covid_worry", "'text', 'text_short'"),
        ("mcdonalds", "open answers"),
        ("hillstrom_email_ab", "open answers"),
        ("vacmot", "open answers"),
        ("bfi", "holds text"),
    ],
)
def test_public_files(name, said) -> None:
    found = read_table(SHARED / f"{name}.csv.gz")
    if said == "text":
        assert only_text_column(found) == "text"
    else:
        with pytest.raises(DataError, match=said):
            only_text_column(found)
