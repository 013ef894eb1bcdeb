"""Kinds of question: which replies count, what is stored, and how an answer is shown and exported."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.features import ENCODERS
from survey.definition import (
    KINDS,
    LANGUAGES,
    MAX_CHARACTERS,
    Context,
    ReplyRejected,
    Shown,
    parse,
    words,
)
from survey.definition.kinds import BestWorst
from survey.views.widgets import WIDGETS

TITLED = {"name": "q", "title": "Which?"}
ELEMENTS: dict[str, dict] = {
    "comment": {**TITLED, "type": "comment"},
    "text": {**TITLED, "type": "text", "maxLength": 40},
    "number": {**TITLED, "type": "text", "inputType": "number", "min": -5, "max": 2000, "step": 0.5},
    "date": {**TITLED, "type": "text", "inputType": "date", "min": "2020-01-01", "max": "2026-12-31"},
    "email": {**TITLED, "type": "text", "inputType": "email"},
    "radiogroup": {**TITLED, "type": "radiogroup", "choices": ["a", {"value": 2, "text": "Two"}], "hasOther": True},
    "dropdown": {**TITLED, "type": "dropdown", "choices": ["a", "b"], "showNoneItem": True},
    "boolean": {**TITLED, "type": "boolean", "labelTrue": "Gladly", "valueTrue": "Y"},
    "rating": {**TITLED, "type": "rating", "rateMin": 0, "rateMax": 10},
    "slider": {**TITLED, "type": "slider", "min": 0, "max": 1, "step": 0.1},
    "checkbox": {
        **TITLED,
        "type": "checkbox",
        "choices": ["a", "b", 3, {"value": "all", "text": "All", "isExclusive": True}],
        "showOtherItem": True,
        "showNoneItem": True,
        "minSelectedChoices": 1,
        "maxSelectedChoices": 3,
    },
    "ranking": {**TITLED, "type": "ranking", "choices": ["a", "b", 3]},
    "matrix": {**TITLED, "type": "matrix", "rows": ["r1", {"value": 2, "text": "Two"}], "columns": [1, 2, 3]},
    "bestworst": {**TITLED, "type": "bestworst", "choices": list("abcdef"), "setSize": 3},
    "allocation": {**TITLED, "type": "allocation", "choices": ["a", "b", 3]},
    "html": {"type": "html", "name": "q", "html": "<b>Hello</b> &amp; welcome"},
    "expression": {"type": "expression", "name": "q", "expression": "1 + 1"},
}
ANSWERABLE = sorted(kind for kind in ELEMENTS if KINDS[kind].asks)
SCALARS = st.text() | st.integers() | st.floats() | st.none() | st.booleans() | st.binary() | st.dates()
WORDS = st.sampled_from(["a", "b", 3, "3", "none", "other", "all", "r1", 2, 1, "best", "worst", "row", "value", "rows"])
ANYTHING = st.recursive(
    SCALARS | WORDS,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(WORDS | st.text(max_size=3), inner, max_size=4),
    max_leaves=10,
)


def question(kind: str):
    return parse({"elements": [ELEMENTS[kind]]}).questions[0]


def test_the_same_kinds_are_defined_and_drawn() -> None:
    assert set(ELEMENTS) == set(KINDS)
    assert set(WIDGETS) == {kind for kind, question in KINDS.items() if question.asks}
    assert {KINDS[kind].encoder for kind in KINDS} <= {*ENCODERS, "none"}


OTHER = {"other": "mine"}


@pytest.mark.parametrize(
    ("kind", "reply", "value"),
    [
        ("comment", "  Två ord \r\n här ", "Två ord \n här"),
        ("comment", "a\x00b\ud800", "ab"),
        ("text", "one\nline", "one line"),
        ("number", "3,5", 3.5),
        ("number", " 1 000 ", 1000),
        ("number", "4.0", 4),
        ("date", "2026-3-9", "2026-03-09"),
        ("date", "9.3.2026", "2026-03-09"),
        ("date", date(2026, 3, 9), "2026-03-09"),
        ("email", " ada@example.org ", "ada@example.org"),
        ("radiogroup", "A", "a"),
        ("radiogroup", "2", 2),
        ("radiogroup", " two ", 2),
        ("radiogroup", {"other": "  my  own "}, {"other": "my own"}),
        ("dropdown", "b", "b"),
        ("dropdown", "None of these", "none"),
        ("boolean", True, True),
        ("boolean", "ei", False),
        ("boolean", "gladly", True),
        ("rating", "10", 10),
        ("rating", 0, 0),
        ("slider", 0.30000000000000004, 0.3),
        ("checkbox", [3, "a"], ["a", 3]),
        ("checkbox", "b", ["b"]),
        ("checkbox", ["a", OTHER, "a"], ["a", OTHER]),
        ("checkbox", ["none"], ["none"]),
        ("ranking", ["3", "a", "b"], [3, "a", "b"]),
        ("matrix", {"row": "2", "value": "3"}, {"2": 3}),
        ("matrix", {"rows": {"r1": 1, "Two": 2}}, {"r1": 1, "2": 2}),
        ("matrix", {"row": "r1", "value": None}, {"r1": None}),
        ("allocation", {"a": "60", "3": 40}, {"a": 60, "b": 0, "3": 40}),
    ],
)
def test_a_reply_becomes_the_stored_value(kind: str, reply: object, value: object) -> None:
    assert question(kind).read(reply) == value


@pytest.mark.parametrize(
    ("kind", "reply", "reason"),
    [
        ("comment", " \n\u200b ", "empty"),
        ("comment", None, "empty"),
        ("comment", "x" * (MAX_CHARACTERS + 1), "too_long"),
        ("text", "x" * 41, "too_long"),
        ("number", "many", "not_number"),
        ("number", True, "not_number"),
        ("number", float("nan"), "not_number"),
        ("number", "-5.5", "too_low"),
        ("number", 1e300, "not_number"),
        ("number", 2001, "too_high"),
        ("number", 3.3, "not_on_grid"),
        ("date", "2026-02-30", "not_date"),
        ("date", "2019-12-31", "too_early"),
        ("date", "2027-01-01", "too_late"),
        ("email", "ada at example", "not_email"),
        ("email", "a@" + "b" * 260 + ".org", "not_email"),
        ("radiogroup", "c", "not_a_choice"),
        ("radiogroup", True, "not_a_choice"),
        ("radiogroup", "other", "other_text"),
        ("radiogroup", {"other": " "}, "other_text"),
        ("radiogroup", {"other": "x" * 501}, "too_long"),
        ("dropdown", {"other": "x"}, "not_a_choice"),
        ("boolean", 1, "not_a_choice"),
        ("rating", "11", "not_on_scale"),
        ("rating", True, "not_on_scale"),
        ("rating", 3.5, "not_on_scale"),
        ("slider", 0.35, "not_on_scale"),
        ("checkbox", [], "nothing_chosen"),
        ("checkbox", ["a", "all"], "exclusive"),
        ("checkbox", ["a", "none"], "exclusive"),
        ("checkbox", ["a", "b", 3, OTHER], "too_many_chosen"),
        ("checkbox", ["a", "x"], "not_a_choice"),
        ("checkbox", [OTHER, {"other": "two"}], "not_a_choice"),
        ("ranking", ["a", "b"], "not_all_ranked"),
        ("ranking", ["a", "a", "b"], "not_a_choice"),
        ("matrix", {"row": "r9", "value": 1}, "not_a_choice"),
        ("matrix", {"row": "r1", "value": 4}, "not_a_choice"),
        ("matrix", "r1", "not_a_choice"),
        ("bestworst", {"best": "a", "worst": "a"}, "best_is_worst"),
        ("bestworst", {"best": "a"}, "best_and_worst"),
        ("allocation", {"a": 60}, "not_total"),
        ("allocation", {"a": 60.5, "b": 39.5}, "not_points"),
        ("allocation", {"a": 110, "b": -10}, "not_points"),
        ("html", "x", "not_a_choice"),
    ],
)
def test_a_reply_that_cannot_be_taken_has_a_reason(kind: str, reply: object, reason: str) -> None:
    asked = question(kind)
    shown = Shown(sets=(("a", "b", "c"),), language="sv") if kind == "bestworst" else None
    with pytest.raises(ReplyRejected) as rejected:
        asked.read(reply, shown)
    assert rejected.value.key == reason
    assert all(rejected.value.sentence(language) for language in LANGUAGES)


@given(st.sampled_from(ANSWERABLE), ANYTHING, st.sampled_from(LANGUAGES))
def test_no_reply_does_more_than_count_or_not_count(kind: str, reply: object, language: str) -> None:
    asked = question(kind)
    shown = asked.shown(Context(language=language, seed=3))
    try:
        value = asked.read(reply, shown)
    except ReplyRejected as rejected:
        value, said = None, rejected.sentence(language)
    if value is None:
        assert said
        return
    assert json.loads(json.dumps(value)) == value
    assert asked.show(value, language)
    assert asked.columns(value).keys() == asked.columns(None).keys()
    assert set(asked.columns(None).values()) <= {None}
    if kind != "bestworst":
        assert asked.read(value, shown) == value


@given(st.sampled_from(ANSWERABLE), st.data())
def test_what_is_shown_can_be_answered_to_the_end(kind: str, data: st.DataObject) -> None:
    asked = question(kind)
    shown = asked.shown(Context(seed=data.draw(st.integers(0, 99))))
    assert set(shown.options) <= set(asked.values)
    value = None
    for _ in range(20):
        value = asked.read(
            REPLIES[kind](shown, asked.next_item(value, shown), asked.next_set(value, shown)), shown, value
        )
        if asked.complete(value, shown):
            break
    assert asked.complete(value, shown)
    assert not asked.complete(None, shown) or kind not in ("matrix", "bestworst")


REPLIES: dict = {
    **dict.fromkeys(("comment", "text"), lambda shown, row, one: "because"),
    "number": lambda shown, row, one: 3,
    "date": lambda shown, row, one: "2026-11-22",
    "email": lambda shown, row, one: "ada@example.org",
    **dict.fromkeys(("radiogroup", "dropdown", "boolean"), lambda shown, row, one: shown.options[0]),
    "rating": lambda shown, row, one: 4,
    "slider": lambda shown, row, one: 0.5,
    "checkbox": lambda shown, row, one: [shown.options[0]],
    "ranking": lambda shown, row, one: list(shown.options),
    "matrix": lambda shown, row, one: {"row": row, "value": 2},
    "bestworst": lambda shown, row, one: {"best": one[0], "worst": one[-1]},
    "allocation": lambda shown, row, one: {shown.options[0]: 100},
}


@pytest.mark.parametrize(
    ("kind", "value", "columns"),
    [
        ("radiogroup", OTHER, {"q": "other", "q.other": "mine"}),
        (
            "checkbox",
            ["a", OTHER],
            {"q": "a; other", "q.a": 1, "q.b": 0, "q.3": 0, "q.all": 0, "q.none": 0, "q.other": "mine"},
        ),
        ("ranking", [3, "a"], {"q.a": 2, "q.b": None, "q.3": 1}),
        ("matrix", {"r1": 2}, {"q.r1": 2, "q.2": None}),
        ("allocation", {"a": 60, "3": 40}, {"q.a": 60, "q.b": None, "q.3": 40}),
        ("html", None, {}),
    ],
)
def test_an_answer_in_columns(kind: str, value: object, columns: dict) -> None:
    assert question(kind).columns(value) == columns


def test_best_worst_counts() -> None:
    asked = question("bestworst")
    columns = asked.columns(
        [{"set": ["a", "b", "c"], "best": "a", "worst": "c"}, {"set": ["a", "c", "d"], "best": "a", "worst": "d"}]
    )
    assert [columns[f"q.{item}"] for item in "abcdef"] == [2, 0, -1, -1, 0, 0]
    passed_over = [{"set": ["a", "b", "c"], "best": None, "worst": None}]
    assert asked.show(passed_over, "en") == "–"
    assert asked.columns(passed_over)["q.a"] == 0
    assert json.loads(columns["q.sets"])[0]["best"] == "a"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_ends_of_a_best_worst_question_are_called_as_the_survey_says(language: str) -> None:
    answered = [{"set": ["a", "b", "c"], "best": "a", "worst": "c"}]
    word = words(language)
    assert question("bestworst").show(answered, language) == f"{word['best']}: a, {word['worst']}: c"
    named = {"bestText": {"default": "Tempts me", "sv": "Lockar"}, "worstText": "Leaves me cold"}
    asked = parse({"elements": [{**TITLED, "type": "bestworst", "choices": list("abcdef"), **named}]}).questions[0]
    assert isinstance(asked, BestWorst)
    assert asked.ends(language) == ("Lockar" if language == "sv" else "Tempts me", "Leaves me cold")
    assert asked.show(answered, "en") == "Tempts me: a, Leaves me cold: c"


@pytest.mark.parametrize(
    ("language", "typed", "number", "shown"),
    [
        ("en", "1,234.5", 1234.5, "1234.5"),
        ("sv", "1 234,5", 1234.5, "1234,5"),
        ("nb", "1.234,5", 1234.5, "1234,5"),
        ("da", "1.234,5", 1234.5, "1234,5"),
        ("fi", "1\u00a0234,5", 1234.5, "1234,5"),
        ("fi", "12,5", 12.5, "12,5"),
        ("en", "12,5", 12.5, "12.5"),
    ],
)
def test_numbers_as_each_language_writes_them(language: str, typed: str, number: float, shown: str) -> None:
    asked = question("number")
    assert asked.read(typed, Shown(language=language)) == number
    assert asked.show(number, language) == shown


def test_answers_as_the_respondent_reads_them() -> None:
    assert question("checkbox").show(["a", "none", OTHER], "sv") == "a, Inget av dessa, mine"
    assert question("ranking").show([3, "a"], "en") == "1. 3\n2. a"
    assert question("boolean").show(False, "fi") == "Ei"
    assert question("date").show("2026-03-09", "nb") == "9.3.2026"
    assert question("html").title.text("en") == "Hello & welcome"


@pytest.mark.parametrize(
    ("validator", "good", "bad"),
    [
        ({"type": "regex", "regex": "^[A-Z]{3}$"}, "ABC", "abc"),
        ({"type": "regexvalidator", "regex": "^[A-Z]{3}$", "insensitive": True}, "abc", "ab"),
        ({"type": "text", "minLength": 3, "allowDigits": False}, "abc", "ab1"),
        ({"type": "numeric", "minValue": 2, "maxValue": 4}, "3", "5"),
        ({"type": "email"}, "a@b.se", "a b"),
    ],
)
def test_validators_say_their_own_text(validator: dict, good: str, bad: str) -> None:
    element = {"type": "text", "name": "q", "validators": [{**validator, "text": {"default": "Hm.", "sv": "Nja."}}]}
    asked = parse({"elements": [element]}).questions[0]
    assert asked.read(good) == good
    with pytest.raises(ReplyRejected) as rejected:
        asked.read(bad)
    assert rejected.value.sentence("sv") == "Nja."


def test_a_pattern_that_runs_away_does_not_hold_up_the_chat() -> None:
    element = {"type": "text", "name": "q", "validators": [{"type": "regex", "regex": "^(a+)+$"}]}
    assert parse({"elements": [element]}).questions[0].read("a" * 5000 + "!")


def test_expression_validators_look_at_the_other_answers() -> None:
    survey = parse(
        {
            "elements": [
                {"type": "text", "name": "low", "inputType": "number"},
                {
                    "type": "text",
                    "name": "high",
                    "inputType": "number",
                    "validators": [{"type": "expression", "expression": "{high} > {low}", "text": "Too low."}],
                },
            ]
        }
    )
    asked = survey.questions[1]
    asked.verify(5, survey.context({"low": 3}))
    with pytest.raises(ReplyRejected, match="not_valid"):
        asked.verify(2, survey.context({"low": 3}))


def test_limits_may_depend_on_other_answers() -> None:
    survey = parse(
        {
            "elements": [
                {"type": "text", "name": "from", "inputType": "date"},
                {"type": "text", "name": "to", "inputType": "date", "minValueExpression": "{from}"},
                {"type": "text", "name": "n", "inputType": "number", "maxValueExpression": "year({from}) - 2000"},
            ]
        }
    )
    here = survey.context({"from": "2026-03-09"}, language="fi")
    survey.question("to").verify("2026-03-09", here)
    survey.question("n").verify(26, here)
    survey.question("to").verify("1990-01-01", survey.context())
    with pytest.raises(ReplyRejected) as rejected:
        survey.question("to").verify("2026-03-08", here)
    assert "9.3.2026" in rejected.value.sentence("fi")
    with pytest.raises(ReplyRejected, match="too_high"):
        survey.question("n").verify(27, here)
