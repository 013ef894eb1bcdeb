"""The typing tools of one study: for each basis the one that says to which segment new respondents belong."""

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from data.db import now, transaction
from data.errors import NotFound


@dataclass(frozen=True)
class ToolRow:
    """One tool as it is stored. tool: JSON. run: the segmentation it was made from, None when that was deleted."""

    basis: str
    tool: str
    run: str | None
    made: datetime


class TypingTools:
    """The tools in one study file."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def put(self, basis: str, tool: str, run: str | None) -> None:
        """Store the tool of a basis in the place of an earlier one; raises NotFound for an unknown run."""
        with transaction(self.db):
            if run is not None and not self.db.execute("SELECT 1 FROM runs WHERE id = ?", [run]).fetchone():
                raise NotFound(f"There is no run '{run}' in this study.")
            self.db.execute(
                "INSERT OR REPLACE INTO typing_tools (basis, tool, run_id, made) VALUES (?, ?, ?, ?)",
                [basis, tool, run, now()],
            )

    def list(self) -> list[ToolRow]:
        """Return the tools, by the names of their bases."""
        rows = self.db.execute("SELECT basis, tool, run_id, made FROM typing_tools ORDER BY basis")
        return [ToolRow(basis, tool, run, datetime.fromisoformat(made)) for basis, tool, run, made in rows]

    def delete(self, basis: str) -> None:
        """Delete the tool of a basis; raises NotFound when there is none."""
        with transaction(self.db):
            if not self.db.execute("DELETE FROM typing_tools WHERE basis = ?", [basis]).rowcount:
                raise NotFound(f"The study has no typing tool for '{basis}'.")
