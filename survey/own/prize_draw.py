"""The respondent's side of a prize draw: an address, once a conversation, that leads to nobody's answers."""

import re

from data.db import checkpoint, transaction
from data.responses import COMPLETE
from data.studies import Home
from survey.errors import AppError
from survey.own.rights import NothingHere, opened

LONGEST_ADDRESS = 254
_ADDRESS = re.compile(r"[^@\s\x00-\x1f\x7f]{1,64}@[^@\s.\x00-\x1f\x7f]+(?:\.[^@\s.\x00-\x1f\x7f]+)+")


class NoAddress(AppError):
    """What was written is no e-mail address."""


def prize_of(home: Home, study: str, token: str) -> str | None:
    """Return what may be won by whoever has finished this conversation and has not entered the draw, else None."""
    try:
        with opened(home, study) as file:
            row = file.responses.find(token)
            return file.prize_for(row.id) if row is not None and row.status == COMPLETE else None
    except NothingHere:
        return None


def enter(home: Home, study: str, token: str, address: str) -> bool:
    """Keep an address for the draw, apart from everything; False when this conversation may not (any more) enter.

    Raises NoAddress.
    """
    address = address.strip()
    if len(address) > LONGEST_ADDRESS or not _ADDRESS.fullmatch(address):
        raise NoAddress("That is no e-mail address.", "Write it like name@example.org.")
    if prize_of(home, study, token) is None:
        return False
    with opened(home, study) as file:
        with transaction(file.db):
            row = file.responses.find(token)
            entered = row is not None and file.contacts.enter(row.id)
            if entered:
                file.contacts.add(address)
        checkpoint(file.db)
    return entered
