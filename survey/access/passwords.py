"""Passwords: the rule for choosing one, hashing with Argon2id, checking in the same time for unknown accounts."""

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from survey.errors import AppError

SHORTEST, LONGEST = 10, 256

HASHER = PasswordHasher()
_DUMMY = HASHER.hash("no account has this password")


def hash_password(password: str) -> str:
    """Return the Argon2id hash to store; raises AppError when the password is too short, too long or one letter."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise AppError(
            f"The password has {len(password)} characters.",
            f"Choose one with at least {SHORTEST} and at most {LONGEST}: a few words are easy to remember.",
        )
    if len(set(password)) < 4:
        raise AppError("The password repeats the same few characters.", "Choose one that is harder to guess.")
    return HASHER.hash(_normal(password))


def verify_password(stored: str | None, password: str) -> bool:
    """Return whether the password fits the stored hash.

    With stored=None (no such account) the same work is done on a dummy, so that the time does not tell whether an
    account exists.
    """
    try:
        HASHER.verify(stored or _DUMMY, _normal(password[: LONGEST + 1]))
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def _normal(password: str) -> bytes:
    """The same bytes for the same password on every keyboard (NFC)."""
    return unicodedata.normalize("NFC", password).encode("utf-8", errors="replace")
