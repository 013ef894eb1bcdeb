"""The whole way from open answers to a finished segmentation, in one readable pipeline."""

import time
from collections import ChainMap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from models.embed import NOTHING_KNOWN, Embedder, embed
from models.errors import ModelError
from models.population import Question
from models.portrait.descriptors import who_they_are
from models.profiles import overall_warnings, profile_segments
from models.progress import Progress, silent, stretch
from models.results import Clustering, Ints, Marker, Segmentation, SegmentProfile, Theme
from models.segment import SegmentSettings, segment_vectors
from models.texts.cleaning import Answered, as_text, is_blank, joined, to_embed
from models.texts.excerpts import reading_sample
from models.texts.languages import detect_languages
from models.texts.terms import read_vocabulary
from models.texts.themes import find_themes
from models.texts.wording import beside_meaning
from models.vectors.table import VectorTable

DEFAULTS = SegmentSettings()

Answer = str | Sequence[str]
Vectors = NDArray[np.float32]


@dataclass(frozen=True)
class AnswersResult:
    """A finished segmentation and what it was made of.

    answered: the placed answers. distinct: float32 (m, d), unit rows. at: int (answered,), which of them each answer
    has. clustering: their places before any words. new_vectors: those that were not known, by the text that was
    embedded.
    """

    segmentation: Segmentation
    answered: Answered
    distinct: Vectors
    at: Ints
    clustering: Clustering
    new_vectors: Mapping[str, Vectors]

    @property
    def vectors(self) -> Vectors:
        """One unit row per placed answer, float32 (answered, d)."""
        return self.distinct[self.at]


def segment_answers(
    answers: Sequence[Answer],
    *,
    settings: SegmentSettings = DEFAULTS,
    embedder: Embedder,
    known: Mapping[str, Vectors] | None = None,
    describing: Sequence[Question] = (),
    progress: Progress = silent,
) -> AnswersResult:
    """Return the segments of open answers, with names, quotes and evidence.

    answers: one entry per input row, a string or several (one per text column, which are embedded apart and
    averaged). Nothing, white space and bare punctuation count as no answer and get segment 0. known: vectors from the
    same embedder, by the text that was embedded (see models.texts.cleaning.to_embed). describing: closed questions with
    one answer per input row, which only say who the people of each segment are. Raises ModelError when no row
    holds an answer.
    """
    started = time.perf_counter()
    columns = [_parts(entry) for entry in answers]
    rows = tuple(row for row, parts in enumerate(columns) if not all(is_blank(part) for part in parts))
    if not rows:
        raise ModelError(
            f"None of the {len(columns)} rows holds an answer: choose a column with text, or wait for answers."
        )
    texts = tuple(joined(columns[row]) for row in rows)
    progress(0.01, f"Reading {len(texts):,} answers" if len(texts) > 1 else "Reading one answer")
    known = known or NOTHING_KNOWN
    distinct, at, new_vectors = _vectors([columns[row] for row in rows], embedder, known, progress)
    progress(0.67, "Recognising languages")
    answered = Answered(texts, detect_languages(texts), rows)
    first = np.unique(at, return_index=True)[1].tolist()
    worded = beside_meaning(
        distinct,
        [to_embed(texts[place]) for place in first],
        [answered.languages[place] for place in first],
        stretch(progress, 0.70, 0.73),
    )
    wording = worded.shape[1] - distinct.shape[1]
    clustering = segment_vectors(worded, settings, answered.languages, stretch(progress, 0.73, 0.90), at, wording)
    del worded
    progress(0.90, "Finding the words that set segments apart")
    read = reading_sample(answered, clustering, settings.seed)
    vocabulary = read_vocabulary(read.answered.texts, read.answered.languages)
    progress(0.96, "Choosing names and quotes")
    encode = partial(embed, embedder=embedder, known=ChainMap(dict(new_vectors), dict(known)))
    vectors = distinct[at[read.places]]
    segments = read.of_everybody(profile_segments(read.answered, vectors, read.clustering, vocabulary, encode))
    themes: tuple[Theme, ...] = ()
    if clustering.k == 1:
        themes = find_themes(read.answered, vectors, read.clustering.confidence, vocabulary, encode)
    n = len(columns)
    labels = _spread(clustering.labels, rows, n, 0)
    segmentation = Segmentation(
        labels=labels,
        confidence=_spread(clustering.confidence, rows, n, 0.0),
        coordinates=_spread(clustering.coordinates, rows, n, np.nan),
        centroids=clustering.centroids,
        languages=tuple(_spread(np.array(answered.languages, dtype=object), rows, n, "")),
        segments=_described(segments, who_they_are(describing, labels, clustering.k)),
        themes=themes,
        evidence=clustering.evidence,
        k=clustering.k,
        answered=len(rows),
        coverage=float((clustering.labels > 0).mean()),
        seed=clustering.seed,
        embedder=embedder.name,
        embedder_reason=embedder.reason,
        seconds=time.perf_counter() - started,
        warnings=(*overall_warnings(clustering), *read.notes),
    )
    progress(1.0, "Done")
    return AnswersResult(segmentation, answered, distinct, at, clustering, new_vectors)


