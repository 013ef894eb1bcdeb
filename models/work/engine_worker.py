"""What runs inside a worker process: a function found by its name, its progress, and an outcome that never raises."""

import importlib
import os
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from distributed import Event, Worker, WorkerPlugin, get_client, get_worker

from models.errors import ModelError

ROOT = Path(__file__).resolve().parents[2]
TELL_EVERY = 0.1
ASK_EVERY = 0.3
NICENESS = 10


@dataclass(frozen=True)
class Outcome:
    """How a job ended; `value` when done, `error` (one sentence without any answer in it) when failed."""

    status: Literal["done", "failed", "cancelled"]
    value: Any = None
    error: str = ""


class Stopped(BaseException):
    """Raised out of the progress callback to leave the function of a cancelled job, whatever it catches."""


class Courteous(WorkerPlugin):
    """Lets the web processes of the same machine go first."""

    def setup(self, worker: Worker) -> None:
        """Lower the priority of the worker process."""
        os.nice(NICENESS)


def run(job_id: str, topic: str, function: str, given: tuple[Sequence[Any], Mapping[str, Any]]) -> Outcome:
    """Call "module:function" with the arguments given and a `progress` callback, and return how it ended.

    Errors are turned into an Outcome here, because Dask would write a failed call with its arguments, people's
    answers, into the log.
    """
    try:
        progress = _reporter(job_id, topic)
        progress(0.0, "Getting ready")
        args, kwargs = given
        return Outcome("done", _find(function)(*args, **kwargs, progress=progress))
    except Stopped:
        return Outcome("cancelled")
    except ModelError as error:
        return Outcome("failed", error=str(error))
    except MemoryError:
        return Outcome("failed", error="The machine ran out of memory. Try fewer answers or a larger machine.")
    except Exception as error:  # noqa: BLE001 (the rim of the worker: whatever it was becomes the job's reason)
        return Outcome("failed", error=describe(job_id, error))


def describe(job_id: str, error: Exception) -> str:
    """Return one sentence on an error; its own words only when `models` raised it for a bad parameter."""
    ours = [frame for frame in traceback.extract_tb(error.__traceback__) if ROOT in Path(frame.filename).parents]
    last = traceback.extract_tb(error.__traceback__)[-1]
    if isinstance(error, ValueError) and ROOT / "models" in Path(last.filename).parents:
        return str(error)
    place = f" in {Path(ours[-1].filename).relative_to(ROOT)}, line {ours[-1].lineno}" if ours else ""
    return f"The job {job_id} stopped on an unexpected {type(error).__name__}{place}."


def _find(function: str) -> Callable[..., Any]:
    module, _, name = function.partition(":")
    found: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return found


def _reporter(job_id: str, topic: str) -> Callable[[float, str], None]:
    """Return a progress callback that tells the caller now and then, and raises Stopped once the job is cancelled."""
    worker = get_worker()
    cancelled = Event(cancel_flag(job_id), client=get_client())
    told, asked, last_message = -TELL_EVERY, time.monotonic(), None

    def progress(fraction: float, message: str) -> None:
        nonlocal told, asked, last_message
        moment = time.monotonic()
        if moment - told >= TELL_EVERY or message != last_message:
            told, last_message = moment, message
            worker.log_event(topic, {"job": job_id, "fraction": float(fraction), "message": message})
        if moment - asked >= ASK_EVERY:
            asked = moment
            if cancelled.is_set():
                raise Stopped

    return progress


def cancel_flag(job_id: str) -> str:
    """Return the name of the cluster-wide flag that cancels a job."""
    return f"samtal-cancel-{job_id}"
