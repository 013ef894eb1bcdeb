"""Errors that a person is meant to read."""


class AppError(Exception):
    """What is wrong and where, in one sentence, and what to do about it.

    >>> str(AppError("The file 'answers.csv' is empty.", "Export it again with at least one answer."))
    "The file 'answers.csv' is empty. Export it again with at least one answer."
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(f"{message} {hint}".strip())
        self.message = message
        self.hint = hint


class NotAllowed(AppError):
    """The signed-in account may not do this."""
