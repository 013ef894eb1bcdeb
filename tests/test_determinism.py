"""The same people, settings and seed give the same result to the last bit: row order, process, threads."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.repeated import METHODS

ROOT = Path(__file__).resolve().parents[1]


def found(seed: int, threads: int, hashes: int) -> dict[str, str]:
    """What another process finds with the people in the order of `seed`."""
    numbers = {name: str(threads) for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
    done = subprocess.run(
        [sys.executable, "-m", "tests.repeated", str(seed)],
        cwd=ROOT,
        env={**os.environ, **numbers, "PYTHONHASHSEED": str(hashes)},
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(json.loads(done.stdout))


@pytest.fixture(scope="module")
def first() -> dict[str, str]:
    return found(0, threads=1, hashes=1)


@pytest.fixture(scope="module")
def other_process() -> dict[str, str]:
    return found(0, threads=2, hashes=2)


@pytest.fixture(scope="module")
def other_order() -> dict[str, str]:
    return found(3, threads=2, hashes=3)


@pytest.mark.parametrize("method", METHODS)
def test_process_and_threads_change_nothing(first: dict[str, str], other_process: dict[str, str], method: str) -> None:
    assert first[method] == other_process[method]


@pytest.mark.parametrize("method", METHODS)
def test_the_order_of_people_changes_nothing(first: dict[str, str], other_order: dict[str, str], method: str) -> None:
    assert first[method] == other_order[method]
