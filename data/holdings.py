"""Everything that a study file holds of one respondent, to be shown to that person and to be deleted."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from data.db import stamp, transaction


@dataclass(frozen=True)
class ConsentRow:
    """What somebody agreed to: the version of the text, the language it was read in, and when."""

    text_version: str
    language: str
    at: datetime


@dataclass(frozen=True)
class RevisionRow:
    """One revision of one answer, as it was stored: `detail` is what was noted with it."""

    question: str
    turn: int
    revision: int
    value: Any
    at: datetime
    detail: Any


class Holdings:
    """What one study file holds of its respondents."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def consents(self, response_id: str) -> list[ConsentRow]:
        """Return what a respondent agreed to, oldest first."""
        rows = self.db.execute(
            "SELECT text_version, language, at FROM consents WHERE response_id = ? ORDER BY id", [response_id]
        )
        return [ConsentRow(version, language, datetime.fromisoformat(at)) for version, language, at in rows]

    def history(self, response_id: str) -> list[RevisionRow]:
        """Return every revision of every answer, in the order in which they were given."""
        rows = self.db.execute(
            "SELECT question, turn, revision, value, at, detail FROM answers WHERE response_id = ? ORDER BY id",
            [response_id],
        )
        return [
            RevisionRow(
                question, turn, revision, json.loads(value), datetime.fromisoformat(at), detail and json.loads(detail)
            )
            for question, turn, revision, value, at, detail in rows
        ]

    def invited(self, response_id: str) -> bool:
        """Return whether a personal invitation began the response."""
        return bool(self.db.execute("SELECT 1 FROM invitations WHERE response_id = ?", [response_id]).fetchone())

    def started_by(self, moment: datetime) -> list[str]:
        """Return the ids of the responses that were started at this moment or before."""
        rows = self.db.execute("SELECT id FROM responses WHERE started <= ?", [stamp(moment)])
        return [row[0] for row in rows]

    def existing(self) -> set[str]:
        """Return the ids of all responses there are."""
        return {row[0] for row in self.db.execute("SELECT id FROM responses")}

    def values(self) -> Iterator[Any]:
        """Yield what was answered, every revision of every response there is, the newest first."""
        yield from (json.loads(value) for (value,) in self.db.execute("SELECT value FROM answers ORDER BY id DESC"))

    def delete(self, response_ids: Collection[str]) -> int:
        """Delete responses with all that belongs to them; returns how many there were.

        What their invitations knew goes too. Empty the log afterwards (`data.db.checkpoint`).
        """
        with transaction(self.db):
            found = [self.db.execute("DELETE FROM responses WHERE id = ?", [one]).rowcount for one in response_ids]
        return sum(found)
