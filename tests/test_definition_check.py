"""`survey check`: everything at once, with lines and what it means; and only what is certain about conditions."""

import copy
import json
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.cli import main
from survey.definition import check, check_file, load, parse, parse_expression
from survey.definition.checking import as_lines
from survey.definition.conditions import Reasoner
from survey.definition.json_lines import json_lines
from survey.errors import AppError

BROKEN = """\
title: {default: Tea, sv: Te}
logoPosition: right
timeLimit: 20
pages:
- elements:
  - type: radiogroup
    name: kind
    width: 50%
    title: {default: "Which tea?", sv: "Vilket te?"}
    choices: [green, {value: white, text: {default: White, sv: Vitt}}]
  - type: paneldynamic
    name: cups
  - type: comment
    name: why
    title: {default: "Why {knd}?", sv: "Varför?"}
    visibleIf: "{kind} = 'gren'"
  - type: comment
    name: both
    visibleIf: "{kind} = 'green' and {kind} = 'white'"
  - type: text
    name: many
    inputType: number
    min: 5
    max: 2
    bogus: 1
  - type: panel
    visibleIf: "{kind} = 'green'"
    elements:
    - {type: boolean, name: inner, visibleIf: "{kind} = 'white'"}
    - {type: boolean, name: early, visibleIf: "{late} = true"}
- elements:
  - {type: boolean, name: late}
  - {type: comment, name: last, visibleIf: "{kind} = 'white'"}
  - {type: comment, name: more, visibleIf: "{cups} = 3 and {kinds} empty"}
samtal:
  screenOut:
  - if: "{kind} = 'white'"
triggers:
- {type: skip, expression: "{late} = true", gotoName: kind}
- {type: complete, expression: "{kind} = 'green' or {kind} != 'green'"}
"""


def said(text: str, tmp_path: Path, name: str = "tea.yaml") -> dict[tuple[int | None, str], list[str]]:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    found: dict[tuple[int | None, str], list[str]] = {}
    for one in check_file(path):
        found.setdefault((one.line, one.severity), []).append(f"{one.element} {one.message} {one.hint}".strip())
    return found


def test_structure_and_names_are_told_at_once(tmp_path: Path) -> None:
    found = said(BROKEN, tmp_path)
    assert "question 'cups' has the type 'paneldynamic', but must be one of comment" in found[11, "error"][0]
    assert "question 'many' needs 'max' at or above 'min'" in found[20, "error"]
    assert "question 'many', 'bogus' is a key that Samtal does not know" in found[25, "error"]
    assert "'kinds', which is not there; the survey has" in found[34, "error"][0]
    assert "Did you mean 'kind'?" in found[34, "error"][0]
    assert found[2, "note"] == ["the survey, 'logoPosition' has no effect in a chat"]
    assert found[3, "warning"] == ["the survey, 'timeLimit' has no effect: a chat does not do this"]
    assert found[8, "note"] == ["question 'kind', 'width' has no effect in a chat"]


def test_doubts_are_told_once_every_name_is_there(tmp_path: Path) -> None:
    found = said(BROKEN.replace("{kinds} empty", "{kind} empty"), tmp_path)
    assert "question 'why', 'visibleIf' can never hold: {kind} = 'gren'" in found[16, "error"][0]
    assert "compares 'kind' with 'gren', which it does not have; it has green, white" in found[16, "warning"][0]
    assert "Did you mean 'green'?" in found[16, "warning"][0]
    assert "shows '{knd}' as it is written" in found[15, "warning"][0]
    assert "can never hold: {kind} = 'green' and" in found[19, "error"][0]
    assert "question 'inner' can never be reached" in found[29, "error"][0]
    assert "question 'early' can never be reached" in found[30, "error"][0]
    assert "'late' is asked only afterwards" in found[30, "error"][0]
    assert "question 'last' can never be reached: the conversation has always ended" in found[33, "error"][0]
    assert "trigger 1, 'gotoName' leads back to 'kind'" in found[39, "warning"][0]
    assert "trigger 2, 'expression' always holds" in found[40, "error"][0]
    assert any("is not offered in sv: titles are missing for both, early" in one for one in found[1, "warning"])
    assert "question 'kind', choice 1 has no text in sv; there respondents read it in en" in found[10, "warning"]


def test_a_good_survey_has_nothing_to_be_said_of(tmp_path: Path) -> None:
    text = "elements:\n- {type: boolean, name: a, title: Really}\n- {type: comment, name: b, visibleIf: '{a} = true'}\n"
    assert said(text, tmp_path) == {}


