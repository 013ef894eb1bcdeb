"""Vectors in, segments out: find the number of groups, place everybody, say how sure we are."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.metrics import silhouette_score
from sklearn.utils.validation import validate_data
from threadpoolctl import threadpool_limits

from models.canonical import Rows, canonical_rows
from models.evidence import TOO_FEW, too_few, weigh
from models.kmeans import assign, kmeans
from models.progress import Progress, silent
from models.reduce import Space, principal_space, unit
from models.results import Clustering, Evidence, Floats, Ints
from models.stability import agreement, structureless

MAX_SEGMENTS = 12


@dataclass(frozen=True)
class SegmentSettings:
    """What a researcher decides about a segmentation.

    k: number of segments, (lowest, highest), or None to find it. min_share: a segment with a smaller share of all
    answers is merged into its nearest neighbour, in [0, 0.5). seed: same input and seed, same result.
    dims: principal components used. max_evidence_rows: evidence is computed on at most so many distinct answers.
    pairs: bootstrap pairs per number of segments. null_sets: structureless data sets behind the null band.
    """

    k: int | tuple[int, int] | None = None
    min_share: float = 0.03
    seed: int = 0
    dims: int = 10
    max_evidence_rows: int = 1000
    pairs: int = 50
    null_sets: int = 20

    def __post_init__(self) -> None:
        low, high = self.range()
        if low < 1 or high < low:
            raise ValueError(
                f"the 'k' parameter must be None, an int >= 1 or (low, high) with low <= high, got {self.k!r}"
            )
        if not 0 <= self.min_share < 0.5:
            raise ValueError(f"the 'min_share' parameter must be in [0, 0.5), got {self.min_share!r}")

    def range(self) -> tuple[int, int]:
        """Lowest and highest number of segments allowed."""
        if self.k is None:
            return 2, MAX_SEGMENTS
        return (self.k, self.k) if isinstance(self.k, int | np.integer) else (int(self.k[0]), int(self.k[1]))


def segment_vectors(
    vectors: Floats,
    settings: SegmentSettings = SegmentSettings(),
    languages: Sequence[str] | None = None,
    progress: Progress = silent,
) -> Clustering:
    """Segments of the rows of `vectors` (n, d), everyone placed; the same for any order of the rows.

    languages: one code per row ("" = unknown); a language with enough rows has its own mean subtracted.
    Raises ValueError when vectors are empty, not numeric, hold NaN or infinity, or do not match languages.
    """
    x = _checked(vectors, languages)
    with threadpool_limits(1):
        rows = canonical_rows(x, languages)
        progress(0.05, "Finding the main directions")
        space = principal_space(rows.vectors, rows.weights, rows.languages, settings.dims)
        scores = space.project(rows.vectors, rows.languages)
        return _segment(rows, scores, space, settings, progress)


def _segment(
    rows: Rows, scores: NDArray[np.float64], space: Space, settings: SegmentSettings, progress: Progress
) -> Clustering:
    z = unit(scores)
    n = int(rows.weights.sum())
    rng = np.random.default_rng(settings.seed)
    low, high = settings.range()
    high = min(high, len(z))
    if n < TOO_FEW and settings.k is None:
        return _finish(
            rows, scores, z, np.zeros(len(z), dtype=np.int64), np.ones(len(z)), too_few(n), space, settings, ()
        )
    sample = np.arange(len(z))
    notes: list[str] = []
    if len(z) > settings.max_evidence_rows:
        sample = np.sort(rng.choice(len(z), settings.max_evidence_rows, replace=False))
        notes.append(f"The evidence was computed on a random sample of {len(sample):,} of {n:,} answers.")
    progress(0.1, "Looking for groups")
    candidates = {k: _cluster(z, rows.weights, k, settings) for k in range(min(low, high), high + 1)}
    quality = {k: _silhouette(z[sample], labels[sample]) for k, labels in candidates.items()}
    k = max(quality, key=lambda k: (quality[k], -k))
    labels = _merge_small(candidates[k], z, rows.weights, settings.min_share)
    progress(0.5, "Testing whether the groups are real")
    nulls = structureless(scores[sample], rng, settings.null_sets)
    evidence, fits = weigh(
        z[sample], [unit(null) for null in nulls], labels[sample], rows.weights[sample], quality, n, settings.pairs, rng
    )
    resampled = assign(z, fits.centres)
    confidence = agreement(labels, resampled, rows.weights)
    return _finish(rows, scores, z, labels, confidence, evidence, space, settings, tuple(notes))


def _cluster(z: NDArray[np.float64], weights: NDArray[np.float64], k: int, settings: SegmentSettings) -> Ints:
    fits = kmeans(z, np.repeat(weights[None], 10, axis=0), k, np.random.default_rng([settings.seed, k]))
    return fits.labels[int(fits.inertia.argmin())]


def _silhouette(z: NDArray[np.float64], labels: Ints) -> float:
    found = len(np.unique(labels))
    return float(silhouette_score(z, labels)) if 1 < found < len(z) else -1.0


def _centroids(z: NDArray[np.float64], labels: Ints, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.array([np.average(z[labels == j], axis=0, weights=weights[labels == j]) for j in range(labels.max() + 1)])


def _compact(labels: Ints) -> Ints:
    return np.unique(labels, return_inverse=True)[1].astype(np.int64)


def _merge_small(labels: Ints, z: NDArray[np.float64], weights: NDArray[np.float64], min_share: float) -> Ints:
    """The smallest segment below the minimum share joins its nearest neighbour, until none is left."""
    labels = _compact(labels)
    while labels.max() > 0:
        shares = np.bincount(labels, weights=weights) / weights.sum()
        smallest = int(shares.argmin())
        if shares[smallest] >= min_share:
            break
        centres = _centroids(z, labels, weights)
        distance = ((centres - centres[smallest]) ** 2).sum(axis=1)
        distance[smallest] = np.inf
        labels = _compact(np.where(labels == smallest, int(distance.argmin()), labels))
    return labels


def _finish(
    rows: Rows,
    scores: NDArray[np.float64],
    z: NDArray[np.float64],
    labels: Ints,
    confidence: NDArray[np.float64],
    evidence: Evidence,
    space: Space,
    settings: SegmentSettings,
    notes: tuple[str, ...],
) -> Clustering:
    """Segments numbered from the largest (ties: by their first row in canonical order), rows in input order."""
    labels = _compact(labels)
    sizes = np.bincount(labels, weights=rows.weights)
    first = np.array([int(np.argmax(labels == j)) for j in range(len(sizes))])
    order = np.lexsort((first, -sizes))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    labels = rank[labels]
    if evidence.segment_stability:
        evidence = replace(evidence, segment_stability=tuple(evidence.segment_stability[j] for j in order))
    flat = np.zeros((len(z), 2))
    flat[:, : min(2, scores.shape[1])] = scores[:, :2]
    return Clustering(
        labels=labels[rows.back] + 1,
        confidence=confidence[rows.back],
        centroids=_centroids(z, labels, rows.weights),
        coordinates=flat[rows.back],
        evidence=evidence,
        k=len(sizes),
        seed=settings.seed,
        notes=notes,
    )


def _checked(vectors: Any, languages: Sequence[str] | None) -> Floats:
    x = np.asarray(vectors)
    if x.ndim != 2 or not x.shape[0] or not x.shape[1] or x.dtype.kind not in "fiub":
        raise ValueError(
            f"vectors must be a numeric matrix with at least one row and column, got shape {x.shape} of {x.dtype}"
        )
    x = x if x.dtype in (np.float32, np.float64) else x.astype(np.float64)
    if not np.isfinite(x).all():
        row = int(np.flatnonzero(~np.isfinite(x).all(axis=1))[0])
        raise ValueError(
            f"vectors hold NaN or infinity (first in row {row}): remove or fill those rows before segmenting"
        )
    if languages is not None and len(languages) != len(x):
        raise ValueError(f"languages must have one entry per row: {len(x)} rows, {len(languages)} languages")
    return x


class Segmenter(ClusterMixin, BaseEstimator):
    """scikit-learn estimator around `segment_vectors`.

    n_segments: "auto", an int or (low, high). min_share, random_state: as in SegmentSettings. embedder: turns texts
    into vectors when `fit` is given texts.

    Attributes after `fit`: labels_ (0-based, 0 is the largest), confidence_, evidence_, n_segments_, centroids_,
    clustering_.
    """

    def __init__(
        self,
        n_segments: str | int | tuple[int, int] = "auto",
        min_share: float = 0.03,
        random_state: int = 0,
        embedder: Any = None,
    ) -> None:
        self.n_segments = n_segments
        self.min_share = min_share
        self.random_state = random_state
        self.embedder = embedder

    def fit(self, X: Any = None, y: Any = None, *, embeddings: Any = None, languages: Any = None) -> Self:
        """Segments of texts (needs `embedder`), of a numeric matrix X, or of `embeddings` computed elsewhere."""
        texts = embeddings is None and _is_texts(X)
        if texts:
            if self.embedder is None:
                raise ValueError("the 'embedder' parameter must be set to segment texts, got None")
            matrix = self.embedder.encode(list(X))
        else:
            matrix = X if embeddings is None else embeddings
        matrix = validate_data(self, matrix, reset=True, dtype=[np.float64, np.float32])
        k = None if isinstance(self.n_segments, str) else self.n_segments
        settings = SegmentSettings(k=k, min_share=self.min_share, seed=self.random_state)
        self.clustering_ = segment_vectors(matrix, settings, languages)
        self.labels_ = self.clustering_.labels - 1
        self.confidence_ = self.clustering_.confidence
        self.evidence_ = self.clustering_.evidence
        self.n_segments_ = self.clustering_.k
        self.centroids_ = self.clustering_.centroids
        return self


def _is_texts(X: Any) -> bool:
    return X is not None and not hasattr(X, "dtype") and len(X) > 0 and isinstance(X[0], str)
