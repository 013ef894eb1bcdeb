"""What a segmentation is, as plain data. Light on purpose: web processes import it, so it needs numpy only."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Verdict = Literal["natural", "reproducible", "constructive", "none"]

Floats = NDArray[np.float32] | NDArray[np.float64]
Ints = NDArray[np.int64]

UNSURE = 0.5
"""Below this confidence a person could as well belong to another segment."""


@dataclass(frozen=True)
class KEvidence:
    """Evidence for one number of segments; stabilities are adjusted Rand indices, at most 1.

    stability: median over pairs of bootstrap samples. null, null_upper: median and 95 % point of the same
    measure on structureless data of the same shape. score: how well the groups separate (two silhouette widths
    added, at most 2); score_null, score_null_upper: median and 95 % point of that on structureless data.
    """

    k: int
    score: float
    stability: float
    null: float
    null_upper: float
    score_null: float = 0.0
    score_null_upper: float = 0.0


@dataclass(frozen=True)
class Evidence:
    """Why the verdict is what it is.

    verdict: natural, reproducible, constructive or none (METHODS: Dolnicar, Grün & Leisch; Hennig).
    sentence: the verdict in words a marketer reads.
    by_k: one entry per number of segments that was tried, ascending; empty when there were too few answers.
    segment_stability: mean best Jaccard match over bootstraps, one per segment, 0-1 (Hennig 2007).
    dip_p: p-value of the dip test for more than one mode; None when not computed. separation_p: p-value of "no
    better separated than structureless data"; phrases_p: the same against answers whose phrases are dealt out at
    random; None when not computed.
    n: rows the evidence was computed on; n_total: rows placed. pairs: bootstrap pairs per k.
    """

    verdict: Verdict
    sentence: str
    by_k: tuple[KEvidence, ...] = ()
    segment_stability: tuple[float, ...] = ()
    dip_p: float | None = None
    n: int = 0
    n_total: int = 0
    pairs: int = 0
    separation_p: float | None = None
    phrases_p: float | None = None

    def of(self, k: int) -> KEvidence | None:
        """Return the evidence for k segments, None where k was not tried."""
        return next((entry for entry in self.by_k if entry.k == k), None)


@dataclass(frozen=True)
class Clustering:
    """Everybody's place in one solution: the numbers, before any words.

    labels: int (n,), 1..k, 1 is the largest segment. confidence: float (n,), 0-1.
    centroids: float (k, d) in the space described by `center` and `basis` (see Segmenter).
    coordinates: float (n, 2), a picture only. notes: what was simplified, in sentences (for example a sample).
    """

    labels: Ints
    confidence: Floats
    centroids: Floats
    coordinates: Floats
    evidence: Evidence
    k: int
    seed: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Partition:
    """Everybody's place in a solution from closed answers, with the solutions beside it.

    labels: int (n,), 1..k, 1 is the largest segment. confidence: float (n,), 0-1, share of resamples that put a person
    into the same segment. centres: float (k, p), segment means of the `columns`. alternatives: labels by number of
    segments tried, the chosen one among them, numbered so that a segment keeps the number of the one it matches best.
    verdicts: what each of them could claim. inertia: within-segment sum of squares by number of segments. across: for
    every number of segments, how far each segment comes out of one segment of the solution with one segment fewer, 0-1
    (SLSa, Dolnicar & Leisch 2017). shares: part of the difference between segments that each question carries, summing
    to 1. without: agreement (adjusted Rand index) with as many segments found without that question; 1 when it changes
    nothing.
    """

    labels: Ints
    confidence: Floats
    centres: Floats
    columns: tuple[str, ...]
    evidence: Evidence
    k: int
    seed: int
    alternatives: dict[int, Ints] = field(default_factory=dict)
    verdicts: dict[int, Verdict] = field(default_factory=dict)
    inertia: dict[int, float] = field(default_factory=dict)
    across: dict[int, tuple[float, ...]] = field(default_factory=dict)
    shares: dict[str, float] = field(default_factory=dict)
    without: dict[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class ClassFit:
    """One latent class model: log-likelihood, free parameters, Bayesian information criterion (smaller is better).

    entropy: 1 is a clear place for everybody, 0 none at all. local: pairs of items that the classes do not explain
    (bivariate residual above 3.84). blrt_p: p-value against one class fewer; None when not asked for.
    """

    k: int
    loglik: float
    parameters: int
    bic: float
    entropy: float
    local: int
    blrt_p: float | None = None


@dataclass(frozen=True)
class Residual:
    """What a latent class model leaves unexplained between two items: Pearson's chi-square per degree of freedom."""

    one: str
    other: str
    value: float


