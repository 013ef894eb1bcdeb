"""Runs: how far they are, how they end, and that nothing changes afterwards."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from data.errors import DataError, NotFound
from data.owners import Owner, is_alive
from data.runs import TYPING, Runs
from data.studies import Home, Studies

ARRAYS = {"labels": np.array([1, 2, 0]), "confidence": np.array([0.5, np.nan, 0.0], dtype=np.float32)}
RESULT = {"k": 2, "name": "Lugn och ro"}


@pytest.fixture
def runs(tmp_path: Path) -> Iterator[Runs]:
    studies = Studies(Home(tmp_path / "home"))
    studies.create("likes", "Likes", {})
    with studies.file("likes") as file:
        yield file.runs


def test_a_run_goes_from_queued_over_running_to_done_with_its_result(runs: Runs) -> None:
    run = runs.create({"k": None, "questions": ["likes"]}, "me")
    assert (runs.get(run).status, runs.get(run).settings) == ("queued", {"k": None, "questions": ["likes"]})
    runs.update(run, 0.4, "Reading the answers")
    row = runs.get(run)
    assert (row.status, row.fraction, row.message, row.active) == ("running", 0.4, "Reading the answers", True)
    with pytest.raises(NotFound, match="it is running"):
        runs.load(run)
    runs.finish(run, RESULT, ARRAYS)
    result, arrays = runs.load(run)
    assert result == RESULT
    assert arrays.keys() == ARRAYS.keys()
    for name, values in ARRAYS.items():
        np.testing.assert_array_equal(arrays[name], values)
        assert arrays[name].dtype == values.dtype
    assert runs.get(run).finished is not None


@pytest.mark.parametrize(
    "end", [lambda runs, run: runs.finish(run, {}, {}), lambda runs, run: runs.fail(run, "Why."), Runs.cancel]
)
def test_a_run_that_has_ended_never_changes(runs: Runs, end: Callable[[Runs, str], None]) -> None:
    run = runs.create({}, "me")
    end(runs, run)
    before = runs.get(run)
    for act in (
        lambda: runs.update(run, 0.5, "again"),
        lambda: runs.finish(run, RESULT, ARRAYS),
        lambda: runs.fail(run, "Other."),
        lambda: runs.cancel(run),
    ):
        with pytest.raises(DataError, match="does not change any more"):
            act()
    assert runs.mark_orphans("other") == []
    assert runs.get(run) == before


def test_the_newest_run_comes_first_and_ended_ones_can_be_deleted(runs: Runs) -> None:
    first, second = runs.create({}, "me"), runs.create({}, "me")
    assert [run.id for run in runs.list()] == [second, first]
    with pytest.raises(DataError, match="Cancel it first"):
        runs.delete(first)
    runs.finish(first, RESULT, ARRAYS)
    runs.delete(first)
    assert [run.id for run in runs.list()] == [second]
    for act in (lambda: runs.load(first), lambda: runs.get(first), lambda: runs.cancel(first)):
        with pytest.raises(NotFound):
            act()


def test_kinds_of_runs_are_listed_apart_or_together(runs: Runs) -> None:
    segments, tool = runs.create({}, "me"), runs.create({"run": "x"}, "me", TYPING)
    assert [run.id for run in runs.list()] == [segments]
    assert [(run.id, run.kind) for run in runs.list(TYPING)] == [(tool, TYPING)]
    assert [run.id for run in runs.list(None)] == [tool, segments]
    assert sorted(runs.mark_orphans("other")) == sorted([segments, tool])


def test_runs_of_other_owners_become_failed_with_a_reason(runs: Runs) -> None:
    mine, living, dead = runs.create({}, "me"), runs.create({}, "living"), runs.create({}, "dead")
    assert runs.mark_orphans("me", ["living"]) == [dead]
    assert (runs.get(mine).active, runs.get(living).active) == (True, True)
    assert "server stopped" in runs.get(dead).reason


def test_an_owner_is_alive_until_it_is_gone(tmp_path: Path) -> None:
    owner = Owner(tmp_path)
    assert is_alive(tmp_path, owner.id)
    assert not is_alive(tmp_path, "somebody-else")
    owner.close()
    assert not is_alive(tmp_path, owner.id)
