"""Work in another process: progress, results, cancelling, and every way to fail with a reason."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import dask
import distributed  # noqa: F401 (its settings)
import numpy as np
import pytest

from models.engine import Engine, _take
from models.work.job import Job, JobCancelled, JobFailed

ROOT = Path(__file__).resolve().parents[1]
LONG = 60.0


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LONG
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_job_runs_in_another_process_that_lets_others_go_first(engine: Engine) -> None:
    process, niceness, threads = engine.submit("tests.steps:process").result(LONG)
    assert process != os.getpid()
    assert niceness >= 10
    assert threads == str(os.cpu_count())


def test_arguments_and_results_keep_their_values(engine: Engine) -> None:
    value = {"text å 🙂": np.arange(6, dtype=np.float32).reshape(2, 3)}
    found = engine.submit("tests.steps:echo", value=value).result(LONG)
    assert found.keys() == value.keys()
    np.testing.assert_array_equal(found["text å 🙂"], value["text å 🙂"])
    job = engine.submit("tests.steps:add", 1, b=2)
    assert job.result(LONG) == 3
    assert (job.status, job.fraction, job.error) == ("done", 1.0, "")


def test_progress_is_heard_while_the_job_runs(engine: Engine) -> None:
    job = engine.submit("tests.steps:steps", 40, 0.03)
    heard: list[tuple[float, str]] = []
    until(lambda: bool(heard.append((job.fraction, job.message))) or job.status == "done")
    fractions = [fraction for fraction, _ in heard]
    assert fractions == sorted(fractions)
    assert len(set(fractions)) > 5
    assert "step 20" in {message for _, message in heard} | {f"step {i}" for i in range(15, 26)}


def test_jobs_take_turns_and_a_queued_one_can_be_cancelled(engine: Engine) -> None:
    first = engine.submit("tests.steps:steps", 1000, 0.02)
    second, third = engine.submit("tests.steps:add", 1, 2), engine.submit("tests.steps:add", 3, 4)
    until(lambda: first.status == "running")
    assert (second.status, third.status) == ("queued", "queued")
    second.cancel()
    first.cancel()
    assert third.result(LONG) == 7
    for job in (first, second):
        with pytest.raises(JobCancelled):
            job.result(LONG)
        assert job.status == "cancelled"


def test_a_job_that_does_not_listen_is_ended_by_force(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.engine.GRACE_SECONDS", 0.2)
    job = engine.submit("tests.steps:deaf", 600)
    until(lambda: job.status == "running")
    job.cancel()
    with pytest.raises(JobCancelled):
        job.result(LONG)
    assert engine.submit("tests.steps:add", 1, 2).result(LONG) == 3


@pytest.mark.parametrize(
    ("function", "arguments", "reason"),
    [
        ("tests.steps:refuse", [], "This cannot be done. Try another way."),
        ("tests.steps:stumble", ["my private words"], r"unexpected KeyError in tests/steps\.py, line \d+"),
        ("tests.steps:missing", [], "unexpected AttributeError"),
        ("no_such_module:job", [], "unexpected ModuleNotFoundError"),
        ("tests.steps:unsendable", [], "unexpected|sent"),
        ("tests.steps:die", [], "worker process died"),
    ],
)
def test_a_failed_job_says_why_and_the_next_one_works(
    engine: Engine, capfd: pytest.CaptureFixture[str], function: str, arguments: list[str], reason: str
) -> None:
    job = engine.submit(function, *arguments)
    with pytest.raises(JobFailed, match=reason):
        job.result(LONG)
    assert job.status == "failed"
    assert engine.submit("tests.steps:add", 1, 2).result(LONG) == 3
    said = "".join(capfd.readouterr()) + job.error
    assert "private" not in said


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Dask gives a dead worker up at once; afterwards it waits for those of other tests as before."""
    monkeypatch.setattr("models.engine.LOST_AFTER", "50ms")
    setting = "distributed.deploy.lost-worker-timeout"
    with dask.config.set({setting: dask.config.get(setting)}):
        yield


