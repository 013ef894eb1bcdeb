"""Runs of one study: what was asked for, how far it is, and the result, which never changes."""

import io
import json
import secrets
import sqlite3
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlite_utils import Database

from data.db import moment, now, transaction
from data.errors import DataError, NotFound

if TYPE_CHECKING:
    import numpy as np

ACTIVE = ("queued", "running")

SEGMENTS, TYPING, TRACKING = "segments", "typing", "tracking"
"""Kinds of runs: a segmentation, a typing tool made from one, and one compared with another or with later answers."""


@dataclass(frozen=True)
class RunRow:
    """One run; status is queued, running, done, failed or cancelled; fraction is 0-1; reason says why it failed.

    kind: SEGMENTS, TYPING or TRACKING.
    """

    id: str
    owner: str
    settings: dict[str, Any]
    status: str
    fraction: float
    message: str
    reason: str
    created: datetime
    finished: datetime | None
    kind: str = SEGMENTS

    @property
    def active(self) -> bool:
        """Whether it is still waiting or working."""
        return self.status in ACTIVE


class Runs:
    """The runs in one study file."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def create(self, settings: Mapping[str, Any], owner: str, kind: str = SEGMENTS) -> str:
        """Note a new run, queued, and return its id; `owner` names the process that will carry it out."""
        run_id = secrets.token_hex(8)
        with transaction(self.db):
            self.db.execute(
                "INSERT INTO runs (id, owner, settings, created, kind) VALUES (?, ?, ?, ?, ?)",
                [run_id, owner, json.dumps(dict(settings), ensure_ascii=False), now(), kind],
            )
        return run_id

    def update(self, run_id: str, fraction: float, message: str) -> None:
        """Note that the run is working and how far it is; raises DataError when it has ended."""
        self._change(run_id, status="running", fraction=min(max(fraction, 0.0), 1.0), message=message)

    def finish(self, run_id: str, result: Mapping[str, Any], arrays: Mapping[str, "np.ndarray"]) -> None:
        """Store the result (JSON) with its arrays (npz) and end the run as done; raises DataError when it has ended."""
        import numpy as np

        blob = io.BytesIO()
        np.savez_compressed(blob, **arrays)  # type: ignore[arg-type]
        text = json.dumps(dict(result), ensure_ascii=False, allow_nan=False)
        with transaction(self.db):
            self._change(run_id, status="done", fraction=1.0, message="", finished=now())
            self.db.execute(
                "INSERT INTO run_results (run_id, result, arrays) VALUES (?, ?, ?)", [run_id, text, blob.getvalue()]
            )

    def fail(self, run_id: str, reason: str) -> None:
        """End the run as failed, with the reason in one sentence; raises DataError when it has ended."""
        self._change(run_id, status="failed", reason=reason, finished=now())

    def cancel(self, run_id: str) -> None:
        """End the run as cancelled; raises DataError when it has ended."""
        self._change(run_id, status="cancelled", finished=now())

    def get(self, run_id: str) -> RunRow:
        """Return one run; raises NotFound."""
        rows = self._rows("WHERE id = ?", [run_id])
        if not rows:
            raise NotFound(f"There is no run '{run_id}' in this study.")
        return rows[0]

    def load(self, run_id: str) -> "tuple[dict[str, Any], dict[str, np.ndarray]]":
        """Return the result of a finished run and its arrays; raises NotFound when there is none."""
        import numpy as np

        row = self.db.execute("SELECT result, arrays FROM run_results WHERE run_id = ?", [run_id]).fetchone()
        if row is None:
            raise NotFound(f"The run '{run_id}' has no result: it is {self.get(run_id).status}.")
        with np.load(io.BytesIO(row[1]), allow_pickle=False) as arrays:
            return json.loads(row[0]), dict(arrays)

    def document(self, run_id: str) -> dict[str, Any]:
        """Return the result of a finished run without its arrays; raises NotFound when there is none."""
        row = self.db.execute("SELECT result FROM run_results WHERE run_id = ?", [run_id]).fetchone()
        if row is None:
            raise NotFound(f"The run '{run_id}' has no result: it is {self.get(run_id).status}.")
        return json.loads(row[0])

    def redact(self, run_id: str, result: Mapping[str, Any]) -> None:
        """Put a result in place of the stored one from which the words of deleted respondents were taken.

        The one thing that changes a finished run; its arrays stay. Raises NotFound when it has no result.
        """
        text = json.dumps(dict(result), ensure_ascii=False, allow_nan=False)
        with transaction(self.db):
            row = self.db.execute("SELECT arrays FROM run_results WHERE run_id = ?", [run_id]).fetchone()
            if row is None:
                raise NotFound(f"The run '{run_id}' has no result.")
            self.db.execute("DELETE FROM run_results WHERE run_id = ?", [run_id])
            self.db.execute("INSERT INTO run_results (run_id, result, arrays) VALUES (?, ?, ?)", [run_id, text, row[0]])

    def delete(self, run_id: str) -> None:
        """Delete a run that has ended, with its result; raises NotFound, or DataError while it is active."""
        if self.get(run_id).active:
            raise DataError(f"The run '{run_id}' is still working. Cancel it first.")
        with transaction(self.db):
            self.db.execute("DELETE FROM runs WHERE id = ?", [run_id])

    def mark_orphans(self, owner: str, alive: Collection[str] = ()) -> list[str]:
        """Fail every active run whose owner is neither `owner` nor one of `alive`; returns their ids."""
        with transaction(self.db):
            orphans = [run.id for run in self._rows("", []) if run.active and run.owner not in {owner, *alive}]
            for run_id in orphans:
                self.fail(run_id, "The server stopped before this run had ended. Start it again.")
        return orphans

    def _rows(self, where: str, parameters: list[str]) -> list[RunRow]:
        rows = self.db.execute(
            "SELECT id, owner, settings, status, fraction, message, reason, created, finished, kind FROM runs"  # noqa: S608
            f" {where} ORDER BY created DESC, rowid DESC",
            parameters,
        )
        return [
            RunRow(
                run_id,
                owner,
                json.loads(settings),
                status,
                fraction,
                message,
                reason,
                datetime.fromisoformat(created),
                moment(finished),
                kind,
            )
            for run_id, owner, settings, status, fraction, message, reason, created, finished, kind in rows
        ]

    def _change(self, run_id: str, **values: Any) -> None:
        columns = ", ".join(f"{name} = :{name}" for name in values)
        try:
            with transaction(self.db):
                changed = self.db.execute(f"UPDATE runs SET {columns} WHERE id = :id", {**values, "id": run_id})  # noqa: S608
        except sqlite3.IntegrityError as error:
            raise DataError(f"The run '{run_id}' is {self.get(run_id).status} and does not change any more.") from error
        if not changed.rowcount:
            raise NotFound(f"There is no run '{run_id}' in this study.")

    def list(self, kind: str | None = SEGMENTS) -> list[RunRow]:
        """Return all runs of a kind, newest first; None: of every kind."""
        return self._rows("", []) if kind is None else self._rows("WHERE kind = ?", [kind])
