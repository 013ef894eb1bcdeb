"""Vectors in, segments out: find the number of groups, place everybody, say how sure we are.

The pipeline: rows in canonical order -> language means out, principal components -> smoothed over nearest neighbours
(models/smooth.py) -> k-means for every allowed k -> the k that separates best in two views -> the same search on
structureless data and bootstrap resamples -> verdict, and a confidence for everybody.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.utils.validation import check_is_fitted, validate_data
from threadpoolctl import threadpool_limits

from models.canonical import Rows, canonical_rows
from models.evidence import Landmarks, Null, choose, dip_p, judge, landmarks, null_search, refitter, search
from models.grouping import centroids, compact, largest_first, merge_small, partition
from models.kmeans import assign, kmeans
from models.progress import Progress, silent
from models.reduce import Space, principal_space, unit
from models.results import Clustering, Evidence, Floats, Ints
from models.smooth import SmoothSpace
from models.stability import agreement, resample
from models.words import TOO_FEW, size_notes, too_few

MAX_FOUND = 12
PER_SEGMENT = 5
FREE_MIN_SHARE = 0.03


@dataclass(frozen=True)
class SegmentSettings:
    """What a researcher decides about a segmentation.

    k: number of segments, (lowest, highest), or None to find it (2 to 12, or one when there is no sign of groups).
    min_share: a segment with a smaller share of all answers joins its nearest neighbour, in [0, 0.5); None means
    0.03, or 0 when k is a single number. seed: same input and seed, same result.
    components, dims: principal components before and after smoothing. max_evidence_rows: search and evidence use at
    most so many answers, a random sample of them when there are more. pairs, other_pairs: bootstrap pairs for the
    number of segments chosen, and for each of the others. null_sets: structureless data sets, all of them searched,
    every second one resampled with null_pairs bootstrap pairs.
    """

    k: int | tuple[int, int] | None = None
    min_share: float | None = None
    seed: int = 0
    components: int = 50
    dims: int = 10
    max_evidence_rows: int = 1000
    pairs: int = 25
    other_pairs: int = 10
    null_sets: int = 20
    null_pairs: int = 2

    def __post_init__(self) -> None:
        if self.k is not None:
            ends = self._ends()
            whole = len(ends) == 2 and all(isinstance(end, int | np.integer) for end in ends)
            if not whole or not 1 <= ends[0] <= ends[1] <= 1000:
                raise ValueError(
                    "the 'k' parameter must be None, an int in [1, 1000] or (lowest, highest) with lowest <= highest, "
                    f"got {self.k!r}"
                )
        if self.min_share is not None and not 0 <= self.min_share < 0.5:
            raise ValueError(f"the 'min_share' parameter must be None or in [0, 0.5), got {self.min_share!r}")

    @property
    def fixed(self) -> bool:
        """Whether the researcher asked for one number of segments."""
        return isinstance(self.k, int | np.integer)

    @property
    def smallest_share(self) -> float:
        """The minimum share in force."""
        return self.min_share if self.min_share is not None else (0.0 if self.fixed else FREE_MIN_SHARE)

    @property
    def may_be_one(self) -> bool:
        """Whether one segment for everybody is an allowed result."""
        return self.k is None or (not self.fixed and self._ends()[0] == 1)

    def numbers(self, people: int, distinct: int) -> range:
        """Numbers of segments above one to try among `people` answers, `distinct` of which differ; may be empty."""
        if self.k is None:
            low, high = 2, max(2, min(MAX_FOUND, people // PER_SEGMENT))
        else:
            low, high = self._ends()
        return range(max(2, min(low, distinct)), min(high, distinct) + 1)

    def _ends(self) -> tuple[int, int]:
        if self.k is None:
            return 2, MAX_FOUND
        return (self.k, self.k) if isinstance(self.k, int | np.integer) else self.k


DEFAULTS = SegmentSettings()


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


def segment_vectors(
    vectors: Floats,
    settings: SegmentSettings = DEFAULTS,
    languages: Sequence[str] | None = None,
    progress: Progress = silent,
) -> Clustering:
    """Segments of the rows of `vectors` (n, d), everyone placed; the same for any order of the rows.

    languages: one code per row ("" = unknown); a language with enough rows has its own mean subtracted.
    Confidence is the share of bootstrap resamples that put the person into the segment it is given here.
    Raises ValueError when vectors are empty, not numeric, hold NaN or infinity, or do not match languages.
    """
    return fit(vectors, settings, languages, progress)[0]


def fit(
    vectors: Floats,
    settings: SegmentSettings = DEFAULTS,
    languages: Sequence[str] | None = None,
    progress: Progress = silent,
) -> tuple[Clustering, Placement]:
    """As `segment_vectors`, with what is needed to place new rows."""
    x = checked(vectors, languages)
    with threadpool_limits(1):  # the same sums in the same order on every number of cores
        progress(0.02, "Finding the main directions")
        rows = canonical_rows(x, languages)
        space = principal_space(rows.vectors, rows.weights, rows.languages, settings.components)
        scores = space.project(rows.vectors, rows.languages)
        people = int(rows.weights.sum())
        numbers = settings.numbers(people, len(scores))
        if not numbers or (people < TOO_FEW and settings.k is None):
            return _one_segment(rows, scores, space, settings, _single(people, len(scores)))
        if people < TOO_FEW:
            return _without_evidence(rows, scores, space, settings, numbers)
        return _with_evidence(rows, scores, space, settings, numbers, progress)


def _with_evidence(
    rows: Rows, scores: NDArray[np.float64], space: Space, settings: SegmentSettings, numbers: range, progress: Progress
) -> tuple[Clustering, Placement]:
    people = int(rows.weights.sum())
    sample, counts = _sample(rows.weights, settings)
    notes = list(size_notes(people))
    if counts.sum() < people:
        notes.append(f"Groups and evidence come from a random sample of {int(counts.sum()):,} of {people:,} answers.")
    marks = landmarks(scores[sample], counts, settings.dims)
    progress(0.1, "Looking for groups")
    found = search(marks, numbers, _rng(settings, 1))
    null = _null(marks, numbers, settings, progress)
    z = _place_all(scores, sample, marks.space)
    groups = partition(marks.space.landmarks, counts, choose(found, null), _rng(settings, 5))
    labels = _everybody(z, rows.weights, marks, groups, len(sample))
    merged = merge_small(labels, z, rows.weights, settings.smallest_share)
    if merged.max() < labels.max():
        notes.append(
            f"{labels.max() - merged.max()} of {labels.max() + 1} groups were too small and joined a neighbour."
        )
    labels = largest_first(merged, rows.weights)
    k = int(labels.max()) + 1
    if k == 1:
        return _one_segment(rows, scores, space, settings, _single(people, len(scores)), tuple(notes))
    if k not in found.labels:
        found, null = found.also(k, labels[sample], marks), null.also(_null(marks, [k], settings, progress))
    progress(0.9, "Resampling")
    others = [tried for tried in found.labels if tried != k]
    resampled = resample(refitter(marks, [k], settings.dims), counts, 2 * settings.pairs, _rng(settings, 2))
    if others:
        few = 2 * settings.other_pairs
        resampled |= resample(refitter(marks, others, settings.dims), counts, few, _rng(settings, 4))
    dip = dip_p(marks, _rng(settings, 3))
    evidence = judge(marks, found, null, resampled, labels[sample], dip, people, settings.may_be_one)
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
    labels = partition(z, rows.weights, numbers[0], _rng(settings, 1))
    labels = largest_first(merge_small(labels, z, rows.weights, settings.smallest_share), rows.weights)
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
    def report(fraction: float, message: str) -> None:
        progress(0.2 + 0.7 * fraction, message)

    return null_search(marks, tried, settings.dims, settings.null_sets, 2 * settings.null_pairs, settings.seed, report)


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


def checked(vectors: Any, languages: Sequence[str] | None = None) -> Floats:
    """The vectors as float32 or float64 (n, d); raises ValueError with what is wrong and what to do."""
    x = np.asarray(vectors)
    if x.ndim != 2 or not x.size or x.dtype.kind not in "fiub":
        raise ValueError(
            f"vectors must be a numeric matrix with at least one row and one column, got {x.dtype} of shape {x.shape}"
        )
    x = x if x.dtype in (np.float32, np.float64) else x.astype(np.float64)
    finite = np.isfinite(x).all(axis=1)
    if not finite.all():
        raise ValueError(
            f"vectors hold NaN or infinity (first in row {int(np.argmin(finite))}): fill or remove such rows first"
        )
    if languages is not None and len(languages) != len(x):
        raise ValueError(f"languages must have one entry per row, got {len(languages)} for {len(x)} rows")
    return x


class Segmenter(ClusterMixin, BaseEstimator):
    """scikit-learn estimator around `segment_vectors`: segments of texts or of a numeric matrix.

    n_segments: "auto", an int or (lowest, highest). min_share, random_state: min_share and seed of SegmentSettings.
    embedder: has `encode(texts) -> (n, d)`; needed only when `fit` or `predict` is given texts.

    Attributes after `fit`: labels_ int (n,), 0-based, 0 is the largest segment; confidence_ float (n,), 0-1;
    evidence_; n_segments_; centroids_ (k, q); clustering_ and placement_, the full results.
    """

    def __init__(
        self,
        n_segments: str | int | tuple[int, int] = "auto",
        min_share: float | None = None,
        random_state: int = 0,
        embedder: Any = None,
    ) -> None:
        self.n_segments = n_segments
        self.min_share = min_share
        self.random_state = random_state
        self.embedder = embedder

    def fit(self, X: Any = None, y: Any = None, *, embeddings: Any = None, languages: Any = None) -> Self:
        """Segment texts (through `embedder`) or a numeric matrix X, or `embeddings` that were computed elsewhere.

        Raises ValueError for a bad parameter, and when there is nothing to segment.
        """
        if X is None and embeddings is None:
            raise ValueError("there is nothing to segment: give texts, a numeric matrix or embeddings")
        matrix = validate_data(self, self._matrix(X) if embeddings is None else embeddings, dtype=_FLOATS)
        self.clustering_, self.placement_ = fit(matrix, self._settings(), languages)
        self.labels_ = self.clustering_.labels - 1
        self.confidence_ = self.clustering_.confidence
        self.evidence_ = self.clustering_.evidence
        self.n_segments_ = self.clustering_.k
        self.centroids_ = self.clustering_.centroids
        return self

    def predict(self, X: Any, *, languages: Any = None) -> Ints:
        """Segment (0-based) of new texts or rows: the nearest centroid in the fitted space."""
        check_is_fitted(self)
        matrix = validate_data(self, self._matrix(X), dtype=_FLOATS, reset=False)
        return self.placement_.nearest(matrix, languages) - 1

    def _matrix(self, X: Any) -> Any:
        if not isinstance(X, list | tuple) or not X or not all(isinstance(text, str) for text in X):
            return X
        if self.embedder is None:
            raise ValueError("the 'embedder' parameter must be an embedder when texts are given, got None")
        return self.embedder.encode(X)

    def _settings(self) -> SegmentSettings:
        if isinstance(self.n_segments, str) and self.n_segments != "auto":
            raise ValueError(
                f"the 'n_segments' parameter must be 'auto', an int or (lowest, highest), got {self.n_segments!r}"
            )
        k = None if isinstance(self.n_segments, str) else self.n_segments
        return SegmentSettings(k=k, min_share=self.min_share, seed=self.random_state)


_FLOATS = [np.float64, np.float32]
