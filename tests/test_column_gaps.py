"""Words among marks and numbers that are no answer: which count as none, which do not, and that it is told."""

from collections import Counter

import pandas as pd
import pytest

from data.files import Table
from survey.analysis.column_gaps import blanked, told_of, unanswered
from survey.analysis.column_specs import Read, parse_spec, questions, told
from survey.errors import AppError

AGES = [str(age) for age in range(20, 80)]


def read(spec: str, **columns: list[str]) -> list[Read]:
    file = Table(pd.DataFrame(columns, dtype=object), "people.csv")
    return questions([parse_spec(spec, file)], file, {})


@pytest.mark.parametrize(
    ("cells", "gone"),
    [
        (["1", "5", "3", "Don't know", "don't know"], {"Don't know", "don't know"}),
        (["1", "5", "Vet ej"], {"Vet ej"}),
        (["1", "5", "?", "Ei osaa sanoa"], {"Ei osaa sanoa"}),
        (["Agree", "Disagree", "Strongly agree", "Ingen åsikt"], {"Ingen åsikt"}),
        (["18–24", "25–34", "65+", "Prefer not to say"], {"Prefer not to say"}),
        ([*AGES, "ask my wife"], {"ask my wife"}),
    ],
)
def test_who_gives_no_number_and_no_step_of_the_scale_gives_no_answer(cells: list[str], gone: set[str]) -> None:
    assert unanswered([*cells, "", "NA"]) >= gone
    assert not unanswered(blanked(cells, unanswered(cells)))


@pytest.mark.parametrize(
    "cells",
    [
        ["red", "blue", "red", "Don't know"],
        ["Yes", "No", "Don't know"],
        ["0", "1", "2", "none"],
        ["0", "1", "2", "None."],
        ["0", "1", "2", "ei mitään", "Ingen ting", "ikke noget"],
        ["1", "2", "3", "4 or more"],
        ["-5", "-4", "0", "I love it!+5"],
        [*AGES, "60yrs"],
        [*AGES, *["ask my wife"] * 9],
        ["1", "2", "3", "4"] * 20 + ["maybe"],
        ["Don't know", "Don't know"],
        ["3", "No idea"],
        [],
    ],
)
def test_words_that_may_be_an_answer_are_left(cells: list[str]) -> None:
    assert unanswered(cells) == frozenset()


def test_marks_beside_do_not_knows_are_a_rating_and_it_is_told() -> None:
    (one,) = read("q", q=["1", "4", "Don't know", "5", "Don't know"])
    assert one.question.answers.kind == "ordinal"
    assert list(one.question.answers.values) == [1, 4, None, 5, None]
    assert told([one]) == (
        "Types judged by the answers: 'q' as rating.",
        "'Don't know' in 'q' counts as no answer (2 of them).",
    )


def test_steps_in_words_keep_their_order_beside_do_not_knows() -> None:
    (one,) = read("q:rating", q=["Agree", "Can't say", "Strongly agree", "Disagree"])
    assert one.question.answers.options == ("Disagree", "Agree", "Strongly agree")
    assert one.question.answers.values[1] is None


def test_an_item_of_a_battery_may_hold_few_marks_of_the_scale() -> None:
    (one,) = read("v*:battery", v1=["Agree", "Disagree", "Don't know"], v2=["Neutral", "Don't know", "Neutral"])
    assert one.question.answers.values[2] == {"v2": "Neutral"}
    assert told([one]) == (
        "2 cells of 2 columns are neither numbers nor steps of a scale and count as no answer, most of them "
        "'Don't know' in 'v1'.",
    )


def test_a_choice_keeps_every_word() -> None:
    (one,) = read("q:choice", q=["1", "2", "Don't know"])
    assert one.question.answers.options == ("1", "2", "Don't know")
    assert told([one]) == ()


def test_too_many_words_among_numbers_are_refused_by_name() -> None:
    with pytest.raises(AppError, match="Row 60 of 'age' holds 'ask my wife', which is no number"):
        read("age:number", age=[*AGES, *["ask my wife"] * 9])


def test_several_words_are_counted() -> None:
    left_out = Counter({("age", "?!"): 3, ("age", "secret"): 1})
    assert told_of(left_out) == (
        "4 cells of 'age' are neither numbers nor steps of a scale and count as no answer, most of them '?!'."
    )
    assert told_of(Counter()) == ""


def test_thousands_are_amounts_however_they_are_set_apart() -> None:
    for cells in (["457", "1,196", "12,004"], ["457", "1.196", "12.004"], ["457 kr", "1 196 kr", "12 004,00 kr"]):
        (one,) = read("spend", spend=[*cells, *AGES])
        assert one.question.answers.kind == "number"
        assert list(one.question.answers.values[:3]) == [457, 1196, 12004]
        assert any(sentence.startswith("Amounts in 'spend' are read as numbers") for sentence in told([one]))
    (plain,) = read("spend", spend=["457", "1196", *AGES])
    assert not any("Amounts" in sentence for sentence in told([plain]))


def test_items_keep_their_whole_names() -> None:
    (one,) = read("P*:battery", Pris=["1", "2"], Personal=["3", "4"], Plats=["5", "1"])
    assert one.question.answers.items == ("Pris", "Personal", "Plats")
    (one,) = read("Q*:battery", Q10=["1", "2"], Q11=["3", "4"], Q15=["5", "1"])
    assert one.question.answers.items == ("Q10", "Q11", "Q15")
