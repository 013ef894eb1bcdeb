"""Segments from closed answers: k-means on blocks of numbers, with its evidence.

Blocks side by side -> k-means for every allowed k -> resamples (Dolnicar, Grün & Leisch 2018) and data without groups
(models/closed/nulls.py) -> the number of groups, the verdict, and a confidence for everybody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from models.closed.ablation import without_each
from models.closed.nulls import Drawn, Layout, OfOneTaste, Source, Structureless, layout, structureless_like
from models.closed.partition_search import Empty, Tried, dip, resamples, search_empty, settled, try_all
from models.closed.view import Seen, View
from models.encoders.remarks import sentences
from models.evidence import FOUND_AGAIN, HANDY, SURE, Null, Search, separation_p, verdict_on
from models.features import Block, block_shares, joined, unit_inertia
from models.groups.canonical import Rows, canonical_rows
from models.groups.grouping import centroids, largest_first, merge_small
from models.groups.kmeans import Fits, assign, kmeans
from models.groups.segment_settings import PER_SEGMENT, SegmentSettings
from models.progress import Progress, silent
from models.results import Evidence, Ints, KEvidence, Partition, Verdict
from models.stability import agreement, global_stability, origin_stability, renumbered, segment_jaccard
from models.words import TOO_FEW, merged_note, size_notes, too_few, verdict_sentence

MOST = 8
STABILITY_WEIGHT = 0.7
"""What stability counts beside the gap in the number of segments; from simulated people (benchmarks/mixed_people.py,
seeds other than those reported), as is the milder `handiness` here."""

FINAL_STARTS = 5
"""So many times more starts for the segments themselves; evidence compares fits of equal effort."""


@dataclass(frozen=True)
class PartitionSettings(SegmentSettings):
    """What a researcher decides about segments from closed answers; k = None tries 2 to 8.

    starts: fits per sample, the best is kept. pairs, null_pairs: bootstrap pairs for every number of segments, on the
    answers and on every second structureless data set. `components`, `dims` and `other_pairs` are for open answers.
    """

    max_evidence_rows: int = 2000
    pairs: int = 100
    null_pairs: int = 8
    starts: int = 10
    handiness: float = 0.05

    def numbers(self, people: int, distinct: int) -> range:
        """Numbers of segments above one to choose from among `people` people, `distinct` of whom differ."""
        allowed = super().numbers(people, distinct)
        return allowed if self.k is not None else range(allowed.start, min(allowed.stop, MOST + 1))

    def tried(self, people: int, distinct: int) -> range:
        """Numbers of segments to look at: those allowed, and whatever lies around them between 2 and 8 or one more."""
        allowed = self.numbers(people, distinct)
        most = allowed.stop if self.k is None else max(allowed.stop + 1, MOST + 1)
        return range(2, min(most, max(people // PER_SEGMENT, allowed.stop - 1) + 1, distinct + 1))


DEFAULTS = PartitionSettings()


def partition_blocks(
    blocks: Sequence[Block],
    settings: PartitionSettings = DEFAULTS,
    weights: Mapping[str, float] | None = None,
    progress: Progress = silent,
) -> Partition:
    """Segments of people from encoded questions (models/features.py), each at unit inertia times its weight.

    Raises ValueError when there are no blocks, or no people.
    """
    if not blocks:
        raise ValueError("the 'blocks' parameter must hold at least one question, got none")
    blocks = [unit_inertia(block) for block in blocks]
    found = partition(joined(blocks, weights), layout(blocks, weights), settings, progress)
    columns = tuple(f"{block.name}: {name}" for block in blocks for name in block.columns)
    notes = (*sentences([remark for block in blocks for remark in block.remarks]), *found.notes)
    with threadpool_limits(1):
        without = without_each(blocks, found.labels, settings.seed, weights, settings.max_evidence_rows)
    shares = block_shares(blocks, found.labels, weights)
    return replace(found, columns=columns, shares=shares, without=without, notes=notes)


def partition(
    z: NDArray[np.floating],
    columns: Layout,
    settings: PartitionSettings = DEFAULTS,
    progress: Progress = silent,
    view: View | None = None,
) -> Partition:
    """Segments of the rows of z (n, p), compared as they are or through a view; `columns` says which are graded.

    Raises ValueError when z has no rows, holds a number that is not finite, or does not fit `columns`.
    """
    x = np.asarray(z, dtype=np.float64)
    if x.ndim != 2 or not len(x) or not np.isfinite(x).all():
        raise ValueError(f"the 'z' parameter must be finite numbers of shape (people, columns), got {x.shape}")
    if len(columns.graded) != x.shape[1]:
        raise ValueError(f"the 'columns' parameter must describe {x.shape[1]} columns, got {len(columns.graded)}")
    with threadpool_limits(1):  # the same sums in the same order on every number of cores
        rows = canonical_rows(x if x.shape[1] else np.zeros((len(x), 1)))
        people, distinct = len(x), len(rows.weights)
        numbers = settings.numbers(people, distinct)
        if not numbers or (people < TOO_FEW and settings.k is None):
            said = too_few(people) if people < TOO_FEW else _alike(people)
            return _one(rows, settings, said, size_notes(people))
        here = np.asarray(rows.vectors, dtype=np.float64)
        seen = here if view is None else view(here, rows.weights)
        return _Fit(rows, seen, view, columns, settings, numbers, settings.tried(people, distinct), progress).run()


@dataclass(frozen=True)
class _Fit:
    """One run on distinct rows in canonical order. z: the rows as they are compared, through the view if there is one.

    numbers: of segments, looked at. allowed: those to choose from.
    """

    rows: Rows
    z: NDArray[np.float64]
    view: View | None
    columns: Layout
    settings: PartitionSettings
    allowed: Sequence[int]
    numbers: Sequence[int]
    progress: Progress

    def run(self) -> Partition:
        people = int(self.rows.weights.sum())
        sample, counts = self._sample()
        z = self.z
        here = z[sample]
        self.progress(0.05, "Looking for groups")
        tried = try_all(here, counts, self.numbers, self.settings.starts, self._rng(1))
        final = try_all(here, counts, self.numbers, FINAL_STARTS * self.settings.starts, self._rng(7))
        again = {}
        for done, k in enumerate(self.numbers):
            draws = 2 * self.settings.pairs
            again[k] = resamples(here, counts, k, draws, self.settings.starts, self._rng(2, k))
            self.progress(0.1 + 0.4 * done / len(self.numbers), "Drawing the answers anew, again and again")
        stable = {k: float(np.median(global_stability(fits.labels, counts))) for k, fits in again.items()}
        drawn = np.asarray(self.rows.vectors, dtype=np.float64)[sample]
        seen = np.repeat(drawn, counts.astype(np.int64), axis=0)
        source = structureless_like(seen, self.columns, self._rng(3))
        empty = self._empty(source, self.settings.null_pairs)
        best = self._choose(tried, stable, empty)
        placed, centres = self._settled(here, counts, best, again[best].labels)
        labels = largest_first(self._all(placed, centres, z), self.rows.weights)
        merged = largest_first(
            merge_small(labels, z, self.rows.weights, self.settings.smallest_share), self.rows.weights
        )
        notes = self._notes(people, int(counts.sum()), int(labels.max() - merged.max()))
        k = int(merged.max()) + 1
        if k == 1 or k not in again:
            return _one(self.rows, self.settings, _alike(people), notes)
        if people < TOO_FEW:
            evidence = too_few(people)
        else:
            evidence = self._judge(tried, stable, empty, source, again[k].labels, merged[sample], counts, people)
        if evidence.verdict == "none" and self.settings.may_be_one:
            return _one(self.rows, self.settings, replace(evidence, segment_stability=()), notes)
        spread = again[k].labels if len(sample) == len(z) else assign(z, again[k].centres)
        others = {
            number: merged
            if number == k
            else renumbered(self._all(final.labels[number], final.centres[number], z), merged, self.rows.weights)
            for number in self.numbers
        }
        return Partition(
            labels=merged[self.rows.back] + 1,
            confidence=agreement(merged, spread, self.rows.weights)[self.rows.back],
            centres=centroids(z, merged, self.rows.weights),
            columns=(),
            evidence=evidence,
            k=k,
            seed=self.settings.seed,
            alternatives={number: other[self.rows.back] + 1 for number, other in others.items()},
            verdicts={
                number: evidence.verdict if number == k else self._could(evidence, other[sample], again, counts)
                for number, other in others.items()
            },
            inertia={number: _inertia(z, other, self.rows.weights) for number, other in others.items()},
            across=_across(others, self.rows.weights),
            notes=notes,
        )

    def _sample(self) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Distinct rows that evidence is computed on, and how many people each stands for."""
        people, most = int(self.rows.weights.sum()), self.settings.max_evidence_rows
        if people <= most:
            return np.arange(len(self.rows.weights)), self.rows.weights
        everybody = np.repeat(np.arange(len(self.rows.weights)), self.rows.weights.astype(np.int64))
        drawn = self._rng(0).choice(everybody, most, replace=False)
        sample, counts = np.unique(drawn, return_counts=True)
        return sample, counts.astype(np.float64)

    def _empty(self, source: Drawn, pairs: int) -> Empty:
        def half(fraction: float, words: str) -> None:
            self.progress(0.5 + 0.4 * fraction, words)

        settings = self.settings
        looked_at = source if self.view is None else Seen(source, self.view)
        return search_empty(
            looked_at, self.numbers, settings.null_sets, settings.starts, pairs, [settings.seed, 4], half
        )

    def _choose(self, tried: Tried, stable: Mapping[int, float], empty: Empty) -> int:
        """The number of groups: a large gap to data without groups, found again in resamples, and handy.

        Gap statistic (Tibshirani, Walther & Hastie 2001) plus weighted stability. Handiness as in models/evidence.py.
        """
        expected = np.log(np.maximum(1 - empty.explained, 1e-12)).mean(axis=0)

        def score(k: int) -> float:
            gap = expected[self.numbers.index(k)] - np.log(max(1 - tried.explained[k], 1e-12))
            return float(gap + STABILITY_WEIGHT * stable[k] - self.settings.handiness * abs(np.log(k / HANDY)))

        return max(self.allowed, key=lambda k: (score(k), -k))

    def _settled(
        self, here: NDArray[np.float64], counts: NDArray[np.float64], k: int, resampled: Ints
    ) -> tuple[Ints, NDArray[np.float64]]:
        starts = FINAL_STARTS * self.settings.starts
        return settled(here, counts, k, starts, self._rng(8), resampled)

    def _all(self, labels: Ints, centres: NDArray[np.float64], z: NDArray[np.float64]) -> Ints:
        """Labels of all distinct rows; those outside the sample by a k-means from the sample's centres."""
        if len(labels) == len(z):
            return labels
        return kmeans(z, self.rows.weights[None], len(centres), self._rng(5), starts=centres[None]).labels[0]

    def _judge(
        self,
        tried: Tried,
        stable: Mapping[int, float],
        empty: Empty,
        source: Source,
        resampled: Ints,
        labels: Ints,
        counts: NDArray[np.float64],
        people: int,
    ) -> Evidence:
        k = int(labels.max()) + 1
        matches = segment_jaccard(labels, resampled, counts)
        jaccard, again = matches.mean(axis=0), float((matches >= FOUND_AGAIN).mean())
        p = _p(tried, empty, self.numbers)
        if self.columns.tastes and isinstance(source, Structureless) and p < SURE:
            p = max(p, _p(tried, self._empty(OfOneTaste(source), 0), self.numbers))
        dip_p = (1 + int((empty.dip >= dip(self.z, self.rows.weights)).sum())) / (1 + len(empty.dip))
        by_k = tuple(_entry(number, j, tried, stable, empty) for j, number in enumerate(self.numbers))
        verdict = verdict_on(p, dip_p, by_k[self.numbers.index(k)], again, jaccard)
        if verdict == "natural" and not self.columns.graded.all():
            graded = Layout(np.ones_like(self.columns.graded), self.columns.together)
            smooth = self._empty(structureless_like(source.seen, graded, self._rng(6)), 0)
            verdict = "natural" if _p(tried, smooth, self.numbers) < SURE else "reproducible"
        said = 1 if self.settings.may_be_one and verdict == "none" else k
        return Evidence(
            verdict=verdict,
            sentence=verdict_sentence(verdict, said, again, int((jaccard < FOUND_AGAIN).sum()), p < SURE),
            by_k=by_k,
            segment_stability=tuple(jaccard.tolist()),
            dip_p=dip_p,
            n=int(counts.sum()),
            n_total=people,
            pairs=len(resampled) // 2,
            separation_p=p,
        )

    def _could(
        self,
        chosen: Evidence,
        labels: Ints,
        again: Mapping[int, Fits],
        counts: NDArray[np.float64],
    ) -> Verdict:
        """The verdict on a number of groups that was not chosen; natural only where the chosen one may be."""
        k = int(labels.max()) + 1
        steady = chosen.of(k)
        if chosen.separation_p is None or chosen.dip_p is None or steady is None:
            return chosen.verdict
        matches = segment_jaccard(labels, again[k].labels, counts)
        found_again = float((matches >= FOUND_AGAIN).mean())
        verdict = verdict_on(chosen.separation_p, chosen.dip_p, steady, found_again, matches.mean(axis=0))
        graded = bool(self.columns.graded.all())
        return "reproducible" if verdict == "natural" and not graded and chosen.verdict != "natural" else verdict

    def _notes(self, people: int, used: int, gone: int) -> tuple[str, ...]:
        notes = list(size_notes(people))
        if used < people:
            notes.append(f"Groups and evidence come from a random sample of {used:,} of {people:,} people.")
        if gone:
            notes.append(merged_note(gone))
        return tuple(notes)

    def _rng(self, *stream: int) -> np.random.Generator:
        return np.random.default_rng([self.settings.seed, *stream])


