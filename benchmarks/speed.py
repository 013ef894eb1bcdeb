"""How long 5,000 answers take from file to report, and how much memory, beside BERTopic on the same vectors.

`python -m benchmarks.speed [--quick]` prints the figures. Each run is a process of its own, imports and model included.
BERTopic runs with its default settings and is handed our embedder, so that both read the texts equally fast; it fits
topics only, while ours also reads the file, tests the result, and writes names, quotes and the report.
"""

import csv
import gzip
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.public_data import PUBLIC_DATA

SETS = ("banking77", "airline_tweets_reasons")
EMBEDDERS = ("minilm", "multilingual")
ANSWERS, ROUNDS = 5000, 1
MOST_TIME, MOST_MEMORY = 0.8, 2.0


@dataclass(frozen=True)
class Usage:
    """What one process took: wall time and processor time in seconds, largest resident memory in GiB."""

    seconds: float
    processor: float
    memory: float


def figures(quick: bool) -> dict[str, Any]:
    """Return seconds, memory and their ratio for every set and embedder; quick: 1,000 answers, one round."""
    answers, rounds = (1000, 1) if quick else (ANSWERS, ROUNDS)
    with tempfile.TemporaryDirectory() as folder:
        files = {name: prepare(name, answers, Path(folder)) for name in SETS}
        for embedder in EMBEDDERS:
            run(ours(prepare(SETS[0], 50, Path(folder)), embedder, Path(folder)))
        rows = [compare(name, files[name], embedder, rounds, Path(folder)) for name in SETS for embedder in EMBEDDERS]
    slowest = max(row["ratio"] for row in rows)
    largest = max(row["our memory, GiB"] for row in rows)
    return {
        "about": f"{answers:,} answers, whole process from file to report, beside BERTopic's default fit with the same "
        f"embedder in a process of its own, the two in turn; rounds: {rounds}.",
        "bars": [
            {"bar": f"time / BERTopic, at most {MOST_TIME}", "measured": slowest, "met": slowest <= MOST_TIME},
            {"bar": f"memory, at most {MOST_MEMORY:g} GiB", "measured": largest, "met": largest <= MOST_MEMORY},
        ],
        "runs": rows,
    }


def compare(name: str, file: Path, embedder: str, rounds: int, folder: Path) -> dict[str, Any]:
    """Return one row: medians over rounds in which the two take turns; the ratio is the median of each round's."""
    pairs = [(run(ours(file, embedder, folder)), run(theirs(file, embedder))) for _ in range(rounds)]
    return {
        "answers": name,
        "embedder": embedder,
        "our seconds": round(statistics.median(mine.seconds for mine, _ in pairs), 1),
        "BERTopic's": round(statistics.median(peer.seconds for _, peer in pairs), 1),
        "ratio": round(statistics.median(mine.seconds / peer.seconds for mine, peer in pairs), 2),
        "our processor seconds": round(statistics.median(mine.processor for mine, _ in pairs), 1),
        "its": round(statistics.median(peer.processor for _, peer in pairs), 1),
        "our memory, GiB": round(max(mine.memory for mine, _ in pairs), 2),
        "its memory, GiB": round(max(peer.memory for _, peer in pairs), 2),
    }


def prepare(name: str, answers: int, folder: Path) -> Path:
    """Write the first answers of a public set as a CSV of one column and return its path."""
    with gzip.open(PUBLIC_DATA / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as source:
        texts = [row["text"] for row in csv.DictReader(source)][:answers]
    path = folder / f"{name}-{answers}.csv"
    with path.open("w", encoding="utf-8", newline="") as target:
        csv.writer(target).writerows([["text"], *([text] for text in texts)])
    return path


def ours(file: Path, embedder: str, folder: Path) -> list[str]:
    out = folder / f"out-{file.stem}-{embedder}"
    return [sys.executable, "-m", "survey.cli", "segment", str(file), "--out", str(out), "--embedder", embedder]


def theirs(file: Path, embedder: str) -> list[str]:
    return [sys.executable, "-m", "benchmarks.bertopic_fit", str(file), embedder]


def run(command: Sequence[str]) -> Usage:
    """Run a command to its end and return what it took; raises RuntimeError with its errors when it fails."""
    with tempfile.TemporaryFile() as errors:
        started = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            errors.seek(0)
            raise RuntimeError(f"{' '.join(command)}: {errors.read().decode(errors='replace')[-2000:]}")
    return Usage(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 2**20)


if __name__ == "__main__":
    print(json.dumps(figures("--quick" in sys.argv[1:]), indent=1))
