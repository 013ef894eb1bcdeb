"""From a study to a population: every kind of question as the numeric core reads it, and who counts."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data.responses import ResponseRow
from data.studies import Home, Studies
from models.features import encode
from models.population import Population
from survey.analysis.asked import by_value
from survey.analysis.population import StudyPopulation, collect_population, forms, population
from survey.conversation import Agree, Answer, Follow, Reply, Skip, current, session, start, step
from survey.definition import KINDS, Question, Survey, load, parse
from tests.every_kind import ANSWERS, DOCUMENT
from tests.walker import sensible

SURVEYS = sorted((Path(str(files("data"))) / "packaged" / "surveys").glob("*.yaml"))
SET = {"set": ["Range", "Advice", "Smell", "Distance"], "best": "Smell", "worst": "Range"}
PASSED = {"set": ["Range", "Advice", "Smell", "Distance"], "best": None, "worst": None}
LOCALISED = {
    "locale": "sv",
    "elements": [
        {
            "type": "checkbox",
            "name": "why",
            "title": {"default": "Varför?", "en": "Why?"},
            "choices": [{"value": "p", "text": {"default": "Priset", "en": "Price"}}, {"value": "q", "text": "Nöjet"}],
            "showDontKnowItem": True,
        },
        {
            "type": "rating",
            "name": "often",
            "title": "Hur ofta?",
            "rateValues": [{"value": "never", "text": "Aldrig"}, {"value": "daily", "text": "Dagligen"}],
        },
        {
            "type": "matrix",
            "name": "agree",
            "title": "Håller du med?",
            "rows": [{"value": "a", "text": "Te lugnar"}, {"value": "b", "text": "Te väcker"}],
            "columns": [{"value": "no", "text": "Nej"}, {"value": "yes", "text": "Ja"}],
        },
        {"type": "boolean", "name": "check", "title": "?", "samtal": {"attention": True}},
        {"type": "text", "name": "phone", "title": "Telefon", "inputType": "tel"},
    ],
}


def row(response: str, version: int = 1, language: str = "en", **descriptors: Any) -> ResponseRow:
    return ResponseRow(response, version, language, "complete", datetime.now(UTC), None, 0, descriptors)


def told(document: Mapping[str, Any] | Survey, *people: Mapping[str, Any]) -> StudyPopulation:
    """The population of people who gave these answers."""
    survey = document if isinstance(document, Survey) else parse(document)
    rows = [row(str(at)) for at in range(len(people))]
    standing = [(str(at), name, 0, value, None) for at, person in enumerate(people) for name, value in person.items()]
    return population({1: survey}, rows, standing)


def values(found: Population) -> dict[str, Any]:
    return {question.name: question.answers.values[0] for question in found.questions}


def test_every_kind_of_question_becomes_answers_of_its_encoder() -> None:
    document = {
        **DOCUMENT,
        "elements": [
            *DOCUMENT["elements"],
            {"type": "expression", "name": "double", "title": "D", "expression": "{cups} * 2"},
        ],
    }
    person = {**ANSWERS, "shop": [SET, PASSED], "double": 7}
    found = told(document, person, {**person, "else": "Less"}).population
    assert {question.kind for question in parse(document).questions} == set(KINDS)
    assert [(question.name, question.answers.kind) for question in found.questions] == [
        *(("why", "text"), ("word", "text"), ("cups", "number"), ("day", "date"), ("sort", "nominal")),
        *(("where", "nominal"), ("sugar", "binary"), ("again", "ordinal"), ("warm", "number"), ("with", "multi")),
        *(("order", "ranking"), ("agree", "battery"), ("shop", "bestworst"), ("money", "shares"), ("else", "text")),
        ("double", "number"),
    ]
    own = "Something else"
    assert values(found) == {
        **{name: ANSWERS[name] for name in ("why", "word", "cups", "day", "where", "sugar", "again", "warm", "agree")},
        **{"sort": own, "with": ("Milk", own), "order": ("Price", "Taste", "Calm"), "else": None, "double": 7},
        **{"money": {"Leaves": 75, "Cups": 25}, "shop": ({**SET, "set": tuple(SET["set"])},)},
    }
    by_name = {question.name: question.answers for question in found.questions}
    assert by_name["again"].options == tuple(range(11))
    assert by_name["with"].options == ("Milk", "Lemon", "Honey", "None of these", own)
    assert (by_name["agree"].items, by_name["agree"].options) == (("Tea wakes me", "Tea calms me"), (1, 2, 3))


def test_options_go_by_their_texts_in_the_language_of_the_study_and_checks_are_left_out() -> None:
    person = {"why": ["q"], "often": "daily", "agree": {"a": "yes", "b": None}, "check": True, "phone": "+46 70"}
    found = told(LOCALISED, person, {"why": ["dontknow"], "agree": {"a": None, "b": None}}).population
    assert values(found) == {"why": ("Nöjet",), "often": "Dagligen", "agree": {"Te lugnar": "Ja", "Te väcker": None}}
    by_name = {question.name: question for question in found.questions}
    assert by_name["why"].answers.options == ("Priset", "Nöjet")
    assert by_name["why"].title == "Varför?"
    assert [by_name[name].answers.values[1] for name in ("why", "often", "agree")] == [None, None, None]
    assert by_name["agree"].answers.options == ("Nej", "Ja")


def test_options_with_the_same_text_stay_apart() -> None:
    choices = [{"value": "a", "text": "Other brand"}, {"value": "b", "text": "Other brand"}]
    question = {"type": "radiogroup", "name": "q", "title": "Q", "choices": choices}
    assert values(told({"elements": [question]}, {"q": "b"}).population) == {"q": "b"}


def asked(kind: str, basis: str | None, **more: Any) -> Question:
    notes = {"basis": basis} if basis else {}
    return parse({"elements": [{"type": kind, "name": "q", "title": "Q", "samtal": notes, **more}]}).questions[0]


@pytest.mark.parametrize(
    ("kind", "basis", "expected"),
    [
        ("comment", None, ("benefit", "psychographic")),
        ("comment", "benefit", ("benefit", "psychographic")),
        ("comment", "value", ("benefit", "psychographic")),
        ("comment", "descriptor", ()),
        ("comment", "place", ("place",)),
        ("rating", None, ()),
        ("rating", "benefit", ("benefit",)),
        ("rating", "value", ("psychographic",)),
        ("rating", "psychographic", ("psychographic",)),
        ("rating", "descriptor", ()),
        ("rating", "firm", ("firm",)),
    ],
)
def test_a_question_forms_what_its_basis_says_and_open_answers_form_both(
    kind: str, basis: str | None, expected: tuple[str, ...]
) -> None:
    assert forms(asked(kind, basis)) == expected


@pytest.mark.parametrize("path", SURVEYS, ids=lambda path: path.stem)
def test_whoever_answers_an_example_survey_can_be_segmented(path: Path) -> None:
    survey = load(path)[1]
    people = [replies(survey, seed) for seed in range(6)]
    found = told(survey, *people).population
    assert found.people == 6
    assert {basis for question in found.questions for basis in question.bases} == {
        basis for question in survey.questions for basis in forms(question) if any(question.name in p for p in people)
    }
    for question in found.questions:
        answers = question.answers
        if question.open:
            answers = replace(answers, vectors=np.ones((6, 3), dtype=np.float32))
        block = encode(answers)
        assert block.answered.tolist() == [value is not None for value in answers.values]
        assert np.isfinite(block.matrix).all()


def replies(survey: Survey, seed: int) -> dict[str, Any]:
    """Answer a whole survey, each time differently, and return what it keeps."""
    state, _messages = start(survey, "en", seed=seed)
    state, _messages = step(survey, state, Agree())
    number = 7919 * (seed + 1)
    while (waiting := current(survey, state)) is not None:
        number = number * 31 % 1_000_003
        reply = Answer(waiting.question.name, sensible(waiting, number), waiting.turn)
        after, _messages = step(survey, state, reply)
        skip = Skip(waiting.question.name, waiting.turn)
        state = after if after.answers != state.answers else step(survey, state, skip)[0]
    return {answer.question: answer.value for answer in state.answers if answer.turn == 0}


def test_what_invitations_knew_and_the_language_describe() -> None:
    people = [row("a", language="sv", plan="flex", since="2019", code="x1"), row("b", plan="fix", since=2021)]
    people += [row(f"p{at}", plan="fix", since="2020", code=f"c{at}") for at in range(50)]
    found = population({1: parse({"type": "rating", "name": "q", "title": "Q"})}, people, [("a", "q", 0, 3, None)])
    by_name = {question.name: question for question in found.population.questions}
    assert list(by_name) == ["q", "language", "known.plan", "known.since"]
    assert all(by_name[name].bases == () for name in by_name)
    assert by_name["known.plan"].title == "plan"
    assert by_name["known.since"].answers.values[:2] == (2019, 2021)
    assert found.languages[:2] == ("sv", "en")
    assert by_name["language"].answers.values[:2] == ("Svenska", "English")


def test_values_without_a_question_are_told_apart_by_what_they_are() -> None:
    kinds: dict[str, list[Any]] = {"yes": [True, None], "number": ["3,5", 4], "words": ["a", "b"], "none": [None, ""]}
    found = {name: by_value(name, given) for name, given in kinds.items()}
    assert {name: answers and answers.kind for name, answers in found.items()} == {
        **{"yes": "binary", "number": "number", "words": "nominal", "none": None}
    }


def test_an_answer_to_another_form_of_a_question_does_not_count_and_is_told() -> None:
    gone = {"type": "boolean", "name": "b", "samtal": {"basis": "benefit"}}
    old = parse({"elements": [{"type": "rating", "name": "q", "title": "Q"}, gone]})
    new = parse({"elements": [{"type": "rating", "name": "q", "title": "Q!", "rateMax": 10}]})
    standing = [("a", "q", 0, 5, None), ("a", "b", 0, True, None), ("b", "q", 0, 9, None)]
    found = population({1: old, 2: new}, [row("a", 1), row("b", 2)], standing)
    assert [(question.name, question.title) for question in found.population.questions] == [("q", "Q!"), ("b", "b")]
    assert found.population.questions[0].answers.values == (None, 9)
    assert found.population.questions[1].bases == ()
    assert found.notes == ("1 answer to 'q' belongs to another form of the question and is left out.",)


class Deeper:
    """Asks on until three answers are given, and hears attribute, consequence, and what it cannot place."""

    def follow(
        self, question: Question, chain: tuple[str, ...], asked: tuple[str, ...], language: str, seed: int
    ) -> Follow:
        level = ("attribute", "consequence", "unsure")[len(chain) - 1]
        return Follow(level, "test", "attribute.1" if len(chain) < 3 else None)  # type: ignore[arg-type]


def test_a_study_file_gives_whoever_counts_with_chains_and_without_what_was_taken_back(tmp_path: Path) -> None:
    home = Home(tmp_path)
    elements = [
        {"type": "comment", "name": "why", "title": "Why?", "samtal": {"laddering": 3}},
        {"type": "radiogroup", "name": "who", "title": "Who?", "choices": ["me", "us"]},
        {"type": "rating", "name": "us", "title": "Us?", "visibleIf": "{who} = 'us'"},
    ]
    Studies(home).create("tea", "Tea", {"elements": elements})
    chat = session.begin(home, "tea")
    ladder: list[Reply] = [Answer("why", "Cheap"), Answer("why", "I save", 1), Answer("why", "Well", 2)]
    said: list[Reply] = [Agree(), *ladder, Answer("who", "us"), Answer("us", 4)]
    for reply in said:
        chat = session.reply(home, chat, reply, Deeper())
    with Studies(home).file("tea") as file:
        responses = [file.responses.begin(1, "en")[0] for _ in range(3)]
        for response, status in zip(responses, ("complete", "screened", "full"), strict=True):
            file.responses.record(response, "why", 0, "Fast")
            file.responses.record(response, "us", 0, 2)
            file.responses.finish(response, status)
        file.responses.set_inactive(responses[0], [("us", 0)])
        found = collect_population(file)
        late = collect_population(file, found.until)
    assert found.responses[1:] == (responses[0],)
    why, who, us = found.population.questions
    assert why.chains == (("Cheap", "I save", "Well"), ("Fast",))
    assert why.levels == (("attribute", "consequence", ""), ("",))
    assert (why.answers.values, who.answers.values) == (("Cheap", "Fast"), ("us", None))
    assert us.answers.values == (4, None)
    assert set(late.responses) > set(found.responses)
