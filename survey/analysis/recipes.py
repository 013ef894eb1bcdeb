"""What a run hands to a worker and how it keeps what comes back: one recipe for topics, one for bases.

Typing tools and comparisons have theirs in study_typing.py and study_tracking.py.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.studies import StudyFile
from survey.analysis.population import collect_population, describing, with_centred
from survey.analysis.settings import SegmentationSettings
from survey.analysis.spoken import in_population
from survey.analysis.stored import collect, pack
from survey.analysis.stored_bases import pack_bases
from survey.definition import parse
from survey.frames import packaged_documents

TOPICS_JOB, BASES_JOB = "models.work.jobs:segment", "models.work.jobs:segment_population"

Vectors = Mapping[str, NDArray[np.float32]]
Packed = tuple[dict[str, Any], dict[str, NDArray[Any]]]


@dataclass(frozen=True)
class Recipe:
    """A run, ready to go to a worker.

    texts: whose vectors may be known; none when no text model is needed. arguments: of the job, from the text model's
    name, the folder of its weights and the known vectors. pack: what the job returned, as Runs.finish stores it.
    keep: puts it where else it belongs, in the same transaction.
    """

    texts: frozenset[str]
    arguments: Callable[[str, str, Vectors], tuple[Any, ...]]
    pack: Callable[[Any], Packed]
    keep: Callable[[StudyFile, Any], object] | None = None


@dataclass(frozen=True)
class Order:
    """What a run is to do, checked. kind, settings: as Runs.create stores them. job: what a worker runs.

    recipe: made from the study's file when the run begins, outside the page that asked for it.
    """

    kind: str
    settings: Mapping[str, Any]
    job: str
    recipe: Callable[[StudyFile], Recipe]


def prepare(file: StudyFile, wanted: SegmentationSettings) -> Recipe:
    """Return the recipe of a segmentation over the answers of a study as they are now."""
    return _bases(file, wanted) if wanted.bases else _topics(file, wanted)


def _topics(file: StudyFile, wanted: SegmentationSettings) -> Recipe:
    collected = collect(file, wanted.questions)
    beside = describing(file, collected.responses, collected.until)
    return Recipe(
        frozenset(collected.texts),
        lambda embedder, weights, known: (collected.answers, wanted.numbers(), embedder, weights, known, beside),
        lambda segmentation: pack(segmentation, collected),
    )


def _bases(file: StudyFile, wanted: SegmentationSettings) -> Recipe:
    people = collect_population(file)
    if wanted.centred is not None:
        forming = [question.name for question in people.population.questions if question.bases]
        people = with_centred(people, forming if wanted.centred else ())
    frames, language = packaged_documents(), parse(file.survey()[1]).locale
    opened = any(q.open and set(q.bases) & set(wanted.bases) for q in people.population.questions)
    return Recipe(
        frozenset(in_population(people.population, frames)) if opened else frozenset(),
        lambda embedder, weights, known: (
            people.population,
            wanted.bases,
            wanted.numbers(),
            embedder,
            weights,
            frames,
            known,
            language,
        ),
        lambda solutions: pack_bases(solutions, people),
    )
