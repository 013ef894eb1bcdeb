"""Where heavy work runs: one local worker process, or a Dask cluster; never the process that serves people.

Importing this module is cheap; Dask is loaded when the first job is submitted.
"""

import logging
import os
import queue
import secrets
import signal
import tempfile
import threading
import time
from typing import TYPE_CHECKING, Any

from models.work.job import Job, JobFailed

if TYPE_CHECKING:
    from distributed import Client, Future, LocalCluster

GRACE_SECONDS = 5.0
CONNECT_SECONDS = 15
CLOSE_SECONDS = 15
IDLE_SECONDS = 900.0
CLUSTER_JOBS = 8
LOST_AFTER = "365d"  # Dask would close for good a nanny whose worker happens to be starting again 15 s after a death
GONE = ("closing", "closed", "failed")
STOPPED = "The server was stopped during the work. Start it again."
_LOOK_EVERY = 0.5


class Engine:
    """Runs functions of `models` elsewhere: `engine.submit("models.work.jobs:segment", …)`.

    scheduler: address of a Dask scheduler (tcp://…, tls://…) whose workers can import Samtal, or None for one local
    worker process, which starts with the first job and stops when there was none for a quarter of an hour. A job whose
    local worker process dies fails and is not tried again.
    """

    def __init__(self, scheduler: str | None = None) -> None:
        self.scheduler = scheduler
        self._topic = f"samtal-{secrets.token_hex(8)}"
        self._queue: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._jobs: dict[str, Job] = {}
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()
        self._closed = False
        self._client: Client | None = None
        self._cluster: LocalCluster | None = None
        self._scratch: tempfile.TemporaryDirectory[str] | None = None

    def submit(self, function: str, *args: Any, **kwargs: Any) -> Job:
        """Queue a call of "module:function" with these arguments and a `progress` callback; returns at once.

        The local worker takes one job at a time, in order; a cluster up to eight.
        """
        job = Job(function, args, kwargs)
        with self._lock:
            if self._closed:
                raise JobFailed("The engine is closed and takes no more jobs.")
            self._jobs[job.id] = job
            if len(self._threads) < (CLUSTER_JOBS if self.scheduler else 1):
                thread = threading.Thread(target=self._serve, name="samtal-engine", daemon=True)
                self._threads.append(thread)
                thread.start()
        self._queue.put(job)
        return job

    def close(self) -> None:
        """Cancel what is queued or running and stop the local worker."""
        with self._lock:
            self._closed = True
            jobs = list(self._jobs.values())
        busy = any(job.status == "running" for job in jobs)
        for job in jobs:
            job.end("cancelled")
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            thread.join(2 * _LOOK_EVERY)
        with self._lock:
            self._stop(by_force=busy)

    def _serve(self) -> None:
        while (job := self._next()) is not None:
            if not job.wanted:
                job.end("cancelled")
            if job.status == "queued":
                self._carry_out(job)
            self._jobs.pop(job.id, None)

    def _next(self) -> Job | None:
        """Wait for the next job, or None to end; a local worker that waits for long is stopped to free its memory."""
        while True:
            try:
                return self._queue.get(timeout=None if self.scheduler else IDLE_SECONDS)
            except queue.Empty:
                with self._lock:
                    self._stop(by_force=False)

    def _carry_out(self, job: Job) -> None:
        try:
            client = self._connect()
            self._follow(job, client)
        except (OSError, TimeoutError) as error:
            where = f"The Dask scheduler at {self.scheduler}" if self.scheduler else "The local worker process"
            job.end("failed", error=f"{where} cannot be reached ({type(error).__name__}). Start the job again later.")
            with self._lock:
                self._stop()
        except Exception as error:  # noqa: BLE001 (the rim of the engine: its thread must live to serve the next job)
            lost = f"The job {job.id} was lost to an unexpected {type(error).__name__}. Start it again."
            job.end("failed", error=lost if threading.main_thread().is_alive() else STOPPED)

    def _follow(self, job: Job, client: "Client") -> None:
        """Send the job to a worker and stay with it until it has ended."""
        from distributed import Event

        from models.work import engine_worker

        future = client.submit(
            engine_worker.run,
            job.id,
            self._topic,
            job.function,
            self._sent(job, client),
            key=f"samtal-{job.id}",
            pure=False,
        )
        job.forget_arguments()
        future.add_done_callback(lambda _: job.woken.set())
        flag = Event(engine_worker.cancel_flag(job.id), client=client)
        asked_at = 0.0
        while not future.done() and job.status in ("queued", "running"):
            if not job.wanted and not asked_at:
                asked_at = time.monotonic()
                flag.set()
            if asked_at and time.monotonic() - asked_at > GRACE_SECONDS:
                job.end("cancelled")
                self._end_by_force(future)
                break
            if client.status == "closed":
                job.end("failed", error=f"The connection to the Dask scheduler was lost during the job {job.id}.")
                break
            job.woken.wait(_LOOK_EVERY)
            job.woken.clear()
        if future.done():
            _take(job, future)
        future.release()
        if asked_at and client.status == "running":
            flag.clear()

    def _sent(self, job: Job, client: "Client") -> Any:
        """Return the arguments of a job; a local worker is sent them directly, so that no scheduler keeps copies."""
        given = (job.args, dict(job.kwargs))
        return given if self._cluster is None else client.scatter(given, direct=True, hash=False)

    def _end_by_force(self, future: "Future") -> None:
        """Give up on a job that does not listen: a local worker is restarted, a cluster's is left to finish."""
        future.cancel()
        if self._cluster is not None:
            _restart_workers(self._cluster)

    def _connect(self) -> "Client":
        """Return the connection to the cluster, started when there is none yet."""
        with self._lock:
            if self._client is not None and not self._usable(self._client):
                self._stop()
            if self._client is None:
                self._client = self._start()
                self._client.subscribe_topic(self._topic, self._hear)
            return self._client

    def _usable(self, client: "Client") -> bool:
        """Whether jobs can be sent: the connection stands, and a local worker has a nanny that starts it again."""
        if self._cluster is not None and all(nanny.status.name in GONE for nanny in self._cluster.workers.values()):
            return False
        return client.status == "running"

    def _start(self) -> "Client":
        import dask
        from distributed import Client, LocalCluster

        from models.work.engine_worker import Courteous

        cores = os.cpu_count() or 1
        dask.config.set(
            {
                "distributed.scheduler.allowed-failures": 0,
                "distributed.scheduler.http.routes": [],
                "distributed.worker.http.routes": [],
                "distributed.deploy.lost-worker-timeout": LOST_AFTER,
                "distributed.worker.profile.enabled": False,
                "distributed.admin.tick.interval": "500ms",
                "distributed.admin.tick.limit": "1h",
                "distributed.admin.system-monitor.interval": "10s",
                "distributed.admin.large-graph-warning-threshold": "10GB",
                "distributed.nanny.pre-spawn-environ.OMP_NUM_THREADS": cores,
                "distributed.nanny.pre-spawn-environ.MKL_NUM_THREADS": cores,
                "distributed.nanny.pre-spawn-environ.OPENBLAS_NUM_THREADS": cores,
                "distributed.nanny.pre-spawn-environ.GOMP_SPINCOUNT": 0,
            }
        )
        if self.scheduler:
            return Client(self.scheduler, timeout=CONNECT_SECONDS, set_as_default=False)
        self._scratch = tempfile.TemporaryDirectory(prefix="samtal-", ignore_cleanup_errors=True)
        self._cluster = LocalCluster(
            n_workers=1,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            security=True,
            dashboard_address=None,
            worker_dashboard_address=None,
            scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
            memory_limit=0,
            silence_logs=logging.CRITICAL,
            local_directory=self._scratch.name,
        )
        client = Client(self._cluster, set_as_default=False)
        client.register_plugin(Courteous())
        return client

    def _stop(self, by_force: bool = True) -> None:
        client, cluster, scratch = self._client, self._cluster, self._scratch
        self._client = self._cluster = self._scratch = None
        if client is not None:
            client.close(timeout=2)
        if cluster is not None:
            if by_force:
                _kill_workers(cluster, restart=False)
            cluster.close(timeout=CLOSE_SECONDS)
        if scratch is not None:
            scratch.cleanup()

    def _hear(self, event: tuple[float, dict[str, Any]]) -> None:
        told = event[1]
        job = self._jobs.get(told["job"])
        if job is not None:
            job.report(told["fraction"], told["message"])


