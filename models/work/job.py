"""A piece of work that is done elsewhere, as its giver sees it."""

import secrets
import threading
from collections.abc import Mapping
from typing import Any, Literal

from models.errors import ModelError

Status = Literal["queued", "running", "done", "failed", "cancelled"]


class JobFailed(ModelError):
    """The job ended without a result; the sentence says why."""


class JobCancelled(ModelError):
    """The job was cancelled before it had a result."""


class Job:
    """One piece of work handed to an Engine.

    status: queued, running, done, failed or cancelled. fraction: 0-1. message: what is being done.
    error: one sentence, empty unless the job failed.
    """

    def __init__(self, function: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> None:
        self.id = secrets.token_hex(4)
        self.function, self.args, self.kwargs = function, args, kwargs
        self.status: Status = "queued"
        self.fraction = 0.0
        self.message = ""
        self.error = ""
        self.wanted = True
        self.woken = threading.Event()
        self._value: Any = None
        self._ended = threading.Event()
        self._lock = threading.Lock()

    def result(self, timeout: float | None = None) -> Any:
        """Wait up to `timeout` seconds and return what the function returned.

        Raises JobFailed with the reason, JobCancelled, or TimeoutError while the job is still going on.
        """
        if not self._ended.wait(timeout):
            raise TimeoutError(f"The job {self.id} has not ended within {timeout} seconds.")
        with self._lock:
            status = self.status
        if status == "failed":
            raise JobFailed(self.error)
        if status == "cancelled":
            raise JobCancelled(f"The job {self.id} was cancelled.")
        return self._value

    def cancel(self) -> None:
        """Ask the job to stop; it does at its next progress report, or is ended by force a few seconds later."""
        self.wanted = False
        self.woken.set()

    def report(self, fraction: float, message: str) -> None:
        """Take note of how far the job is (called by the engine)."""
        with self._lock:
            if not self._ended.is_set():
                self.status, self.fraction, self.message = "running", fraction, message

    def end(self, status: Status, value: Any = None, error: str = "") -> None:
        """Take note of how the job ended; the first time counts (called by the engine)."""
        with self._lock:
            if self._ended.is_set():
                return
            self._value, self.error = value, error
            if status == "done":
                self.fraction, self.message = 1.0, ""
            self._ended.set()
            self.status = status
        self.forget_arguments()
        self.woken.set()

    def forget_arguments(self) -> None:
        """Let go of the arguments: they are where they are needed, or are needed no more (called by the engine)."""
        self.args, self.kwargs = (), {}
