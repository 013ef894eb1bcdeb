"""Survey documents: how they are read, what an author is told about a mistake, and what the documentation says."""

import re
import string
from pathlib import Path

import pytest
import yaml

from survey.definition import (
    KINDS,
    LANGUAGES,
    TYPES,
    Survey,
    check_file,
    load,
    one_question,
    parse,
    words,
)
from survey.definition.base import QuestionNotes, Validator
from survey.definition.expressions import FUNCTIONS
from survey.definition.ignored import LOOKS, LOST, ignored
from survey.definition.kinds import INPUTS, Choice
from survey.definition.languages import interface_language
from survey.definition.logic import QuotaCell, ScreenOut, SurveyNotes
from survey.definition.structure import Page, Panel
from survey.errors import AppError

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
        ("elements:\n- type: signaturepad\n  name: x\n  title: y", "line 2: question 'x' has the type 'signaturepad'"),
        ("elements:\n- {type: radiogroup, name: x}", "line 2: question 'x' needs at least 2 'choices'"),
        ("elements:\n- {type: html, name: x}", "line 2: question 'x' needs 'html'"),
        ("elements:\n- {type: comment, name: x, title: y}\nvisiblIf: z", "'visiblIf' is a key that Samtal does not"),
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


def test_a_code_of_a_browser_leads_to_an_interface_language() -> None:
    assert [interface_language(code) for code in ("sv-SE", "nn_NO", "FI", "", "x")] == ["sv", "nb", "fi", None, None]


GUIDE = (Path(__file__).parent.parent / "docs" / "survey-format.md").read_text(encoding="utf-8")


def test_the_examples_in_the_documentation_are_surveys_without_errors(tmp_path: Path) -> None:
    examples = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
    surveys = [load(fill(tmp_path / "example.yaml", example))[1] for example in examples]
    assert [len(survey.questions) for survey in surveys] == [1, 4, 6]
    assert surveys[1].languages == ("en", "sv")
    for example in examples:
        assert not check_file(fill(tmp_path / "example.yaml", example))


def test_every_type_and_key_is_documented() -> None:
    words = set(re.findall(r"[\w.]+", " ".join(re.findall(r"`([^`]+)`", re.sub(r"(?s)```.*?```", "", GUIDE)))))
    assert words >= {*TYPES, *INPUTS, *FUNCTIONS}
    parts = [*KINDS.values(), Survey, Page, Panel, Choice, Validator, SurveyNotes, QuestionNotes, QuotaCell, ScreenOut]
    for part in parts:
        keys = {info.alias or key for key, info in part.model_fields.items()} - {
            "hasOther",
            "hasNone",
            "rowsOrder",
            "samtal",
        }
        missing = {key for key in keys if key not in words and f"samtal.{key}" not in words}
        assert not missing, (part.__name__, missing)


def test_ignored_keys_and_known_keys_do_not_overlap_unknowingly() -> None:
    assert not LOOKS["survey"] & LOST["survey"]
    assert not ignored("survey") & set(Survey.model_fields)
    assert not ignored("page") & (set(Page.model_fields) | set(Panel.model_fields))
    assert not ignored("choice") & set(Choice.model_fields)
