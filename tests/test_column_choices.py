"""Several choices in one cell, as forms write them: with semicolons, bars or commas, and commas inside a choice."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.analysis.column_choices import choices_in, holds_several, picker
from survey.analysis.column_types import OPTIONS, guess_type, read_cells

WORDS = ("Price", "Service", "No fees, ever", "Quality")


def form(between: str, words: tuple[str, ...] = WORDS, people: int = 60) -> list[str]:
    """Return what people ticked, in the order of the form."""
    rng = np.random.default_rng(0)
    ticked = rng.random((people, len(words))) < 0.5
    return [between.join(word for word, one in zip(words, row, strict=True) if one) for row in ticked]


@pytest.mark.parametrize("between", [";", "; ", "|", ", "])
def test_a_form_is_read_whatever_stands_between_choices(between: str) -> None:
    cells = form(between)
    assert guess_type(cells) == "multi"
    answers = read_cells("q", "multi", {"q": cells})
    assert answers.options == tuple(sorted(WORDS))
    for cell, picks in zip(cells, answers.values, strict=True):
        assert (picks is None) == (cell == "")
        assert between.join(picks or ()) == cell


def test_codes_with_commas_are_choices() -> None:
    cells = ["1,2,5", "2", "1,5", "3,5", "1,2,3", "2,3,5"]
    assert guess_type(cells) == "multi"
    assert read_cells("q", "multi", {"q": cells}).options == ("1", "2", "3", "5")


@pytest.mark.parametrize(
    "cells",
    [
        ["Yes, definitely", "Yes, maybe", "No", "Yes, maybe", "No", "No"],
        ["Oslo, Norway", "Bergen, Norway", "Malmö, Sweden", "Lund, Sweden"] * 5,
        ["Price, Service", "Price, Service", "Quality"],
        ["cheap, and it works", "good, but slow", "I like it, mostly", "nothing, really"],
        ["1,5", "2,5", "3", "4,25"],
        ["red", "blue"],
        [],
    ],
)
def test_a_comma_inside_one_choice_makes_no_several(cells: list[str]) -> None:
    assert not holds_several(cells, OPTIONS)
    assert guess_type(cells) != "multi"


def test_who_names_the_type_is_believed() -> None:
    answers = read_cells("q", "multi", {"q": ["Price, Service", "Quality", ""]})
    assert list(answers.values) == [["Price", "Service"], ["Quality"], None]


def test_a_semicolon_goes_before_a_comma() -> None:
    assert choices_in(["Low price, no fees; Service", "Service"]) == ("Low price, no fees", "Service")


@pytest.mark.parametrize(
    ("cell", "picks"),
    [
        ("Quality, No fees, ever", ["Quality", "No fees, ever"]),
        ("No fees, ever", ["No fees, ever"]),
        ("Price;Something new", ["Price", "Something new"]),
        ("Price, Something new", ["Price", "Something new"]),
    ],
)
def test_choices_are_found_again_in_another_file(cell: str, picks: list[str]) -> None:
    assert picker([cell], WORDS)(cell) == picks


def test_a_sign_in_somebodys_own_words_stands_between_nothing() -> None:
    cells = [*form(", "), "Price, Other: cheap; and good"]
    answers = read_cells("q", "multi", {"q": cells})
    assert set(WORDS) < set(answers.options)
    assert answers.values[-1] == ["Price", "Other: cheap; and good"]


def test_a_cell_of_very_many_choices_is_read_at_once() -> None:
    cell = ", ".join(map(str, range(50_000)))
    assert len(picker([cell], WORDS)(cell)) == 50_000


@given(st.lists(st.text(alphabet="abc ,;|", max_size=12), max_size=12))
def test_any_cells_can_be_split(cells: list[str]) -> None:
    filled = [cell.strip() for cell in cells if cell.strip()]
    choices = choices_in(filled)
    assert all(choice == choice.strip() and choice for choice in choices)
    picks = picker(filled, choices)
    for cell in filled:
        assert all(pick in choices for pick in picks(cell))