def test_what_is_no_document_is_one_error(tmp_path: Path) -> None:
    found = said("elements: [", tmp_path)
    assert list(found) == [(None, "error")]
    assert "tea.yaml, line 1: this is not YAML" in found[None, "error"][0]
    assert "nested too deeply" in said("[" * 5000, tmp_path)[None, "error"][0]
    assert "nested too deeply" in said("[" * 5000, tmp_path, "tea.json")[None, "error"][0]
    assert "nested too deeply" in said("[" * 99 + "]" * 99, tmp_path, "tea.json")[None, "error"][0]


NESTED = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
)


@given(NESTED, st.sampled_from([None, 0, 2]))
def test_every_part_of_a_json_text_has_its_line(document: object, indent: int | None) -> None:
    text = json.dumps(document, indent=indent, ensure_ascii=True)
    lines = json_lines(text)
    assert set(lines) == set(places(document))
    assert set(lines.values()) <= set(range(1, text.count("\n") + 2))
    for path, line in lines.items():
        if path and isinstance(path[-1], str):
            assert json.dumps(path[-1]) in text.splitlines()[line - 1]


def test_a_key_of_json_that_is_there_twice_is_told(tmp_path: Path) -> None:
    assert (
        "line 2: the key 'title' is there twice"
        in said('{"title": "a",\n"title": "b"}', tmp_path, "s.json")[None, "error"][0]
    )


def test_a_text_too_long_for_a_phone_is_told() -> None:
    element = {"type": "radiogroup", "name": "q", "title": "Why? " * 80, "choices": list(range(20))}
    found = check({"elements": [element]})
    assert [(one.severity, one.element) for one in found] == [
        ("warning", "question 'q', 'title'"),
        ("note", "question 'q'"),
    ]
    assert "a dropdown takes less room" in found[1].message


def test_additions_that_do_nothing_where_they_stand_are_told() -> None:
    found = check(
        {
            "elements": [
                {"type": "boolean", "name": "a", "title": "Is {b} it?", "samtal": {"laddering": 2, "centred": True}},
                {"type": "text", "name": "b", "isRequired": True, "samtal": {"honeypot": True}},
            ]
        }
    )
    assert {(one.severity, one.message) for one in found} == {
        ("warning", "is a trap for programs, and people cannot skip it"),
        ("warning", "shows the answer to 'b', which is not given yet"),
        ("warning", "has no effect: only open answers are asked on"),
        ("warning", "has no effect: only a battery has an own mean to compare with"),
    }


def test_a_hidden_question_and_an_unknown_language_are_told() -> None:
    found = check(
        {"elements": [{"type": "comment", "name": "q", "visible": False, "title": {"default": "Why", "de": "Warum"}}]}
    )
    assert sorted(one.message for one in found) == [
        "has texts in 'de', which respondents cannot choose",
        "is never asked: 'visible' is false",
    ]


