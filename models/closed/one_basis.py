"""Segments of the people of one basis by any method: who belongs to which, how far that is found again, and what else.

Works on what k-means against data without groups has found (models/closed/partition.py): whether there are groups, and
how many.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from models.closed.choice import choice
from models.closed.consensus import ambiguous
from models.closed.methods import METHODS, MOST_AGREED, STARTS, Sample, choose_method, members, resampled
from models.closed.mixture import directions, fit
from models.closed.nulls import layout
from models.closed.partition import PartitionSettings
from models.closed.partition_search import try_all
from models.closed.prepare import Distinct
from models.closed.view import view_of
from models.evidence import FOUND_AGAIN, separated, verdict_on
from models.features import Block, joined
from models.groups.grouping import compact, largest_first, merge_small
from models.results import Evidence, Ints, Partition, Verdict
from models.solution import Alternative, Solution
from models.stability import agreement, global_stability, rand_index, renumbered, segment_jaccard
from models.words import TOO_FEW, verdict_sentence

MOST_PAIRS, OTHER_PAIRS = 20, 5
"""Bootstrap pairs of the chosen method at most, and of each alternative."""


@dataclass(frozen=True)
class SolveSettings(PartitionSettings):
    """What a researcher decides about the segments of one basis; k = None tries 2 to 8.

    method: key of METHODS, or "" for the one that suits the questions. alternatives: whether solutions of other methods
    and neighbouring numbers are made as well.
    """

    method: str = ""
    alternatives: bool = True

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.method and self.method not in METHODS:
            raise ValueError(f"the 'method' parameter must be '' or one of {', '.join(METHODS)}, got {self.method!r}")


@dataclass(frozen=True)
class OneBasis:
    """The questions of one basis, of people who answered any of them."""

    blocks: Sequence[Block]
    weights: Mapping[str, float] | None
    settings: SolveSettings
    people: Distinct

    def solution(self, found: Partition, names: tuple[str, ...]) -> Solution:
        kinds = [block.kind for block in self.blocks if block.matrix.any()]
        method = self.settings.method or choose_method(kinds, len(found.labels))
        notes = found.notes
        labels = self.labels(method, found, found.k) if found.k > 1 else found.labels
        if labels.max() != found.k:
            notes = (
                *notes,
                f"{METHODS[method].name.capitalize()} told fewer than {found.k} segments apart; k-means stands in.",
            )
            method, labels = "view", found.labels
        evidence, confidence = found.evidence, found.confidence
        steady = evidence.of(found.k)
        stability = steady.stability if steady else None
        if method != "view" and found.k > 1:
            evidence, confidence, stability = self.judged(method, found, labels)
            if method == "consensus":
                notes = (*notes, *_from_some(len(labels)))
        others = self.alternatives(method, found, labels) if found.k > 1 and self.settings.alternatives else ()
        asked = (method == self.settings.method, self.settings.fixed)
        unclear = self.unclear(found.k) if method == "consensus" and found.k > 1 else None
        return Solution(
            basis="",
            labels=labels,
            confidence=confidence,
            k=found.k,
            method=METHODS[method].name if found.k > 1 else "",
            choice=choice(METHODS[method], found.k, asked, evidence, stability, others, unclear),
            evidence=evidence,
            seed=self.settings.seed,
            questions=names,
            shares=self.shares(labels),
            without=self.without(labels),
            alternatives=others,
            coordinates=_picture(self.people.sample)[self.people.rows.back],
            notes=notes,
            stability=stability,
        )

    def labels(self, method: str, found: Partition, k: int) -> Ints:
        """Everybody's segment by a method, 1..k, largest first; that of `found` for k-means in the view."""
        if method == "view":
            return found.alternatives[k]
        data, rows = self.people.sample, self.people.rows
        most = MOST_AGREED if method == "consensus" else self.settings.max_evidence_rows
        drawn, counts = _drawn(rows.weights, most, self.rng(1))
        part = data.some(drawn)
        mine = compact(METHODS[method].fit(part, k, counts, STARTS, self.rng(2, k, list(METHODS).index(method))))
        everybody = mine if len(drawn) == len(rows.weights) else _placed(data, part, mine, counts)
        tidy = merge_small(everybody, data.view, rows.weights, self.settings.smallest_share)
        return np.asarray(largest_first(tidy, rows.weights)[rows.back] + 1)

    def judged(self, method: str, found: Partition, labels: Ints) -> tuple[Evidence, NDArray[np.float64], float | None]:
        """The verdict on the segments of another method than k-means, how sure everybody's place is, and stability.

        Whether there are groups at all stays with the test that `found` made, and other numbers of groups with its
        stability; the rest is the method's own.
        """
        before, rows = found.evidence, self.people.rows
        one = self.resampled(method, labels, min(self.settings.pairs, MOST_PAIRS))
        sure = agreement(one.mine, one.labels, one.weights)
        if len(one.rows) < len(rows.weights):
            sure = _nearest_sure(self.people.sample.view, one.rows, sure)
        verdict = self.verdict(one, found.k, before)
        if verdict is None:
            return before, sure[rows.back], None
        shaky = int((one.jaccard < FOUND_AGAIN).sum())
        evidence = replace(
            before,
            verdict=verdict,
            sentence=verdict_sentence(verdict, found.k, one.again, shaky, separated(before)),
            by_k=tuple(replace(at, stability=one.stability) if at.k == found.k else at for at in before.by_k),
            segment_stability=tuple(one.jaccard.tolist()),
            pairs=len(one.labels) // 2,
        )
        return evidence, sure[rows.back], one.stability

    def verdict(self, one: "_Again", k: int, found: Evidence) -> Verdict | None:
        """The verdict on k segments; None where nothing was tested.

        Choices are natural only where k-means could show that a common dimension does not explain them.
        """
        steady = found.of(k)
        if found.separation_p is None or found.dip_p is None or steady is None:
            return None
        own = replace(steady, stability=one.stability)
        verdict = verdict_on(found.separation_p, found.dip_p, own, one.again, one.jaccard)
        graded = bool(layout(self.blocks).graded.all())
        return "reproducible" if verdict == "natural" and not graded and found.verdict != "natural" else verdict

    def resampled(self, method: str, labels: Ints, pairs: int) -> "_Again":
        rows = self.people.rows
        drawn, counts = _drawn(rows.weights, min(self.settings.max_evidence_rows, MOST_AGREED), self.rng(3))
        mine = labels[rows.first][drawn] - 1
        k = int(labels.max())
        total = round(float(counts.sum()))
        draws = self.rng(4, k).multinomial(total, counts / total, size=2 * pairs).astype(np.float64)
        again = resampled(method, self.people.sample.some(drawn), k, draws, self.rng(5, k))
        matches = segment_jaccard(mine, again, counts)
        return _Again(
            drawn,
            counts,
            mine,
            again,
            float(np.median(global_stability(again, counts))),
            matches.mean(axis=0),
            float((matches >= FOUND_AGAIN).mean()),
        )

    def alternatives(self, method: str, found: Partition, labels: Ints) -> tuple[Alternative, ...]:
        """One segment fewer and one more by the same method, then as many by every other one."""
        k = found.k
        wanted = [(method, number) for number in (k - 1, k + 1) if number in found.alternatives]
        if len([block for block in self.blocks if block.matrix.any()]) > 1 and len(labels) >= TOO_FEW:
            wanted += [(other, k) for other in METHODS if other != method]
        tried = ((number, self.alternative(other, number, found, labels)) for other, number in wanted)
        return tuple(one for number, one in tried if one.k == number)

    def alternative(self, method: str, k: int, found: Partition, labels: Ints) -> Alternative:
        """Another way to divide people, numbered like `labels`."""
        ones, evidence = np.ones(len(labels)), found.evidence
        mine = renumbered(self.labels(method, found, k) - 1, labels - 1, ones) + 1
        steady = evidence.of(k)
        stability = steady.stability if steady else 0.0
        verdict = found.verdicts.get(k, evidence.verdict)
        if steady and method != "view":
            one = self.resampled(method, mine, OTHER_PAIRS)
            verdict, stability = self.verdict(one, k, evidence) or verdict, one.stability
        return Alternative(
            METHODS[method].name, int(mine.max()), mine, stability, verdict, rand_index(mine, labels, ones)
        )

    def unclear(self, k: int) -> float:
        """Share of pairs of people that the members of consensus disagree about."""
        drawn, counts = _drawn(self.people.rows.weights, MOST_AGREED // 2, self.rng(6))
        part = self.people.sample.some(drawn)
        return ambiguous(members(part, k, counts, 2, self.rng(7)), counts)

    def shares(self, labels: Ints) -> dict[str, float]:
        """Part of the difference between segments, in the view, that each question carries."""
        scale = self.scales()
        spans = np.cumsum([0, *(block.matrix.shape[1] for block in self.blocks)])
        rows = self.people.rows
        x = self.people.sample.plain * np.sqrt(scale)
        member = np.eye(int(labels.max()))[labels[rows.first] - 1] * rows.weights[:, None]
        means = (member.T @ x) / member.sum(axis=0)[:, None]
        middle = rows.weights @ x / rows.weights.sum()
        between = (member.sum(axis=0)[:, None] * (means - middle) ** 2).sum(axis=0)
        total = float(between.sum())
        parts = zip(self.blocks, spans, spans[1:], strict=False)
        return {block.name: float(between[a:b].sum()) / total if total > 0 else 0.0 for block, a, b in parts}

    def scales(self) -> NDArray[np.float64]:
        """What every column's variance counts in the view."""
        view = view_of(self.blocks, self.weights)
        x, mass = self.people.sample.plain, self.people.rows.weights
        if view is None:
            return np.ones(sum(block.matrix.shape[1] for block in self.blocks))
        return view.weights((x.T * mass) @ x / mass.sum(), float(mass.sum()))

    def without(self, labels: Ints) -> dict[str, float]:
        """Agreement with as many segments, by k-means in the view, of all questions but one."""
        k = int(labels.max())
        if len(self.blocks) < 2 or k < 2:
            return {}
        return {
            block.name: self.compared([other for other in self.blocks if other is not block], labels)
            for block in self.blocks
        }

    def compared(self, blocks: Sequence[Block], labels: Ints) -> float:
        """Agreement of labels with as many segments by k-means in the view of other blocks; 0 when these are empty."""
        if not any(block.matrix.any() for block in blocks):
            return 0.0
        drawn, counts = _drawn(self.people.rows.weights, self.settings.max_evidence_rows, self.rng(8))
        first = self.people.rows.first[drawn]
        x = joined([replace(block, matrix=block.matrix[first]) for block in blocks], self.weights)
        view = view_of(blocks, self.weights)
        z = x if view is None else view(x, counts)
        mine = try_all(z, counts, [int(labels.max())], STARTS, self.rng(9)).labels[int(labels.max())]
        return rand_index(mine, labels[first], counts)

    def rng(self, *stream: int) -> np.random.Generator:
        return np.random.default_rng([self.settings.seed, 40, *stream])


@dataclass(frozen=True)
class _Again:
    """Segments on resamples. rows: distinct people looked at. mine: their segments, 0-based. labels: (draws, rows)."""

    rows: Ints
    weights: NDArray[np.float64]
    mine: Ints
    labels: Ints
    stability: float
    jaccard: NDArray[np.float64]
    again: float


def _from_some(people: int) -> tuple[str, ...]:
    """What is said where consensus is held among some people only."""
    if people <= MOST_AGREED:
        return ()
    return (
        f"What the ways to group people agree on was found from {MOST_AGREED:,} of {people:,} people; the others have "
        "the segment they most likely belong to.",
    )


def _drawn(weights: NDArray[np.float64], most: int, rng: np.random.Generator) -> tuple[Ints, NDArray[np.float64]]:
    """Distinct rows, and how many people each stands for: all, or those of so many people at random."""
    if weights.sum() <= most:
        return np.arange(len(weights)), weights
    counts = rng.multivariate_hypergeometric(weights.astype(np.int64), most, method="marginals")
    drawn = np.flatnonzero(counts)
    return drawn, counts[drawn].astype(np.float64)


def _placed(data: Sample, part: Sample, labels: Ints, counts: NDArray[np.float64]) -> Ints:
    """Everybody's most likely segment, from the segments of some people, by their main directions."""
    model = fit(directions(part.view), counts, labels[None], rounds=0)
    return compact(model.posterior(directions(data.view, part.view)).argmax(axis=1))


def _nearest_sure(view: NDArray[np.float64], rows: Ints, sure: NDArray[np.float64]) -> NDArray[np.float64]:
    """How sure each row's place is: its own figure where it has one, else that of the nearest row that has."""
    return np.asarray(sure[cKDTree(view[rows]).query(view)[1]], dtype=np.float64)


def _picture(data: Sample) -> NDArray[np.float64]:
    """Two coordinates of every distinct person: the two main directions of the answers."""
    z = data.view - np.average(data.view, axis=0, weights=data.weights)
    vectors = np.linalg.eigh((z.T * data.weights) @ z)[1][:, ::-1][:, :2]
    flat = np.zeros((len(z), 2))
    flat[:, : vectors.shape[1]] = z @ vectors
    return flat
