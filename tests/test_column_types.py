"""Columns of a file as closed answers: types judged by cells, words people use for them, what cannot be read."""

import pandas as pd
import pytest

from data.files import Table
from survey.analysis.column_specs import parse_spec, questions, told, with_basis
from survey.analysis.column_types import TYPES, WORDS, guess_type, read_cells
from survey.errors import AppError

CELLS = {
    "binary": ["Yes", "no", "", "yes"],
    "ordinal": ["1", "5", "3", "4", "NA", "2"],
    "number": ["23", "61", "45", "18.5"],
    "date": ["2026-01-31", "", "2025-12-24"],
    "nominal": ["red", "blue", "red", "red", "blue"],
    "multi": ["tea; milk", "tea", "milk; sugar", "tea; sugar", "milk"],
}


def table(**columns: list[str]) -> Table:
    return Table(pd.DataFrame(columns, dtype=object), "people.csv")


@pytest.mark.parametrize("kind", CELLS)
def test_types_are_judged_by_the_cells(kind: str) -> None:
    assert guess_type(CELLS[kind]) == kind


def test_levels_in_words_with_numbers_are_a_scale_in_the_order_of_the_numbers() -> None:
    cells = ["I love it!+5", "-3", "+2", "I hate it!-5"]
    assert guess_type(cells) == "ordinal"
    assert read_cells("like", "ordinal", {"like": cells}).options == ("I hate it!-5", "-3", "+2", "I love it!+5")
    assert guess_type(["18–24", "25–34", "65+", "18–24"]) == "ordinal"


def test_long_scales_in_words_have_a_mean() -> None:
    cells = ["I love it!+5", "-3", "+2", "I hate it!-5", "0"]
    assert list(read_cells("like", "ordinal", {"like": cells}).values) == [5, -3, 2, -5, 0]
    levels = ["never", "rarely", "sometimes", "often", "always"]
    assert list(read_cells("q", "ordinal", {"q": levels[::-1]}).values) == [5, 4, 3, 2, 1]


def test_scales_in_words_keep_their_order() -> None:
    cells = ["Agree", "Strongly disagree", "Neutral", "agree"]
    assert guess_type(cells) == "ordinal"
    assert read_cells("q", "ordinal", {"q": cells[:3]}).options == ("Strongly disagree", "Neutral", "Agree")


def test_a_word_and_its_denial_are_yes_and_no() -> None:
    cells = ["Not.work", "work", "", "work"]
    assert guess_type(cells) == "binary"
    assert list(read_cells("q", "binary", {"q": cells}).values) == [False, True, None, True]


@pytest.mark.parametrize("cells", [["a b c", "d e f", "g h i", "j k"], ["", " "], []])
def test_texts_and_blank_columns_have_no_type(cells: list[str]) -> None:
    assert guess_type(cells) is None


def test_missing_cells_are_no_answers() -> None:
    assert list(read_cells("q", "ordinal", {"q": ["1", "NA", "", "3"]}).values) == [1, None, None, 3]


@pytest.mark.parametrize(
    ("kind", "cell", "what"),
    [("number", "many", "no number"), ("binary", "maybe", "no yes or no"), ("date", "soon", "no date such as")],
)
def test_a_cell_of_another_type_is_named(kind: str, cell: str, what: str) -> None:
    with pytest.raises(AppError, match=f"Row 1 of 'q' holds '{cell}', which is {what}"):
        read_cells("q", kind, {"q": ["", cell]})


def test_words_without_an_order_are_no_rating() -> None:
    with pytest.raises(AppError, match="their order is not known"):
        read_cells("q", "ordinal", {"q": ["red", "green", "blue"]})


def test_every_word_for_a_type_means_one_type() -> None:
    words = [word for kind, names in WORDS.items() for word in (kind, *names)]
    assert len(words) == len(set(words)) == len(TYPES)


def test_several_columns_are_one_question() -> None:
    found = table(**{"v.fun": ["5", "1", ""], "v.order": ["2", "4", ""], "v.home": ["1", "", ""]})
    (read,) = questions([parse_spec("v.*:battery", found)], found, {})
    assert read.question.name == "v"
    assert list(read.question.answers.values) == [{"fun": 5, "order": 2, "home": 1}, {"fun": 1, "order": 4}, None]


