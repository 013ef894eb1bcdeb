"""Tracking as a researcher meets it: what a result can be compared with, and what a comparison found."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from data.responses import FULL, SCREENED
from data.runs import TRACKING, RunRow
from data.studies import StudyFile
from models.results import Ints
from models.solution import Solution
from models.tracking.waves import open_texts
from survey.analysis.recipes import Order, Recipe
from survey.analysis.stored_bases import unpack_bases
from survey.analysis.tracking import Pair, called, pair_of_runs, pair_since
from survey.errors import AppError

JOB = "models.work.jobs:compare_waves"
SINCE = ""
"""Stands for those who answered since the run, where the other run would be named."""


@dataclass(frozen=True)
class Kept:
    """One segment of the earlier run, or one that is new in the later run.

    number: from now on, that of the earlier run where it was there. then: its share of the earlier run's people; typed:
    share of the later people who would be put there; both None for a new one. later, name_later, now: the segment of
    the later run that it is, and its share; 0, "" and None when there is none. overlap: share of people that the two
    have in common, of those in either.
    """

    number: int
    name: str
    then: float | None
    typed: float | None
    later: int
    name_later: str
    now: float | None
    overlap: float


@dataclass(frozen=True)
class Moved:
    """How far something has moved: population stability index, and keep, watch or act."""

    name: str
    index: float
    level: str


@dataclass(frozen=True)
class Comparison:
    """What a comparison found; levels are keep, watch or act. people: of both waves; shared: in both.

    segmented: whether the later people have segments of their own; numbers: these by the number they get from now on.
    agreement: of these with the earlier segments, as adjusted Rand index; expected: without any change. kernel_p: of
    the test whether the answers are the same people's.
    """

    level: str
    advice: str
    reasons: tuple[str, ...]
    segments: tuple[Kept, ...]
    sizes: Moved
    answers: tuple[Moved, ...]
    people: tuple[int, int]
    shared: int
    segmented: bool
    numbers: Mapping[int, int]
    agreement: float | None
    expected: float
    kernel_p: float
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Tracking:
    """What a finished run can be compared with on a basis, and the comparisons there are.

    others: finished runs on this basis, newest first. since: people who answered after the run. runs: comparisons of
    this run on this basis, newest first.
    """

    run: RunRow
    solution: Solution
    others: tuple[RunRow, ...]
    since: int
    runs: tuple[RunRow, ...]

    def order(self, other: str) -> tuple[str, str]:
        """Return the ids of the earlier run and the later one; SINCE for those who answered since this run."""
        created = {run.id: run.created for run in (self.run, *self.others)}
        if other != SINCE and created[other] < self.run.created:
            return other, self.run.id
        return self.run.id, other

    def newest(self, other: str) -> RunRow | None:
        """Return the newest comparison with another run or with SINCE, whatever became of it."""
        wanted = self.order(other)
        return next((run for run in self.runs if _pair(run) == wanted), None)

    def newest_done(self, other: str) -> RunRow | None:
        """Return the newest finished comparison with another run or with SINCE."""
        wanted = self.order(other)
        return next((run for run in self.runs if _pair(run) == wanted and run.status == "done"), None)


def tracking(file: StudyFile, run_id: str, basis: str) -> Tracking:
    """Return what a finished run can be compared with; raises NotFound, and AppError without such a basis."""
    run = file.runs.get(run_id)
    found = unpack_bases(*file.runs.load(run_id))
    solution = next((one for one in found.solutions.solutions if one.basis == basis), None)
    if solution is None:
        raise AppError(f"This result has no segments on the basis '{basis}'.", "Choose one of the result's bases.")
    known = set(found.responses)
    return Tracking(
        run,
        solution,
        tuple(
            other
            for other in file.runs.list()
            if other.status == "done" and other.id != run_id and basis in other.settings.get("bases", ())
        ),
        sum(row.id not in known for row in file.responses.all() if row.status not in (SCREENED, FULL)),
        tuple(row for row in file.runs.list(TRACKING) if row.settings["basis"] == basis and run_id in _pair(row)),
    )


def comparison_order(file: StudyFile, earlier: str, later: str, basis: str) -> Order:
    """Return what compares two finished runs on a basis; later: SINCE for those who answered after the earlier one.

    Raises NotFound, and AppError when a run has no such basis, or nobody has answered since.
    """
    found = tracking(file, earlier, basis)
    if found.solution.k < 1:
        raise AppError("Nobody has a segment in this result, so there is nothing to compare.")
    if later == SINCE and not found.since:
        raise AppError("Nobody has answered since this result was made.", "Compare again when some have.")
    if later != SINCE:
        tracking(file, later, basis)

    def recipe(later_file: StudyFile) -> Recipe:
        pair = _pair_of(later_file, earlier, later, basis)
        return Recipe(
            frozenset(open_texts((pair.before, pair.after))),
            lambda embedder, weights, known: (pair.before, pair.after, embedder, weights, known),
            lambda drift: ({"drift": drift, **_around(pair)}, {}),
        )

    return Order(TRACKING, {"basis": basis, "earlier": earlier, "later": later}, JOB, recipe)


def comparison(document: Mapping[str, Any]) -> Comparison:
    """Return what a finished comparison found, from its stored result."""
    drift = document["drift"]
    return Comparison(
        drift["level"],
        drift["advice"],
        tuple(drift["reasons"]),
        _segments(document),
        _moved(drift["sizes"]),
        tuple(map(_moved, drift["answers"])),
        (document["people"][0], document["people"][1]),
        drift["shared"],
        document["now"] is not None,
        {int(later): number for later, number in drift["numbers"].items()},
        drift["agreement"],
        drift["expected"],
        drift["kernel"]["p"],
        tuple(drift["notes"]),
    )


def _pair(run: RunRow) -> tuple[str, str]:
    return run.settings["earlier"], run.settings["later"]


def _pair_of(file: StudyFile, earlier: str, later: str, basis: str) -> Pair:
    if later != SINCE:
        return pair_of_runs(file, earlier, later, basis)
    pair = pair_since(file, earlier, basis)
    if pair is None:
        raise AppError("Nobody has answered since this result was made.", "Compare again when some have.")
    return pair


def _around(pair: Pair) -> dict[str, Any]:
    """What is stored beside the numbers: who the segments are, how large, and how many people were compared."""
    return {
        "people": [len(pair.before), len(pair.after)],
        "then": _side(pair.then, pair.before.labels),
        "now": None if pair.now is None else _side(pair.now, pair.after.labels),
    }


def _side(solution: Solution, labels: Ints | None) -> list[dict[str, Any]]:
    names = called(solution)
    numbers, sizes = np.unique(np.asarray(labels), return_counts=True)
    there = [(number, size) for number, size in zip(numbers.tolist(), sizes.tolist(), strict=True) if number]
    total = sum(size for _, size in there)
    return [
        {"number": number, "name": names.get(number, f"Segment {number}"), "share": size / total}
        for number, size in there
    ]


def _segments(document: Mapping[str, Any]) -> tuple[Kept, ...]:
    drift, then = document["drift"], {one["number"]: one for one in document["then"]}
    now = {one["number"]: one for one in document["now"] or ()}
    typed = dict(zip(sorted(then), drift["sizes"]["after"], strict=True))
    matches = drift["matches"] or [{"before": number, "after": 0, "overlap": 0.0} for number in then]
    return tuple(
        Kept(
            match["before"] or drift["numbers"][str(match["after"])],
            then[match["before"]]["name"] if match["before"] else now[match["after"]]["name"],
            then[match["before"]]["share"] if match["before"] else None,
            typed.get(match["before"]),
            match["after"],
            now[match["after"]]["name"] if match["after"] else "",
            now[match["after"]]["share"] if match["after"] else None,
            match["overlap"],
        )
        for match in matches
    )


def _moved(plain: Mapping[str, Any]) -> Moved:
    return Moved(plain["name"], plain["index"], plain["level"])
