"""Vectors in, segments out: find the number of groups, place everybody, say how sure we are."""

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from models.groups.segment_fit import fit
from models.groups.segment_settings import DEFAULTS, SegmentSettings
from models.progress import Progress, silent
from models.results import Clustering, Floats, Ints

__all__ = ["SegmentSettings", "Segmenter", "segment_vectors"]


def segment_vectors(
    vectors: Floats,
    settings: SegmentSettings = DEFAULTS,
    languages: Sequence[str] | None = None,
    progress: Progress = silent,
    at: Ints | None = None,
    wording: int = 0,
) -> Clustering:
    """Segments of the rows of `vectors` (n, d), everyone placed; the same for any order of the rows.

    at: int (people,), which row of `vectors` each person has, for many people who say the same; None: one row each.
    wording: how many of the last columns tell how answers are worded (models.texts.wording); groups must then also
    separate better than answers whose phrases are dealt out at random.
    languages: one code per row ("" = unknown); a language with enough rows has its own mean subtracted.
    Confidence is the share of bootstrap resamples that put the person into the segment it is given here.
    Raises ValueError when vectors are empty, not numeric, hold NaN or infinity, do not match languages, or are all
    wording.
    """
    return fit(vectors, settings, languages, progress, at, wording)[0]


class Segmenter(ClusterMixin, BaseEstimator):
    """scikit-learn estimator around `segment_vectors`: segments of texts or of a numeric matrix.

    n_segments: "auto", an int or (lowest, highest). min_share, random_state: min_share and seed of SegmentSettings.
    embedder: has `encode(texts) -> (n, d)`; needed only when `fit` or `predict` is given texts, which are grouped by
    their vectors alone, so that new ones can be placed: models.answers.segment_answers looks at their wording as well.

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
