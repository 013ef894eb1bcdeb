"""The question library: whole in five languages, its scoring keys complete, its questions what a survey may hold."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from survey import library
from survey.cli import main
from survey.definition import LANGUAGES, load, parse
from survey.definition.loading import check_file, read
from survey.definition.text import DEFAULT
from survey.drafts import draft, write_draft
from survey.errors import AppError
from survey.examples import examples

IDS = [entry.id for entry in library.entries()]
VALUES = {
    "self_direction",
    "stimulation",
    "hedonism",
    "achievement",
    "power",
    "security",
    "conformity",
    "tradition",
    "benevolence",
    "universalism",
}
INDUSTRIES = ("telecom", "grocery", "banking", "travel", "software")


def texts(part: Any, place: str = "") -> Iterator[tuple[str, Mapping[str, str]]]:
    """Every text of a document with its place."""
    if isinstance(part, Mapping) and DEFAULT in part:
        yield place, part
    elif isinstance(part, Mapping):
        for key, inner in part.items():
            yield from texts(inner, f"{place}.{key}")
    elif isinstance(part, list):
        for number, inner in enumerate(part):
            yield from texts(inner, f"{place}[{number}]")


def parts(element: Mapping[str, Any]) -> list[str]:
    return [part["value"] for part in element.get("rows", element.get("choices", []))]


@pytest.mark.parametrize("id", IDS)
def test_every_entry_is_a_question_that_a_survey_may_hold(id: str) -> None:
    survey = parse(library.survey_from([id], "A study of one question"))
    (question,) = survey.questions
    assert question.name == id
    assert question.samtal.basis == library.entry(id).basis
    assert survey.languages == LANGUAGES


@pytest.mark.parametrize("id", IDS)
def test_every_text_is_there_in_five_languages(id: str) -> None:
    found = list(texts(library.element(id)))
    assert found
    for place, text in found:
        assert set(text) == {DEFAULT, *LANGUAGES} - {"en"}, place
        assert all(words == words.strip() and words for words in text.values()), place


def test_texts_are_translated_rather_than_repeated() -> None:
    for id in IDS:
        for place, text in texts(library.element(id)):
            words = len(text[DEFAULT].split())
            apart = len(text) if words > 8 else 3 if words > 3 else 1  # short phrases are often alike in Scandinavia
            assert len(set(text.values())) >= apart, (id, place)


def test_items_differ_within_a_question_in_every_language() -> None:
    for id in IDS:
        element = library.element(id)
        for language in (DEFAULT, *LANGUAGES[1:]):
            worded = [part["text"][language] for part in element.get("rows", element.get("choices", []))]
            assert len(set(worded)) == len(worded), (id, language)


def test_a_scoring_key_names_exactly_the_items_of_its_question() -> None:
    keyed = [entry for entry in library.entries() if entry.scoring]
    assert len(keyed) > 15
    for entry in keyed:
        key = entry.scoring
        assert key is not None
        assert set(key.items) == set(parts(library.element(entry.id))), entry.id
        assert set(key.items.values()) == set(key.scales), entry.id
        assert key.reversed <= set(key.items), entry.id
        assert {scale.group for scale in key.scales.values()} - {None} == set(key.groups), entry.id
        names = [*(scale.text for scale in key.scales.values()), *key.groups.values()]
        assert all(set(name) == {DEFAULT, *LANGUAGES} - {"en"} for name in names), entry.id


def test_the_values_are_ten_with_two_items_each_in_four_groups() -> None:
    key = library.entry("values").scoring
    assert key is not None
    assert Counter(key.items.values()) == dict.fromkeys(VALUES, 2)
    assert {scale.group for scale in key.scales.values()} == {
        "openness",
        "self_enhancement",
        "conservation",
        "self_transcendence",
    }


def test_the_short_form_of_the_values_has_one_item_each_and_the_scales_of_the_full_one() -> None:
    full, short = library.entry("values"), library.entry("values_short")
    assert full.scoring is not None
    assert short.scoring is not None
    assert (short.scoring.scales, short.scoring.groups) == (full.scoring.scales, full.scoring.groups)
    assert Counter(short.scoring.items.values()) == dict.fromkeys(VALUES, 1)
    assert library.element("values_short")["columns"] == library.element("values")["columns"]
    wordings = [{row["text"]["default"] for row in library.element(id)["rows"]} for id in ("values", "values_short")]
    assert not set.intersection(*wordings)
    assert library.scores("values_short", {"power": 5, "security": 3}) == {"power": 1.0, "security": -1.0}


def test_lifestyle_statements_speak_for_both_poles_alike() -> None:
    batteries = [entry for entry in library.entries() if entry.topic == "lifestyle"]
    keys = [entry.scoring for entry in batteries if entry.scoring]
    assert sum(len(key.items) for key in keys) >= 20
    assert all(len(key.reversed) * 2 == len(key.items) for key in keys)
    assert len({len(key.items) for key in keys}) == 1


@pytest.mark.parametrize("industry", INDUSTRIES)
def test_every_industry_has_one_list_for_importance_and_best_worst(industry: str) -> None:
    battery, sets = library.element(f"benefits_{industry}"), library.element(f"bestworst_{industry}")
    assert battery["rows"] == sets["choices"]
    assert 8 <= len(battery["rows"]) <= 12
    key = library.entry(f"bestworst_{industry}").scoring
    assert key == library.entry(f"benefits_{industry}").scoring
    assert key is not None
    assert set(key.items.values()) <= set(library.benefit_codes())
    assert max(Counter(key.items.values()).values()) == 1


def test_closed_starters_are_keyed_to_the_common_codes() -> None:
    codes = library.benefit_codes()
    keyed = [entry.scoring for entry in library.entries() if entry.topic == "starters" and entry.scoring]
    assert len(keyed) >= 4
    for key in keyed:
        assert {name: scale.text for name, scale in key.scales.items()} == {name: codes[name] for name in key.scales}


def test_a_list_for_every_purpose() -> None:
    topics = Counter(entry.topic for entry in library.entries())
    assert topics["starters"] >= 10
    assert {"demographics", "firm", "purchase", "satisfaction", "values", "lifestyle", "benefits"} <= set(topics)
    gender = library.element("gender")
    assert gender["showOtherItem"]
    assert "not_said" in parts(gender)


def test_scores_turn_reversed_items_and_centre_values() -> None:
    low = dict.fromkeys(parts(library.element("lifestyle_money")), 1)
    assert library.scores("lifestyle_money", low) == {"spending": 3.0}
    assert library.scores("lifestyle_money", {"compares_prices": 1}) == {"spending": 5.0}
    assert library.scores("values", {"power_1": 5, "power_2": 4, "security_1": 3}) == {"power": 0.5, "security": -1.0}
    assert library.scores("values", {}) == {}
    with pytest.raises(AppError, match="no scales"):
        library.scores("gender", {})


def test_entries_are_found_by_words_in_any_language() -> None:
    assert "benefits_telecom" in {entry.id for entry in library.search("Kuuluvuus")}
    assert {entry.id for entry in library.search("demographic age")} >= {"age_band"}
    assert library.search("xyzzy") == ()


def test_a_survey_made_in_another_language_speaks_it_first() -> None:
    ids = ["start_matters", "values", "gender"]
    document = library.survey_from(ids, "Mitä arvostat?", "fi")
    survey = parse(document)
    assert [question.name for question in survey.questions] == ids
    assert survey.locale == "fi"
    assert survey.languages == LANGUAGES
    original = parse(library.survey_from(ids, "Title"))
    for told, written in zip(survey.questions, original.questions, strict=True):
        assert {code: told.title.text(code) for code in LANGUAGES} == {
            code: written.title.text(code) for code in LANGUAGES
        }
    for _, text in texts(document["pages"]):
        assert set(text) == {DEFAULT, *LANGUAGES} - {"fi"}


def test_the_guide_lists_every_entry_every_code_and_every_example() -> None:
    guide = (Path(__file__).parent.parent / "docs" / "library.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(\w+)`", guide))
    expected = {*IDS, *library.benefit_codes(), *(example.name for example in examples())}
    assert expected <= named
    rows = set(re.findall(r"^\| `(\w+)` \|", guide, flags=re.MULTILINE))
    assert rows == {*IDS, *(example.name for example in examples())}, "the guide lists what is no longer there"


@pytest.mark.parametrize("name", ["mine.yaml", "mine.json"])
def test_a_draft_of_questions_is_a_survey_file_without_problems(name: str, tmp_path: Path) -> None:
    ids = [id for id in IDS if id != "values"]  # a battery of twenty rows is worth a note
    survey = write_draft(ids, tmp_path / name, locale="da")
    assert load(tmp_path / name)[1].questions == survey.questions
    assert [question.name for question in survey.questions] == ids
    assert check_file(tmp_path / name) == []


def test_a_study_can_be_made_of_a_draft() -> None:
    document, survey = read(draft(["values", "gender"], "Mina värden", "sv"), "library.yaml")
    assert document["locale"] == "sv"
    assert survey.title is not None
    assert survey.title.text("sv") == "Mina värden"
    assert [question.name for question in survey.questions] == ["values", "gender"]


def test_a_draft_of_an_example_is_the_example(tmp_path: Path) -> None:
    survey = write_draft(["ski_resort"], tmp_path / "ski.yaml")
    assert load(tmp_path / "ski.yaml")[1] == survey
    write_draft(["ski_resort"], tmp_path / "ski.json")
    assert load(tmp_path / "ski.json")[0] == load(tmp_path / "ski.yaml")[0]
    with pytest.raises(AppError, match="a language of its own"):
        write_draft(["ski_resort"], tmp_path / "new.yaml", locale="sv")


def test_a_draft_is_called_after_its_first_question(tmp_path: Path) -> None:
    survey = write_draft(["recommend", "age_band"], tmp_path / "new.yaml")
    assert survey.title == survey.questions[0].title


def test_the_command_line_lists_and_begins_surveys(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["survey", "list", "ski"]) == 0
    assert capsys.readouterr().out.startswith("ski_resort")
    assert main(["survey", "list", "no-such-thing"]) == 0
    assert "Nothing found" in capsys.readouterr().out
    out = str(tmp_path / "new.yaml")
    assert main(["survey", "new", "recommend", "--out", out]) == 0
    assert "1 question" in capsys.readouterr().out
    assert main(["survey", "new", "recommend", "--out", out]) == 2
    assert "there already" in capsys.readouterr().err
    assert main(["survey", "check", out]) == 0


def test_what_comes_out_is_a_copy() -> None:
    library.element("gender")["choices"].clear()
    assert library.element("gender")["choices"]


@pytest.mark.parametrize(
    ("ids", "locale", "said"),
    [
        (["recomend"], "en", "Did you mean recommend"),
        (["xyzzy"], "en", "lists what there is"),
        ([], "en", "at least one question"),
        (["gender", "gender"], "en", "'gender' is there twice"),
        (["gender"], "de", "no texts in 'de'"),
    ],
)
def test_what_cannot_be_made_is_told(ids: list[str], locale: str, said: str) -> None:
    with pytest.raises(AppError, match=said):
        library.survey_from(ids, "Title", locale)
