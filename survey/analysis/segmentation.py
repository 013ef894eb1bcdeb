"""Runs: started by a researcher, followed from a page, finished by a worker process elsewhere.

Most are segmentations; a typing tool and a comparison of segments are runs too (study_typing.py, study_tracking.py).

The thread of a run only moves arrays: answers and cached vectors out, progress and the result back.
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from data.db import transaction
from data.errors import DataError, NotFound
from data.owners import Owner, is_alive
from data.runs import SEGMENTS, RunRow
from data.studies import Home, Studies, StudyFile
from data.vectors import VectorCache
from models.engine import Engine
from models.errors import ModelError
from models.results import Segmentation
from models.vectors.table import VectorTable
from models.work.job import Job, JobCancelled
from survey.analysis.population import forming
from survey.analysis.recipes import BASES_JOB, TOPICS_JOB, Order, Packed, prepare
from survey.analysis.settings import SegmentationSettings, check
from survey.analysis.spoken import to_keep
from survey.analysis.stored import table, unpack
from survey.analysis.stored_bases import BasesRun, unpack_bases
from survey.definition import Survey, parse
from survey.erasure import scrub
from survey.errors import AppError
from survey.wording import BASIS_WORDS, RUN_WORDS

LOOK_EVERY = 0.25
WRITE_EVERY = 0.5
WAITING = "Waiting for a worker"
_log = logging.getLogger(__name__)


class AlreadyRunning(AppError):
    """The study has a run that has not ended."""


class SegmentationRuns:
    """The runs of a home's studies.

    embedder: text model, as in Settings.embedder. name_job, segment_job, bases_job: what workers run (see
    models.work.jobs).
    """

    def __init__(
        self,
        home: Home,
        engine: Engine,
        embedder: str = "auto",
        name_job: str = "models.work.jobs:embedder_name",
        segment_job: str = TOPICS_JOB,
        bases_job: str = BASES_JOB,
    ) -> None:
        self.home, self.engine, self.embedder = home, engine, embedder
        self.name_job, self.segment_job, self.bases_job = name_job, segment_job, bases_job
        self._studies = Studies(home)
        self._vectors = VectorCache(home.vectors_path)
        self._owner = Owner(home.locks_path)
        self._threads: dict[str, threading.Thread] = {}

    def start(self, slug: str, settings: Mapping[str, Any]) -> str:
        """Start a segmentation and return the id of its run; settings as in survey.analysis.settings.check.

        Raises AppError for settings that make no sense or a study without answers to these questions, AlreadyRunning,
        and NotFound for an unknown study.
        """
        return self.begin(slug, lambda file: self._segmentation(file, settings))

    def begin(self, slug: str, order: Callable[[StudyFile], Order]) -> str:
        """Start what an order asks for and return the id of its run; order: checks it against the study's file.

        Raises what the order raises, AlreadyRunning, and NotFound for an unknown study.
        """
        with self._studies.file(slug) as file:
            wanted = order(file)
            with transaction(file.db):
                _mark_orphans(self.home, file)
                active = next((run for run in file.runs.list(None) if run.active), None)
                if active is not None:
                    raise AlreadyRunning(
                        f"{RUN_WORDS[active.kind]} of '{slug}' is going on already.",
                        "Wait until it ends, or cancel it.",
                    )
                run_id = file.runs.create(wanted.settings, self._owner.id, wanted.kind)
        thread = threading.Thread(
            target=self._carry_out, args=(slug, run_id, wanted), name=f"run-{run_id}", daemon=True
        )
        self._threads[run_id] = thread
        thread.start()
        return run_id

    def status(self, slug: str, run_id: str) -> RunRow:
        """Return how far a run is; one whose process has died is failed now. Raises NotFound."""
        with self._studies.file(slug) as file:
            run = file.runs.get(run_id)
            if run.active and _mark_orphans(self.home, file):
                run = file.runs.get(run_id)
            return run

    def cancel(self, slug: str, run_id: str) -> None:
        """Cancel a run, whichever process carries it out; one that has ended stays as it is. Raises NotFound."""
        with self._studies.file(slug) as file, transaction(file.db):
            if file.runs.get(run_id).active:
                file.runs.cancel(run_id)

    def result(self, slug: str, run_id: str) -> Segmentation:
        """Return the segmentation of a finished run by topics; raises NotFound when it has none."""
        with self._studies.file(slug) as file:
            return unpack(*file.runs.load(run_id))

    def bases(self, slug: str, run_id: str) -> BasesRun:
        """Return what a finished run by bases found; raises NotFound when it has no result."""
        with self._studies.file(slug) as file:
            return unpack_bases(*file.runs.load(run_id))

    def table(self, slug: str, run_id: str) -> pd.DataFrame:
        """Return a finished run person by person, with the answers (see survey.analysis.stored.table)."""
        with self._studies.file(slug) as file:
            return table(file, run_id)

    def wait(self, slug: str, run_id: str, timeout: float | None = None) -> RunRow:
        """Wait until a run that was started here has ended, or `timeout` seconds; returns its row."""
        thread = self._threads.get(run_id)
        if thread is not None:
            thread.join(timeout)
        return self.status(slug, run_id)

    def close(self) -> None:
        """Cancel what is going on and stop the worker."""
        self.engine.close()
        for thread in list(self._threads.values()):
            thread.join(2 * WRITE_EVERY)
        self._owner.close()

    def _segmentation(self, file: StudyFile, settings: Mapping[str, Any]) -> Order:
        survey = parse(file.survey()[1])
        wanted = check(settings, survey)
        _refuse_silence(file, survey, wanted)
        job = self.bases_job if wanted.bases else self.segment_job
        return Order(SEGMENTS, wanted.document(), job, lambda later: prepare(later, wanted))

    def _carry_out(self, slug: str, run_id: str, order: Order) -> None:
        try:
            self._work(slug, run_id, order)
        except JobCancelled:
            self._end(slug, lambda file: file.runs.cancel(run_id))
        except (ModelError, DataError, AppError) as error:
            reason = str(error)
            self._end(slug, lambda file: file.runs.fail(run_id, reason))
        except Exception as error:  # noqa: BLE001 (the rim of the run's thread: whatever it was becomes the reason)
            reason = (
                f"The run stopped on an unexpected {type(error).__name__}. Start it again, and report it if it stays."
            )
            self._end(slug, lambda file: file.runs.fail(run_id, reason))
        finally:
            self._threads.pop(run_id, None)

    def _work(self, slug: str, run_id: str, order: Order) -> None:
        weights = str(self.home.weights_path)
        with self._studies.file(slug) as file:
            recipe = order.recipe(file)
        name, known = "", VectorTable.of({})
        if recipe.texts:
            name = self._follow(slug, run_id, self.engine.submit(self.name_job, self.embedder, weights))
            known = VectorTable.of(self._vectors.get(name, recipe.texts))
        job = self.engine.submit(order.job, *recipe.arguments(self.embedder, weights, known))
        del known  # the engine hands them on; of very many people they would fill this process
        found, new = self._follow(slug, run_id, job)
        self._vectors.put(name, to_keep(new, recipe.texts))
        keep = recipe.keep
        self._store(slug, run_id, recipe.pack(found), None if keep is None else lambda file: keep(file, found))

    def _follow(self, slug: str, run_id: str, job: Job) -> Any:
        """Return the job's result; its progress goes into the run, and a run that has ended elsewhere ends the job."""
        told, shown = time.monotonic(), (-1.0, "")
        while job.status in ("queued", "running"):
            try:
                return job.result(LOOK_EVERY)
            except TimeoutError:
                if time.monotonic() - told < WRITE_EVERY:
                    continue
            told = time.monotonic()
            now = (job.fraction, job.message) if job.status == "running" else (0.0, WAITING)
            try:
                with self._studies.file(slug) as file:
                    if not file.runs.get(run_id).active:
                        raise JobCancelled(f"The run {run_id} has ended.")
                    if now != shown:
                        file.runs.update(run_id, *now)
            except (NotFound, JobCancelled):
                job.cancel()
                raise
            shown = now
        return job.result(0)

    def _store(self, slug: str, run_id: str, packed: Packed, keep: Callable[[StudyFile], object] | None = None) -> None:
        with self._studies.file(slug) as file, transaction(file.db):
            file.runs.finish(run_id, *packed)
            if keep is not None:
                keep(file)
            scrub(file)

    def _end(self, slug: str, end: Callable[[StudyFile], None]) -> None:
        """Write how a run ended; nothing is left to write when it has ended already or the study is gone."""
        try:
            with self._studies.file(slug) as file:
                end(file)
        except DataError as error:
            _log.info("A run of '%s' ended without a note: %s", slug, error)


def recover(home: Home) -> None:
    """Fail the runs of processes that have died; called when a server starts, harmless at any time."""
    studies = Studies(home)
    for study in studies.list():
        try:
            with studies.file(study.slug) as file:
                _mark_orphans(home, file)
        except DataError as error:
            _log.warning("Runs of '%s' were not looked at: %s", study.slug, error)


def _refuse_silence(file: StudyFile, survey: Survey, wanted: SegmentationSettings) -> None:
    """Raise AppError when nobody has answered what is to be segmented by."""
    asked = [("to segment", wanted.questions)]
    if wanted.bases:
        asked = [
            (f"that say {BASIS_WORDS[basis].says}", tuple(question.name for question in forming(survey, basis)))
            for basis in wanted.bases
        ]
    for what, names in asked:
        if not any(file.responses.answered(name) for name in names):
            raise AppError(f"There are no answers {what} yet.", "Share the link of the study and wait for some.")


def _mark_orphans(home: Home, file: StudyFile) -> list[str]:
    owners = {run.owner for run in file.runs.list(None) if run.active}
    alive = [owner for owner in owners if is_alive(home.locks_path, owner)]
    return file.runs.mark_orphans("", alive) if owners - set(alive) else []
