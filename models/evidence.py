"""How much to believe in a set of groups: the search over k on real and on structureless data, and the verdict."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import diptest
import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

from models.groups.grouping import compact, distances, partitions, silhouette
from models.groups.reduce import unit
from models.groups.smooth import SmoothSpace, smooth_space
from models.progress import Progress
from models.results import Evidence, Ints, KEvidence, Verdict
from models.stability import Refit, global_stability, resample, segment_jaccard, steadiness
from models.words import phrases_sentence, verdict_sentence

PLAIN_DIMS = 4
SMOOTH_WEIGHT, STABILITY_WEIGHT = 1.25, 0.4
NEAR_BEST = 0.4
MANY = (600, 1000)
"""Between these numbers of answers, what data without groups reach is taken out of the separation, none to all."""
HANDY = 6
"""A number of segments that people can keep apart and act on: the middle of the four to eight that practice uses."""

LEAST = 3
"""Distinct rows that a resample must hold to show more than one group."""

_TINY = 1e-6
SURE, NO_SIGN = 0.01, 0.2
"""p-values of the separation below which groups are claimed, and above which there is no sign of any."""
CLUMPED = 0.05
"""p-value of the dip test at which people lie in clumps."""
UNVARYING = 0.95
"""Stability from which structureless data may be as steady, so that clumps decide whether groups are apart."""
FOUND_AGAIN = 0.6
"""A segment counts as found again in a resample whose best match overlaps it by this Jaccard index (Hennig 2007)."""
CLAIMS: tuple[Verdict, ...] = ("natural", "reproducible")
"""Verdicts that say that there are groups."""


@dataclass(frozen=True)
class Landmarks:
    """The rows that evidence is computed on.

    scores: (m, p) principal scores. weights: (m,) people per row. plain: (m, 4) leading scores at unit length.
    space: the smoothed space spanned by the rows.
    """

    scores: NDArray[np.float64]
    weights: NDArray[np.float64]
    plain: NDArray[np.float64]
    space: SmoothSpace


@dataclass(frozen=True)
class Search:
    """Candidate partitions of the landmarks, by number of groups, and how well each separates.

    separation: silhouette width in the plain leading directions plus SMOOTH_WEIGHT times that in the smoothed space;
    the first alone finds too few groups, the second alone too many.
    """

    labels: dict[int, Ints]
    separation: dict[int, float]

    def also(self, k: int, labels: Ints, marks: Landmarks) -> "Search":
        """This search with `labels` of k groups among its candidates, unless k groups were tried already."""
        if k in self.labels:
            return self
        score = _separation(distances(marks.plain), distances(marks.space.landmarks), labels, marks.weights)
        return Search({**self.labels, k: labels}, {**self.separation, k: score})


@dataclass(frozen=True)
class Null:
    """The same search on structureless data sets: separation (sets, ks), stability (every second set, ks)."""

    ks: tuple[int, ...]
    separation: NDArray[np.float64]
    stability: NDArray[np.float64]

    def beyond(self, found: Search) -> NDArray[np.float64]:
        """How many standard deviations of the null sets each k separates better than their mean, float (ks,)."""
        observed = np.array([found.separation[k] for k in self.ks])
        return (observed - self.separation.mean(axis=0)) / (self.separation.std(axis=0, ddof=1) + _TINY)

    def also(self, other: "Null") -> "Null":
        """Both, for different numbers of groups on the same data sets."""
        return Null(
            self.ks + other.ks,
            np.hstack([self.separation, other.separation]),
            np.hstack([self.stability, other.stability]),
        )


def landmarks(scores: NDArray[np.float64], weights: NDArray[np.float64], dims: int) -> Landmarks:
    """Landmarks from principal scores (m, p) of at least three rows."""
    return Landmarks(scores, weights, unit(scores[:, :PLAIN_DIMS]), smooth_space(scores, weights, dims))


def search(marks: Landmarks, ks: Sequence[int], rng: np.random.Generator, hierarchies: int = 1) -> Search:
    """Partitions of the landmarks in the smoothed space for every k, each with its separation.

    hierarchies: see `partitions`; more than one makes the groups depend less on chance.
    """
    groups = partitions(marks.space.landmarks, marks.weights, ks, rng, hierarchies)
    found = {k: compact(labels) for k, labels in groups.items()}
    plain, smooth = distances(marks.plain), distances(marks.space.landmarks)
    return Search(found, {k: _separation(plain, smooth, labels, marks.weights) for k, labels in found.items()})


def _separation(
    plain: NDArray[np.float32], smooth: NDArray[np.float32], labels: Ints, weights: NDArray[np.float64]
) -> float:
    return silhouette(plain, labels, weights) + SMOOTH_WEIGHT * silhouette(smooth, labels, weights)


def refitter(marks: Landmarks, ks: Sequence[int], dims: int) -> Refit:
    """Smoothing and k-means anew on the rows that were drawn; the others are placed in the space these span."""

    def refit(drawn: NDArray[np.float64], rng: np.random.Generator) -> dict[int, Ints]:
        there = drawn > 0
        if there.sum() < LEAST:
            return {k: np.zeros(len(drawn), dtype=np.int64) for k in ks}
        space = smooth_space(marks.scores[there], drawn[there], dims)
        z = np.empty((len(drawn), space.landmarks.shape[1]))
        z[there], z[~there] = space.landmarks, space.place(marks.scores[~there])
        return partitions(z, drawn, ks, rng)

    return refit


def null_search(
    nobody: Callable[[np.random.Generator], NDArray[np.float64]],
    ks: Sequence[int],
    dims: int,
    sets: int,
    draws: int,
    seed: tuple[int, ...],
    progress: Progress,
) -> Null:
    """The search on `sets` structureless data sets that pass through the same smoothing; stability on half of them.

    nobody: makes the principal scores (people, p) of one such set. draws: resamples for the stability; 0: none.
    """
    separation, stability = np.zeros((sets, len(ks))), []
    for j in range(sets):
        rng = np.random.default_rng([*seed, j])
        scores = nobody(rng)
        empty = landmarks(scores, np.ones(len(scores)), dims)
        found = search(empty, ks, rng)
        separation[j] = [found.separation[k] for k in ks]
        if draws and j % 2 == 0:
            again = resample(refitter(empty, ks, dims), empty.weights, draws, rng)
            stability.append([np.median(global_stability(again[k], empty.weights)) for k in ks])
        progress((j + 1) / sets, "Comparing with answers that have no groups")
    return Null(tuple(ks), separation, np.array(stability))


def choose(
    found: Search,
    null: Null,
    resampled: Mapping[int, NDArray[np.int64]],
    weights: NDArray[np.float64],
    handiness: float,
) -> int:
    """The number of groups: well separated, found again in resamples, and handy, among those that stand out.

    Standing out means to lie at least NEAR_BEST as far beyond the null mean as the k that lies furthest beyond it:
    two groups cut across the main direction separate well in any data. handiness: how much a number near HANDY is
    preferred; every halving or doubling away from it costs 0.7 times as much separation. Separation falls with k also
    where there are no groups; many answers can bear more groups, so there this fall is taken out. The weights
    come from labelled answers (benchmarks/blind_k.py, seeds other than the one reported).
    """
    beyond = null.beyond(found)
    able = [k for k, z in zip(null.ks, beyond, strict=True) if z >= NEAR_BEST * beyond.max()]

    part = float(np.interp(weights.sum(), MANY, (0, 1)))
    fall = dict(zip(null.ks, part * null.separation.mean(axis=0), strict=True))

    def score(k: int) -> float:
        stable = steadiness(resampled[k], weights)
        return float(found.separation[k] - fall[k] + STABILITY_WEIGHT * stable - handiness * abs(np.log(k / HANDY)))

    return max(able or null.ks, key=lambda k: (score(k), -k))


def separation_p(found: Search, null: Null) -> float:
    """p-value of "no better separated than structureless data", over all k that were tried.

    The furthest the data lie beyond the null sets at any k, against the same for each null set among the others,
    through a t prediction interval.
    """
    sets = len(null.separation)
    others = [np.delete(null.separation, j, axis=0) for j in range(sets)]
    furthest = np.array(
        [
            ((mine - rest.mean(axis=0)) / (rest.std(axis=0, ddof=1) + _TINY)).max()
            for mine, rest in zip(null.separation, others, strict=True)
        ]
    )
    error = (furthest.std(ddof=1) + _TINY) * np.sqrt(1 + 1 / sets)
    return float(student.sf((null.beyond(found).max() - furthest.mean()) / error, sets - 1))


def dip_p(marks: Landmarks, rng: np.random.Generator, rows: int = 300) -> float:
    """p-value of the dip test (Hartigan & Hartigan 1985) on the first component and on distances, the smaller, doubled.

    Distances are taken between at most `rows` people.
    """
    people = np.repeat(np.arange(len(marks.weights)), marks.weights.astype(np.int64))
    first = diptest.diptest(marks.scores[people, 0])[1]
    some = rng.choice(people, min(rows, len(people)), replace=False)
    apart = distances(unit(marks.scores[some]))[np.triu_indices(len(some), 1)]
    return float(min(1.0, 2 * min(first, diptest.diptest(apart.astype(np.float64))[1])))


def judge(
    marks: Landmarks,
    found: Search,
    even: Search,
    null: Null,
    resampled: dict[int, NDArray[np.int64]],
    labels: Ints,
    dip: float,
    n_total: int,
    may_be_one: bool,
) -> Evidence:
    """The verdict on `labels` of the landmarks, with the figures it rests on.

    even: a search with one hierarchy, as the null sets are searched; a search that tries harder would separate better.
    resampled: labels by resamples per k, int (draws, m), the number of groups in `labels` among them. may_be_one:
    one group for everybody is an allowed result; then a verdict of none means just that.
    """
    k = int(labels.max()) + 1
    stable = {tried: float(np.median(global_stability(again, marks.weights))) for tried, again in resampled.items()}
    matches = segment_jaccard(labels, resampled[k], marks.weights)
    jaccard = matches.mean(axis=0)
    again = float((matches >= FOUND_AGAIN).mean())
    p = separation_p(even, null)
    verdict = verdict_on(p, dip, _entry(k, found, null, stable[k]), again, jaccard)
    return Evidence(
        verdict=verdict,
        sentence=verdict_sentence(
            verdict, 1 if may_be_one and verdict == "none" else k, again, int((jaccard < FOUND_AGAIN).sum()), p < SURE
        ),
        by_k=tuple(_entry(tried, found, null, stable[tried]) for tried in sorted(stable)),
        segment_stability=tuple(jaccard.tolist()),
        dip_p=dip,
        n=int(marks.weights.sum()),
        n_total=n_total,
        pairs=len(resampled[k]) // 2,
        separation_p=p,
    )


def beyond_phrases(evidence: Evidence, even: Search, null: Null, k: int) -> Evidence:
    """The evidence on k groups, which claims none unless they also separate better than `null`, of dealt phrases."""
    p = separation_p(even, null)
    if p < SURE:
        return replace(evidence, phrases_p=p)
    return replace(evidence, verdict="constructive", sentence=phrases_sentence(k), phrases_p=p)


def _entry(k: int, found: Search, null: Null, stability: float) -> KEvidence:
    j = null.ks.index(k)
    return KEvidence(
        k=k,
        score=found.separation[k],
        stability=stability,
        null=float(np.median(null.stability[:, j])),
        null_upper=float(np.quantile(null.stability[:, j], 0.95)),
        score_null=float(np.median(null.separation[:, j])),
        score_null_upper=float(np.quantile(null.separation[:, j], 0.95)),
    )


def separated(evidence: Evidence) -> bool:
    """Return whether the answers separate better than answers without groups; False where that was not tested."""
    return evidence.separation_p is not None and evidence.separation_p < SURE


def verdict_on(p: float, dip: float, steady: KEvidence, again: float, jaccard: NDArray[np.float64]) -> Verdict:
    """Structure first (better separated than structureless data), then how far resamples find the same groups.

    Separation decides whether there are groups, not stability against its null band: two groups cut across the main
    direction are found again in any data, and on real surveys the separation has about twice the power. For the same
    reason steady groups are natural only where they are steadier than in structureless data, or in clumps and so steady
    that the band leaves no room above it.

    steady: stability of as many groups, and its null band. again: share of matches in resamples that find a group
    again. jaccard: (k,), mean overlap of each group with its matches.
    """
    if p >= SURE:
        return "none" if p > NO_SIGN and dip > CLUMPED else "constructive"
    clumps = dip <= CLUMPED and steady.stability >= UNVARYING
    if (clumps or steady.stability > steady.null_upper) and steady.stability >= 0.8 and jaccard.min() >= 0.75:
        return "natural"
    return "reproducible" if again >= 0.5 else "constructive"
