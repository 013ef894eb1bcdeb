"""Answers are appended, idempotent, durable, and nobody's is lost."""

import contextlib
import multiprocessing
import sqlite3
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.db import connect
from data.errors import DataError, NotFound
from data.quotas import Quotas
from data.responses import Counts
from data.studies import Home, Studies, StudyFile

DOCUMENT = {"pages": [{"elements": [{"type": "comment", "name": "likes", "title": "What do you like?"}]}]}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    studies = Studies(Home(tmp_path / "home"))
    studies.create("likes", "Likes", DOCUMENT)
    return studies.home.study_path("likes")


def test_the_token_finds_its_response_and_is_stored_nowhere(path: Path) -> None:
    with StudyFile(path) as file:
        response, token = file.responses.begin(1, "sv")
        row = file.responses.find(token)
        assert row == file.responses.get(response)
        assert row is not None
        assert (row.id, row.survey_version, row.language, row.status, row.finished) == (
            response,
            1,
            "sv",
            "partial",
            None,
        )
        assert file.responses.find(token + "x") is None
        assert file.responses.find("\ud800") is None
        dump = "\n".join(file.db.iterdump())
    assert token not in dump


def test_the_same_value_changes_nothing_and_another_is_a_revision(path: Path) -> None:
    with StudyFile(path) as file:
        response, _ = file.responses.begin(1, "en")
        first = file.responses.record(response, "likes", 0, "calm")
        assert file.responses.record(response, "likes", 0, "calm") == first
        second = file.responses.record(response, "likes", 0, "calm and quiet")
        probe = file.responses.record(response, "likes", 1, {"b": [1, None], "a": True})
        assert (first.revision, second.revision, probe.revision) == (1, 2, 1)
        assert file.responses.record(response, "likes", 1, {"a": True, "b": [1, None]}) == probe
        assert file.responses.kept(response).answers == (second, probe)


@pytest.mark.parametrize(
    "value", ["", "å\x00\n🙂", "\u202eשלום", "\ud800", "x" * 20_000, 7, 0.5, None, True, ["a"], {}]
)
def test_any_json_value_comes_back_as_it_was(path: Path, value: Any) -> None:
    with StudyFile(path) as file:
        response, _ = file.responses.begin(1, "en")
        file.responses.record(response, "likes", 0, value)
        assert file.responses.kept(response).answers[0].value == value


@pytest.mark.parametrize("value", [float("nan"), object(), {1, 2}, b"bytes"])
def test_what_json_cannot_hold_is_refused(path: Path, value: Any) -> None:
    with StudyFile(path) as file:
        response, _ = file.responses.begin(1, "en")
        with pytest.raises(DataError, match="An answer must be"):
            file.responses.record(response, "likes", 0, value)


def test_unknown_responses_and_versions_are_said(path: Path) -> None:
    with StudyFile(path) as file:
        for act in (
            lambda: file.responses.begin(9, "en"),
            lambda: file.responses.record("nobody", "likes", 0, "x"),
            lambda: file.responses.consent("nobody", "1", "en"),
            lambda: file.responses.complete("nobody"),
            lambda: file.responses.set_language("nobody", "sv"),
            lambda: file.responses.delete("nobody"),
            lambda: file.responses.get("nobody"),
        ):
            with pytest.raises(NotFound):
                act()


def test_the_database_itself_refuses_to_change_or_lose_an_answer(path: Path) -> None:
    with StudyFile(path) as file:
        response, _ = file.responses.begin(1, "en")
        file.responses.record(response, "likes", 0, "calm")
        copied = "response_id, question, turn, revision, '1', at, NULL"
        for statement in (
            "UPDATE answers SET value = '\"x\"'",
            "DELETE FROM answers",
            f"INSERT OR REPLACE INTO answers SELECT id, {copied} FROM answers",
            f"INSERT INTO answers SELECT 99, {copied} FROM answers",
        ):
            with pytest.raises(sqlite3.IntegrityError):
                file.db.execute(statement)
        assert file.responses.kept(response).answers[0].value == "calm"


