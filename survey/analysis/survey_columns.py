"""A table of answers read with the survey they were given to: columns as survey/conversation/export.py writes them."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from data.files import Table
from data.responses import FULL, SCREENED, ResponseRow
from models.population import Population, Question
from survey.analysis.column_types import YES, read_cells
from survey.analysis.population import forms, population
from survey.definition import Question as Asked
from survey.definition import Survey
from survey.definition.base import ReplyRejected
from survey.definition.kinds.choices import OTHER
from survey.errors import AppError
from survey.wording import count

TURN, LEVEL, SETS, KNOWN = ".turn.", ".level", "sets", "known."
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)

Row = Mapping[str, str]


@dataclass(frozen=True)
class SurveyAnswers:
    """The people of a file. notes: what could not be read, one sentence each. columns: those that were read."""

    population: Population
    notes: tuple[str, ...]
    columns: frozenset[str]


def read_survey_answers(table: Table, survey: Survey) -> SurveyAnswers:
    """Return everybody's answers in a table, one person a row, named, typed and labelled by the survey.

    Cells that a question cannot take are left out and counted in the notes. People who were screened out, or came to
    a full quota cell, hold no answers. Raises AppError when no column belongs to the survey.
    """
    names = [str(column) for column in table.frame.columns]
    asked = [question for question in survey.questions if question.encoder != "none" or question.kind == "expression"]
    there = [question for question in asked if _columns_of(question, names)]
    if not there:
        raise AppError(
            f"No column of '{table.name}' belongs to the survey: columns are named as questions are, '{asked[0].name}'."
            if asked
            else "The survey asks nothing."
        )
    cells = zip(*(table.frame[name].tolist() for name in names), strict=True)
    records: list[Row] = [dict(zip(names, row, strict=True)) for row in cells]
    rows = [_response(at, record, names, survey.locale) for at, record in enumerate(records)]
    refused: dict[str, int] = {}
    standing = [
        (row.id, question.name, turn, value, detail)
        for row, record in zip(rows, records, strict=True)
        if row.status not in (SCREENED, FULL)
        for question in there
        for turn, value, detail in _said(question, record, names, refused)
    ]
    found = population({1: survey}, rows, standing)
    scored = _scores(there, table, names, survey.locale)
    made = replace(found.population, questions=(*found.population.questions, *scored))
    used = frozenset(column for question in there for column in _columns_of(question, names))
    return SurveyAnswers(made, (*_notes(asked, there, refused, rows), *found.notes), used)


def _columns_of(question: Asked, names: Sequence[str]) -> list[str]:
    """Return the columns of a table that hold a question's answers, its probes among them."""
    own = set(question.columns(None)) | {question.name}
    return [name for name in names if name in own or name.startswith(f"{question.name}{TURN}")]


def _response(at: int, record: Row, names: Sequence[str], locale: str) -> ResponseRow:
    known = {name.removeprefix(KNOWN): record[name] for name in names if name.startswith(KNOWN) and record[name]}
    status = record.get("status", "").strip() or "complete"
    language = record.get("language", "").strip() or locale
    return ResponseRow(f"{at:09d}", 1, language, status, LONG_AGO, None, 0, known)


def _said(
    question: Asked, record: Row, names: Sequence[str], refused: dict[str, int]
) -> Iterator[tuple[int, Any, dict[str, Any] | None]]:
    """Yield turn, value and detail of all that one person said to a question."""
    if not any(not is_blank_cell(record.get(name, "")) for name in _columns_of(question, names)):
        return
    try:
        value = READERS.get(question.encoder, _one)(question, record)
    except (ReplyRejected, ValueError):
        refused[question.name] = refused.get(question.name, 0) + 1
        return
    if value is None:
        return
    yield 0, value, _level(record.get(f"{question.name}{LEVEL}", ""))
    if question.encoder != "text":
        return
    for name in names:
        turn = name.removeprefix(f"{question.name}{TURN}")
        if turn != name and turn.isdigit() and not is_blank_cell(record[name]):
            yield int(turn), record[name].strip(), _level(record.get(f"{name}{LEVEL}", ""))