def _described(segments: Sequence[SegmentProfile], who: Sequence[tuple[Marker, ...]]) -> tuple[SegmentProfile, ...]:
    return tuple(replace(one, who=who[one.segment - 1]) if who else one for one in segments)


def _parts(entry: Answer) -> tuple[str, ...]:
    single = isinstance(entry, str) or not isinstance(entry, Sequence)
    return tuple(as_text(part) for part in ((entry,) if single else entry))


def _vectors(
    columns: Sequence[Sequence[str]], embedder: Embedder, known: Mapping[str, Vectors], progress: Progress
) -> tuple[Vectors, Ints, Mapping[str, Vectors]]:
    """Return unit vectors, which of them each row has, and the vectors of the texts that were not known.

    Each text is embedded once, and rows that say the same share a vector.
    """
    read = [["" if is_blank(part) else to_embed(part) for part in row] for row in columns]
    place: dict[str, int] = {}
    for row in read:
        for text in row:
            if text:
                place.setdefault(text, len(place))
    unknown = [text for text in place if text not in known]
    matrix = embed(list(place), embedder, known, _counted(stretch(progress, 0.02, 0.67), len(unknown)))
    new = VectorTable(unknown, matrix if len(unknown) == len(place) else matrix[[place[text] for text in unknown]])
    if max(map(len, read)) == 1:
        return matrix, np.array([place[row[0]] for row in read], dtype=np.int64), new
    return _averaged(read, matrix, place), np.arange(len(read)), new


def _averaged(read: Sequence[Sequence[str]], matrix: Vectors, place: Mapping[str, int]) -> Vectors:
    """Return the mean of each row's columns, unit length.

    Every column is first moved to the common mean, so that which questions somebody skipped does not show.
    """
    total = np.zeros((len(read), matrix.shape[1]))
    filled = np.zeros(len(read))
    means = np.zeros(matrix.shape[1])
    for column in range(max(map(len, read))):
        at = [row for row, texts in enumerate(read) if column < len(texts) and texts[column]]
        own = matrix[[place[read[row][column]] for row in at]].astype(np.float64)
        mean = own.mean(axis=0) if at else 0.0
        means += len(at) * mean
        total[at] += own - mean
        filled[at] += 1
    averaged = total / filled[:, None] + means / filled.sum()
    averaged /= np.maximum(np.linalg.norm(averaged, axis=1, keepdims=True), 1e-12)
    return averaged.astype(np.float32)


def _counted(progress: Progress, texts: int) -> Progress:
    """Return a Progress that says how many texts are embedded, whatever the embedder calls it."""
    return lambda fraction, _: progress(
        fraction, f"Turning answers into vectors: {round(fraction * texts):,} of {texts:,}"
    )


def _spread(values: NDArray, rows: Sequence[int], n: int, missing: object) -> NDArray:
    """Return the values at their input rows, `missing` elsewhere."""
    out = np.full((n, *values.shape[1:]), missing, dtype=values.dtype)
    out[list(rows)] = values
    return out
