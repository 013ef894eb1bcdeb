"""The answers of a study as a table for people: one row per response, each question in columns of its own form."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from data.responses import Responses
from data.studies import StudyFile
from survey.conversation.versions import survey_versions
from survey.definition import Survey

if TYPE_CHECKING:
    import pandas as pd

ABOUT = ("response", "language", "status", "started", "finished", "ending")


def frame(
    survey: Survey, responses: Responses, until: int | None = None, older: Mapping[int, Survey] | None = None
) -> "pd.DataFrame":
    """Return one row per response, in the order they were started.

    Columns: response, language, status (partial, complete, screened, full), started, finished, ending; one
    "known.<name>" per descriptor; then the columns of each question (its name, or "name.row" and the like), in the
    order of the survey, and after an open question its probes as "name.turn.1", … with "name.turn.1.level" where the
    interviewer told a level, that of the first answer as "name.level". What is missing, or does not count, is None.
    until: as in Responses.frame. older: the surveys of other versions by number; a response is read by its own.
    """
    import pandas as pd

    rows = responses.all()
    surveys = {row.id: (older or {}).get(row.survey_version, survey) for row in rows}
    cells: dict[str, dict[str, Any]] = {row.id: {} for row in rows}
    found: dict[str, None] = {}
    for response, name, turn, value, detail in responses.standing(until):
        told = _cells(surveys[response], name, turn, value, detail)
        cells[response].update(told)
        found.update(dict.fromkeys(told))
    about = [(row.id, row.language, row.status, row.started, row.finished, row.ending) for row in rows]
    known = dict.fromkeys(name for row in rows for name in row.descriptors)
    columns = {f"known.{name}": [row.descriptors.get(name) for row in rows] for name in known}
    columns |= {name: [cells[row.id].get(name) for row in rows] for name in _ordered(survey, found)}
    table = pd.DataFrame(about, columns=list(ABOUT), dtype=object)
    for moment in ("started", "finished"):
        table[moment] = pd.to_datetime(table[moment], utc=True)
    answers = pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in columns.items()})
    return pd.concat([table, answers], axis=1)


def study_frame(file: StudyFile, until: int | None = None) -> "pd.DataFrame":
    """Return the answers of a study file as in `frame`, each response read by the survey version it was asked with."""
    newest, surveys = survey_versions(file)
    return frame(surveys[newest], file.responses, until, surveys)


def _cells(survey: Survey, name: str, turn: int, value: Any, detail: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the cells of one answer by column."""
    question = survey.question(name)
    told = {f"{name}.turn.{turn}": value} if turn else question.columns(value) if question else {name: value}
    level = ((detail or {}).get("follow") or {}).get("level")
    if level is None:
        return told
    return {**told, f"{name}.turn.{turn}.level" if turn else f"{name}.level": level}


def _ordered(survey: Survey, found: Iterable[str]) -> list[str]:
    """Return all columns in the order of the survey, those of questions that it no longer has at the end."""
    rest = list(found)
    ordered: dict[str, None] = {}
    for question in survey.questions:
        probes = sorted(place for column in rest if (place := _probed(question.name, column)))
        ordered |= dict.fromkeys((*question.columns(None), *(column for _turn, _level, column in probes)))
    return [*ordered, *(column for column in rest if column not in ordered)]


def _probed(name: str, column: str) -> tuple[int, bool, str] | None:
    """Return the turn of a column that a question's probes fill, and whether it holds a level; None for any other."""
    if column == f"{name}.level":
        return 0, True, column
    turn, _, more = column.removeprefix(f"{name}.turn.").partition(".")
    is_probe = column.startswith(f"{name}.turn.") and turn.isdigit() and more in ("", "level")
    return (int(turn), more == "level", column) if is_probe else None
