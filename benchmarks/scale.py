"""Many people: how long and how much memory, with the same code as in the studio.

Ten thousand people in this process, from answers to the files of a report; a hundred thousand through a worker process,
as a run of the studio goes; a million short answers through a cluster of two worker processes. Vectors of open answers
are known beforehand, as in every run after the first; embedding counts only where it says so.
"""

import logging
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from distributed import Client, LocalCluster
from numpy.typing import NDArray

from benchmarks.simulated_people import population, sentences, word_embedder
from models.answers import segment_answers
from models.bases import segment_population
from models.codes.frames import read_frame
from models.engine import Engine
from models.population import Population
from models.progress import Progress, silent
from models.results import Ints
from models.segment import SegmentSettings
from models.solution import Solution, Solutions
from models.solutions import SolveSettings
from models.stability import rand_index
from models.vectors.table import VectorTable
from models.work.job import Job
from models.work.spread import Spread
from survey.analysis.spoken import in_population
from survey.frames import packaged_documents
from survey.report.bases_context import BasesContext
from survey.report.bases_writers import files_of

DIMS = 896
"""As the default text model has."""

SHORT = SolveSettings(pairs=5, null_sets=6, null_pairs=1, starts=3)
"""What the short form is content with."""

LONGEST = 7200.0
MOST_SECONDS, MOST_GIGABYTES = 60, 4.0
LOOK_EVERY = 0.2


def figures(quick: bool) -> dict[str, Any]:
    """Return the tables of this benchmark; `quick` takes a few people, and no text model."""
    settings = SHORT if quick else SolveSettings()
    people = hundred_thousand(3000 if quick else 100_000, "" if quick else "auto", settings)
    rows = [thousands(1000 if quick else 10_000, opened, settings) for opened in (False, True)]
    said = [million(20_000, 4000, "words")] if quick else [million(1_000_000, 200_000, "words")]
    if not quick:
        said.append(million(1_000_000, 200_000, "minilm"))
    return {
        f"Answers to report, two bases with portraits, in this process (at most {MOST_SECONDS} s)": rows,
        f"30 closed questions and an open one through a worker process (at most {MOST_GIGABYTES:g} GB)": [people],
        "Short answers embedded and segmented by a cluster of two worker processes": said,
    }


def thousands(people: int, opened: bool, settings: SolveSettings) -> dict[str, Any]:
    """Return how long both bases take, with portraits and the files of a report; opened: with an open question."""
    group, asked = population(people, people)
    if not opened:
        asked = Population(people, tuple(question for question in asked.questions if not question.open))
    documents, known = packaged_documents(), known_vectors(asked)
    started, worked = time.perf_counter(), time.process_time()
    found, filled, _ = _both_bases(asked, documents, known, settings, silent)
    files = files_of(BasesContext(found, filled, "simulated people", time.perf_counter() - started))
    seconds = time.perf_counter() - started
    return {
        "people": people,
        "questions": f"30 closed{' + 1 open' if opened else ''}",
        "seconds": round(seconds, 1),
        "processor seconds": round(time.process_time() - worked, 1),
        **_found(found.solutions, group),
        "files, MB": round(sum(map(len, files.values())) / 1e6, 1),
        "in time": seconds <= MOST_SECONDS,
    }


def hundred_thousand(people: int, text_model: str, settings: SolveSettings) -> dict[str, Any]:
    """Return time and memory of both bases for so many people, through the engine.

    text_model: that the worker holds in memory, though it has nothing to read; "" for none.
    """
    group, asked = population(people, people)
    documents, known = packaged_documents(), known_vectors(asked)
    engine = Engine()
    forget_peak()
    started = time.perf_counter()
    job = engine.submit("benchmarks.scale:population_job", asked, documents, known, text_model, settings)
    del known
    watched = _followed(job)
    solutions, _, worked, peak = job.result(0)
    seconds, here = time.perf_counter() - started, peak_gigabytes()
    engine.close()
    return {
        "people": people,
        "different answers": len(set(asked.questions[-1].answers.values)),
        "seconds": round(seconds),
        "processor seconds": round(worked),
        "GB in the worker at most": round(peak, 2),
        "GB in the process that asks at most": round(here, 2),
        "GB in both at one time, at most": round(watched.gigabytes, 2),
        **_found(solutions.solutions, group),
        "evidence on": max(one.evidence.n for one in solutions.solutions),
        "said": " ".join([*solutions.notes, *dict.fromkeys(note for one in solutions.solutions for note in one.notes)]),
        **watched.told(),
        "within memory": watched.gigabytes <= MOST_GIGABYTES,
    }


