"""Addresses that people left for a prize draw: in a table of their own that leads to nobody's answers.

Rows have random numbers, so that neither their order nor the file's layout tells when an address came; the week is all
that is known, for deleting old ones. That a conversation has made its entry is noted at the conversation, and no more.
"""

import secrets
from datetime import UTC, date, datetime, timedelta

from sqlite_utils import Database

from data.db import checkpoint, transaction


class Contacts:
    """The addresses in one study file."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def add(self, address: str, at: datetime | None = None) -> None:
        """Keep an address; one that is there already (whatever its case) stays there once."""
        today = (at or datetime.now(UTC)).astimezone(UTC).date()
        monday = today - timedelta(days=today.weekday())
        with transaction(self.db):
            self.db.execute(
                "INSERT INTO contacts (position, address, week) VALUES (?, ?, ?) ON CONFLICT (address) DO NOTHING",
                [secrets.randbits(62), address, monday.isoformat()],
            )

    def enter(self, response_id: str) -> bool:
        """Note that a conversation has made its entry; False when it had already, or when there is none."""
        with transaction(self.db):
            return bool(
                self.db.execute(
                    "INSERT OR IGNORE INTO draw_entries (response_id) SELECT id FROM responses WHERE id = ?",
                    [response_id],
                ).rowcount
            )

    def entered(self, response_id: str) -> bool:
        """Return whether a conversation has made its entry."""
        return bool(self.db.execute("SELECT 1 FROM draw_entries WHERE response_id = ?", [response_id]).fetchone())

    def list(self) -> list[str]:
        """Return all addresses, in an order that says nothing."""
        return [row[0] for row in self.db.execute("SELECT address FROM contacts ORDER BY position")]

    def count(self) -> int:
        """Return how many addresses there are."""
        return self.db.execute("SELECT count(*) FROM contacts").fetchone()[0]

    def remove(self, address: str) -> bool:
        """Delete one address (whatever its case) for good; False when it is not there."""
        with transaction(self.db):
            removed = self.db.execute("DELETE FROM contacts WHERE address = ?", [address.strip()]).rowcount
        checkpoint(self.db)
        return bool(removed)

    def clear(self, weeks_before: date | None = None) -> int:
        """Delete the addresses for good: all, or those of weeks that were over on a day; returns how many."""
        latest = (weeks_before - timedelta(days=7)).isoformat() if weeks_before else None
        with transaction(self.db):
            removed = self.db.execute("DELETE FROM contacts WHERE ? IS NULL OR week <= ?", [latest, latest]).rowcount
        checkpoint(self.db)
        return removed