@dataclass(frozen=True)
class LatentClasses:
    """Everybody's latent class, from answers that are choices.

    labels: int (n,), 1..k, 1 is the largest class. confidence: float (n,), probability of that class. posterior: float
    (n, k). shares: (k,), estimated class shares. probabilities: per item (k, levels), P(level | class). levels: the
    answers behind them. fits: one per number of classes. residuals: item pairs, largest first.
    """

    labels: Ints
    confidence: Floats
    posterior: Floats
    shares: Floats
    items: tuple[str, ...]
    levels: tuple[tuple[str, ...], ...]
    probabilities: tuple[Floats, ...]
    fits: tuple[ClassFit, ...]
    residuals: tuple[Residual, ...]
    evidence: Evidence
    k: int
    seed: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class AnswerGroup:
    """A group of people by one answer, named from the answers themselves; share is 0-1 with a 95 % Wilson interval."""

    segment: int
    name: str
    size: int
    share: float
    share_low: float
    share_high: float


@dataclass(frozen=True)
class OneQuestion:
    """The groups that the answers to one question show.

    labels: int (n,), 1..k in the order of `groups`, 0 = no answer. confidence: float (n,), 0 without an answer.
    method: what found the groups, in words. conventions: bands that are customary for this scale, not found in it.
    """

    question: str
    kind: str
    method: str
    labels: Ints
    confidence: Floats
    groups: tuple[AnswerGroup, ...]
    evidence: Evidence
    k: int
    conventions: tuple[AnswerGroup, ...] = ()
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Term:
    """A word or phrase that sets a segment apart: share of the segment's answers with it, and of all answers."""

    text: str
    share: float
    share_total: float
    weight: float


@dataclass(frozen=True)
class Quote:
    """A verbatim answer; `row` is its position in the input, counted from 0."""

    row: int
    text: str
    confidence: float
    language: str = ""


@dataclass(frozen=True)
class Marker:
    """One answer in which a segment differs from everybody, or does not.

    measure: "share" (0-1) or "mean". value, low, high: in the segment, with its 95 % interval; total: of everybody;
    index: 100 × value / total, None where a mean has no natural zero. effect: Cohen's h for shares, standardised
    difference for means; both against all other people. p: corrected for all answers tested in this solution (Benjamini
    & Hochberg). base: people in the segment with an answer. formed: whether the segments were made from this answer, so
    that a difference is no finding; p is then corrected among such answers only. three_step: whether values are freed
    from errors of placing people (BCH).
    """

    question: str
    answer: str
    measure: str
    value: float
    low: float
    high: float
    total: float
    index: float | None
    effect: float
    p: float
    base: int
    formed: bool = False
    three_step: bool = False

    @property
    def stands_out(self) -> bool:
        """Whether it is a marker: a share more than .25 or 50 % off the total (Dolnicar et al. 2018), a mean by .5."""
        if self.measure == "share":
            return abs(self.value - self.total) > 0.25 or abs(self.value - self.total) > 0.5 * self.total
        return abs(self.effect) >= 0.5


@dataclass(frozen=True)
class SegmentProfile:
    """One segment as a person reads it; shares are 0-1 with a 95 % Wilson interval.

    who: what sets its people apart among answers that only describe them, strongest first.
    """

    segment: int
    name: str
    size: int
    share: float
    share_low: float
    share_high: float
    confidence: float
    stability: float | None
    terms: tuple[Term, ...]
    quotes: tuple[Quote, ...]
    languages: dict[str, int]
    warnings: tuple[str, ...] = ()
    who: tuple[Marker, ...] = ()


@dataclass(frozen=True)
class Theme:
    """A topic heard in the answers when there are too few of them to speak of segments."""

    name: str
    size: int
    quotes: tuple[Quote, ...]


@dataclass(frozen=True)
class Segmentation:
    """A finished segmentation of open answers: input rows, in input order, with segments and their evidence.

    labels: int (rows,), 1..k, 0 = no answer. confidence: float (rows,), 0 where there was no answer.
    coordinates: float (rows, 2), NaN where there was no answer. languages: detected language per row, "" if unknown.
    coverage: share of rows with an answer that were placed (1.0 by design). answered: rows with an answer.
    embedder: name of the text model; embedder_reason: why it was used.
    """

    labels: Ints
    confidence: Floats
    coordinates: Floats
    centroids: Floats
    languages: tuple[str, ...]
    segments: tuple[SegmentProfile, ...]
    themes: tuple[Theme, ...]
    evidence: Evidence
    k: int
    answered: int
    coverage: float
    seed: int
    embedder: str
    embedder_reason: str
    seconds: float
    warnings: tuple[str, ...] = ()
