"""Responses of one study: every answer is appended, none is changed, and none is acknowledged before it is stored."""

import hashlib
import json
import secrets
import sqlite3
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlite_utils import Database

from data import standing
from data.db import checkpoint, moment, stamp, transaction
from data.errors import DataError, NotFound
from data.standing import Standing

if TYPE_CHECKING:
    import pandas as pd

PARTIAL, COMPLETE, SCREENED, FULL = STATUSES = ("partial", "complete", "screened", "full")
RESPONSE = "id, survey_version, language, status, started, finished, seed, descriptors, ending, trap"
ANSWER = "question, turn, revision, value, at, detail"
Mark = tuple[str, int]


@dataclass(frozen=True)
class ResponseRow:
    """One respondent's visit; times are in UTC.

    status: "partial", "complete", "screened" (not who is asked) or "full" (enough such people have answered); ending:
    the name of the screen-out or quota cell. seed: decides what is shuffled. descriptors: what was known beforehand.
    trap: what was written in the field that people cannot see; empty for people.
    """

    id: str
    survey_version: int
    language: str
    status: str
    started: datetime
    finished: datetime | None
    seed: int = 0
    descriptors: Mapping[str, Any] = field(default_factory=dict)
    ending: str | None = None
    trap: str = ""


@dataclass(frozen=True)
class AnswerRow:
    """One revision (from 1) of the answer to a question at a turn (0 is the question itself, later ones are probes).

    detail: what else was noted with it, such as the order in which the options were shown.
    """

    question: str
    turn: int
    revision: int
    value: Any
    at: datetime
    detail: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Kept:
    """Everything that is kept of one conversation, read at one moment.

    answers: the latest revision of each, in the order in which they were first given. inactive: those of them that do
    not count. consented: whether the respondent has agreed to a consent text.
    """

    response: ResponseRow
    answers: tuple[AnswerRow, ...]
    inactive: frozenset[Mark]
    consented: bool


@dataclass(frozen=True)
class Counts:
    """How many responses were started, and how many of them are partial, complete, screened out or over a quota."""

    started: int
    partial: int
    complete: int
    screened: int = 0
    full: int = 0


