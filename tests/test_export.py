"""The answers as a table for people: every kind in its own columns, what does not count left out."""

from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from data.people import Account
from data.studies import Home, Studies
from survey.analysis.segmentation import SegmentationRuns
from survey.conversation import Agree, Answer, Edit, Follow, Reply, Skip, session
from survey.conversation.export import study_frame
from survey.definition import Question
from survey.errors import NotAllowed
from survey.report.writers import table_csv
from survey.studio import Studio

SURVEY = {
    "elements": [
        {"type": "checkbox", "name": "kinds", "title": "K", "choices": ["a", "b"], "showOtherItem": True},
        {"type": "matrix", "name": "care", "title": "C", "columns": [1, 2], "rows": ["price", "taste"]},
        {
            "type": "comment",
            "name": "why",
            "title": "Why?",
            "samtal": {"laddering": 2},
            "visibleIf": "{kinds} notempty",
        },
        {"type": "expression", "name": "sum", "title": "S", "expression": "{care.price} + {care.taste}"},
        {"type": "html", "name": "bye", "html": "Bye"},
        {"type": "text", "name": "end", "title": "End"},
    ],
    "samtal": {"descriptors": ["plan"]},
}


class Once:
    """Asks on once."""

    def follow(
        self, question: Question, chain: tuple[str, ...], asked: tuple[str, ...], language: str, seed: int
    ) -> Follow:
        return Follow("consequence" if asked else "attribute", "test", None if asked else "attribute.1")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    Studies(home).create("tea", "Tea", SURVEY)
    with Studies(home).file("tea") as file:
        token = file.invitations.create({"plan": "flex"})
    rows = Answer("care", {"rows": {"price": 1, "taste": 2}})
    say(
        home,
        Answer("kinds", ["b", {"other": "=oat"}]),
        rows,
        Answer("why", "Cheap"),
        Answer("why", "Rest", 1),
        Skip("end"),
    )
    say(home, Answer("kinds", ["a"]), rows, Answer("why", "x"), Edit("kinds"), Skip("kinds"), invitation=token)
    return home


def say(home: Home, *replies: Reply, invitation: str | None = None) -> None:
    chat = session.begin(home, "tea", invitation=invitation)
    for reply in (Agree(), *replies):
        chat = session.reply(home, chat, reply, Once())


def table(home: Home) -> pd.DataFrame:
    with Studies(home).file("tea") as file:
        return study_frame(file)


def test_columns_follow_the_survey_and_probes_their_question(home: Home) -> None:
    assert list(table(home))[6:] == [
        "known.plan",
        "kinds",
        "kinds.a",
        "kinds.b",
        "kinds.other",
        "care.price",
        "care.taste",
        "why",
        "why.level",
        "why.turn.1",
        "why.turn.1.level",
        "sum",
        "end",
    ]


def test_every_answer_has_its_form_and_what_does_not_count_is_missing(home: Home) -> None:
    first, second = table(home).to_dict("records")
    assert (first["kinds"], first["kinds.b"], first["kinds.other"]) == ("b; other", 1, "=oat")
    assert (first["care.price"], first["care.taste"], first["sum"]) == (1, 2, 3)
    assert (first["why"], first["why.turn.1"], first["why.turn.1.level"]) == ("Cheap", "Rest", "consequence")
    assert (first["status"], first["known.plan"]) == ("complete", None)
    assert (second["status"], second["known.plan"], second["why"], second["kinds"]) == ("partial", "flex", None, None)


def test_a_response_is_read_by_the_survey_it_was_asked_with(home: Home) -> None:
    with Studies(home).file("tea") as file:
        file.publish({"elements": [{"type": "text", "name": "kinds", "title": "Kinds, in a word"}]})
    assert table(home)["kinds.b"].tolist()[0] == 1


def test_no_cell_is_a_formula_and_numbers_stay_numbers(home: Home) -> None:
    text = table_csv(table(home))
    assert ",'=oat," in text
    assert (
        table_csv(pd.DataFrame({"a": [-1.5, None], "b": [["x"], {"y": 1}]})) == 'a,b\n-1.5,"[""x""]"\n,"{""y"": 1}"\n'
    )


def test_only_who_may_read_gets_the_answers_as_a_file(home: Home) -> None:
    reader = Account(1, "liv@example.org", "Liv", "researcher", "", datetime.now(UTC))
    lines = Studio(home, reader, _no_service).answers_csv("tea").splitlines()
    assert len(lines) == 3
    assert lines[0].startswith("response,language,status,started,finished,ending")
    with pytest.raises(NotAllowed):
        Studio(home, None, _no_service).answers_csv("tea")


def _no_service() -> SegmentationRuns:
    raise AssertionError("no run was asked for")
