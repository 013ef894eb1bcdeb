"""Signing in and out, and the first account."""

import re
from datetime import UTC, datetime, timedelta

from data.db import transaction
from data.people import People
from data.studies import Home
from survey.access.passwords import hash_password, verify_password
from survey.access.throttle import Throttle
from survey.access.tokens import new_token, token_hash
from survey.errors import AppError, NotAllowed

SESSION_LASTS = timedelta(hours=12)
SETUP_LASTS = timedelta(hours=24)

_EMAIL = re.compile(r"[^@\s\x00-\x1f]{1,64}@[^@\s\x00-\x1f]{1,190}")


def setup_link(home: Home, url: str) -> str | None:
    """Return a link that creates the first account, or None when there is an account already.

    It works for a day and until the first account exists. Only its hash is stored, so every call makes a new one.
    """
    with home.open_catalogue() as db:
        people = People(db)
        if people.count():
            return None
        token = new_token()
        people.put_setup(token_hash(token), _in(SETUP_LASTS))
    return f"{url.rstrip('/')}/setup?token={token}"


def setup_open(home: Home, token: str) -> bool:
    """Return whether a set-up link would still work."""
    with home.open_catalogue() as db:
        people = People(db)
        return not people.count() and people.setup_valid(token_hash(token))


def any_account(home: Home) -> bool:
    """Return whether somebody can sign in at all."""
    with home.open_catalogue() as db:
        return bool(People(db).count())


def set_up(home: Home, token: str, email: str, name: str, password: str) -> str:
    """Create the first account, an admin, and return the token of its first session.

    Raises AppError when something in the form is wrong (the link keeps working), NotAllowed when the link does not
    work any more.
    """
    email, name = email.strip(), " ".join(name.split())
    if not _EMAIL.fullmatch(email):
        raise AppError("That is not an e-mail address.", "Write it like name@example.org.")
    if not 1 <= len(name) <= 100 or not name.isprintable():
        raise AppError("A name is missing or longer than 100 characters.", "Write the name colleagues know you by.")
    password_hash = hash_password(password)
    session = new_token()
    with home.open_catalogue() as db, transaction(db):
        people = People(db)
        if people.count() or not people.use_setup(token_hash(token)):
            raise NotAllowed("This link does not work any more.", "Start Samtal again to get a new one.")
        account = people.create_account(email, name, "admin", password_hash)
        people.start_session(account.id, token_hash(session), _in(SESSION_LASTS))
    return session


def sign_in(home: Home, throttle: Throttle, email: str, password: str, address: str, old: str | None = None) -> str:
    """Return the token of a new session; the session in `old` (an earlier cookie) ends.

    Raises TooMany when this account or `address` was tried too often, NotAllowed with the same words and after the
    same work whether the account does not exist or the password is wrong.
    """
    key = email.strip().casefold()
    throttle.count(key, address)
    with home.open_catalogue() as db:
        people = People(db)
        account = people.by_email(email)
        fits = verify_password(account.password_hash if account else None, password)
        if account is None or not fits:
            raise NotAllowed("E-mail and password do not fit together.", "Check both and try again.")
        token = new_token()
        with transaction(db):
            if old:
                people.end_session(token_hash(old))
            people.start_session(account.id, token_hash(token), _in(SESSION_LASTS))
    throttle.clear(key)
    return token


def sign_out(home: Home, cookie: str) -> None:
    """End the session that the cookie carries; nothing happens when it has ended already."""
    with home.open_catalogue() as db:
        People(db).end_session(token_hash(cookie))


def _in(time: timedelta) -> datetime:
    return datetime.now(UTC) + time