def test_a_deleted_response_leaves_no_trace_in_the_file(path: Path) -> None:
    with StudyFile(path) as file:
        response, _ = file.responses.begin(1, "en")
        other, _ = file.responses.begin(1, "en")
        for person, value in ((response, "unmistakable words"), (other, "kept")):
            file.responses.consent(person, "1", "en")
            file.responses.record(person, "likes", 0, value)
        file.responses.delete(response)
        assert file.responses.counts() == Counts(1, 1, 0)
        for part in path.parent.glob("likes*"):
            assert b"unmistakable" not in part.read_bytes()
        assert [row.value for row in file.responses.kept(other).answers] == ["kept"]


def test_the_frame_has_a_row_for_everybody_and_answers_as_they_stood(path: Path) -> None:
    with StudyFile(path) as file:
        assert list(file.responses.frame()) == ["response", "language", "status", "started", "finished"]
        first, _ = file.responses.begin(1, "sv")
        second, _ = file.responses.begin(1, "en")
        file.responses.record(first, "likes", 0, "lugn")
        file.responses.record(first, "likes", 1, "ro")
        file.responses.record(first, "nps", 0, 7)
        before = file.responses.last_answer()
        file.responses.record(first, "likes", 0, "lugnet")
        file.responses.record(second, "likes", 0, "")
        file.responses.complete(first)
        file.responses.complete(first)
        frame = file.responses.frame()
        assert list(frame.columns[5:]) == ["likes", "likes.1", "nps"]
        assert frame["response"].tolist() == [first, second]
        assert frame["likes"].tolist() == ["lugnet", ""]
        assert frame["nps"].tolist() == [7, None]
        assert frame["status"].tolist() == ["complete", "partial"]
        assert file.responses.frame(before)["likes"].tolist() == ["lugn", None]
        assert file.responses.answered("likes") == 1
        assert file.responses.counts() == Counts(2, 1, 1)


def test_a_detail_is_part_of_an_answer_and_none_given_leaves_the_one_that_is_there(path: Path) -> None:
    with StudyFile(path) as file:
        response, _ = file.responses.begin(1, "en", seed=7, descriptors={"plan": "flex"})
        assert (file.responses.get(response).seed, file.responses.get(response).descriptors) == (7, {"plan": "flex"})
        first = file.responses.record(response, "likes", 0, "calm", detail={"shown": ["b", "a"]})
        assert first.detail == {"shown": ["b", "a"]}
        assert file.responses.record(response, "likes", 0, "calm") == first
        assert file.responses.record(response, "likes", 0, "calm", detail={"shown": ["b", "a"]}) == first
        assert file.responses.record(response, "likes", 0, "calm", detail={"shown": ["a", "b"]}).revision == 2


def test_what_does_not_count_is_kept_and_can_count_again(path: Path) -> None:
    with StudyFile(path) as file:
        response, _ = file.responses.begin(1, "en")
        file.responses.record(response, "likes", 0, "calm")
        file.responses.record(response, "nps", 0, 7)
        with_it = file.responses.last_answer()
        file.responses.record(response, "likes", 0, "quiet")
        file.responses.set_inactive(response, {("nps", 0)})
        file.responses.set_inactive(response, {("nps", 0)})
        without = file.responses.last_answer()
        assert len(file.responses.kept(response).answers) == 2
        assert "nps" not in file.responses.frame()
        file.responses.record(response, "likes", 0, "calm again")
        file.responses.set_inactive(response, ())
        frames = [file.responses.frame(until) for until in (with_it, without, None)]
        assert [frame["nps"].tolist() if "nps" in frame else None for frame in frames] == [[7], None, [7]]


def test_ends_are_told_apart_and_a_response_can_be_opened_again(path: Path) -> None:
    with StudyFile(path) as file:
        people = [file.responses.begin(1, "en")[0] for _ in range(4)]
        file.responses.complete(people[0])
        file.responses.finish(people[1], "screened", "too young")
        file.responses.finish(people[2], "full", "women")
        assert file.responses.counts() == Counts(4, 1, 1, 1, 1)
        assert file.responses.get(people[1]).ending == "too young"
        file.responses.reopen(people[0])
        assert file.responses.counts() == Counts(4, 2, 0, 1, 1)
        assert file.responses.get(people[0]).finished is None


