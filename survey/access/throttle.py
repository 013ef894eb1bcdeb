"""Limits on guessing: how often one account may be tried, and how often one address may try."""

from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address, ip_network

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from survey.access.tokens import token_hash
from survey.errors import AppError

PER_ACCOUNT = parse("10 per 10 minute")
PER_ADDRESS = parse("30 per 10 minute")
WRONG_LINKS = parse("30 per 10 minute")


class TooMany(AppError):
    """Somebody tried too often; the hint says when to try again."""


class Throttle:
    """Counts tries in this process. Only failures stay counted against an account: a success clears them."""

    def __init__(self, per_account: RateLimitItem = PER_ACCOUNT, per_address: RateLimitItem = PER_ADDRESS) -> None:
        self._windows = MovingWindowRateLimiter(MemoryStorage())
        self._per_account = per_account
        self._per_address = per_address

    def count(self, account: str, address: str) -> None:
        """Count one try before it is made; raises TooMany when account or address is over its limit."""
        allowed = self._windows.hit(self._per_address, "address", address)
        if not (allowed and self._windows.hit(self._per_account, "account", token_hash(account))):
            raise TooMany("There were too many tries.", "Wait ten minutes, then try again.")

    def clear(self, account: str) -> None:
        """Forget the tries of an account after a success."""
        self._windows.clear(self._per_account, "account", token_hash(account))


class Guesses:
    """Counts links that lead nowhere, in this process: an address that tries too many of them has to wait."""

    def __init__(self, allowed: RateLimitItem = WRONG_LINKS) -> None:
        self._windows = MovingWindowRateLimiter(MemoryStorage())
        self._allowed = allowed

    @contextmanager
    def watched(self, address: str | None, *wrong: type[Exception]) -> Iterator[None]:
        """Do a look-up that raises one of `wrong` for a link that leads nowhere, which is then counted.

        Raises TooMany before the look-up when the address has too many of them. An address that is not known or of this
        machine, as everybody's is behind a proxy that does not say, has no limit: tokens are too long to be guessed.
        """
        who = _household(address)
        if who and not self._windows.test(self._allowed, who):
            raise TooMany("There were too many links that lead nowhere.", "Wait ten minutes, then try again.")
        try:
            yield
        except wrong:
            if who:
                self._windows.hit(self._allowed, who)
            raise


def _household(address: str | None) -> str | None:
    """Return what stands for everybody behind an address: itself, or the /64 network of IPv6; None for this machine."""
    try:
        found = ip_address(address or "")
    except ValueError:
        return address or None
    if found.is_loopback:
        return None
    return str(ip_network(f"{found}/64", strict=False)) if found.version == 6 else str(found)


guesses = Guesses()
"""The wrong links of this process."""