class Responses:
    """The responses in one study file. `at` is the moment something happened (with its zone); without it, it is now."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def begin(
        self,
        survey_version: int,
        language: str,
        at: datetime | None = None,
        seed: int = 0,
        descriptors: Mapping[str, Any] | None = None,
        trap: str = "",
    ) -> tuple[str, str]:
        """Start a response; returns its id and the secret token that resumes it, of which only the hash is kept.

        seed, descriptors, trap: as in ResponseRow. Raises NotFound when the study has no such survey version.
        """
        response_id, token = secrets.token_hex(12), secrets.token_urlsafe(24)
        try:
            with transaction(self.db):
                self.db.execute(
                    "INSERT INTO responses (id, token_hash, survey_version, language, started, seed, descriptors, trap)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    [
                        response_id,
                        token_hash(token),
                        survey_version,
                        language,
                        stamp(at),
                        seed,
                        encode(dict(descriptors or {})),
                        trap,
                    ],
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

    def record(
        self,
        response_id: str,
        question: str,
        turn: int,
        value: Any,
        at: datetime | None = None,
        detail: Mapping[str, Any] | None = None,
    ) -> AnswerRow:
        """Store an answer and return it once it is safe on disk.

        The value already stored for this response, question and turn, with the same detail or without one, changes
        nothing and returns the stored row; another value or detail becomes the next revision. `value` is anything JSON
        can hold. Raises NotFound for an unknown response and DataError for a value that JSON cannot hold.
        """
        text, more = encode(value), encode(dict(detail)) if detail else None
        key = [response_id, question, turn]
        try:
            with transaction(self.db):
                last = self.db.execute(
                    f"SELECT {ANSWER} FROM answers"  # noqa: S608
                    " WHERE response_id = ? AND question = ? AND turn = ? ORDER BY revision DESC LIMIT 1",
                    key,
                ).fetchone()
                if last is None or last[3] != text or (more is not None and last[5] != more):
                    last = (question, turn, last[2] + 1 if last else 1, text, stamp(at), more)
                    self.db.execute(
                        f"INSERT INTO answers (response_id, {ANSWER}) VALUES (?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
                        [response_id, *last],
                    )
        except sqlite3.IntegrityError as error:
            raise NotFound(f"There is no response '{response_id}' in this study.") from error
        return _answer(last)

    def kept(self, response_id: str) -> Kept:
        """Return everything that is kept of one conversation, in two questions to the file; raises NotFound."""
        found = self.db.execute(
            f"SELECT EXISTS (SELECT 1 FROM consents WHERE response_id = :id), {RESPONSE}"  # noqa: S608
            " FROM responses WHERE id = :id",
            {"id": response_id},
        ).fetchone()
        if found is None:
            raise NotFound(f"There is no response '{response_id}' in this study.")
        rows = self.db.execute(
            "SELECT EXISTS (SELECT 1 FROM inactive i WHERE i.response_id = :id AND i.question = a.question"  # noqa: S608
            f" AND i.turn = a.turn AND i.till IS NULL), {ANSWER} FROM answers a JOIN ("
            "  SELECT min(id) AS first, max(id) AS last FROM answers WHERE response_id = :id GROUP BY question, turn"
            ") k ON a.id = k.last ORDER BY k.first",
            {"id": response_id},
        ).fetchall()
        inactive = frozenset((row[1], row[2]) for row in rows if row[0])
        return Kept(_row(found[1:]), tuple(_answer(row[1:]) for row in rows), inactive, bool(found[0]))

    def inactive(self, response_id: str) -> frozenset[Mark]:
        """Return the answers, as (question, turn), that are kept but do not count: nothing leads to them any more."""
        rows = self.db.execute(
            "SELECT question, turn FROM inactive WHERE response_id = ? AND till IS NULL", [response_id]
        )
        return frozenset((question, turn) for question, turn in rows)

    def set_inactive(self, response_id: str, marks: Collection[Mark]) -> None:
        """Let exactly these answers not count from now on; what did not count before is remembered with its time."""
        if self.inactive(response_id) == set(marks):
            return
        with transaction(self.db):
            before, now = self.inactive(response_id), self.last_answer()
            for question, turn in sorted(before - set(marks)):
                self.db.execute(
                    "UPDATE inactive SET till = ? WHERE response_id = ? AND question = ? AND turn = ? AND till IS NULL",
                    [now, response_id, question, turn],
                )
            for question, turn in sorted(set(marks) - before):
                self.db.execute(
                    "INSERT INTO inactive (response_id, question, turn, since) VALUES (?, ?, ?, ?)",
                    [response_id, question, turn, now],
                )

    def complete(self, response_id: str, at: datetime | None = None) -> None:
        """Mark the response as complete; the first time counts. Raises NotFound."""
        self.finish(response_id, COMPLETE, at=at)

    def finish(
        self, response_id: str, status: str = COMPLETE, ending: str | None = None, at: datetime | None = None
    ) -> None:
        """Note how a response ended (status and ending as in ResponseRow); the first time counts. Raises NotFound."""
        self._set(response_id, "status = ?, ending = ?, finished = coalesce(finished, ?)", status, ending, stamp(at))

    def reopen(self, response_id: str) -> None:
        """Make the response partial again: a changed answer has opened further questions. Raises NotFound."""
        self._set(response_id, "status = ?, ending = NULL, finished = NULL", PARTIAL)

    def set_language(self, response_id: str, language: str) -> None:
        """Note that the respondent goes on in another language. Raises NotFound."""
        self._set(response_id, "language = ?", language)

    def set_descriptors(self, response_id: str, descriptors: Mapping[str, Any]) -> None:
        """Note what was known of the respondent beforehand. Raises NotFound."""
        self._set(response_id, "descriptors = ?", encode(dict(descriptors)))

    def delete(self, response_id: str) -> None:
        """Delete a response with its consents and answers for good, also from the free pages and the log of the file.

        Raises NotFound. Runs made from the answers keep their quotes: delete those runs as well where that matters.
        """
        with transaction(self.db):
            if not self.db.execute("DELETE FROM responses WHERE id = ?", [response_id]).rowcount:
                raise NotFound(f"There is no response '{response_id}' in this study.")
        checkpoint(self.db)

    def counts(self) -> Counts:
        """Return how many responses were started, and how they stand."""
        by_status = dict(self.db.execute("SELECT status, count(*) FROM responses GROUP BY status").fetchall())
        numbers = [by_status.get(status, 0) for status in STATUSES]
        return Counts(sum(numbers), *numbers)

    def answered(self, question: str) -> int:
        """Return how many respondents have answered a question (not skipped it, not left it empty)."""
        return self.db.execute(
            "SELECT count(DISTINCT response_id) FROM answers a"
            " WHERE question = ? AND turn = 0 AND value NOT IN ('null', '\"\"')"
            " AND NOT EXISTS (SELECT 1 FROM inactive i WHERE i.response_id = a.response_id"
            " AND i.question = a.question AND i.turn = 0 AND i.till IS NULL)",
            [question],
        ).fetchone()[0]

    def latest(self, limit: int) -> list[tuple[str, AnswerRow]]:
        """Return the newest answers, newest first, each in its last revision and with the language of its response."""
        rows = self.db.execute(
            f"SELECT r.language, {ANSWER} FROM answers a JOIN responses r ON r.id = a.response_id"  # noqa: S608
            " WHERE NOT EXISTS (SELECT 1 FROM answers b WHERE b.response_id = a.response_id"
            " AND b.question = a.question AND b.turn = a.turn AND b.revision > a.revision)"
            " ORDER BY a.id DESC LIMIT ?",
            [limit],
        )
        return [(language, _answer(tuple(row))) for language, *row in rows]

    def last_answer(self) -> int:
        """Return a number that grows with every answer stored in the study; 0 before the first one."""
        return self.db.execute("SELECT coalesce(max(id), 0) FROM answers").fetchone()[0]

    def all(self) -> list[ResponseRow]:
        """Return all responses in the order they were started."""
        rows = self.db.execute(f"SELECT {RESPONSE} FROM responses ORDER BY started, rowid")  # noqa: S608
        return [_row(row) for row in rows]

    def frame(self, until: int | None = None) -> "pd.DataFrame":
        """Return one row per response, as data.standing.frame tells; `until` is a value of `last_answer`."""
        return standing.frame(self.db, until)

    def standing(self, until: int | None = None) -> list[Standing]:
        """Return every answer that counts, first given first; `until` is a value of `last_answer`."""
        return standing.standing(self.db, until)

    def _response(self, where: str, value: str) -> ResponseRow | None:
        row = self.db.execute(f"SELECT {RESPONSE} FROM responses WHERE {where}", [value]).fetchone()  # noqa: S608
        return None if row is None else _row(row)

    def _set(self, response_id: str, assignment: str, *values: str | None) -> None:
        with transaction(self.db):
            cursor = self.db.execute(
                f"UPDATE responses SET {assignment} WHERE id = ?",  # noqa: S608
                [*values, response_id],
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


def _row(row: tuple[Any, ...]) -> ResponseRow:
    response_id, version, language, status, started, finished, seed, descriptors, ending, trap = row
    return ResponseRow(
        response_id,
        version,
        language,
        status,
        datetime.fromisoformat(started),
        moment(finished),
        seed,
        json.loads(descriptors),
        ending,
        trap,
    )


def _answer(row: tuple[Any, ...]) -> AnswerRow:
    question, turn, revision, value, at, detail = row
    return AnswerRow(
        question, turn, revision, json.loads(value), datetime.fromisoformat(at), json.loads(detail) if detail else None
    )
