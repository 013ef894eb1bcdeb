"""Stand-ins for models.work.jobs, for workers to run in tests."""

from collections.abc import Mapping, Sequence
from typing import Any

from models.answers import segment_answers
from models.progress import Progress
from models.results import Segmentation
from models.segment import SegmentSettings
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
    progress: Progress,
) -> tuple[Segmentation, dict[str, Any]]:
    result = segment_answers(
        answers, settings=SegmentSettings(**settings), embedder=FakeEmbedder(), known=known, progress=progress
    )
    return result.segmentation, result.new_vectors


def slow_segment(answers: Any, settings: Any, embedder: str, weights_dir: str, known: Any, progress: Progress) -> None:
    steps(10_000, 0.05, progress)


def dying_segment(answers: Any, settings: Any, embedder: str, weights_dir: str, known: Any, progress: Progress) -> None:
    die(progress)
