"""Which answers are read for words, names and quotes where there are too many to read them all."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.results import Clustering, Floats, Ints, SegmentProfile
from models.shares import wilson
from models.texts.cleaning import Answered

MOST_READ = 20_000
AT_LEAST = 200
"""So many of a segment's answers are read, or all of them."""


@dataclass(frozen=True)
class Read:
    """The answers that are read. places: int (m,), where they stand among all answers, ascending.

    answered, clustering: of these answers only; everybody, labels: languages and places of all. notes: what was left
    out, in sentences.
    """

    places: Ints
    answered: Answered
    clustering: Clustering
    everybody: Sequence[str]
    labels: Ints
    confidence: Floats
    notes: tuple[str, ...] = ()

    def of_everybody(self, profiles: Sequence[SegmentProfile]) -> tuple[SegmentProfile, ...]:
        """Return profiles of the answers that were read with the sizes, shares and languages of all answers."""
        if not self.notes:
            return tuple(profiles)
        spoken = np.array(self.everybody)
        counted = []
        for profile in profiles:
            mine = self.labels == profile.segment
            size = int(mine.sum())
            low, high = wilson(size, len(self.labels))
            languages = sorted(Counter(spoken[mine].tolist()).items(), key=lambda item: (-item[1], item[0]))
            counted.append(
                replace(
                    profile,
                    size=size,
                    share=size / len(self.labels),
                    share_low=low,
                    share_high=high,
                    confidence=float(self.confidence[mine].mean()),
                    languages=dict(languages),
                )
            )
        return tuple(counted)


def reading_sample(answered: Answered, clustering: Clustering, seed: int, most: int = MOST_READ) -> Read:
    """Return `most` answers at random, or all where there are no more; the same texts whatever order they come in."""
    n = len(answered.texts)
    everything = np.arange(n)
    places = everything if n <= most else _drawn(answered.texts, clustering.labels, seed, most)
    if len(places) == n:
        return Read(everything, answered, clustering, answered.languages, clustering.labels, clustering.confidence)
    some = Answered(
        tuple(answered.texts[at] for at in places),
        tuple(answered.languages[at] for at in places),
        tuple(answered.rows[at] for at in places),
    )
    part = replace(
        clustering,
        labels=clustering.labels[places],
        confidence=clustering.confidence[places],
        coordinates=clustering.coordinates[places],
    )
    note = f"Names, words and quotes come from a random sample of {len(places):,} of {n:,} answers."
    return Read(places, some, part, answered.languages, clustering.labels, clustering.confidence, (note,))


def mixed(texts: Sequence[str], seed: int) -> Ints:
    """Return the places of all texts in a random order that depends on the texts, not on the order they come in."""
    order = np.array(sorted(range(len(texts)), key=texts.__getitem__), dtype=np.int64)
    return order[np.random.default_rng([seed, 60]).permutation(len(order))]


def _drawn(texts: Sequence[str], labels: Ints, seed: int, most: int) -> Ints:
    order = mixed(texts, seed)
    chosen = np.zeros(len(order), dtype=bool)
    chosen[order[:most]] = True
    for segment in range(1, int(labels.max()) + 1):
        chosen[order[labels[order] == segment][:AT_LEAST]] = True
    return np.flatnonzero(chosen)