def _p(tried: Tried, empty: Empty, ks: Sequence[int]) -> float:
    """p-value of "no more explained by groups than in data without groups", over all numbers of groups."""
    return separation_p(Search(tried.labels, tried.explained), Null(tuple(ks), empty.explained, empty.stability))


def _entry(k: int, j: int, tried: Tried, stable: Mapping[int, float], empty: Empty) -> KEvidence:
    return KEvidence(
        k=k,
        score=tried.width[k],
        stability=stable[k],
        null=float(np.median(empty.stability[:, j])),
        null_upper=float(np.quantile(empty.stability[:, j], 0.95)),
        score_null=float(np.median(empty.width[:, j])),
        score_null_upper=float(np.quantile(empty.width[:, j], 0.95)),
    )


def _across(solutions: Mapping[int, Ints], weights: NDArray[np.float64]) -> dict[int, tuple[float, ...]]:
    pairs = [(k, solutions[k - 1]) for k in solutions if k - 1 in solutions]
    return {k: tuple(origin_stability(solutions[k], before, weights).tolist()) for k, before in pairs}


def _inertia(z: NDArray[np.float64], labels: Ints, weights: NDArray[np.float64]) -> float:
    centres = centroids(z, labels, weights)
    return float(weights @ ((z - centres[labels]) ** 2).sum(axis=1))


def _one(rows: Rows, settings: PartitionSettings, evidence: Evidence, notes: tuple[str, ...]) -> Partition:
    people = len(rows.back)
    z = np.asarray(rows.vectors, dtype=np.float64)
    return Partition(
        labels=np.ones(people, dtype=np.int64),
        confidence=np.ones(people),
        centres=centroids(z, np.zeros(len(z), dtype=np.int64), rows.weights),
        columns=(),
        evidence=evidence,
        k=1,
        seed=settings.seed,
        notes=notes,
    )


def _alike(people: int) -> Evidence:
    """Evidence that says that nobody differs enough to be told apart."""
    return Evidence("none", verdict_sentence("none", 1, 0.0, 0, False), n=people, n_total=people)
