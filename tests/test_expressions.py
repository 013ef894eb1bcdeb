"""Expressions: read by a grammar, never run; every value in every context, and written down as they were."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.definition import Context, ExpressionError, parse, parse_expression
from survey.definition.expressions import (
    FUNCTIONS,
    MAX_DEPTH,
    MAX_LENGTH,
    Binary,
    Call,
    Expression,
    Items,
    Literal,
    Logic,
    Name,
    Unary,
)
from survey.definition.functions import FUNCTIONS_BY_NAME

ANSWERS = {
    "age": 34,
    "plan": "flex",
    "kinds": ["tea", "coffee"],
    "care": {"price": 4, "help": 2},
    "why": "The price, mostly",
    "born": "1990-12-24",
    "no": False,
    "zero": 0,
    "text_number": "12",
}
CONTEXT = Context(ANSWERS, {"country": "se"}, today=date(2026, 11, 22))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{age} >= 18 and {plan} = 'flex'", True),
        ("{age} > 40 or {plan} <> 'flex'", False),
        ("{plan} == flex", True),
        ("not {plan} = 'flex'", False),
        ("!{no} && {zero} = 0", True),
        ("{age} greaterorequal 34 and {age} lessorequal 34", True),
        ("{missing} empty and {plan} notempty", True),
        ("{missing} > 3", False),
        ("{missing} < 3", False),
        ("{missing} != 3", True),
        ("{kinds} contains 'tea'", True),
        ("{kinds} *= ['tea', 'milk']", False),
        ("{kinds} notcontains 'milk'", True),
        ("{kinds} anyof ['milk', 'coffee']", True),
        ("{kinds} allof ['tea', 'coffee']", True),
        ("{kinds} noneof ['milk']", True),
        ("{kinds} = ['coffee', 'tea']", True),
        ("{plan} anyof ['flex', 'fixed']", True),
        ("{why} contains 'PRICE'", True),
        ("{care.price} - {care.help}", 2),
        ("{kinds[0]}", "tea"),
        ("{kinds[7]}", None),
        ("{care.nothing}", None),
        ("{country} = 'se'", True),
        ("{text_number} = 12", True),
        ("{text_number} + 1", 13),
        ("1 + 2 * 3 ^ 2 - 4 % 3", 18),
        ("-{age} + 34", 0),
        ("10 / 4", 2.5),
        ("1 / 0", None),
        ("9 ^ 9 ^ 9 ^ 9", None),
        ("{plan} * 2", None),
        ("{plan} + '!' + {missing}", "flex!"),
        ("iif({age} > 30, 'over', 'under')", "over"),
        ("age({born})", 35),
        ("today(1)", "2026-11-23"),
        ("{born} < today()", True),
        ("year({born}) + month({born}) / 100", 1990.12),
        ("weekday()", 0),
        ("sum({care.price}, {care.help}, 3)", 9),
        ("avg({care})", 3),
        ("min(3, {age}) + max(3, {age})", 37),
        ("avg()", None),
        ("count({kinds})", 2),
        ("round(2.345, 1) + round(0.5) + trunc(1.9)", 4.3),
        ("substring({plan}, 1, 3)", "le"),
        ("'it\\'s' = \"it's\"", True),
        ("0x1F", 31),
    ],
)
def test_the_value_of_an_expression(text: str, value: object) -> None:
    assert parse_expression(text).evaluate(CONTEXT) == value


@pytest.mark.parametrize(
    ("text", "said", "position"),
    [
        ("{age", "cannot be read at '{age'", 1),
        ("{age} = ", "ends too early", 9),
        ("", "ends too early", 1),
        ("{a} and and {b}", "cannot be read at 'and {b}'", 9),
        ("__import__('os')", "calls '__import__', but the functions are iif", 0),
        ("shell({a})", "calls 'shell'", 0),
        ("!" * (MAX_DEPTH + 1) + "{a}", "nested deeper", 0),
        ("1" + "+1" * MAX_LENGTH, "longer than", 0),
    ],
)
def test_what_is_no_expression_is_told_with_its_place(text: str, said: str, position: int) -> None:
    with pytest.raises(ExpressionError) as error:
        parse_expression(text)
    assert said in error.value.message
    assert error.value.position == position


def test_the_names_of_an_expression_are_known() -> None:
    expression = parse_expression("{a} > 1 or displayValue('b') = {c.row} and {#d} empty")
    assert expression.names == {"a", "b", "c.row", "d"}


def test_every_function_of_the_language_is_there() -> None:
    assert set(FUNCTIONS) == set(FUNCTIONS_BY_NAME)


def test_display_values_and_computed_values() -> None:
    survey = parse(
        {
            "elements": [
                {"type": "radiogroup", "name": "plan", "choices": ["a", {"value": "b", "text": {"sv": "Bé"}}]},
                {"type": "expression", "name": "double", "expression": "{half} * 4"},
            ],
            "calculatedValues": [{"name": "half", "expression": "iif({plan} = 'b', 2, 1)"}],
        }
    )
    context = survey.context({"plan": "b"}, language="sv")
    assert parse_expression("displayValue('plan') + ' ' + {double}").evaluate(context) == "Bé 8"


NAMES = st.sampled_from([*ANSWERS, "missing", "care.price", "kinds[0]", "country", "item", "plan-Comment", "a.b.c[1]"])
LITERALS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**14), 10**14)
    | st.floats(allow_nan=False, allow_infinity=False, min_value=1e-6, max_value=1e12)
    | st.text(max_size=8)
)
BINARY = ["=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%", "^", "contains", "notcontains", "anyof", "allof"]


def grown(parts: st.SearchStrategy) -> st.SearchStrategy:
    several = st.lists(parts, min_size=2, max_size=3).map(tuple)
    return (
        st.builds(Binary, st.sampled_from([*BINARY, "noneof"]), parts, parts)
        | st.builds(Logic, st.sampled_from(["and", "or"]), several)
        | st.builds(Unary, st.sampled_from(["not", "empty", "notempty"]), parts)
        | st.builds(Items, st.lists(parts, max_size=3).map(tuple))
        | st.builds(Call, st.sampled_from(FUNCTIONS), st.lists(parts, max_size=4).map(tuple))
    )


TREES = st.recursive(st.builds(Literal, LITERALS) | st.builds(Name, NAMES), grown, max_leaves=12)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=8,
)


@given(TREES)
def test_an_expression_written_down_reads_back_as_the_same(tree) -> None:
    text = str(Expression("", tree))
    if len(text) <= MAX_LENGTH:
        assert parse_expression(text).root == tree


@given(TREES, st.dictionaries(NAMES, VALUES), VALUES)
def test_no_answers_make_an_expression_raise(tree, answers: dict, item: object) -> None:
    context = Context(answers, item=item, today=date(2026, 11, 22))
    value = Expression("", tree).evaluate(context)
    assert Expression("", tree).holds(context) in (True, False)
    assert value is None or isinstance(value, str | int | float | bool | list | dict)


@given(st.text(max_size=60) | st.text(alphabet="{}ab=<>!'\"()[],. andorempty0123456789+-*/", max_size=60))
def test_any_text_is_an_expression_or_refused(text: str) -> None:
    try:
        parse_expression(text).evaluate(CONTEXT)
    except ExpressionError as error:
        said = error.message
    else:
        said = "read"
    assert said
