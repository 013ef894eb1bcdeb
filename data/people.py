"""Accounts of the studio with their sessions, and set-up links. Tokens are stored as hashes only."""

import sqlite3
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlite_utils import Database

from data.db import now, transaction
from data.errors import DataError


@dataclass(frozen=True)
class Account:
    """Somebody who may sign in to the studio."""

    id: int
    email: str
    name: str
    role: str
    password_hash: str = field(repr=False)
    created: datetime


class People:
    """The people in the catalogue (`Home.open_catalogue`). Expiry times are aware datetimes."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def create_account(self, email: str, name: str, role: str, password_hash: str) -> Account:
        """Add an account; raises DataError when the address (whatever its case) has one already."""
        try:
            with transaction(self.db):
                self.db.execute(
                    "INSERT INTO accounts (email, name, role, password_hash, created) VALUES (?, ?, ?, ?, ?)",
                    [email.strip(), name, role, password_hash, now()],
                )
        except sqlite3.IntegrityError as error:
            raise DataError(f"There is an account for {email.strip()} already.") from error
        account = self.by_email(email)
        if account is None:
            raise DataError(f"The account for {email.strip()} was removed while it was made.")
        return account

    def by_email(self, email: str) -> Account | None:
        """Return the account of an address (whatever its case), or None."""
        return self._account("WHERE email = ?", email.strip())

    def count(self) -> int:
        """Return the number of accounts."""
        return self.db.execute("SELECT count(*) FROM accounts").fetchone()[0]

    def start_session(self, account_id: int, token_hash: str, expires: datetime) -> None:
        """Sign an account in under the hash of a secret token until `expires`; drops sessions that have expired."""
        try:
            with transaction(self.db):
                self.db.execute("DELETE FROM sessions WHERE expires <= ?", [now()])
                self.db.execute(
                    "INSERT INTO sessions (token_hash, account_id, created, expires) VALUES (?, ?, ?, ?)",
                    [token_hash, account_id, now(), _utc(expires)],
                )
        except sqlite3.IntegrityError as error:
            raise DataError(f"There is no account {account_id} to sign in.") from error

    def session(self, token_hash: str) -> Account | None:
        """Return the account that is signed in under this token hash, or None when it has expired or ended."""
        return self._account(
            "JOIN sessions s ON s.account_id = a.id WHERE s.token_hash = ? AND s.expires > ?", token_hash, now()
        )

    def end_session(self, token_hash: str) -> None:
        """Sign out; nothing happens when the session has ended already."""
        with transaction(self.db):
            self.db.execute("DELETE FROM sessions WHERE token_hash = ?", [token_hash])

    def put_setup(self, token_hash: str, expires: datetime) -> None:
        """Store a set-up link's token hash until `expires`; drops links that have expired."""
        with transaction(self.db):
            self.db.execute("DELETE FROM setup_tokens WHERE expires <= ?", [now()])
            self.db.execute(
                "INSERT INTO setup_tokens (token_hash, created, expires) VALUES (?, ?, ?)",
                [token_hash, now(), _utc(expires)],
            )

    def setup_valid(self, token_hash: str) -> bool:
        """Return whether the set-up link would still work, without using it up."""
        query = "SELECT 1 FROM setup_tokens WHERE token_hash = ? AND expires > ?"
        return self.db.execute(query, [token_hash, now()]).fetchone() is not None

    def use_setup(self, token_hash: str) -> bool:
        """Use a set-up link up; True for exactly one caller, False when it is unknown, used or expired.

        Wrap it and what follows in `data.db.transaction(people.db)` to keep the link when the rest fails.
        """
        with transaction(self.db):
            query = "DELETE FROM setup_tokens WHERE token_hash = ? AND expires > ?"
            return bool(self.db.execute(query, [token_hash, now()]).rowcount)

    def _account(self, clause: str, *parameters: str) -> Account | None:
        row = self.db.execute(
            f"SELECT a.id, a.email, a.name, a.role, a.password_hash, a.created FROM accounts a {clause}",  # noqa: S608
            parameters,
        ).fetchone()
        if row is None:
            return None
        account_id, email, name, role, password_hash, created = row
        return Account(account_id, email, name, role, password_hash, datetime.fromisoformat(created))


def _utc(moment: datetime) -> str:
    """Return an aware datetime as the text that `now` writes, so that the two compare."""
    if moment.tzinfo is None:
        raise ValueError("the 'expires' parameter must be an aware datetime, got one without a time zone")
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")
