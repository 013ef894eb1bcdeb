"""Personal invitations to one study: each works once, and only the hash of its token is stored."""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlite_utils import Database

from data.db import now, transaction
from data.errors import DataError, NotFound
from data.responses import encode, token_hash


class AlreadyUsed(DataError):
    """The invitation has begun another response."""


@dataclass(frozen=True)
class Invitation:
    """One invitation: what is known beforehand about whoever has it, and whether it was used."""

    descriptors: dict[str, Any]
    used: bool


@dataclass(frozen=True)
class InvitationCounts:
    """How many invitations were made, and how many of them have begun a response."""

    made: int
    used: int

    @property
    def unused(self) -> int:
        """How many still work."""
        return self.made - self.used


class Invitations:
    """The invitations in one study file."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def create(self, descriptors: Mapping[str, Any] | None = None) -> str:
        """Make one invitation and return its secret token, which is stored nowhere."""
        return self.create_many([descriptors or {}])[0]

    def create_many(self, descriptors: Sequence[Mapping[str, Any]]) -> list[str]:
        """Make one invitation for each entry, all or none, and return their secret tokens in the same order.

        Raises DataError when a descriptor is something that JSON cannot hold.
        """
        tokens = [secrets.token_urlsafe(24) for _ in descriptors]
        rows = [
            (token_hash(token), encode(dict(known)), now()[:10])
            for token, known in zip(tokens, descriptors, strict=True)
        ]
        with transaction(self.db):
            self.db.conn.executemany("INSERT INTO invitations (token_hash, descriptors, made) VALUES (?, ?, ?)", rows)
        return tokens

    def find(self, token: str) -> Invitation | None:
        """Return the invitation of this token, or None."""
        row = self.db.execute(
            "SELECT descriptors, used FROM invitations WHERE token_hash = ?", [token_hash(token)]
        ).fetchone()
        return Invitation(json.loads(row[0]), bool(row[1])) if row else None

    def redeem(self, token: str, response_id: str) -> dict[str, Any]:
        """Use an invitation for a response and return its descriptors; the same response may do so again.

        Call it in the transaction that begins the response, so that one token begins exactly one.
        Raises NotFound for an unknown token, AlreadyUsed when another response has used it.
        """
        key = token_hash(token)
        with transaction(self.db):
            row = self.db.execute(
                "SELECT descriptors, used, response_id FROM invitations WHERE token_hash = ?", [key]
            ).fetchone()
            if row is None:
                raise NotFound("This study has no invitation with this link.")
            if row[1] and row[2] != response_id:
                raise AlreadyUsed("This invitation has been used.")
            self.db.execute("UPDATE invitations SET used = 1, response_id = ? WHERE token_hash = ?", [response_id, key])
        return json.loads(row[0])

    def counts(self) -> InvitationCounts:
        """Return how many were made and used."""
        return InvitationCounts(*self.db.execute("SELECT count(*), coalesce(sum(used), 0) FROM invitations").fetchone())

    def withdraw(self, made_before: date | None = None) -> int:
        """Delete the unused invitations, all or those made before a day; returns how many there were."""
        with transaction(self.db):
            return self.db.execute(
                "DELETE FROM invitations WHERE NOT used AND (? IS NULL OR made < ?)",
                [made_before and made_before.isoformat()] * 2,
            ).rowcount