def is_blank_cell(cell: str) -> bool:
    """Return whether a cell holds nothing."""
    return not cell.strip()


def _level(cell: str) -> dict[str, Any] | None:
    return {"follow": {"level": cell.strip()}} if cell.strip() else None


def _one(question: Asked, record: Row) -> Any:
    cell = record.get(question.name, "").strip()
    if not cell:
        return None
    own = record.get(f"{question.name}.{OTHER}", "").strip()
    if own and cell == OTHER:
        return {OTHER: own}
    if question.kind == "expression":
        return cell
    return question.read(cell)


def _several(question: Asked, record: Row) -> Any:
    own = record.get(f"{question.name}.{OTHER}", "").strip()
    cell = record.get(question.name, "").strip()
    named = {value: record.get(f"{question.name}.{value}", "").strip() for value in question.values}
    if any(named.values()):
        picked = [value for value, mark in named.items() if mark.casefold() in YES]
    elif cell:
        picked = [part.strip() for part in cell.split(";") if part.strip()]
    else:
        picked = []
    entries: list[Any] = [value for value in picked if value != OTHER or not own]
    return question.read([*entries, *([{OTHER: own}] if own else [])]) if entries or own else None


def _parts(question: Asked, record: Row) -> Any:
    given = {str(value): record.get(f"{question.name}.{value}", "").strip() for value in question.values}
    return {part: cell for part, cell in given.items() if cell} or None


def _battery(question: Asked, record: Row) -> Any:
    given = _parts(question, record)
    return question.read(given) if given else None


def _points(question: Asked, record: Row) -> Any:
    given = _parts(question, record)
    return {part: float(cell.replace(",", ".")) for part, cell in given.items()} if given else None


def _places(question: Asked, record: Row) -> Any:
    places = {value: record.get(f"{question.name}.{value}", "").strip() for value in question.values}
    given = {value: float(cell) for value, cell in places.items() if cell}
    return sorted(given, key=lambda value: given[value]) or None


def _sets(question: Asked, record: Row) -> Any:
    cell = record.get(f"{question.name}.{SETS}", "").strip()
    return json.loads(cell) if cell else None


READERS: Mapping[str, Callable[[Asked, Row], Any]] = {
    "multi": _several,
    "battery": _battery,
    "shares": _points,
    "ranking": _places,
    "bestworst": _sets,
}
"""Encoder to what reads one person's answer from the columns; all others stand in one column."""


def _scores(asked: Sequence[Asked], table: Table, names: Sequence[str], language: str) -> list[Question]:
    """Return best–worst questions whose sets are not in the table by their scores, one an item."""
    found = []
    for question in asked:
        columns = {value: f"{question.name}.{value}" for value in question.values}
        if (
            question.encoder != "bestworst"
            or f"{question.name}.{SETS}" in names
            or not set(columns.values()) <= {*names}
        ):
            continue
        cells = {question.label(value, language): table.frame[column].tolist() for value, column in columns.items()}
        answers = read_cells(question.name, "bestworst", cells)
        found.append(Question(question.title.text(language), answers, forms(question)))
    return found


def _notes(
    asked: Sequence[Asked], there: Sequence[Asked], refused: Mapping[str, int], rows: Sequence[ResponseRow]
) -> list[str]:
    absent = [f"'{question.name}'" for question in asked if question not in there]
    notes = [f"The file has no column for {', '.join(absent)}."] if absent else []
    notes += [
        f"{count(number, 'cell')} of '{name}' {'is' if number == 1 else 'are'} no answer that the question can take, "
        f"and {'counts' if number == 1 else 'count'} as missing."
        for name, number in refused.items()
    ]
    if gone := sum(row.status in (SCREENED, FULL) for row in rows):
        notes.append(f"{count(gone, 'person', 'people')} who were screened out hold no answers.")
    return notes