def _restart_workers(cluster: "LocalCluster") -> None:
    """End the local worker processes at once and wait until their nannies have started new ones."""
    old = set(cluster.scheduler_info["workers"])
    _kill_workers(cluster)
    deadline = time.monotonic() + CONNECT_SECONDS
    while not (new := set(cluster.scheduler_info["workers"])) or new & old:
        if time.monotonic() > deadline:
            raise TimeoutError("The local worker process did not start again.")
        time.sleep(0.05)


def _kill_workers(cluster: "LocalCluster", restart: bool = True) -> None:
    for nanny in cluster.workers.values():
        nanny.auto_restart = restart
        if nanny.pid:
            os.kill(nanny.pid, signal.SIGKILL)


def _take(job: Job, future: "Future") -> None:
    """End the job with what its future holds."""
    from asyncio import CancelledError

    from distributed import KilledWorker

    try:
        outcome = future.result(timeout=60)
    except KilledWorker:
        job.end(
            "failed",
            error=f"The worker process died during the job {job.id}; it may have run out of memory. Start it again.",
        )
    except CancelledError:
        job.end("failed", error=f"The cluster gave the job {job.id} up. Start it again.")
    except (ImportError, AttributeError) as error:
        job.end("failed", error=f"The workers cannot import Samtal ({type(error).__name__}): install it there as here.")
    except RuntimeError as error:
        if "deserialization" not in str(error):
            raise
        job.end("failed", error="The Dask scheduler cannot import Samtal: install it there as here (docs/cluster.md).")
    else:
        job.end(outcome.status, outcome.value, outcome.error)
