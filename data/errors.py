"""Errors of storage and files; each is one sentence that says what is wrong, where, and what to do."""


class DataError(Exception):
    """Base of everything that `data` raises on purpose."""


class NotFound(DataError):
    """The study, response, run or file asked for does not exist."""
