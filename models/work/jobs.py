"""What a worker process is asked to do, in plain values: the asking process imports none of what it takes."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.answers import segment_answers_job
from models.embed import load_embedder
from models.progress import Progress
from models.results import Segmentation
from models.segment import SegmentSettings


def embedder_name(spec: str, weights_dir: str, progress: Progress) -> str:
    """Return the name under which vectors of this text model are cached; the worker keeps the model for what follows.

    Raises EmbedderUnavailable.
    """
    progress(0.0, "Loading the text model")
    return load_embedder(spec, Path(weights_dir)).name


def segment(
    answers: Sequence[Sequence[str]],
    settings: Mapping[str, Any],
    embedder: str,
    weights_dir: str,
    known: Mapping[str, NDArray[np.float32]],
    progress: Progress,
) -> tuple[Segmentation, dict[str, NDArray[np.float32]]]:
    """Return the segmentation of the answers (one entry a person) and the vectors that were not known.

    settings: fields of models.segment.SegmentSettings. Raises ValueError, EmbedderUnavailable and ModelError.
    """
    return segment_answers_job(answers, SegmentSettings(**settings), embedder, weights_dir, known, progress)