def test_the_command_prints_lines_and_ends_with_their_meaning(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "tea.yaml"
    path.write_text(BROKEN, encoding="utf-8")
    assert main(["survey", "check", str(path)]) == 1
    printed = capsys.readouterr().out.splitlines()
    assert any(line.startswith("tea.yaml:25: error: question 'many', 'bogus' is a key") for line in printed)
    assert "errors, " in printed[-1]
    path.write_text("width: 3\nelements:\n- {type: boolean, name: a}\n")
    assert main(["survey", "check", str(path)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "1 note."
    assert main(["survey", "check", str(tmp_path / "none.yaml")]) == 2
    assert as_lines("x", []) == ["No problems found."]


SURVEY = parse(
    {
        "elements": [
            {"type": "radiogroup", "name": "r", "choices": ["a", "b"]},
            {
                "type": "checkbox",
                "name": "c",
                "choices": ["x", "y", "z"],
                "maxSelectedChoices": 2,
                "showNoneItem": True,
            },
            {"type": "text", "name": "n", "inputType": "number", "min": 0, "max": 3, "step": 1},
            {"type": "boolean", "name": "f", "visibleIf": "{r} = 'a'"},
        ]
    }
)
ANSWERS = {
    "r": [None, "a", "b"],
    "c": [None, ["x"], ["y"], ["z"], ["x", "y"], ["x", "z"], ["y", "z"], ["none"]],
    "n": [None, 0, 1, 2, 3],
    "f": [None, True, False],
}
REACHED = [
    {name: value for name, value in zip(ANSWERS, values, strict=True) if value is not None}
    for values in product(*ANSWERS.values())
    if values[3] is None or values[0] == "a"
]
ATOMS = st.sampled_from(
    [
        "{r} = 'a'",
        "{r} != 'b'",
        "{r} empty",
        "{r} anyof ['a', 'b']",
        "{c} contains 'x'",
        "{c} notcontains 'y'",
        "{c} allof ['x', 'z']",
        "{c} noneof ['x', 'y', 'z']",
        "{c} = ['none']",
        "{c} notempty",
        "{n} > 1",
        "{n} <= 2",
        "{n} = 3",
        "{n} > 5",
        "{n} notempty",
        "{f} = true",
        "{f} notempty",
        "{r} = {c}",
        "{n} + 1 > 2",
        "1 > 2",
    ]
)
CONDITIONS = st.recursive(
    ATOMS,
    lambda inner: (
        st.builds("({}) and ({})".format, inner, inner)
        | st.builds("({}) or ({})".format, inner, inner)
        | st.builds("!({})".format, inner)
    ),
    max_leaves=5,
)


@settings(deadline=None)
@given(CONDITIONS)
def test_never_and_always_are_only_said_when_they_are_true(text: str) -> None:
    expression = parse_expression(text)
    held = {expression.holds(SURVEY.context(answers)) for answers in REACHED}
    reason = Reasoner(SURVEY)
    if reason.never([expression.root]):
        assert held == {False}
    if reason.always(expression.root):
        assert held == {True}


@pytest.mark.parametrize(
    "text",
    [
        "{r} = 'a' and {r} = 'b'",
        "{r} = 'c'",
        "{n} > 1 and {n} < 2 and {n} = 5",
        "{n} > 2 and {n} < 3",
        "{c} contains 'x' and {c} contains 'y' and {c} contains 'z'",
        "{c} contains 'none' and {c} contains 'x'",
        "{f} = true and {r} = 'b'",
        "{r} notempty and {r} != 'a' and {r} != 'b'",
        "!({r} = 'a' or {r} != 'a')",
    ],
)
def test_contradictions_are_found(text: str) -> None:
    assert Reasoner(SURVEY).never([parse_expression(text).root])


DOCUMENTS = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.sampled_from(["", "a", "{a} = 1", "{", "comment", "panel", "html"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["type", "name", "title", "elements", "pages", "choices", "visibleIf", "samtal", "triggers", "rows"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=15,
)


@settings(deadline=None)
@given(
    st.dictionaries(st.sampled_from(["pages", "elements", "type", "title", "name", "samtal", "triggers"]), DOCUMENTS)
)
def test_no_document_makes_the_check_raise(document: dict) -> None:
    assert all(one.message and one.severity for one in check(document))


EXAMPLES = [
    *sorted((Path(__file__).parent / "surveyjs").glob("*.json")),
    *sorted((Path(__file__).parents[1] / "data" / "packaged" / "surveys").glob("*.yaml")),
]
LOADED = [load(path)[0] for path in EXAMPLES]
DEBRIS = st.none() | st.booleans() | st.integers(-3, 300) | st.text(max_size=5) | st.sampled_from([[], {}, ["x"]])
RUBBISH = (
    DEBRIS | st.sampled_from(["{age} > 3", "{", "random", "{matters} = 'x'", {"type": "comment", "name": "x"}])
).map(copy.deepcopy)


def places(part: object, path: tuple = ()) -> list[tuple]:
    entries = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    return [path, *(place for key, entry in entries for place in places(entry, (*path, key)))]


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(LOADED), st.data())
def test_a_survey_damaged_anywhere_is_refused_exactly_when_the_check_finds_an_error(document: dict, data) -> None:
    damaged = copy.deepcopy(document)
    for _ in range(data.draw(st.integers(1, 3))):
        *above, last = data.draw(st.sampled_from(places(damaged)[1:]))
        holder = damaged
        for step in above:
            holder = holder[step]
        if data.draw(st.booleans()):
            holder[last] = data.draw(RUBBISH)
        else:
            del holder[last]
        if not damaged:
            return
    before = copy.deepcopy(damaged)
    findings = check(damaged)
    errors = [one.message for one in findings if one.severity == "error"]
    try:
        parse(damaged)
    except AppError as error:
        refused = error.message
    else:
        refused = ""
    assert damaged == before
    logic = ("can never", "always holds")
    assert bool(refused) == any(not one.startswith(logic) for one in errors), (refused, errors)
