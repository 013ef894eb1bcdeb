"""Texts embedded by all workers of a cluster, portion by portion, from within one worker's job."""

import importlib
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from distributed import Client, Future, as_completed, get_worker, worker_client
from numpy.typing import NDArray

from models.embed import Embedder
from models.errors import ModelError
from models.progress import Progress, silent
from models.vectors.portions import PORTION, portions
from models.work.engine_worker import Outcome, describe

AHEAD = 2
"""Portions that wait for each worker, so that none is idle and none holds more."""

FIRST = 10
"""Priority of portions: a job that has begun goes before jobs that have not."""


class Spread:
    """An Embedder that shares its work between the workers of the cluster that its job runs on.

    own: the same text model in this process, for few texts or where there is no other worker. loader: "module:function"
    that returns it, called with `arguments` on every worker that takes part. The vectors are those of one process.
    """

    def __init__(self, own: Embedder, loader: str, *arguments: Any) -> None:
        self.name, self.dim, self.reason = own.name, own.dim, own.reason
        self._own, self._loader, self._arguments = own, loader, arguments

    def encode(self, texts: Sequence[str], progress: Progress = silent) -> NDArray[np.float32]:
        """Return float32 (len(texts), dim), every row of length 1; raises ModelError when a worker cannot do it."""
        if len(texts) <= PORTION or not _in_a_worker():
            return self._own.encode(texts, progress)
        with worker_client() as client:
            workers = len(client.scheduler_info(n_workers=-1)["workers"])
            if workers > 1:
                return self._shared(client, workers, texts, progress)
        return self._own.encode(texts, progress)

    def _shared(self, client: Client, workers: int, texts: Sequence[str], progress: Progress) -> NDArray[np.float32]:
        rows = np.empty((len(texts), self.dim), dtype=np.float32)
        waiting, places, done = portions(texts), dict[Any, list[int]](), 0
        running: Any = as_completed(loop=client.loop)

        def send() -> None:
            portion = next(waiting, None)
            if portion is not None:
                some = [texts[row] for row in portion]
                future = client.submit(embed_portion, self._loader, self._arguments, some, pure=False, priority=FIRST)
                places[future.key] = portion
                running.add(future)

        for _ in range(AHEAD * workers):
            send()
        try:
            for future in running:
                mine = places.pop(future.key)
                rows[mine] = _taken(future)
                done += len(mine)
                send()
                progress(done / len(texts), f"Reading the answers on {workers} workers")
        finally:
            client.cancel([Future(key, client) for key in places])
        return rows


def embed_portion(loader: str, arguments: Sequence[Any], texts: Sequence[str]) -> Outcome:
    """Return the vectors of some texts; never raises, because Dask would log the texts."""
    try:
        return Outcome("done", _loaded(loader)(*arguments).encode(texts))
    except ModelError as error:
        return Outcome("failed", error=str(error))
    except MemoryError:
        return Outcome("failed", error="A worker ran out of memory while embedding. Give the workers more of it.")
    except Exception as error:  # noqa: BLE001 (the rim of the worker: whatever it was becomes the reason)
        return Outcome("failed", error=describe("embedding", error))


def _loaded(loader: str) -> Callable[..., Embedder]:
    module, _, name = loader.partition(":")
    found: Callable[..., Embedder] = getattr(importlib.import_module(module), name)
    return found


def _taken(future: Future) -> NDArray[np.float32]:
    outcome: Outcome = future.result()
    future.release()
    if outcome.status != "done":
        raise ModelError(outcome.error)
    vectors: NDArray[np.float32] = outcome.value
    return vectors


def _in_a_worker() -> bool:
    try:
        get_worker()
    except ValueError:
        return False
    return True
