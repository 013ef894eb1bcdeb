"""A table of new people's answers as a typing tool reads them, column by column; cells it cannot read count as none."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from data.files import Table
from data.files.columns import listed
from models.golden.coders import Golden
from models.golden.tool import TypingTool
from survey.analysis.column_choices import picker
from survey.analysis.column_numbers import even_numbers
from survey.analysis.column_specs import MARKED, item_of
from survey.analysis.column_types import NO, YES, as_number, day_of, is_missing
from survey.analysis.survey_columns import read_survey_answers
from survey.analysis.typing_survey import survey_name
from survey.definition import parse
from survey.errors import AppError
from survey.wording import count

Cells = Sequence[str]
Columns = Mapping[str, Cells]


class _Unreadable(Exception):
    """A cell that is no answer to its question."""


def golden_answers(tool: TypingTool, table: Table) -> tuple[dict[str, Sequence[Any]], list[str]]:
    """Return everybody's answers by golden question, and what could not be read, one sentence each.

    Questions that come from a survey are read as its answer files hold them, all others as they were in the table that
    the tool was made from. Raises AppError when no golden question is in the table.
    """
    found: dict[str, Sequence[Any]] = {}
    notes: list[str] = []
    survey = parse(tool.survey) if tool.survey is not None else None
    if survey is not None:
        told = read_survey_answers(table, survey)
        found = {question.name: question.answers.values for question in told.population.questions}
        notes += told.notes
    names = [str(column) for column in table.frame.columns]
    own = [name for name in tool.questions if survey is None or survey.question(name) is None]
    missing = []
    for name in own:
        parts = [one for one in tool.coders if one.name == name]
        columns = _columns(parts, names)
        if not columns:
            missing.append(name)
            continue
        evened = even_numbers if parts[0].kind in MARKED else list
        values, refused = _read(parts[0], {part: evened(table.frame[at].tolist()) for part, at in columns.items()})
        found[name] = values
        if refused:
            cell = refused.most_common(1)[0][0]
            all_of_them = count(refused.total(), "cell")
            notes.append(f"{all_of_them} of '{name}' are no answers that the tool knows, for example '{cell}'.")
    if missing and len(missing) == len(tool.questions):
        raise AppError(
            f"'{table.name}' has no column for the golden questions {listed(missing)}: columns must be named as in the "
            "table that the tool was made from."
        )
    notes += [f"There is no column for '{name}'; it counts as not answered." for name in missing]
    return found, notes


def _columns(parts: Sequence[Golden], names: Sequence[str]) -> dict[str, str]:
    """The columns of a question by part, "" for a question that stands in one."""
    one = parts[0]
    called = next((name for name in (one.name, survey_name(one.name)) if name in names), None)
    if called is not None and not one.part and one.kind not in SEVERAL:
        return {"": called}
    wanted = [part.part for part in parts] if one.part else list(one.scheme.items or map(str, one.scheme.options))
    heads = [head for head in (one.name, survey_name(one.name)) if head]
    found = {
        item: name
        for item in wanted
        for name in names
        if any(item_of(name, head) == item and (name.startswith(head) or one.name.endswith("…")) for head in heads)
    }
    return found or ({"": called} if called is not None and one.kind == "multi" else {})


def _read(one: Golden, columns: Columns) -> tuple[list[Any], Counter[str]]:
    refused: Counter[str] = Counter()
    cell = _of_marks(one.scheme.options) if one.part or one.kind in ("ordinal", "battery") else CELLS.get(one.kind)
    if "" in columns:
        cells = columns[""]
        read = picker(_filled(cells), one.scheme.options) if one.kind == "multi" else cell or _text
        return [_tried(read, given, refused) for given in cells], refused
    read = _yes if one.kind == "multi" else cell or _number
    by_item = {item: [_tried(read, given, refused) for given in cells] for item, cells in columns.items()}
    people = len(next(iter(by_item.values())))
    rows = [{item: values[row] for item, values in by_item.items()} for row in range(people)]
    return [JOINED.get(one.kind, _marks)(row) for row in rows], refused


def _tried(read: Callable[[str], Any], cell: str, refused: Counter[str]) -> Any:
    if is_missing(cell):
        return None
    try:
        return read(cell.strip())
    except _Unreadable:
        refused[cell.strip()[:40]] += 1
        return None


def _filled(cells: Cells) -> list[str]:
    return [cell.strip() for cell in cells if not is_missing(cell)]


def _text(cell: str) -> str:
    return cell


def _number(cell: str) -> float:
    number = as_number(cell)
    if number is None:
        raise _Unreadable(cell)
    return number


def _yes(cell: str) -> bool:
    small = cell.casefold()
    if small not in YES | NO:
        raise _Unreadable(cell)
    return small in YES


def _day(cell: str) -> str:
    day = day_of(cell)
    if day is None:
        raise _Unreadable(cell)
    return day


def _of_marks(options: Sequence[Any]) -> Callable[[str], Any]:
    """What reads a mark: one of the options as it is written, or a number."""
    written = {str(option).casefold(): option for option in options}

    def read(cell: str) -> Any:
        if cell.casefold() in written:
            return written[cell.casefold()]
        number = _number(cell)
        if options and number not in options:
            raise _Unreadable(cell)
        return number

    return read


def _marks(row: Mapping[str, Any]) -> dict[str, Any] | None:
    said = {item: value for item, value in row.items() if value is not None}
    return said or None


def _chosen(row: Mapping[str, Any]) -> list[str] | None:
    return None if _marks(row) is None else [item for item, picked in row.items() if picked]


def _ranked(row: Mapping[str, Any]) -> list[str] | None:
    said = _marks(row) or {}
    return sorted(said, key=lambda item: said[item]) or None


CELLS: Mapping[str, Callable[[str], Any]] = {"nominal": _text, "binary": _yes, "number": _number, "date": _day}
"""Kinds that stand in one column, and what reads a cell of it; scales are read by their marks."""

SEVERAL = ("battery", "ranking", "shares", "bestworst", "multi")
"""Kinds that stand in several columns."""

JOINED: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {"multi": _chosen, "ranking": _ranked}
"""From what one person has in the columns of a question to the answer; batteries and points are kept by item."""
