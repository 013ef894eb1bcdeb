"""What a conversation leaves in the study's file: complete, in order, once, and counted right."""

import sqlite3
from pathlib import Path

import pytest

from data import migrations
from data.db import connect, transaction
from data.quotas import Quotas
from data.responses import Counts
from data.studies import Home, Studies, StudyFile
from survey.conversation import Agree, Answer, Edit, Follow, Skip, Speak, current, session
from survey.definition import Question
from tests.tea_chat import FINISH, SURVEY, chat_after, counts, response, row, rows


class Never:
    """Must not be asked."""

    def follow(
        self, question: Question, chain: tuple[str, ...], asked: tuple[str, ...], language: str, seed: int
    ) -> Follow:
        raise AssertionError("decided twice")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    Studies(home).create("tea", "Tea", SURVEY)
    return home


def test_answers_carry_the_order_shown_and_what_the_interviewer_decided(home: Home) -> None:
    chat = chat_after(home, Answer("sex", "m"), Answer("age", 40), row("price", 1), row("taste", 2))
    chat = chat_after(home, Answer("why", "Cheap"), chat=chat)
    stored = rows(home, chat)
    shown = stored["sex", 0].detail["shown"]
    assert sorted(shown) == ["f", "m", "x"]
    assert stored["care", 0].value == {"price": 1, "taste": 2}
    assert stored["care", 0].revision == 2
    assert stored["double", 0].value == 80
    assert stored["why", 0].detail["follow"]["probe"] == "attribute.1"
    again = session.resume(home, "tea", chat.token or "")
    assert again.state == chat.state
    waiting = current(again.survey, again.state)
    assert waiting is not None
    assert waiting.turn == 1
    assert session.reply(home, again, Speak("en"), Never()).state == chat.state
    assert session.reply(home, again, Skip("why", 1), Never()).state.stage == "done"


def test_what_an_edit_leads_away_from_is_kept_marked_and_left_out_of_the_frame(home: Home) -> None:
    chat = chat_after(home, Answer("sex", "m"), Answer("age", 20), Answer("school", "Art"), *FINISH)
    assert chat.state.stage == "done"
    with Studies(home).file("tea") as file:
        before = file.responses.last_answer()
    chat = chat_after(home, Edit("age"), Answer("age", 50), chat=chat)
    assert rows(home, chat)["school", 0].value == "Art"
    with Studies(home).file("tea") as file:
        assert file.responses.inactive(chat.response or "") == {("school", 0)}
        assert "school" not in file.responses.frame()
        assert file.responses.frame(before)["school"].tolist() == ["Art"]
        assert file.responses.answered("school") == 0
    chat = chat_after(home, Answer("age", 25), chat=chat)
    with Studies(home).file("tea") as file:
        assert file.responses.inactive(chat.response or "") == frozenset()
        assert file.responses.frame()["school"].tolist() == ["Art"]
        assert file.responses.answered("school") == 1
    assert response(home, chat).status == "complete"


def test_changed_open_answers_leave_their_probes_behind(home: Home) -> None:
    chat = chat_after(home, Answer("sex", "m"), Answer("age", 40), row("price", 1), row("taste", 2))
    chat = chat_after(home, Answer("why", "Cheap"), Answer("why", "Money", 1), chat=chat)
    assert chat.state.stage == "done"
    chat = chat_after(home, Edit("why"), Answer("why", "Calm"), chat=chat)
    again = session.resume(home, "tea", chat.token or "")
    assert again.state == chat.state
    assert [answer.value for answer in again.state.chain("why")] == ["Calm"]
    chat = chat_after(home, Answer("why", "Money", 1), chat=again)
    assert [answer.value for answer in session.resume(home, "tea", chat.token or "").state.chain("why")] == [
        "Calm",
        "Money",
    ]


def test_statuses_are_counted_apart(home: Home) -> None:
    chat_after(home, Answer("sex", "m"))
    screened = chat_after(home, Answer("sex", "m"), Answer("age", 9))
    for _ in range(2):
        chat_after(home, Answer("sex", "f"), Answer("age", 40), *FINISH)
    full = chat_after(home, Answer("sex", "f"))
    assert counts(home) == Counts(started=5, partial=1, complete=2, screened=1, full=1)
    assert response(home, screened).ending == "screenOut.1"
    assert response(home, full).ending == "women"
    for chat in (screened, full):
        assert session.resume(home, "tea", chat.token or "").state == chat.state
        assert session.reply(home, chat, Edit("sex")).state == chat.state


