"""Typing tools as a researcher meets them: what can be asked, a tool being made, what it is worth, who is typed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from data.runs import TYPING, RunRow
from data.studies import StudyFile
from models.golden.tool import TypingTool
from models.golden.tool_io import from_json, to_json
from models.solution import Solution
from survey.analysis.population import is_left_out
from survey.analysis.recipes import Order, Recipe
from survey.analysis.stored_bases import unpack_bases
from survey.analysis.typing_study import keep_tool, material, typed_people
from survey.analysis.typing_survey import golden_survey, reads
from survey.definition import Survey, parse
from survey.errors import AppError

JOB = "models.work.jobs:typing_tool"
MOST_QUESTIONS = 20
DEARLY = 0.2
DEFAULTS: Mapping[str, Any] = {"questions": None, "cost": None, "items_apart": False, "describing": False}


@dataclass(frozen=True)
class Golden:
    """The golden questions of one basis of a finished run as a page shows them.

    forming, describing: titles by name of the closed questions that formed the segments, and of all others. batteries:
    whether tables of statements are among them, which can be asked statement by statement. tool: the one that the study
    uses on this basis when it was made from this run, else None; made: when. other: the run that the tool in use was
    made from instead, "" when that is deleted, None when there is no such tool. runs: attempts on this run and basis,
    newest first.
    """

    run: RunRow
    solution: Solution
    titles: Mapping[str, str]
    forming: Mapping[str, str]
    describing: Mapping[str, str]
    batteries: bool
    tool: TypingTool | None
    made: datetime | None
    other: str | None
    runs: tuple[RunRow, ...]

    @property
    def failed(self) -> RunRow | None:
        """The newest attempt, when it came to nothing."""
        newest = next(iter(self.runs), None)
        return newest if newest is not None and newest.status == "failed" else None


@dataclass(frozen=True)
class Typed:
    """Where the golden questions put the respondents of a study.

    counts: people by segment. nowhere: answered no golden question.
    """

    basis: str
    tool: TypingTool
    counts: Mapping[int, int]
    nowhere: int


def golden(file: StudyFile, run_id: str, basis: str) -> Golden:
    """Return the golden questions of a finished run on a basis; raises NotFound, and AppError without such a basis."""
    found = unpack_bases(*file.runs.load(run_id))
    solution = _on(found.solutions.solutions, basis)
    survey = parse(file.survey()[1])
    closed = askable(survey)
    kept = next((row for row in file.typing_tools.list() if row.basis == basis), None)
    mine = kept is not None and kept.run == run_id
    return Golden(
        file.runs.get(run_id),
        solution,
        found.titles,
        {name: title for name, title in closed.items() if name in solution.questions},
        {name: title for name, title in closed.items() if name not in solution.questions},
        any(question.name in closed and question.encoder == "battery" for question in survey.questions),
        from_json(kept.tool) if kept is not None and mine else None,
        kept.made if kept is not None and mine else None,
        (kept.run or "") if kept is not None and not mine else None,
        tuple(
            row
            for row in file.runs.list(TYPING)
            if (row.settings.get("run"), row.settings.get("basis")) == (run_id, basis)
        ),
    )


def askable(survey: Survey) -> dict[str, str]:
    """Return titles by name of the questions of a survey that a typing tool can ask."""
    return {
        question.name: question.title.text(survey.locale)
        for question in survey.questions
        if question.asks and reads(question) and not is_left_out(question)
    }


def tool_order(file: StudyFile, run_id: str, basis: str, settings: Mapping[str, Any]) -> Order:
    """Return what makes the typing tool of a basis of a finished run, in place of an earlier one.

    settings: `questions` (how many to ask, None for as many as are advised), `cost` (accuracy, 0-0.2, that one more
    must add to be advised; None for any that chance cannot explain), `items_apart` (items of a battery count as
    questions of their own) and `describing` (other closed questions than those that formed the segments may be asked).
    Raises NotFound, and AppError when there is nothing to tell apart or nothing to ask.
    """
    wanted = _checked(settings)
    found = golden(file, run_id, basis)
    if found.solution.k < 2:
        raise AppError(
            "There are no segments here that golden questions could tell apart.", "Make a result with two or more."
        )
    if not found.forming and not wanted["describing"]:
        raise AppError(
            "These segments come from open answers only, which golden questions cannot ask.",
            "Let the other closed questions of the survey be asked as well, or add one.",
        )
    told = {name: wanted[name] for name in ("questions", "cost", "items_apart")}

    def recipe(later: StudyFile) -> Recipe:
        made = material(later, run_id, basis, wanted["describing"])
        return Recipe(
            frozenset(),
            lambda _embedder, _weights, _known: (made.questions, made.labels, told, made.titles, made.names),
            lambda tool: ({"questions": list(tool.questions)}, {}),
            lambda later, tool: keep_tool(later, basis, tool, run_id),
        )

    return Order(TYPING, {"run": run_id, "basis": basis, **wanted}, JOB, recipe)


def asking(tool: TypingTool, document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the survey that asks the golden questions of a tool; document: of the study it was made in."""
    return tool.survey or golden_survey(tool, document)


def _workbook(tool: TypingTool) -> bytes:
    from survey.analysis.typing_sheet import workbook

    return workbook(tool)


TOOL_FILES: Mapping[str, Callable[[TypingTool], bytes]] = {
    "tool.xlsx": _workbook,
    "tool.json": lambda tool: to_json(tool).encode(),
}
"""File name and what makes its content."""


def typed(file: StudyFile) -> tuple[Typed, ...]:
    """Return where tools that were made elsewhere put the respondents of a study, one entry a tool."""
    rows = [row for row in file.typing_tools.list() if row.run is None]
    if not rows:
        return ()
    places = typed_people(file, [row.id for row in file.responses.all()])
    found = []
    for row in rows:
        tool, segments = from_json(row.tool), [one.segment for one in places[row.basis].values()]
        counts = {segment: segments.count(segment) for segment in tool.segments}
        found.append(Typed(row.basis, tool, counts, segments.count(0)))
    return tuple(found)


def _on(solutions: tuple[Solution, ...], basis: str) -> Solution:
    for solution in solutions:
        if solution.basis == basis:
            return solution
    raise AppError(f"This result has no segments on the basis '{basis}'.", "Choose one of the result's bases.")


def _checked(settings: Mapping[str, Any]) -> dict[str, Any]:
    unknown = sorted(settings.keys() - DEFAULTS.keys())
    if unknown:
        raise AppError(f"Golden questions have no setting '{unknown[0]}'.", f"Use {', '.join(DEFAULTS)}.")
    wanted = {**DEFAULTS, **settings}
    number = wanted["questions"]
    if number is not None and (not isinstance(number, int) or not 1 <= number <= MOST_QUESTIONS):
        raise AppError(f"Golden questions are 1 to {MOST_QUESTIONS}, or as many as are advised, got {number!r}.")
    cost = wanted["cost"]
    if cost is not None and (not isinstance(cost, int | float) or not 0 <= cost <= DEARLY):
        raise AppError(f"What one more question must add is between 0 and {DEARLY}, got {cost!r}.")
    return {**wanted, "items_apart": bool(wanted["items_apart"]), "describing": bool(wanted["describing"])}
