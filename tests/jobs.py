"""Stand-ins for models.work.jobs, for workers to run in tests."""

from collections.abc import Mapping, Sequence
from typing import Any

from models.answers import segment_answers
from models.bases import segment_population as segment_people
from models.codes.frames import read_frame
from models.population import Basis, Population, Question
from models.progress import Progress
from models.results import Segmentation
from models.segment import SegmentSettings
from models.solution import Solutions
from models.solutions import SolveSettings
from tests.fakes import FakeEmbedder
from tests.steps import die, steps


def name(spec: str, weights_dir: str, progress: Progress) -> str:
    progress(0.0, "Loading the text model")
    return FakeEmbedder.name


def segment(
    answers: Sequence[Sequence[str]],
    settings: Mapping[str, Any],
    embedder: str,
    weights_dir: str,
    known: Mapping[str, Any],
    describing: Sequence[Question],
    progress: Progress,
) -> tuple[Segmentation, dict[str, Any]]:
    result = segment_answers(
        answers,
        settings=SegmentSettings(**settings),
        embedder=FakeEmbedder(),
        known=known,
        describing=describing,
        progress=progress,
    )
    return result.segmentation, result.new_vectors


def segment_population(
    population: Population,
    bases: Sequence[Basis],
    settings: Mapping[str, Any],
    embedder: str,
    weights_dir: str,
    frames: Mapping[str, Any],
    known: Mapping[str, Any],
    language: str,
    progress: Progress,
) -> tuple[Solutions, dict[str, Any]]:
    result = segment_people(
        population,
        bases=bases,
        settings=SolveSettings(**settings, pairs=5, starts=2),
        embedder=FakeEmbedder(),
        frames={name: read_frame(document, name, name) for name, document in frames.items()},
        known=known,
        language=language,
        progress=progress,
    )
    return result.solutions, result.new_vectors


def never(spec: str, weights_dir: str, progress: Progress) -> str:
    raise AssertionError("no text model was needed")


def slow_segment(*_arguments: Any, progress: Progress) -> None:
    steps(10_000, 0.05, progress)


def dying_segment(*_arguments: Any, progress: Progress) -> None:
    die(progress)