def million(people: int, distinct: int, embedder: str) -> dict[str, Any]:
    """Return time and memory of the topics of so many answers on two worker processes.

    embedder: a text model as in models.embed.load_embedder, or "words" for the stand-in of no cost.
    """
    rng = np.random.default_rng(2)
    group = rng.integers(0, 5, people)
    said = sentences(group, distinct)
    forget_peak()
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
        watched = _followed(job)
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
        **watched.told(),
    }


def known_vectors(asked: Population) -> VectorTable:
    """Return the vectors that a run over these people may find in the cache, by the stand-in for a text model."""
    texts = sorted(in_population(asked, packaged_documents()))
    return VectorTable(texts, word_embedder(DIMS).encode(texts))


def population_job(
    asked: Population,
    documents: Mapping[str, Any],
    known: VectorTable,
    text_model: str,
    settings: SolveSettings,
    progress: Progress,
) -> tuple[Solutions, VectorTable, float, float]:
    """What a worker does: both bases of a population.

    Returns the solutions, the new vectors, the processor seconds it took and the memory, in GB.
    """
    worked = time.process_time()
    known.rest()
    model = _text_model(text_model) if text_model else None
    found, _, new = _both_bases(asked, documents, known, settings, progress)
    del model
    return found, new, time.process_time() - worked, peak_gigabytes()


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


def peak_gigabytes() -> float:
    """Return the largest memory this process has held since it began, or since `forget_peak`, in GB (Linux only)."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) * 1024 / 1e9


def forget_peak() -> None:
    """Let `peak_gigabytes` begin anew from the memory held now."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def gigabytes_now() -> float:
    """Return the memory that this process and those it has started hold now, in GB."""
    here = psutil.Process()
    held = 0
    for process in (here, *here.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            held += process.memory_info().rss
    return held / 1e9


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


def _both_bases(
    asked: Population, documents: Mapping[str, Any], known: VectorTable, settings: SolveSettings, progress: Progress
) -> tuple[Solutions, Population, VectorTable]:
    found = segment_population(
        asked,
        settings=settings,
        embedder=word_embedder(DIMS),
        frames={name: read_frame(document, name, name) for name, document in documents.items()},
        known=known,
        progress=progress,
    )
    return found.solutions, found.population, VectorTable.of(found.new_vectors)


def _found(solutions: Sequence[Solution], group: Ints) -> dict[str, str]:
    agreed = [rand_index(group, one.labels, np.ones(len(group))) for one in solutions]
    return {
        "bases": ", ".join(f"{one.basis}: {one.k}, {one.evidence.verdict}" for one in solutions),
        "people placed": ", ".join(f"{one.basis} {(one.labels > 0).mean():.1%}" for one in solutions),
        "agreement with the simulated groups": ", ".join(f"{value:.2f}" for value in agreed),
    }


def _text_model(name: str) -> Any:
    if name == "words":
        return word_embedder(DIMS)
    from models.embed import load_embedder

    return load_embedder(name)


@dataclass(frozen=True)
class _Watched:
    """A job as the one who waits saw it.

    states: how many different states of progress. silence: seconds without news at most. gigabytes: memory of this
    process and of those it has started, at one time, at most.
    """

    states: int
    silence: float
    gigabytes: float

    def told(self) -> dict[str, Any]:
        return {"progress reports": self.states, "longest without news, s": round(self.silence, 1)}


def _followed(job: Job) -> _Watched:
    """Wait for a job and return what was seen of its progress."""
    seen, deadline = set(), time.monotonic() + LONGEST
    news, silence, held = time.monotonic(), 0.0, 0.0
    while job.status in ("queued", "running") and time.monotonic() < deadline:
        held = max(held, gigabytes_now())
        state = (round(job.fraction, 3), job.message)
        if state not in seen:
            silence, news = max(silence, time.monotonic() - news), time.monotonic()
            seen.add(state)
        try:
            job.result(LOOK_EVERY)
        except TimeoutError:
            continue
    return _Watched(len(seen), max(silence, time.monotonic() - news), held)
