"""Typing tools from files and for files: made from a table with segments, put to work on a table without."""

import csv
import io
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from data.files import Table, read_table, require_columns
from models.errors import ModelError
from models.features import Answers
from models.golden.tool import TypingTool
from models.golden.tool_io import from_json, to_json
from models.population import Question
from models.progress import Progress, silent
from models.results import Ints
from models.typing_tool import TypingSettings, fit_typing_tool
from survey.analysis.column_specs import Read, parse_spec, questions
from survey.analysis.column_types import as_number, in_words, is_missing
from survey.analysis.typing_columns import golden_answers
from survey.analysis.typing_sheet import workbook
from survey.analysis.typing_survey import golden_survey
from survey.definition import load
from survey.drafts import write_document
from survey.errors import AppError
from survey.report.folder import check_folder, write_folder
from survey.report.writers import plain_cell
from survey.wording import count, interval, percent

SEGMENT, NAME = "segment", "name"

SPAN = 20
"""Whole numbers up to so far apart are one scale, with those between them that nobody gave."""


@dataclass(frozen=True)
class ToolRequest:
    """What to make a tool from. out: where the tool goes.

    segment: column with the segments, in the file itself or in the table `segments` whose rows are those of the file.
    closed: columns as `survey.analysis.column_specs.parse_spec` reads them. survey: what was asked, for its questions.
    """

    path: Path
    out: Path
    segment: str = SEGMENT
    segments: Path | None = None
    closed: tuple[str, ...] = ()
    survey: Path | None = None
    settings: TypingSettings = field(default_factory=TypingSettings)


def tool_settings(most: int, questions: int | None, cost: float | None, items: bool, seed: int) -> TypingSettings:
    """Return checked settings; raises AppError for numbers that make no sense."""
    try:
        return TypingSettings(most=most, questions=questions, cost=cost, items_apart=items, seed=seed)
    except ValueError as problem:
        raise AppError(f"A typing tool cannot be made so: {problem}.") from problem


def make_tool(request: ToolRequest, progress: Progress = silent) -> TypingTool:
    """Make a typing tool from a file, write it, and return it. Raises AppError, DataError and ModelError."""
    _refuse_folder(request.out, "tool.json")
    table = read_table(request.path)
    labels, names = _segments(request, table)
    asked, document = _questions(request, table)
    try:
        tool = fit_typing_tool(
            [question.answers for question in asked],
            labels,
            request.settings,
            titles={question.name: question.title for question in asked},
            names=names,
            progress=progress,
        )
    except ValueError as problem:
        raise AppError(f"No tool can be made from '{table.name}': {problem}.") from problem
    if document is not None:
        tool = replace(tool, survey=golden_survey(tool, document))
    _write(request.out, to_json(tool))
    return tool


def read_tool(path: Path) -> TypingTool:
    """Return the tool in a file; raises AppError when there is none."""
    try:
        return from_json(path.read_text(encoding="utf-8"))
    except OSError as problem:
        raise AppError(f"The tool '{path}' cannot be read ({problem.strerror}); check the path.") from problem
    except (UnicodeDecodeError, ModelError) as problem:
        raise AppError(f"'{path}' is no typing tool of this Samtal; make one with 'typing fit'.") from problem


def write_sheet(path: Path, out: Path) -> None:
    """Write the tool in `path` as a workbook whose formulas classify."""
    _refuse_folder(out, "tool.xlsx")
    if out.suffix.lower() != ".xlsx":
        raise AppError(f"'{out}' must end in .xlsx, so that a spreadsheet opens it.")
    _write(out, workbook(read_tool(path)))


def write_golden_survey(path: Path, out: Path) -> int:
    """Write the golden questions of the tool in `path` as a new survey; returns how many it asks."""
    tool = read_tool(path)
    document = tool.survey or golden_survey(tool)
    write_document(document, out)
    return len(tool.questions)


def type_file(path: Path, tool_path: Path, out: Path, id: str | None = None) -> list[str]:
    """Type everybody in a file, write one line a person, and return what was found as lines to show.

    Columns: row from 0, id when it is named, segment (0 without an answer), name, probability, and the probability of
    every segment. Raises AppError and DataError.
    """
    _refuse_folder(out, "typed.csv")
    tool = read_tool(tool_path)
    table = read_table(path)
    require_columns(table, [id] if id is not None else [])
    answers, notes = golden_answers(tool, table)
    people = len(table.frame)
    labels, confidence, p = tool.classify_all(answers, people)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    shares = [f"probability_{segment}" for segment in tool.segments]
    writer.writerow(["row", *(["id"] if id is not None else []), SEGMENT, NAME, "probability", *shares])
    ids = table.frame[id].tolist() if id is not None else None
    for row, (label, sure) in enumerate(zip(labels.tolist(), confidence.tolist(), strict=True)):
        identity = [ids[row]] if ids is not None else []
        told = [f"{value:.4f}" for value in p[row]]
        writer.writerow([row, *identity, label, plain_cell(tool.name(label)), f"{sure:.4f}", *told])
    _write(out, text.getvalue())
    return [*_found(tool, labels, people), *(f"Note: {note}" for note in (*table.notes, *notes))]


