"""Many people: how long and how much memory, with the same code as in the studio.

Closed answers and ready vectors in this process; a hundred thousand people through a worker process; a million short
answers through a cluster of two worker processes. Embedding counts only where it says so.
"""

import logging
import resource
import time
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from distributed import Client, LocalCluster
from numpy.typing import NDArray

from benchmarks.simulated_people import (
    closed_questions,
    population,
    sentences,
    word_embedder,
)
from models.answers import segment_answers
from models.bases import segment_population
from models.codes.frames import read_frame
from models.engine import Engine
from models.features import Answers
from models.population import Population
from models.progress import Progress, silent
from models.results import Ints
from models.segment import SegmentSettings
from models.solutions import SolveSettings, solve
from models.stability import rand_index
from models.work.job import Job
from models.work.spread import Spread
from survey.analysis.recipes import packaged_documents

DIMS = 768
LONGEST = 7200.0
MOST_SECONDS, MOST_GIGABYTES = 60, 4.0
LOOK_EVERY = 0.2


def figures(quick: bool) -> dict[str, Any]:
    """Return the tables of this benchmark; `quick` takes a tenth of the people, and no text model."""
    part = 10 if quick else 1
    rows = [thousands(10_000 // part, text=False), thousands(10_000 // part, text=True)]
    people = hundred_thousand(100_000 // part)
    said = [million(1_000_000 // part, 200_000 // part, "words")]
    if not quick:
        said.append(million(1_000_000, 200_000, "auto"))
    return {
        f"30 closed questions end to end, one solution, in this process (at most {MOST_SECONDS} s)": rows,
        f"30 closed questions and an open one through a worker process (at most {MOST_GIGABYTES:g} GB)": [people],
        "Short answers embedded and segmented by a cluster of two worker processes": said,
    }


def thousands(people: int, text: bool) -> dict[str, Any]:
    """Return how long one solution of closed questions takes; text: with an open answer whose vectors are ready."""
    group, questions = closed_questions(people)
    if text:
        said = sentences(group, people)
        questions.append(Answers("why", "text", said, vectors=word_embedder(DIMS).encode(said)))
    started, worked = time.perf_counter(), time.process_time()
    found = solve(questions)
    seconds = time.perf_counter() - started
    return {
        "people": people,
        "questions": f"30 closed{' + 1 open, vectors ready' if text else ''}",
        "seconds": round(seconds, 1),
        "processor seconds": round(time.process_time() - worked, 1),
        "segments": found.k,
        "agreement with the simulated groups": round(rand_index(group, found.labels, np.ones(people)), 2),
        "in time": seconds <= MOST_SECONDS,
    }


def hundred_thousand(people: int) -> dict[str, Any]:
    """Return time and memory of both bases for so many people, through the engine; embedding costs next to nothing."""
    group, asked = population(people, people)
    engine = Engine()
    started = time.perf_counter()
    job = engine.submit("benchmarks.scale:population_job", asked, packaged_documents(), DIMS)
    told = _followed(job)
    solutions, peak = job.result(0)
    seconds = time.perf_counter() - started
    engine.close()
    placed = {one.basis: float((one.labels > 0).mean()) for one in solutions.solutions}
    return {
        "people": people,
        "seconds": round(seconds),
        "GB in the worker at most": round(peak, 2),
        "GB here at most": round(peak_gigabytes(), 2),
        "bases": ", ".join(f"{one.basis}: {one.k}, {one.evidence.verdict}" for one in solutions.solutions),
        "people placed": ", ".join(f"{basis} {share:.1%}" for basis, share in placed.items()),
        "agreement with the simulated groups": ", ".join(
            f"{rand_index(group, one.labels, np.ones(people)):.2f}" for one in solutions.solutions
        ),
        "evidence on": max(one.evidence.n for one in solutions.solutions),
        "progress reports": told,
        "within memory": max(peak, peak_gigabytes()) <= MOST_GIGABYTES,
    }


def million(people: int, distinct: int, embedder: str) -> dict[str, Any]:
    """Return time and memory of the topics of so many answers on two worker processes.

    embedder: a text model as in models.embed.load_embedder, or "words" for the stand-in of no cost.
    """
    rng = np.random.default_rng(2)
    group = rng.integers(0, 5, people)
    said = sentences(group, distinct)
    with LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        memory_limit=0,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
        silence_logs=logging.CRITICAL,
    ) as cluster:
        engine = Engine(cluster.scheduler_address)
        started = time.perf_counter()
        job = engine.submit("benchmarks.scale:answers_job", [[text] for text in said], embedder)
        told = _followed(job)
        labels, found, spent = job.result(0)
        seconds = time.perf_counter() - started
        with Client(cluster.scheduler_address, set_as_default=False) as client:
            peaks = client.run(peak_gigabytes)
        engine.close()
    return {
        "answers": people,
        "distinct": len(set(said)),
        "text model": found["embedder"],
        "seconds": round(seconds),
        "of which embedding": round(spent),
        "GB in each worker at most": ", ".join(f"{peak:.2f}" for peak in sorted(peaks.values(), reverse=True)),
        "GB here at most": round(peak_gigabytes(), 2),
        "segments": found["k"],
        "verdict": found["verdict"],
        "placed": f"{(labels > 0).mean():.1%}",
        "agreement with the simulated groups": round(rand_index(group, labels, np.ones(people)), 2),
        "evidence on": found["n"],
        "said": " ".join(found["warnings"]),
        "progress reports": told,
    }


def population_job(asked: Population, frames: Mapping[str, Any], dims: int, progress: Progress) -> tuple[Any, float]:
    """What a worker does: both bases of a population; returns the solutions and the memory it took, in GB."""
    found = segment_population(
        asked,
        settings=SolveSettings(),
        embedder=word_embedder(dims),
        frames={name: read_frame(document, name, name) for name, document in frames.items()},
        progress=progress,
    )
    return found.solutions, peak_gigabytes()


def answers_job(
    answers: Sequence[Sequence[str]], embedder: str, progress: Progress
) -> tuple[Ints, dict[str, Any], float]:
    """What a worker does: topics of open answers, embedded by all workers; returns labels, facts, embedding seconds."""
    loaded = _text_model(embedder)
    timed = _Timed(Spread(loaded, "benchmarks.scale:_text_model", embedder))
    found = segment_answers(answers, settings=SegmentSettings(), embedder=timed, progress=progress).segmentation
    facts = {
        "k": found.k,
        "verdict": found.evidence.verdict,
        "n": found.evidence.n,
        "embedder": found.embedder,
        "warnings": found.warnings,
    }
    return found.labels, facts, timed.seconds


class _Timed:
    """An embedder and the seconds it took."""

    def __init__(self, embedder: Spread) -> None:
        self._embedder = embedder
        self.name, self.dim, self.reason = embedder.name, embedder.dim, embedder.reason
        self.seconds = 0.0

    def encode(self, texts: Sequence[str], progress: Progress = silent) -> NDArray[np.float32]:
        started = time.perf_counter()
        vectors = self._embedder.encode(texts, progress)
        self.seconds += time.perf_counter() - started
        return vectors


def _text_model(name: str) -> Any:
    if name == "words":
        return word_embedder(DIMS)
    from models.embed import load_embedder

    return load_embedder(name)


def peak_gigabytes() -> float:
    """Return the largest memory this process has held, in GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def _followed(job: Job) -> int:
    """Wait for a job and return how many different states of progress were seen."""
    seen, deadline = set(), time.monotonic() + LONGEST
    while job.status in ("queued", "running") and time.monotonic() < deadline:
        seen.add((round(job.fraction, 2), job.message))
        try:
            job.result(LOOK_EVERY)
        except TimeoutError:
            continue
    return len(seen)
