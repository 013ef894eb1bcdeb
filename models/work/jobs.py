"""What a worker process is asked to do, in plain values: the asking process imports none of what it takes."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.answers import segment_answers
from models.bases import segment_population as segment_people
from models.codes.frames import read_frame
from models.drift import compare
from models.embed import load_embedder
from models.features import Answers
from models.golden.tool import TypingTool
from models.population import Basis, Population, Question
from models.progress import Progress
from models.results import Ints, Segmentation
from models.segment import SegmentSettings
from models.solution import Solutions
from models.solutions import SolveSettings
from models.tracking.waves import Vectors, Wave, comparable, open_texts
from models.typing_tool import TypingSettings, fit_typing_tool
from models.vectors.remembering import Remembering
from models.vectors.table import VectorTable
from models.work.spread import Spread


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
    describing: Sequence[Question] = (),
    *,
    progress: Progress,
) -> tuple[Segmentation, Mapping[str, NDArray[np.float32]]]:
    """Return the segmentation of the answers (one entry a person) and the vectors that were not known.

    settings: fields of models.segment.SegmentSettings. describing: as models.answers.segment_answers takes them. Raises
    ValueError, EmbedderUnavailable and ModelError.
    """
    progress(0.0, "Loading the text model")
    result = segment_answers(
        answers,
        settings=SegmentSettings(**settings),
        embedder=_text_model(embedder, weights_dir),
        known=known,
        describing=describing,
        progress=progress,
    )
    return result.segmentation, result.new_vectors


def segment_population(
    population: Population,
    bases: Sequence[Basis] | None,
    settings: Mapping[str, Any],
    embedder: str,
    weights_dir: str,
    frames: Mapping[str, Any],
    known: VectorTable,
    language: str = "en",
    *,
    progress: Progress,
) -> tuple[Solutions, Mapping[str, NDArray[np.float32]]]:
    """Return a population's segments on every basis and the vectors that were not known.

    known: rests on the disk from now on. settings: fields of models.solutions.SolveSettings. frames: documents of code
    frames by id, as models.codes.frames.read_frame takes them. language: that segments are named in. The text model is
    loaded when a forming question is open. Raises ValueError, EmbedderUnavailable and ModelError.
    """
    known.rest()
    wanted = set(bases if bases is not None else population.bases())
    opened = any(question.open and wanted & set(question.bases) for question in population.questions)
    if opened:
        progress(0.0, "Loading the text model")
    result = segment_people(
        population,
        bases=bases,
        settings=SolveSettings(**settings),
        embedder=_text_model(embedder, weights_dir) if opened else None,
        frames={name: read_frame(document, name, name) for name, document in frames.items()},
        known=known,
        language=language,
        progress=progress,
    )
    return result.solutions, VectorTable.of(result.new_vectors)


def typing_tool(
    questions: Sequence[Answers],
    labels: Ints,
    settings: Mapping[str, Any],
    titles: Mapping[str, str],
    names: Mapping[int, str],
    *,
    progress: Progress,
) -> tuple[TypingTool, Vectors]:
    """Return a typing tool, and no vectors; settings: fields of models.typing_tool.TypingSettings.

    The rest as models.typing_tool.fit_typing_tool. Raises ValueError when there is nothing to learn from.
    """
    wanted = TypingSettings(**settings)
    return fit_typing_tool(questions, labels, wanted, titles=titles, names=names, progress=progress), {}


def compare_waves(
    before: Wave,
    after: Wave,
    embedder: str,
    weights_dir: str,
    known: Mapping[str, NDArray[np.float32]],
    *,
    progress: Progress,
) -> tuple[dict[str, Any], Vectors]:
    """Return how far a population has moved, as Drift.document says it, and the vectors that were not known.

    The text model is loaded when the vector of an open answer is not known. Raises ValueError when nothing can be
    compared, EmbedderUnavailable.
    """
    texts = open_texts((before, after))
    new: Vectors = {}
    if any(text not in known for text in texts):
        progress(0.0, "Loading the text model")
        remembering = Remembering(_text_model(embedder, weights_dir), known)
        remembering.learn(texts, lambda fraction, message: progress(0.7 * fraction, message))
        new = remembering.new
    progress(0.7, "Comparing the answers")
    waves = comparable(before, after, {text: new[text] if text in new else known[text] for text in texts})
    return compare(*waves).document(), VectorTable.of(new)


def _text_model(spec: str, weights_dir: str) -> Spread:
    """Return the text model, shared with the other workers of a cluster."""
    return Spread(load_embedder(spec, Path(weights_dir)), "models.embed:load_embedder", spec, Path(weights_dir))
