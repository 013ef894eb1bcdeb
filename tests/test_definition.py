"""Survey documents: what may be asked, which replies count, and what an author is told about a mistake."""

import re
import string
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from survey.definition import (
    LANGUAGES,
    MAX_CHARACTERS,
    TYPES,
    ReplyRejected,
    load,
    one_question,
    parse,
    words,
)
from survey.definition.languages import interface_language
from survey.errors import AppError
from survey.views.widgets import WIDGETS

ELEMENTS = {
    "comment": {"type": "comment", "name": "q", "title": "Why?"},
    "text": {"type": "text", "name": "q", "title": "Which one?", "maxLength": 40},
    "radiogroup": {"type": "radiogroup", "name": "q", "title": "Which?", "choices": ["a", {"value": 2, "text": "Two"}]},
    "dropdown": {"type": "dropdown", "name": "q", "title": "Which?", "choices": ["a", "b"]},
    "rating": {"type": "rating", "name": "q", "title": "How?", "rateMin": 0, "rateMax": 10},
}
ANYTHING = st.text() | st.integers() | st.floats() | st.none() | st.booleans() | st.binary()
SURVEY = """\
title: {default: Tea, sv: Te}
pages:
- elements:
  - type: comment
    name: likes
    title: {default: "What do you like?", sv: "Vad gillar du?"}
    isRequired: true
    samtal: {basis: benefit}
  - type: radiogroup
    name: kind
    title: {default: "Which tea?", sv: "Vilket te?", no: "Hvilken te?"}
    choices: [green, {value: black, text: {default: Black, sv: Svart}}]
"""


def fill(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def question(kind: str):
    return parse({"elements": [ELEMENTS[kind]]}).questions[0]


def test_the_same_types_are_defined_and_drawn() -> None:
    assert set(TYPES) == set(WIDGETS) == set(ELEMENTS)


def test_every_language_has_every_word_with_the_same_blanks() -> None:
    def blanks(sentence: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}

    english = words("en")
    for language in LANGUAGES:
        known = words(language)
        assert known.keys() == english.keys(), language
        assert all(isinstance(word, str) and word.strip() for word in known.values()), language
        assert {key: blanks(word) for key, word in known.items()} == {k: blanks(w) for k, w in english.items()}


def test_a_survey_file_is_read(tmp_path: Path) -> None:
    document, survey = load(fill(tmp_path / "tea.yaml", SURVEY))
    assert document == yaml.safe_load(SURVEY.replace("no: ", "'no': "))
    assert [question.name for question in survey.questions] == ["likes", "kind"]
    assert survey.languages == ("en", "sv")
    assert survey.questions[1].title.text("nb") == "Hvilken te?"
    assert survey.questions[1].show("black", "sv") == "Svart"
    assert survey.questions[0].samtal.basis == "benefit"


def test_a_survey_may_be_one_question() -> None:
    assert parse({"type": "rating", "title": "How was it?"}).questions[0].name == "question1"
    assert parse(one_question("Why?", locale="fi")).languages == ("fi",)


def test_json_is_read_like_yaml(tmp_path: Path) -> None:
    path = fill(tmp_path / "s.json", '{\n\t"elements": [\n\t\t{"type": "rating", "name": "r", "title": "How?"}\n\t]\n}')
    assert load(path)[1].questions[0].type == "rating"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("elements:\n- type: matrix\n  name: x\n  title: y", "line 2: question 'x' has the type 'matrix'"),
        ("elements:\n- {type: comment, name: x}", "line 2: question 'x' needs 'title'"),
        ("elements:\n- {type: comment, name: x, title: y}\nvisibleIf: z", "'visibleIf' is a key that Samtal does not"),
        ("elements:\n- {type: comment, name: x, title: y}\n" * 2, "line 3: the key 'elements' is there twice"),
        (
            "elements:\n- {type: comment, name: x, title: y}\n- {type: text, name: x, title: y}",
            "two questions called 'x'",
        ),
        (
            "elements:\n- {type: dropdown, name: x, title: y, choices: [1, '1']}",
            "question 'x' has the choice '1' twice",
        ),
        ("elements:\n- {type: comment, name: status, title: y}", "must not be a reserved name"),
        ("elements: [", "line 1: this is not YAML"),
        ("a: &b 1\nc: *b", "line 2: anchors"),
        ("- just a list", "must be a mapping"),
        ("elements: []", "needs at least 1 entry"),
        ("locale: xx\ntype: comment\ntitle: x", "needs a 'locale'"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(AppError) as error:
        load(fill(tmp_path / "mine.yaml", text))
    assert said in str(error.value)
    assert "mine.yaml" in str(error.value)


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(AppError, match="UTF-8"):
        load(tmp_path / "x.yaml")
    with pytest.raises(AppError, match="cannot be read"):
        load(tmp_path / "missing.yaml")


@pytest.mark.parametrize(
    ("kind", "reply", "value"),
    [
        ("comment", "  Två ord \r\n här ", "Två ord \n här"),
        ("comment", "a\x00b\ud800", "ab"),
        ("text", "one\nline", "one line"),
        ("radiogroup", "A", "a"),
        ("radiogroup", "2", 2),
        ("radiogroup", " two ", 2),
        ("dropdown", "b", "b"),
        ("rating", "10", 10),
        ("rating", 0, 0),
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
        ("radiogroup", "c", "not_a_choice"),
        ("radiogroup", True, "not_a_choice"),
        ("rating", "11", "not_on_scale"),
        ("rating", True, "not_on_scale"),
        ("rating", 3.5, "not_on_scale"),
    ],
)
def test_a_reply_that_cannot_be_taken_has_a_reason(kind: str, reply: object, reason: str) -> None:
    with pytest.raises(ReplyRejected) as rejected:
        question(kind).read(reply)
    assert rejected.value.key == reason
    assert reason in words("en")


@given(st.sampled_from(sorted(ELEMENTS)), ANYTHING)
def test_no_reply_does_more_than_count_or_not_count(kind: str, reply: object) -> None:
    asked = question(kind)
    try:
        value = asked.read(reply)
    except ReplyRejected:
        return
    assert asked.read(value) == value
    assert asked.show(value, "sv")


def test_a_code_of_a_browser_leads_to_an_interface_language() -> None:
    assert [interface_language(code) for code in ("sv-SE", "nn_NO", "FI", "", "x")] == ["sv", "nb", "fi", None, None]


def test_the_examples_in_the_documentation_are_surveys(tmp_path: Path) -> None:
    text = (Path(__file__).parent.parent / "docs" / "survey-format.md").read_text(encoding="utf-8")
    examples = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    surveys = [load(fill(tmp_path / "example.yaml", example))[1] for example in examples]
    assert [len(survey.questions) for survey in surveys] == [1, 3]
    assert surveys[1].languages == ("en", "sv")
    assert all(f"`{kind}`" in text for kind in TYPES)