def test_ticks_rankings_and_points_are_read_from_several_columns() -> None:
    ticks = table(a=["1", "0"], b=["yes", ""])
    (read,) = questions([parse_spec("a..b:several", ticks)], ticks, {})
    assert list(read.question.answers.values) == [["a", "b"], []]
    places = table(a=["2", ""], b=["1", ""], c=["3", ""])
    (read,) = questions([parse_spec("a..c:ranking", places)], places, {})
    assert list(read.question.answers.values) == [["b", "a", "c"], None]
    points = table(a=["30", "0"], b=["70", "0"])
    (read,) = questions([parse_spec("a..b:points", points)], points, {})
    assert list(read.question.answers.values) == [{"a": 30, "b": 70}, None]


def test_a_column_may_hold_a_colon_and_endings_name_type_and_basis() -> None:
    found = table(**{"a:b": ["1", "2"], "c": ["1", "2"]})
    assert parse_spec("a:b", found).columns == ("a:b",)
    both = parse_spec("a:b:Rating:psychographic", found)
    assert (both.columns, both.kind, both.basis) == (("a:b",), "ordinal", "psychographic")
    assert parse_spec("c:benefit", found).basis == "benefit"


@pytest.mark.parametrize(
    ("given", "message"),
    [("c:colour", "'colour' in 'c:colour' is neither a type nor a basis"), ("d", "There is no column 'd'")],
)
def test_what_is_not_there_is_said(given: str, message: str) -> None:
    with pytest.raises(Exception, match=message):
        parse_spec(given, table(c=["1", "2"]))


def test_the_basis_is_the_only_one_asked_for_or_must_be_said() -> None:
    spec = parse_spec("c", table(c=["1", "2"]))
    assert with_basis([spec], ["place"])[0].basis == "place"
    with pytest.raises(AppError, match="Say which segments 'c' helps to form"):
        with_basis([spec], ["benefit", "psychographic"])


def test_guessed_types_are_told() -> None:
    found = table(age=["23", "61", "45"], city=["Oslo", "Oslo", "Bergen"], like=["1", "2", "3"])
    read = questions([parse_spec("age", found), parse_spec("city", found), parse_spec("like:rating", found)], found, {})
    assert told(read) == ("Types judged by the answers: 'age' as number; 'city' as choice.",)


def test_a_column_forms_one_question_only() -> None:
    found = table(a=["1", "2"], b=["1", "2"])
    with pytest.raises(AppError, match=r"The column 'a' is named twice, by 'a' and 'a\.\.b'"):
        questions([parse_spec("a", found), parse_spec("a..b", found)], found, {})


def test_a_ranking_with_0_for_what_was_not_ranked() -> None:
    answers = read_cells("r", "ranking", {"price": ["1", "0", ""], "staff": ["0", "1", "0"], "place": ["2", "2", "0"]})
    assert list(answers.values) == [["price", "place"], ["staff", "place"], None]


@pytest.mark.parametrize(
    "cells",
    [
        ["1.2.2026", "15.3.2026", "31.1.2026"],
        ["1–2 times a week", "3–5 times a week", "6–11 times a year"],
        ["iPhone 12", "iPhone 13", "Galaxy S21"],
        ["111 20", "222 30", "333 40"],
    ],
)
def test_numbers_in_words_are_no_scale_where_they_count_different_things(cells: list[str]) -> None:
    assert guess_type(cells * 3) != "ordinal"


@pytest.mark.parametrize(
    "scale",
    [
        ("Mycket missnöjd", "Ganska missnöjd", "Varken eller", "Ganska nöjd", "Mycket nöjd"),
        ("Instämmer inte alls", "Varken eller", "Instämmer delvis", "Instämmer helt"),
        ("Helt uenig", "Litt uenig", "Verken eller", "Litt enig", "Helt enig"),
        ("Helt uenig", "Delvist uenig", "Hverken eller", "Delvist enig", "Helt enig"),
        ("Täysin eri mieltä", "Osittain eri mieltä", "En samaa enkä eri mieltä", "Täysin samaa mieltä"),
    ],
)
def test_nordic_scales_keep_their_order(scale: tuple[str, ...]) -> None:
    cells = list(scale[::-1])
    assert guess_type(cells) == "ordinal"
    marks = list(read_cells("q", "battery", {"a": cells, "b": cells}).options)
    assert marks == list(scale)


def test_days_as_spreadsheets_and_finns_write_them() -> None:
    cells = ["2026-01-31 10:05:00", "1.2.2026", "2026-03-04"]
    assert guess_type(cells) == "date"
    assert list(read_cells("d", "date", {"d": cells}).values) == ["2026-01-31", "2026-02-01", "2026-03-04"]