def test_what_a_program_wrote_in_the_hidden_field_is_kept_with_the_response_and_with_no_other(home: Home) -> None:
    program = session.reply(home, session.begin(home, "tea"), Agree("http://buy.example"))
    assert response(home, program).trap == "http://buy.example"
    assert response(home, chat_after(home)).trap == ""


def test_a_complete_response_that_an_edit_opens_again_is_partial_and_gives_its_place_back(home: Home) -> None:
    chat = chat_after(home, Answer("sex", "f"), Answer("age", 40), *FINISH)
    with Studies(home).file("tea") as file:
        assert Quotas(file.db).counts() == {"women": 1}
    chat = chat_after(home, Edit("age"), chat=chat)
    assert response(home, chat).status == "complete"
    chat = chat_after(home, Answer("age", 20), chat=chat)
    assert response(home, chat).status == "partial"
    assert response(home, chat).finished is None
    with Studies(home).file("tea") as file:
        assert Quotas(file.db).counts() == {}
    chat = chat_after(home, Answer("school", "Art"), chat=chat)
    assert response(home, chat).status == "complete"
    with Studies(home).file("tea") as file:
        assert Quotas(file.db).counts() == {"women": 1}


def test_an_edit_lasts_from_reply_to_reply_and_not_longer(home: Home) -> None:
    chat = chat_after(home, Answer("sex", "m"), Answer("age", 40), *FINISH)
    chat = chat_after(home, Edit("care"), row("price", 2), chat=chat)
    waiting = current(chat.survey, chat.state)
    assert waiting is not None
    assert (waiting.item, waiting.editing) == ("taste", True)
    assert session.resume(home, "tea", chat.token or "").state.stage == "done"
    assert rows(home, chat)["care", 0].value == {"price": 2, "taste": 2}


def test_a_personal_link_works_once_and_brings_what_is_known(home: Home) -> None:
    with Studies(home).file("tea") as file:
        token = file.invitations.create({"plan": "flex"})
    first, second = (session.begin(home, "tea", invitation=token) for _ in range(2))
    chat = session.reply(home, first, Agree())
    assert dict(chat.state.descriptors) == {"plan": "flex"}
    assert response(home, chat).descriptors == {"plan": "flex"}
    with pytest.raises(session.InvitationUsed):
        session.reply(home, second, Agree())
    with pytest.raises(session.InvitationUsed):
        session.begin(home, "tea", invitation=token)
    with pytest.raises(session.UnknownInvitation):
        session.begin(home, "tea", invitation="guess")
    assert counts(home).started == 1


def old_file(path: Path) -> None:
    """Write a study file as the first release did."""
    with connect(path) as db:
        first = next(iter(migrations.study._migrations))
        with transaction(db):
            old = migrations.Migrations("samtal-study")
            old(name=first.name)(first.fn)
            old.apply(db)
            db.execute("PRAGMA user_version=1")
        document = '{"elements": [{"type": "comment", "name": "why", "title": "Why?"}]}'
        db.execute(
            "INSERT INTO meta VALUES ('title', 'Old'), ('created', '2026-01-02T00:00:00.000+00:00'), ('open', '1')"
        )
        db.execute("INSERT INTO surveys VALUES (1, ?, '2026-01-02')", [document])
        for number, status in enumerate(("partial", "complete")):
            db.execute(
                "INSERT INTO responses VALUES (?, ?, 1, 'sv', ?, '2026-01-03T00:00:00.000+00:00', NULL)",
                [f"r{number}", f"hash{number}", status],
            )
            db.execute("INSERT INTO consents VALUES (NULL, ?, '1', 'sv', '2026-01-03')", [f"r{number}"])
            db.execute(
                "INSERT INTO answers VALUES (NULL, ?, 'why', 0, 1, '\"lugn\"', '2026-01-03T00:00:00.000+00:00')",
                [f"r{number}"],
            )


def test_a_file_of_the_first_release_opens_without_loss(tmp_path: Path) -> None:
    path = Home(tmp_path).study_path("old")
    old_file(path)
    with StudyFile(path) as file:
        assert file.responses.counts() == Counts(2, 1, 1)
        assert file.responses.frame()["why"].tolist() == ["lugn", "lugn"]
        assert file.responses.get("r1").status == "complete"
        assert (file.responses.get("r0").seed, file.responses.get("r0").descriptors) == (0, {})
        assert file.responses.record("r0", "why", 0, "ro").revision == 2
        assert file.responses.kept("r1").consented
        with pytest.raises(sqlite3.IntegrityError):
            file.db.execute("UPDATE responses SET status = 'lost'")
        assert file.db.execute("PRAGMA foreign_key_check").fetchall() == []
