"""What would the segments be without one of the questions?"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from models.closed.partition_search import try_all
from models.features import Block, joined, unit_inertia
from models.groups.canonical import canonical_rows
from models.results import Ints
from models.stability import rand_index

STARTS = 10


def without_each(
    blocks: Sequence[Block],
    labels: Ints,
    seed: int,
    weights: Mapping[str, float] | None = None,
    most: int | None = None,
) -> dict[str, float]:
    """Adjusted Rand index of `labels` with k-means segments, as many, that leave out one question; 1: it adds nothing.

    labels: int (n,), 1..k. most: so many people at random, where there are more. Empty for a single question or a
    single segment.
    """
    k = int(labels.max())
    if len(blocks) < 2 or k < 2:
        return {}
    blocks = [unit_inertia(block) for block in blocks]
    if most is not None and len(labels) > most:
        some = _some(blocks, most, seed)
        blocks, labels = [replace(block, matrix=block.matrix[some]) for block in blocks], labels[some]
    found = {}
    for block in blocks:
        z = joined([other for other in blocks if other is not block], weights)
        rows = canonical_rows(z if z.shape[1] else np.zeros((len(z), 1)))
        there = np.asarray(rows.vectors, dtype=np.float64)
        tried = try_all(there, rows.weights, [k], STARTS, np.random.default_rng([seed, 9]))
        found[block.name] = rand_index(labels, tried.labels[k][rows.back], np.ones(len(labels)))
    return found


def _some(blocks: Sequence[Block], most: int, seed: int) -> Ints:
    """Rows of people drawn without replacement, the same answers whatever order the people come in."""
    back = canonical_rows(joined(blocks)).back
    drawn = np.random.default_rng([seed, 10]).choice(len(back), most, replace=False)
    return np.argsort(back, kind="stable")[np.sort(drawn)]