@pytest.mark.usefixtures("impatient")
def test_a_worker_that_was_given_up_is_replaced() -> None:
    engine = Engine()
    with pytest.raises(JobFailed, match="worker process died"):
        engine.submit("tests.steps:die").result(LONG)
    cluster = engine._cluster
    assert cluster is not None
    until(lambda: not cluster.workers)
    assert engine.submit("tests.steps:add", 1, 2).result(LONG) == 3
    engine.close()


def test_a_bad_parameter_keeps_its_sentence(engine: Engine) -> None:
    job = engine.submit("models.work.jobs:segment", [["a"]], {"k": -1}, "minilm", "", {})
    with pytest.raises(JobFailed, match="the 'k' parameter must be"):
        job.result(LONG)


def test_a_job_that_says_it_is_done_has_its_result() -> None:
    class Slow(list[int]):
        """Takes a moment to be thrown away."""

        def __del__(self) -> None:
            time.sleep(0.3)

    job = Job("tests.steps:echo", (Slow([1]),), {})
    ending = threading.Thread(target=job.end, args=("done", 5))
    ending.start()
    until(lambda: job.status == "done")
    assert job.result(0) == 5
    ending.join()


def test_waiting_for_a_result_can_time_out(engine: Engine) -> None:
    job = engine.submit("tests.steps:steps", 1000, 0.02)
    with pytest.raises(TimeoutError):
        job.result(0.05)
    job.cancel()


def test_a_scheduler_that_does_not_answer_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.engine.CONNECT_SECONDS", 0.5)
    engine = Engine("tcp://127.0.0.1:9")
    with pytest.raises(JobFailed, match=r"scheduler at tcp://127\.0\.0\.1:9 cannot be reached"):
        engine.submit("tests.steps:add", 1, 2).result(LONG)
    engine.close()


def test_a_scheduler_without_samtal_is_said() -> None:
    class Lost:
        def result(self, timeout: float) -> None:
            raise RuntimeError("Error during deserialization of the task graph.")

    job = Job("tests.steps:add", (1, 2), {})
    _take(job, Lost())  # type: ignore[arg-type]
    with pytest.raises(JobFailed, match=r"scheduler cannot import Samtal: install it there"):
        job.result(0)


def test_the_same_jobs_run_on_a_cluster() -> None:
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0") as cluster:
        engine = Engine(cluster.scheduler_address)
        jobs = [engine.submit("tests.steps:steps", 20, 0.05) for _ in range(2)]
        until(lambda: all(job.status == "running" for job in jobs))
        jobs[0].cancel()
        with pytest.raises(JobCancelled):
            jobs[0].result(LONG)
        assert jobs[1].result(LONG) == 20
        engine.close()


def test_a_worker_with_nothing_to_do_stops_and_starts_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.engine.IDLE_SECONDS", 0.5)
    engine = Engine()
    first = engine.submit("tests.steps:process").result(LONG)[0]
    until(lambda: not Path(f"/proc/{first}").exists())
    assert engine.submit("tests.steps:process").result(LONG)[0] != first
    engine.close()


def test_closing_cancels_everything_at_once() -> None:
    engine = Engine()
    jobs: list[Job] = [engine.submit("tests.steps:deaf", 600), engine.submit("tests.steps:add", 1, 2)]
    until(lambda: jobs[0].status == "running")
    engine.close()
    assert [job.status for job in jobs] == ["cancelled", "cancelled"]
    with pytest.raises(JobFailed, match="closed"):
        engine.submit("tests.steps:add", 1, 2)


def test_a_process_that_forgets_to_close_still_ends_and_takes_its_worker_with_it() -> None:
    script = (
        "from models.engine import Engine\n"
        "if __name__ == '__main__':\n"
        "    engine = Engine()\n"
        "    print(engine.submit('tests.steps:process').result(60)[0])\n"
        "    engine.submit('tests.steps:deaf', 600)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=120, check=True
    )
    worker = int(done.stdout)
    until(lambda: not Path(f"/proc/{worker}").exists())
    assert done.stderr == ""


def test_asking_for_work_loads_no_numeric_library() -> None:
    script = (
        "import sys\n"
        "import survey.analysis.service, survey.analysis.segmentation, data.backup, data.vectors\n"
        "heavy = {'sklearn', 'scipy', 'torch', 'distributed', 'dask', 'transformers', 'streamlit'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True, timeout=120)
