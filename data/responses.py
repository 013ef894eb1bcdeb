"""Responses of one study: every answer is appended, none is changed, and none is acknowledged before it is stored."""

import hashlib
import json
import secrets
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlite_utils import Database

from data.db import checkpoint, moment, stamp, transaction
from data.errors import DataError, NotFound

if TYPE_CHECKING:
    import pandas as pd

PARTIAL, COMPLETE = "partial", "complete"


@dataclass(frozen=True)
class ResponseRow:
    """One respondent's visit; status is "partial" or "complete", times are in UTC."""

    id: str
    survey_version: int
    language: str
    status: str
    started: datetime
    finished: datetime | None


@dataclass(frozen=True)
class AnswerRow:
    """One revision (from 1) of the answer to a question at a turn (0 is the question itself, later ones are probes)."""

    question: str
    turn: int
    revision: int
    value: Any
    at: datetime


@dataclass(frozen=True)
class Counts:
    """How many responses were started, and how many of them are still partial or complete."""

    started: int
    partial: int
    complete: int


class Responses:
    """The responses in one study file. `at` is the moment something happened (with its zone); without it, it is now."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def begin(self, survey_version: int, language: str, at: datetime | None = None) -> tuple[str, str]:
        """Start a response; returns its id and the secret token that resumes it, of which only the hash is kept.

        Raises NotFound when the study has no such survey version.
        """
        response_id, token = secrets.token_hex(12), secrets.token_urlsafe(24)
        try:
            with transaction(self.db):
                self.db.execute(
                    "INSERT INTO responses (id, token_hash, survey_version, language, started) VALUES (?, ?, ?, ?, ?)",
                    [response_id, token_hash(token), survey_version, language, stamp(at)],
                )
        except sqlite3.IntegrityError as error:
            raise NotFound(f"The study has no survey version {survey_version}.") from error
        return response_id, token

    def find(self, token: str) -> ResponseRow | None:
        """Return the response that `token` resumes, or None."""
        return self._response("token_hash = ?", token_hash(token))

    def get(self, response_id: str) -> ResponseRow:
        """Return one response; raises NotFound."""
        row = self._response("id = ?", response_id)
        if row is None:
            raise NotFound(f"There is no response '{response_id}' in this study.")
        return row

    def consent(self, response_id: str, text_version: str, language: str, at: datetime | None = None) -> None:
        """Note that the respondent agreed to this version of the consent text in this language; raises NotFound."""
        try:
            with transaction(self.db):
                self.db.execute(
                    "INSERT INTO consents (response_id, text_version, language, at) SELECT ?, ?, ?, ? WHERE NOT EXISTS"
                    " (SELECT 1 FROM consents WHERE response_id = ? AND text_version = ? AND language = ?)",
                    [response_id, text_version, language, stamp(at), response_id, text_version, language],
                )
        except sqlite3.IntegrityError as error:
            raise NotFound(f"There is no response '{response_id}' in this study.") from error

    def consented(self, response_id: str) -> bool:
        """Return whether the respondent has agreed to a consent text."""
        return bool(self.db.execute("SELECT 1 FROM consents WHERE response_id = ? LIMIT 1", [response_id]).fetchone())

    def record(self, response_id: str, question: str, turn: int, value: Any, at: datetime | None = None) -> AnswerRow:
        """Store an answer and return it once it is safe on disk.

        The value already stored for this response, question and turn changes nothing and returns the stored row;
        another value becomes the next revision. `value` is anything JSON can hold.
        Raises NotFound for an unknown response and DataError for a value that JSON cannot hold.
        """
        text = encode(value)
        key = [response_id, question, turn]
        try:
            with transaction(self.db):
                last = self.db.execute(
                    "SELECT question, turn, revision, value, at FROM answers"
                    " WHERE response_id = ? AND question = ? AND turn = ? ORDER BY revision DESC LIMIT 1",
                    key,
                ).fetchone()
                if last is None or last[3] != text:
                    last = (question, turn, last[2] + 1 if last else 1, text, stamp(at))
                    self.db.execute(
                        "INSERT INTO answers (response_id, question, turn, revision, value, at)"
                        " VALUES (?, ?, ?, ?, ?, ?)",
                        [*key, *last[2:]],
                    )
        except sqlite3.IntegrityError as error:
            raise NotFound(f"There is no response '{response_id}' in this study.") from error
        return _answer(last)

    def answers(self, response_id: str) -> list[AnswerRow]:
        """Return the latest revision of each answer, in the order in which they were first given."""
        rows = self.db.execute(
            "SELECT a.question, a.turn, a.revision, a.value, a.at FROM answers a JOIN ("
            "  SELECT min(id) AS first, max(id) AS last FROM answers WHERE response_id = ? GROUP BY question, turn"
            ") k ON a.id = k.last ORDER BY k.first",
            [response_id],
        )
        return [_answer(row) for row in rows]

    def complete(self, response_id: str, at: datetime | None = None) -> None:
        """Mark the response as complete; the first time counts. Raises NotFound."""
        self._set(response_id, "status = 'complete', finished = coalesce(finished, ?)", stamp(at))

    def set_language(self, response_id: str, language: str) -> None:
        """Note that the respondent goes on in another language. Raises NotFound."""
        self._set(response_id, "language = ?", language)

    def delete(self, response_id: str) -> None:
        """Delete a response with its consents and answers for good, also from the free pages and the log of the file.

        Raises NotFound. Runs made from the answers keep their quotes: delete those runs as well where that matters.
        """
        with transaction(self.db):
            if not self.db.execute("DELETE FROM responses WHERE id = ?", [response_id]).rowcount:
                raise NotFound(f"There is no response '{response_id}' in this study.")
        checkpoint(self.db)

    def counts(self) -> Counts:
        """Return how many responses were started, are partial and are complete."""
        by_status = dict(self.db.execute("SELECT status, count(*) FROM responses GROUP BY status").fetchall())
        partial, complete = by_status.get(PARTIAL, 0), by_status.get(COMPLETE, 0)
        return Counts(started=partial + complete, partial=partial, complete=complete)

    def answered(self, question: str) -> int:
        """Return how many respondents have answered a question (not skipped it, not left it empty)."""
        return self.db.execute(
            "SELECT count(DISTINCT response_id) FROM answers"
            " WHERE question = ? AND turn = 0 AND value NOT IN ('null', '\"\"')",
            [question],
        ).fetchone()[0]

    def latest(self, limit: int) -> list[tuple[str, AnswerRow]]:
        """Return the newest answers, newest first, each with the language of its response."""
        rows = self.db.execute(
            "SELECT r.language, a.question, a.turn, a.revision, a.value, a.at FROM answers a"
            " JOIN responses r ON r.id = a.response_id ORDER BY a.id DESC LIMIT ?",
            [limit],
        )
        return [(language, _answer(tuple(row))) for language, *row in rows]

    def last_answer(self) -> int:
        """Return a number that grows with every answer stored in the study; 0 before the first one."""
        return self.db.execute("SELECT coalesce(max(id), 0) FROM answers").fetchone()[0]

    def frame(self, until: int | None = None) -> "pd.DataFrame":
        """Return one row per response, in the order they were started, with the latest answers.

        Columns: response, language, status, started, finished, then one per question in first-answered order; a probe
        (turn 1, 2, …) has the column "question.turn". Missing answers are None. `until` (a value of `last_answer`)
        gives the answers as they stood then.
        """
        import pandas as pd

        rows = self.db.execute("SELECT id, language, status, started, finished FROM responses ORDER BY started, rowid")
        frame = pd.DataFrame(rows.fetchall(), columns=["response", "language", "status", "started", "finished"])
        for column in ("started", "finished"):
            frame[column] = pd.to_datetime(frame[column], format="ISO8601", utc=True)
        columns: dict[str, dict[str, Any]] = {}
        answers = self.db.execute(
            "SELECT response_id, question, turn, value FROM answers WHERE ? IS NULL OR id <= ? ORDER BY id",
            [until, until],
        )
        for response_id, question, turn, value in answers:
            columns.setdefault(f"{question}.{turn}" if turn else question, {})[response_id] = json.loads(value)
        for name, values in columns.items():
            frame[name] = pd.Series([values.get(response) for response in frame["response"]], dtype=object)
        return frame

    def _response(self, where: str, value: str) -> ResponseRow | None:
        row = self.db.execute(
            f"SELECT id, survey_version, language, status, started, finished FROM responses WHERE {where}",  # noqa: S608
            [value],
        ).fetchone()
        if row is None:
            return None
        response_id, version, language, status, started, finished = row
        return ResponseRow(response_id, version, language, status, datetime.fromisoformat(started), moment(finished))

    def _set(self, response_id: str, assignment: str, value: str) -> None:
        with transaction(self.db):
            cursor = self.db.execute(
                f"UPDATE responses SET {assignment} WHERE id = ?",  # noqa: S608
                [value, response_id],
            )
            if not cursor.rowcount:
                raise NotFound(f"There is no response '{response_id}' in this study.")


def token_hash(token: str) -> str:
    """Return the SHA-256 of a secret token as hex; enough for random tokens, not for passwords."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def encode(value: Any) -> str:
    """Return `value` as JSON text, the same text for equal values; raises DataError when JSON cannot hold it."""
    try:
        text = json.dumps(value, ensure_ascii=False, sort_keys=True, allow_nan=False)
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(value, sort_keys=True, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise DataError(
            f"An answer must be text, a number, yes/no or a list of these, got {type(value).__name__}."
        ) from error
    return text


def _answer(row: tuple[str, int, int, str, str]) -> AnswerRow:
    question, turn, revision, value, at = row
    return AnswerRow(question, turn, revision, json.loads(value), datetime.fromisoformat(at))
