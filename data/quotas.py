"""Cells of a study that hold only so many complete responses."""

from collections.abc import Collection, Mapping

from sqlite_utils import Database

from data.db import transaction


class Quotas:
    """Which complete responses of one study file fill which quota cells.

    Ask and mark in the same transaction: it is the only writer of the file meanwhile, so that no cell ever takes more
    than its limit.
    """

    def __init__(self, db: Database) -> None:
        self.db = db

    def counts(self, besides: str | None = None) -> dict[str, int]:
        """Return how many responses each cell holds; `besides` is a response that is not counted."""
        rows = self.db.execute(
            "SELECT quota, count(*) FROM quota_marks WHERE ? IS NULL OR response_id <> ? GROUP BY quota",
            [besides, besides],
        )
        return dict(rows.fetchall())

    def full(self, limits: Mapping[str, int], besides: str | None = None) -> frozenset[str]:
        """Return the cells that have reached their limit; `besides` as in `counts`."""
        if not limits:
            return frozenset()
        counts = self.counts(besides)
        return frozenset(cell for cell, limit in limits.items() if counts.get(cell, 0) >= limit)

    def mark(self, response_id: str, cells: Collection[str]) -> None:
        """Let a response fill exactly these cells, and give back those that it filled before."""
        with transaction(self.db):
            self.db.execute("DELETE FROM quota_marks WHERE response_id = ?", [response_id])
            self.db.conn.executemany(
                "INSERT INTO quota_marks (response_id, quota) VALUES (?, ?)",
                [(response_id, cell) for cell in sorted(cells)],
            )
