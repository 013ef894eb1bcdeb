"""All answers of one study that count, as they stand now or stood at some moment."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlite_utils import Database

if TYPE_CHECKING:
    import pandas as pd

ABOUT = ("response", "language", "status", "started", "finished")
Standing = tuple[str, str, int, Any, Mapping[str, Any] | None]
"""Response, question, turn, value and detail of one answer."""


def standing(db: Database, until: int | None = None) -> list[Standing]:
    """Return the latest revision of every answer that counts, first given first.

    What was marked as inactive does not count. until: an id of an answer; the answers as they stood with it.
    """
    rows = db.execute(
        "SELECT response_id, question, turn, value, detail FROM answers a JOIN ("
        "  SELECT min(id) AS first, max(id) AS last FROM answers WHERE :until IS NULL OR id <= :until"
        "  GROUP BY response_id, question, turn"
        ") k ON a.id = k.last WHERE NOT EXISTS (SELECT 1 FROM inactive i WHERE i.response_id = a.response_id"
        "  AND i.question = a.question AND i.turn = a.turn AND (i.till IS NULL OR i.till > :until)"
        "  AND (:until IS NULL OR i.since <= :until)) ORDER BY k.first",
        {"until": until},
    )
    return [(*row[:3], json.loads(row[3]), json.loads(row[4]) if row[4] else None) for row in rows]


def moments(db: Database) -> list[tuple[str, str, int, datetime]]:
    """Return response, question, turn and time of all that was ever stored, in order: also parts and changes."""
    rows = db.execute("SELECT response_id, question, turn, at FROM answers ORDER BY id")
    return [(*row[:3], datetime.fromisoformat(row[3])) for row in rows]


def frame(db: Database, until: int | None = None) -> "pd.DataFrame":
    """Return one row per response, in the order they were started, with the latest answers that count.

    Columns: response, language, status, started, finished, then one per question in first-answered order; a probe
    (turn 1, 2, …) has the column "question.turn". Missing answers are None. until: as in `standing`.
    """
    import pandas as pd

    rows = db.execute("SELECT id, language, status, started, finished FROM responses ORDER BY started, rowid")
    table = pd.DataFrame(rows.fetchall(), columns=list(ABOUT))
    for column in ("started", "finished"):
        table[column] = pd.to_datetime(table[column], format="ISO8601", utc=True)
    columns: dict[str, dict[str, Any]] = {}
    for response, question, turn, value, _detail in standing(db, until):
        columns.setdefault(f"{question}.{turn}" if turn else question, {})[response] = value
    for name, values in columns.items():
        table[name] = pd.Series([values.get(response) for response in table["response"]], dtype=object)
    return table
