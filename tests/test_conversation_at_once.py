"""One conversation in two tabs or on two devices, and many at once: nothing is lost, doubled or taken for another."""

import multiprocessing
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from data import db as database
from data.errors import DataError
from data.responses import Counts
from data.studies import Home, Studies
from survey.conversation import Answer, Edit, Follow, Skip, current, session
from survey.definition import Question, say
from tests.tea_chat import FINISH, SURVEY, Twice, chat_after, counts, row, rows


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    Studies(home).create("tea", "Tea", SURVEY)
    return home


def test_two_tabs_in_one_battery_neither_double_nor_shift_a_row(home: Home) -> None:
    first = chat_after(home, Answer("sex", "m"), Answer("age", 40))
    second = session.resume(home, "tea", first.token or "")
    first = chat_after(home, row("price", 1), chat=first)
    second = chat_after(home, row("price", 1), chat=second)
    assert second.state == first.state
    second = chat_after(home, row("taste", 2), chat=second)
    first = chat_after(home, Skip("why"), chat=first)
    assert first.state.stage == "done"
    assert rows(home, first)["care", 0].value == {"price": 1, "taste": 2}


def test_a_file_that_is_locked_too_long_takes_nothing_and_the_same_reply_works_later(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = chat_after(home, Answer("sex", "m"))
    monkeypatch.setattr(database, "WRITE_SECONDS", 0.05)
    other = sqlite3.connect(home.study_path("tea"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DataError, match="cannot be written"):
        session.reply(home, chat, Answer("age", 40))
    other.execute("ROLLBACK")
    other.close()
    assert ("age", 0) not in rows(home, chat)
    assert session.reply(home, chat, Answer("age", 40)).state.answer("age") is not None


def test_the_interviewer_thinks_while_others_write(home: Home) -> None:
    class Slow(Twice):
        """Lets somebody else answer meanwhile: with the file locked, that would never return."""

        def follow(
            self, question: Question, chain: tuple[str, ...], asked: tuple[str, ...], language: str, seed: int
        ) -> Follow:
            session.reply(home, other, Answer("sex", "x"))
            return super().follow(question, chain, asked, language, seed)

    other = chat_after(home)
    chat = chat_after(home, Answer("sex", "m"), Answer("age", 40), row("price", 1), row("taste", 2))
    chat = session.reply(home, chat, Answer("why", "Cheap"), Slow())
    waiting = current(chat.survey, chat.state)
    assert waiting is not None
    assert waiting.turn == 1
    assert rows(home, other)["sex", 0].value == "x"


def finish_as_woman(home: Home, token: str, gate: Any, stages: Any) -> None:
    chat = session.resume(home, "tea", token)
    gate.wait()
    stages.put(session.reply(home, chat, Skip("why")).state.stage)


def test_a_cell_takes_no_more_than_its_limit_when_many_finish_at_once(home: Home) -> None:
    context = multiprocessing.get_context("fork")
    people = [chat_after(home, Answer("sex", "f"), Answer("age", 40), *FINISH[:2]) for _ in range(6)]
    gate, stages = context.Barrier(len(people)), context.Queue()
    processes = [context.Process(target=finish_as_woman, args=(home, chat.token, gate, stages)) for chat in people]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert sorted(stages.get() for _ in people) == ["done"] * 2 + ["full"] * 4
    assert counts(home) == Counts(started=6, partial=0, complete=2, screened=0, full=4)


def answer_to_the_end(home: Home, token: str, gate: Any, said: Any) -> None:
    chat = session.resume(home, "tea", token)
    gate.wait()
    while waiting := current(chat.survey, chat.state):
        name, turn = waiting.question.name, waiting.turn
        value = {"sex": "m", "age": 20, "school": "Art", "why": "Cheap"}.get(name, {"row": waiting.item, "value": 2})
        chat = session.reply(home, chat, Answer(name, value, turn), Twice())
    said.put(chat.state.answers)


def test_an_older_tab_replaces_no_answer_that_it_has_not_seen(home: Home) -> None:
    newer = chat_after(home, Answer("sex", "m"))
    older = session.resume(home, "tea", newer.token or "")
    newer = chat_after(home, Answer("age", 40), chat=newer)
    for reply in (Answer("age", 25), Skip("age")):
        told = session.reply(home, older, reply, Twice())
        assert told.state == newer.state
        assert rows(home, newer)["age", 0].value == 40
    told = session.reply(home, older, Answer("age", 25), Twice())
    assert [message.text for message in told.said] == [say("en", "went_on")]
    assert chat_after(home, Answer("age", 40), chat=older).said[0].kind != "note"
    chat_after(home, Answer("age", 25), chat=told)
    assert rows(home, newer)["age", 0].value == 25


def test_what_an_older_tab_says_to_one_probe_is_not_taken_for_another(home: Home) -> None:
    newer = chat_after(home, Answer("sex", "m"), Answer("age", 40), row("price", 1), row("taste", 2))
    newer = chat_after(home, Answer("why", "Cheap"), chat=newer)
    older = session.resume(home, "tea", newer.token or "")
    newer = chat_after(home, Edit("why"), Answer("why", "Calm"), chat=newer)
    told = chat_after(home, Answer("why", "More for food", 1), chat=older)
    assert [message.text for message in told.said] == [say("en", "went_on")]
    assert [answer.value for answer in told.state.chain("why")] == ["Calm"]
    assert ("why", 1) not in rows(home, newer)


def test_two_devices_at_once_end_with_one_and_the_same_conversation(home: Home) -> None:
    context = multiprocessing.get_context("fork")
    chat = chat_after(home)
    gate, said = context.Barrier(2), context.Queue()
    processes = [context.Process(target=answer_to_the_end, args=(home, chat.token, gate, said)) for _ in range(2)]
    for process in processes:
        process.start()
    ends = [said.get(timeout=60) for _ in processes]
    for process in processes:
        process.join()
    assert ends[0] == ends[1] == session.resume(home, "tea", chat.token or "").state.answers
    assert {key: row.revision for key, row in rows(home, chat).items()} == {
        ("sex", 0): 1,
        ("age", 0): 1,
        ("double", 0): 1,
        ("school", 0): 1,
        ("care", 0): 2,
        ("why", 0): 1,
        ("why", 1): 1,
    }
    assert counts(home) == Counts(1, 0, 1)
