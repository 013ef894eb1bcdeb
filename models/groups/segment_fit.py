"""The pipeline behind `models.segment`, from vectors to a Clustering.

Rows in canonical order -> language means out, principal components -> smoothed over nearest neighbours
(models/groups/smooth.py) -> k-means for every allowed k -> the k that separates best and stands out from structureless
data -> resamples of the whole fit -> verdict, and a confidence for everybody.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from models.evidence import (
    CLAIMS,
    Landmarks,
    Null,
    beyond_phrases,
    choose,
    dip_p,
    judge,
    landmarks,
    null_search,
    refitter,
    search,
)
from models.groups.canonical import Rows, canonical_rows
from models.groups.grouping import centroids, compact, largest_first, merge_small, partitions
from models.groups.kmeans import assign, kmeans
from models.groups.phrases import phrase_null
from models.groups.reduce import Space, principal_space, unit
from models.groups.segment_settings import DEFAULTS, SegmentSettings
from models.groups.smooth import SmoothSpace
from models.progress import Progress, silent, stretch
from models.results import Clustering, Evidence, Floats, Ints
from models.stability import agreement, resample, structureless
from models.words import TOO_FEW, merged_note, size_notes, too_few

_ROWS_AT_A_TIME = 10_000


@dataclass(frozen=True)
class Placement:
    """How new rows find their segment: space, smoothing (None for one segment) and centroids (k, q)."""

    space: Space
    smooth: SmoothSpace | None
    centroids: NDArray[np.float64]

    def nearest(self, vectors: Floats, languages: Sequence[str] | None = None) -> Ints:
        """Segment 1..k of every row of (n, d)."""
        if self.smooth is None or len(self.centroids) == 1:
            return np.ones(len(vectors), dtype=np.int64)
        tongues = None if languages is None else np.asarray(languages, dtype=np.str_)
        z = self.smooth.place(self.space.project(vectors, tongues))
        return assign(z, self.centroids[None])[0] + 1


def fit(
    vectors: Floats,
    settings: SegmentSettings = DEFAULTS,
    languages: Sequence[str] | None = None,
    progress: Progress = silent,
    at: Ints | None = None,
    wording: int = 0,
) -> tuple[Clustering, Placement]:
    """As `segment_vectors`, with what is needed to place new rows."""
    x = checked(vectors, languages, at, wording)
    with threadpool_limits(1):  # the same sums in the same order on every number of cores
        progress(0.02, "Finding the main directions")
        rows = canonical_rows(x, languages, at)
        space = principal_space(rows.vectors, rows.weights, rows.languages, settings.components)
        scores = space.project(rows.vectors, rows.languages)
        people = int(rows.weights.sum())
        numbers = settings.numbers(people, len(scores))
        if not numbers or (people < TOO_FEW and settings.k is None):
            return _one_segment(rows, scores, space, settings, _single(people, len(scores)))
        if people < TOO_FEW:
            return _without_evidence(rows, scores, space, settings, numbers)
        return _with_evidence(rows, scores, space, settings, numbers, progress, wording)


def _with_evidence(
    rows: Rows,
    scores: NDArray[np.float64],
    space: Space,
    settings: SegmentSettings,
    numbers: range,
    progress: Progress,
    wording: int,
) -> tuple[Clustering, Placement]:
    people = int(rows.weights.sum())
    sample, counts = _sample(rows.weights, settings)
    notes = list(size_notes(people))
    if counts.sum() < people:
        notes.append(f"Groups and evidence come from a random sample of {int(counts.sum()):,} of {people:,} answers.")
    marks = landmarks(scores[sample], counts, settings.dims)
    progress(0.1, "Looking for groups")
    found = search(marks, numbers, _rng(settings, 1), settings.hierarchies)
    even = search(marks, numbers, _rng(settings, 1))
    null = _null(marks, numbers, settings, progress)
    z = _place_all(scores, sample, marks.space)
    resampled = resample(refitter(marks, numbers, settings.dims), counts, 2 * settings.other_pairs, _rng(settings, 4))
    best = choose(found, null, resampled, counts, settings.handiness)
    labels = _everybody(z, rows.weights, marks, found.labels[best], len(sample))
    merged = merge_small(labels, z, rows.weights, settings.smallest_share)
    if merged.max() < labels.max():
        notes.append(merged_note(int(labels.max() - merged.max())))
    labels = largest_first(merged, rows.weights)
    k = int(labels.max()) + 1
    if k == 1:
        return _one_segment(rows, scores, space, settings, _single(people, len(scores)), tuple(notes))
    if k not in found.labels:
        found, even = found.also(k, labels[sample], marks), even.also(k, labels[sample], marks)
        null = null.also(_null(marks, [k], settings, progress))
    progress(0.9, "Resampling")
    resampled |= resample(refitter(marks, [k], settings.dims), counts, 2 * settings.pairs, _rng(settings, 2))
    dip = dip_p(marks, _rng(settings, 3))
    evidence = judge(marks, found, even, null, resampled, labels[sample], dip, people, settings.may_be_one)
    if wording and evidence.verdict in CLAIMS:
        drawn = np.repeat(sample, counts.astype(np.int64))
        dealt = phrase_null(rows, drawn, space, wording, null.ks, settings, stretch(progress, 0.92, 1.0))
        evidence = beyond_phrases(evidence, even, dealt, k)
    if evidence.verdict == "none" and settings.may_be_one:
        return _one_segment(rows, scores, space, settings, replace(evidence, segment_stability=()), tuple(notes))
    confidence = agreement(labels, _spread(resampled[k], marks.space.landmarks, sample, z), rows.weights)
    return _finish(rows, z, labels, confidence, evidence, space, marks.space, settings, tuple(notes))


def _without_evidence(
    rows: Rows, scores: NDArray[np.float64], space: Space, settings: SegmentSettings, numbers: range
) -> tuple[Clustering, Placement]:
    """The (lowest) number of groups that was asked for, among too few answers to weigh them."""
    marks = landmarks(scores, rows.weights, settings.dims)
    z = marks.space.landmarks
    groups = partitions(z, rows.weights, numbers[:1], _rng(settings, 1))[numbers[0]]
    labels = largest_first(merge_small(groups, z, rows.weights, settings.smallest_share), rows.weights)
    k = int(labels.max()) + 1
    resampled = resample(refitter(marks, [k], settings.dims), rows.weights, 2 * settings.pairs, _rng(settings, 2))
    confidence = agreement(labels, resampled[k], rows.weights)
    people = int(rows.weights.sum())
    return _finish(rows, z, labels, confidence, too_few(people), space, marks.space, settings, size_notes(people))


def _one_segment(
    rows: Rows,
    scores: NDArray[np.float64],
    space: Space,
    settings: SegmentSettings,
    evidence: Evidence,
    notes: tuple[str, ...] | None = None,
) -> tuple[Clustering, Placement]:
    labels = np.zeros(len(scores), dtype=np.int64)
    said = size_notes(int(rows.weights.sum())) if notes is None else notes
    return _finish(rows, unit(scores), labels, np.ones(len(scores)), evidence, space, None, settings, said)


def _finish(
    rows: Rows,
    z: NDArray[np.float64],
    labels: Ints,
    confidence: NDArray[np.float64],
    evidence: Evidence,
    space: Space,
    smooth: SmoothSpace | None,
    settings: SegmentSettings,
    notes: tuple[str, ...],
) -> tuple[Clustering, Placement]:
    centres = centroids(z, labels, rows.weights)
    clustering = Clustering(
        labels=labels[rows.back] + 1,
        confidence=confidence[rows.back],
        centroids=centres,
        coordinates=_picture(z, labels, rows.weights)[rows.back],
        evidence=evidence,
        k=len(centres),
        seed=settings.seed,
        notes=notes,
    )
    return clustering, Placement(space, smooth, centres)


def _sample(weights: NDArray[np.float64], settings: SegmentSettings) -> tuple[Ints, NDArray[np.float64]]:
    """Distinct rows drawn, and the people drawn behind each of them."""
    if weights.sum() <= settings.max_evidence_rows:
        return np.arange(len(weights)), weights
    counts = _rng(settings, 0).multivariate_hypergeometric(
        weights.astype(np.int64), settings.max_evidence_rows, method="marginals"
    )
    drawn = np.flatnonzero(counts)
    return drawn, counts[drawn].astype(np.float64)


def _place_all(scores: NDArray[np.float64], sample: Ints, smooth: SmoothSpace) -> NDArray[np.float64]:
    if len(sample) == len(scores):
        return smooth.landmarks
    z = np.empty((len(scores), smooth.landmarks.shape[1]))
    others = np.ones(len(scores), dtype=bool)
    others[sample] = False
    z[sample] = smooth.landmarks
    z[others] = smooth.place(scores[others])
    return z


def _everybody(
    z: NDArray[np.float64], weights: NDArray[np.float64], marks: Landmarks, labels: Ints, drawn: int
) -> Ints:
    """The landmarks' groups; with more rows than landmarks, k-means on all rows begins from those groups."""
    if drawn == len(z):
        return labels
    start = centroids(marks.space.landmarks, labels, marks.weights)
    return compact(kmeans(z, weights[None], len(start), np.random.default_rng(0), starts=start[None]).labels[0])