def tool_lines(tool: TypingTool) -> list[str]:
    """Return the tool as lines to show: what each number of questions reaches, what is advised, what to know."""
    lines = [f"Made from {count(tool.people, 'person', 'people')} in {len(tool.segments)} segments."]
    for step in tool.steps:
        mark = "→" if step.questions == len(tool.coders) else " "
        weakest = min(zip(step.recall, tool.segments, strict=True), key=lambda pair: pair[0].value)
        lines.append(
            f"{mark} {step.questions:>2}  {percent(step.accuracy.value):>5} right "
            f"({interval(step.accuracy.low, step.accuracy.high)}), kappa {step.kappa.value:.2f}; hardest: segment "
            f"{weakest[1]}, {percent(weakest[0].value)} right: + {step.added}"
        )
    lines.append(f"Advised: {count(tool.recommended, 'question')}; always the largest segment: {_guess(tool)} right.")
    return [*lines, *(f"Note: {note}" for note in tool.notes)]


def _guess(tool: TypingTool) -> str:
    return percent(max(tool.shares))


def _found(tool: TypingTool, labels: Ints, people: int) -> list[str]:
    lines = [f"{count(people, 'person', 'people')} typed with {count(len(tool.questions), 'golden question')}."]
    for segment, name in zip(tool.segments, tool.names, strict=True):
        lines.append(f"{segment:>4}  {percent(float((labels == segment).mean())):>5}  {name}")
    silent_people = int((labels == 0).sum())
    if silent_people:
        lines.append(f"{count(silent_people, 'person', 'people')} without an answer to any golden question: segment 0.")
    return lines


def _segments(request: ToolRequest, table: Table) -> tuple[Ints, dict[int, str]]:
    """Everybody's segment, 0 for none, and the names of the segments."""
    source = table if request.segments is None else read_table(request.segments)
    if len(source.frame) != len(table.frame):
        raise AppError(
            f"'{source.name}' has {len(source.frame):,} rows and '{table.name}' {len(table.frame):,}: give the table "
            "of segments that was made from this file."
        )
    require_columns(source, [request.segment])
    cells = ["" if is_missing(cell) else cell.strip() for cell in source.frame[request.segment].tolist()]
    numbers = [as_number(cell or "0") for cell in cells]
    if all(number is not None and number >= 0 and number.is_integer() for number in numbers):
        labels = np.array(numbers, dtype=np.int64)
        called = NAME + request.segment.removeprefix(SEGMENT)
        there = request.segment.startswith(SEGMENT) and called in source.frame.columns
        given = [str(cell).strip() for cell in source.frame[called].tolist()] if there else cells
        return labels, {label: name for label, name in zip(labels.tolist(), given, strict=True) if label and there}
    kept = [cell for cell in cells if cell]
    order = sorted(set(kept), key=lambda name: (-kept.count(name), name))
    if len(order) > len(kept) / 2:
        raise AppError(f"'{request.segment}' of '{source.name}' holds {len(order)} different texts: no segments.")
    places = {name: place for place, name in enumerate(order, start=1)}
    return np.array([places.get(cell, 0) for cell in cells], dtype=np.int64), dict(enumerate(order, start=1))


def _questions(request: ToolRequest, table: Table) -> tuple[list[Question], dict | None]:
    """The questions that may be asked, and the survey that some of them come from."""
    found: list[Question] = []
    document = None
    if request.survey is not None:
        from survey.analysis.survey_columns import read_survey_answers

        document, survey = load(request.survey)
        found += [one for one in read_survey_answers(table, survey).population.questions if not one.open]
    specs = [parse_spec(given, table) for given in request.closed]
    found += [replace(read.question, answers=_asked_again(read)) for read in questions(specs, table, {})]
    if not found:
        raise AppError("Name the columns that may be asked with --closed, or the survey with --survey.")
    names = [question.name for question in found]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise AppError(f"Two questions are called '{twice}': leave one out.")
    if request.segments is None and request.segment in names:
        raise AppError(f"'{request.segment}' holds the segments, so it cannot be asked: leave it out of --closed.")
    return found, document


def _asked_again(read: Read) -> Answers:
    """The answers to a question as they can be given by people who are not in the table."""
    answers = read.question.answers
    return _filled(in_words(answers, read.cells) if read.cells else answers)


def _filled(answers: Answers) -> Answers:
    """The answers with a scale that holds every whole number between the lowest and the highest mark."""
    marks = answers.options if answers.kind == "ordinal" else ()
    if not marks or not all(isinstance(mark, int) for mark in marks) or max(marks) - min(marks) > SPAN:
        return answers
    return replace(answers, options=tuple(range(min(marks), max(marks) + 1)))


def _refuse_folder(out: Path, example: str) -> None:
    if out.is_dir():
        raise AppError(f"'{out}' is a folder; name a file, for example {example}.")
    check_folder(out.absolute().parent)


def _write(out: Path, content: str | bytes) -> None:
    write_folder(out.absolute().parent, {out.name: content})
