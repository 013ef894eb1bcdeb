"""Light functions for workers to run in tests."""

import os
import signal
import threading
import time
from typing import Any

from models.errors import ModelError
from models.progress import Progress


def add(a: int, b: int, progress: Progress) -> int:
    progress(0.5, "adding")
    return a + b


def process(progress: Progress) -> tuple[int, int, str]:
    return os.getpid(), os.nice(0), os.environ.get("OMP_NUM_THREADS", "")


def steps(count: int, seconds: float, progress: Progress) -> int:
    for step in range(count):
        progress(step / count, f"step {step}")
        time.sleep(seconds)
    return count


def deaf(seconds: float, progress: Progress) -> None:
    progress(0.1, "not listening")
    time.sleep(seconds)


def refuse(progress: Progress) -> None:
    raise ModelError("This cannot be done. Try another way.")


def stumble(answer: str, progress: Progress) -> None:
    raise KeyError(answer)


def die(progress: Progress) -> None:
    progress(0.5, "about to die")
    os.kill(os.getpid(), signal.SIGKILL)


def echo(value: Any, progress: Progress) -> Any:
    return value


def unsendable(progress: Progress) -> Any:
    return threading.Lock()