def test_a_quota_cell_is_full_at_its_limit_and_a_deleted_response_gives_its_place_back(path: Path) -> None:
    with StudyFile(path) as file:
        quotas = Quotas(file.db)
        people = [file.responses.begin(1, "en")[0] for _ in range(2)]
        assert quotas.full({"women": 0, "men": 1}) == {"women"}
        for person in people:
            quotas.mark(person, ["women", "young"])
        assert quotas.full({"women": 2, "young": 3}) == {"women"}
        assert quotas.full({"women": 2}, besides=people[0]) == frozenset()
        quotas.mark(people[0], ["young"])
        file.responses.delete(people[1])
        assert quotas.counts() == {"young": 1}


Call = tuple[int, str, int, Any]
calls = st.lists(
    st.tuples(
        st.integers(0, 1), st.sampled_from(["a", "b"]), st.integers(0, 1), st.sampled_from(["x", "y", 1, None, ["x"]])
    ),
    max_size=20,
)


@given(calls)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_sequence_of_retries_from_two_connections_loses_and_doubles_nothing(path: Path, calls: list[Call]) -> None:
    expected: dict[tuple[str, int], list[Any]] = {}
    with StudyFile(path) as one, StudyFile(path) as other:
        response, _ = one.responses.begin(1, "en")
        for which, question, turn, value in calls:
            (one, other)[which].responses.record(response, question, turn, value)
            said = expected.setdefault((question, turn), [])
            if not said or said[-1] != value:
                said.append(value)
        found = {(row.question, row.turn): (row.revision, row.value) for row in other.responses.kept(response).answers}
        assert found == {key: (len(said), said[-1]) for key, said in expected.items()}
        assert list(found) == list(expected)
        stored = one.db.execute("SELECT count(*) FROM answers WHERE response_id = ?", [response]).fetchone()[0]
        assert stored == sum(map(len, expected.values()))


def write_answers(path: Path, writer: int, count: int) -> None:
    for turn in range(count):
        with StudyFile(path) as file:
            response, _ = file.responses.begin(1, "en")
            file.responses.record(response, "likes", 0, f"{writer}-{turn}")
            file.responses.record(response, "likes", 0, f"{writer}-{turn}")


def test_several_processes_write_to_one_study_and_none_is_lost(path: Path) -> None:
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=write_answers, args=(path, writer, 40)) for writer in range(4)]
    for process in writers:
        process.start()
    for process in writers:
        process.join()
    assert [process.exitcode for process in writers] == [0] * 4
    with StudyFile(path) as file:
        assert sorted(file.responses.frame()["likes"]) == sorted(f"{w}-{i}" for w in range(4) for i in range(40))
    with connect(path) as db:
        assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


def answer_until_killed(path: Path, said: Connection) -> None:
    turn = 0
    while True:
        with StudyFile(path) as file:
            response, token = file.responses.begin(1, "en")
            file.responses.record(response, "likes", 0, f"answer {turn}")
        said.send((token, f"answer {turn}"))
        turn += 1


def test_an_answer_acknowledged_before_a_kill_is_there_afterwards(path: Path) -> None:
    context = multiprocessing.get_context("fork")
    for _ in range(3):
        hears, says = context.Pipe(duplex=False)
        writer = context.Process(target=answer_until_killed, args=(path, says))
        writer.start()
        says.close()
        acknowledged = [hears.recv() for _ in range(30)]
        writer.kill()
        with contextlib.suppress(EOFError):
            while True:
                acknowledged.append(hears.recv())
        writer.join()
        with StudyFile(path) as file:
            for token, value in acknowledged:
                found = file.responses.find(token)
                assert found is not None
                assert [row.value for row in file.responses.kept(found.id).answers] == [value]
            assert file.db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
