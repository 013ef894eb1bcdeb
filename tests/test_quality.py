"""Answer quality: what is noticed, what is left alone, and that nothing is dropped."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from data.db import transaction
from data.studies import Home, Studies
from survey import demo
from survey.conversation.export import study_frame
from survey.conversation.quality import (
    Moment,
    Quality,
    Respondent,
    assess,
    quality_frame,
    stored_quality,
    with_quality,
)
from survey.conversation.quality.gibberish import is_gibberish
from survey.conversation.quality.records import SENTENCES
from survey.conversation.quality.times import durations
from survey.definition import load, parse
from survey.definition.languages import LANGUAGES
from survey.views.studio.quality import summary

START = datetime(2026, 11, 22, 9, tzinfo=UTC)
LONG = "Please think of the last time you bought something from us, and tell us in your own words what went well?"
DOCUMENT = {
    "elements": [
        {"type": "comment", "name": "open", "title": LONG},
        {"type": "comment", "name": "more", "title": "And what else?"},
        {"type": "rating", "name": "r1", "title": "One?"},
        {"type": "rating", "name": "r2", "title": "Two?"},
        {"type": "matrix", "name": "m", "title": "Items", "columns": [1, 2, 3, 4, 5], "rows": list("abcdefgh")},
        {
            "type": "radiogroup",
            "name": "check",
            "title": "B, please",
            "choices": ["a", "b"],
            "samtal": {"attention": "b"},
        },
        {"type": "text", "name": "trap", "title": "Leave this empty", "samtal": {"honeypot": True}},
        *({"type": "rating", "name": f"s{number}", "title": f"Scale {number}?"} for number in range(6)),
    ]
}
SURVEY = parse(DOCUMENT)
WORDS = "I buy here because the shop is close to my home and the people who work there know me well"


def person(name: str = "p", seconds: float | Mapping[str, float] = 20, **answers: object) -> Respondent:
    """Return somebody who took so many seconds for each answer."""
    at, moments = START, []
    for question in answers:
        at += timedelta(seconds=seconds if isinstance(seconds, int | float) else seconds.get(question, 20))
        moments.append(Moment(question, 0, at))
    given = {(question, 0): value for question, value in answers.items()}
    return Respondent(name, "en", START, given, tuple(moments))  # type: ignore[arg-type]


def one(*people: Respondent) -> Quality:
    return assess(SURVEY, people)[0]


def test_a_usual_response_keeps_all_its_points() -> None:
    battery = dict(zip("abcdefgh", [4, 5, 3, 4, 4, 2, 5, 4], strict=True))
    found = one(person(open=WORDS, more="Price", r1=4, r2=4, m=battery, check="b", s0=1, s1=2, s2=2, s3=4, s4=4, s5=5))
    assert (found.score, found.flags) == (100, ())


@pytest.mark.parametrize(
    ("who", "key"),
    [
        (person(m=dict.fromkeys("abcdefgh", 3)), "straightlining"),
        (person(m=dict(zip("abcdefgh", [1, 5] * 4, strict=True))), "zigzag"),
        (person(m=dict(zip("abcdefgh", [1, 2, 3, 4, 5, 4, 3, 2], strict=True))), "zigzag"),
        (person(**{f"s{number}": 3 for number in range(6)}), "straightlining_scales"),
        (person(check="a"), "attention"),
        (person(trap="http://buy.example"), "honeypot"),
        (replace(person(open="Good service"), trap="http://buy.example"), "trap"),
        (person(open="sdkfjh sdlkfj woeiru"), "gibberish"),
        (person(seconds=0.5, open="Good service"), "unread"),
        (person(seconds=2, more=WORDS), "typed_fast"),
        (person(open="The price is right", more="the price is right!"), "repeats_itself"),
        (person(open=None, more=None, r1=None, r2=4), "mostly_skipped"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_reason_is_noticed_costs_points_and_is_said_in_a_sentence(who: Respondent, key: str) -> None:
    found = one(who)
    assert found.keys == (key,)
    assert found.score == 100 - sum(flag.points for flag in found.flags) < 100
    assert "{" not in found.reasons[0]
    assert f"(−{found.flags[0].points})" in found.reasons[0]


@pytest.mark.parametrize(
    "who",
    [
        person(m=dict.fromkeys("abcd", 3)),
        person(m={**dict.fromkeys("abcdefg", 3), "h": 4}),
        person(m=dict.fromkeys("abcdefgh")),
        person(**{f"s{number}": 3 for number in range(5)}),
        person(check=None),
        person(trap=None),
        person(seconds={"open": 3.0}, open="Good service"),
        person(seconds=8, more=WORDS),
        person(open="Price", more="price"),
        person(open=None, more="x y z", r1=None, r2=4),
    ],
)
def test_what_may_well_be_meant_is_left_alone(who: Respondent) -> None:
    assert one(who).flags == ()


def test_speeders_are_measured_by_the_studys_own_medians() -> None:
    answers = {"open": "Good service", "more": "Nothing else", "r1": 4, "r2": 3, "check": "b"}
    others = [person(f"o{number}", seconds=18 + number, **answers) for number in range(12)]
    fast, fast_once = person("fast", 5, **answers), person("once", {"r1": 2.0}, **answers)
    found = {quality.response: quality.keys for quality in assess(SURVEY, [fast, fast_once, *others])}
    assert found.pop("fast") == ("speeder",)
    assert set(found.values()) == {()}
    assert one(fast, *others[:5]).flags == ()


def test_a_battery_counts_whole_and_a_later_change_does_not_count() -> None:
    steps = [("open", 10), ("m", 14), ("m", 18), ("r1", 20), ("open", 21)]
    moments = tuple(Moment(name, 0, START + timedelta(seconds=at)) for name, at in steps)
    taken = durations(Respondent("p", "en", START, {}, moments))
    assert taken == {("open", 0): 10, ("m", 0): 8, ("r1", 0): 2}


def test_copies_between_respondents_are_noticed_word_for_word_and_nearly() -> None:
    nearly = WORDS.replace("very ", "").upper() + ", really."
    found = assess(
        SURVEY,
        [
            person("a", open=WORDS),
            person("b", more=WORDS.replace(" and", ", and") + "!"),
            person("c", open=nearly),
            person("d", open="Price and quality"),
            person("e", open="Price and quality"),
            person("f", open="I buy here because the opening hours suit me and parking is free most evenings"),
        ],
    )
    assert [quality.keys for quality in found] == [("copied",), ("copied",), ("nearly_copied",), (), (), ()]
    assert found[0].flags[0].values["others"] == 1


@pytest.mark.parametrize(
    "text",
    [
        "asdf",
        "qwertyuiop",
        "sdkfjh",
        "dfgdfgdfg",
        "aaaaaaaaaa",
        "xcvb nmsdf",
        "kjhkjhkjh kjh",
        "pqowieur zmxn",
    ],
)
def test_keys_struck_at_random_are_gibberish(text: str) -> None:
    assert is_gibberish(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "?",
        "🙂🙂🙂",
        "10/10",
        "ok",
        "WTF",
        "hahahahaha",
        "Hahahah",
        "blablabla",
        "Sååååå bra",
        "property, liberty",
        "hyväntahtoisuus ja työyhteisö",
        "yhdenvertaisuussuunnitelma",
        "västkustskt",
        "speciallægepraksis",
        "barnehagelærerutdanning",
        "Das Angebot ist preiswert",
        "Szczęście i przyjaźń",
        "השירות היה מצוין",
        "https://www.example.org",
        "GDPR, ISO 27001, SLA",
    ],
)
def test_short_answers_long_compounds_and_other_languages_are_not_gibberish(text: str) -> None:
    assert not is_gibberish(text)


def test_hardly_any_packaged_demo_answer_is_flagged() -> None:
    texts = []
    for language in LANGUAGES:
        file = files("data").joinpath("packaged", "demo", "answers", f"{language}.yaml")
        for lines in yaml.safe_load(file.read_text(encoding="utf-8")).values():
            for line in lines.strip().splitlines():
                texts.append([part.strip() for part in line.split("||")[:2]])
    people = [
        person(str(number), open=first, **({"more": rest[0]} if rest and rest[0] else {}))
        for number, (first, *rest) in enumerate(texts)
    ]
    flagged = [quality for quality in assess(SURVEY, people) if quality.flags]
    assert len(people) >= 400
    assert not [quality for quality in flagged if "gibberish" in quality.keys]
    assert len(flagged) <= 0.005 * len(people)


def test_nobody_in_the_demo_study_is_flagged(tmp_path: Path) -> None:
    document, survey = load(demo.FOLDER / "survey.yaml")
    Studies(Home(tmp_path)).create("demo", "Demo", document)
    with Studies(Home(tmp_path)).file("demo") as file:
        with transaction(file.db):
            for visitor in demo.people():
                demo.store(file, survey, visitor, START.date())
        found = stored_quality(file)
    assert len(found) == 400
    assert {quality.score for quality in found} == {100}


def test_every_response_is_in_the_frame_and_no_score_is_negative() -> None:
    awful = person(
        "bad", 0.1, trap="x", check="a", open="sdfkjh sdkfjh", more="sdfkjh sdkfjh", m=dict.fromkeys("abcdefgh", 1)
    )
    frame = quality_frame(assess(SURVEY, [awful, person("good", open=WORDS)]))
    assert list(frame.columns) == ["response", "quality", "flags"]
    assert frame.iloc[0, :2].tolist() == ["bad", 0]
    assert frame.iloc[1].tolist() == ["good", 100, ""]
    assert set(frame.iloc[0, 2].split("; ")) <= set(SENTENCES)


def test_the_quality_of_a_stored_study(tmp_path: Path) -> None:
    home = Home(tmp_path)
    Studies(home).create("s", "S", DOCUMENT)
    with Studies(home).file("s") as file:
        for number, text in enumerate(["sdkfjh woeiru", WORDS]):
            response, _ = file.responses.begin(1, "en", at=START)
            file.responses.record(response, "open", 0, text, at=START + timedelta(seconds=30))
            file.responses.record(response, "check", 0, "ab"[number], at=START + timedelta(seconds=40))
        found = stored_quality(file)
        table = with_quality(study_frame(file), found)
    assert [quality.keys for quality in found] == [("attention", "gibberish"), ()]
    assert list(table.columns[6:9]) == ["quality", "flags", "open"]
    assert table["quality"].tolist() == [30, 100]
    again = with_quality(table, found)
    assert again["samtal.flags"].tolist() == table["flags"].tolist() == ["attention; gibberish", ""]


def test_each_response_is_read_by_the_version_it_was_asked_with(tmp_path: Path) -> None:
    home = Home(tmp_path)

    def document(right: str) -> dict:
        return {"elements": [{"type": "text", "name": "check", "title": "Check", "samtal": {"attention": right}}]}

    Studies(home).create("s", "S", document("a"))
    with Studies(home).file("s") as file:
        for version, right in ((1, "a"), (2, "b")):
            if version > 1:
                file.publish(document(right))
            for given in ("a", "b"):
                response, _ = file.responses.begin(version, "en")
                file.responses.record(response, "check", 0, given)
        assert [quality.keys for quality in stored_quality(file)] == [(), ("attention",), ("attention",), ()]


@settings(max_examples=100, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from([*SURVEY.names, "gone"]),
        st.none()
        | st.text(max_size=40)
        | st.integers()
        | st.lists(st.text(max_size=3))
        | st.dictionaries(st.text(max_size=2), st.none() | st.integers() | st.text(max_size=2)),
        max_size=8,
    )
)
def test_no_answers_make_it_fail(answers: dict[str, object]) -> None:
    (found,) = assess(SURVEY, [person(**answers)])  # type: ignore[arg-type]
    assert 0 <= found.score <= 100
    assert all(flag.sentence for flag in found.flags)


def test_the_summary_counts_everybody() -> None:
    flagged = one(person(check="a")), one(person(trap="x")), one(person(open=WORDS))
    assert [quality.score for quality in flagged] == [60, 40, 100]
    assert "Responses: 3. Without any reason to look twice: 1, with a small one: 1, doubtful: 1." in summary(flagged)
    assert summary(flagged[2:]) == "No response gives a reason to look twice."


def test_every_flag_is_described() -> None:
    guide = (Path(__file__).parent.parent / "docs" / "answer-quality.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `(\w+)` \|", guide, flags=re.MULTILINE)) == set(SENTENCES)