def _spread(resampled: NDArray[np.int64], near: NDArray[np.float64], sample: Ints, z: NDArray[np.float64]) -> Ints:
    """Labels of all rows by the resamples of the landmarks: others go to the nearest mean of a resample's groups."""
    if len(sample) == len(z):
        return resampled
    spread = []
    for labels in resampled:
        names, groups = np.unique(labels, return_inverse=True)
        means = centroids(near, groups, np.ones(len(near)))
        spread.append(names[assign(z, means[None])[0]])
        spread[-1][sample] = labels
    return np.array(spread)


def _null(marks: Landmarks, tried: Sequence[int], settings: SegmentSettings, progress: Progress) -> Null:
    return null_search(
        lambda rng: structureless(marks.scores, marks.weights, rng),
        tried,
        settings.dims,
        settings.null_sets,
        2 * settings.null_pairs,
        (settings.seed, 7),
        stretch(progress, 0.2, 0.9),
    )


def _picture(z: NDArray[np.float64], labels: Ints, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Two coordinates for a map: the plane through the centroids, or the first two components for two groups."""
    sizes = np.bincount(labels, weights=weights).astype(np.float64)
    plane = (
        principal_space(centroids(z, labels, weights), sizes, None, 2)
        if len(sizes) > 2
        else principal_space(z, weights, None, 2)
    )
    flat = np.zeros((len(z), 2))
    flat[:, : plane.basis.shape[1]] = plane.project(z)
    return flat


def _single(people: int, distinct: int) -> Evidence:
    if people < TOO_FEW:
        return too_few(people)
    said = "All answers are the same" if distinct == 1 else "One segment holds everybody"
    return Evidence("none", f"{said}: there are no groups to speak of.", n=people, n_total=people)


def _rng(settings: SegmentSettings, *stage: int) -> np.random.Generator:
    return np.random.default_rng([settings.seed, *stage])


def checked(vectors: Any, languages: Sequence[str] | None = None, at: Ints | None = None, wording: int = 0) -> Floats:
    """The vectors as float32 or float64 (n, d); raises ValueError with what is wrong and what to do."""
    x = np.asarray(vectors)
    if x.ndim != 2 or not x.size or x.dtype.kind not in "fiub":
        raise ValueError(
            f"vectors must be a numeric matrix with at least one row and one column, got {x.dtype} of shape {x.shape}"
        )
    if not 0 <= wording < x.shape[1]:
        raise ValueError(f"the 'wording' parameter must be in [0, {x.shape[1] - 1}], got {wording!r}")
    x = x if x.dtype in (np.float32, np.float64) else x.astype(np.float64)
    for low in range(0, len(x), _ROWS_AT_A_TIME):
        finite = np.isfinite(x[low : low + _ROWS_AT_A_TIME]).all(axis=1)
        if not finite.all():
            first = low + int(np.argmin(finite))
            raise ValueError(f"vectors hold NaN or infinity (first in row {first}): fill or remove such rows first")
    if at is not None and (not len(at) or at.min() < 0 or at.max() >= len(x)):
        raise ValueError(f"the 'at' parameter must hold at least one row from 0 to {len(x) - 1}")
    people = len(x if at is None else at)
    if languages is not None and len(languages) != people:
        raise ValueError(f"languages must have one entry per row, got {len(languages)} for {people} rows")
    return x
