"""Laddering: from chains of attribute, consequence and value to an implication matrix and a value map per segment.

Reynolds & Gutman (1988). Light on purpose: web processes import what a ladder is, so it needs numpy only.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from models.results import Ints

LEVELS = ("attribute", "consequence", "value")
UNKNOWN = ""
ORDER = (*LEVELS, UNKNOWN)
KEPT = 2 / 3
"""The highest cut-off is suggested that still keeps so many of all links (Reynolds & Gutman 1988)."""

Chain = Sequence[Sequence[str]]
"""Codes of each link of one person's chain, first answer first; () for a link that no code explains."""

Pair = tuple[int, int]


@dataclass(frozen=True)
class Concept:
    """A code on a level of the ladder (attribute, consequence, value, or "" when unknown)."""

    level: str
    code: str
    label: str


@dataclass(frozen=True)
class CutOff:
    """What a map keeps when it leaves out pairs with fewer links: pairs, links, and their share of all links."""

    cutoff: int
    pairs: int
    links: int
    share: float


@dataclass(frozen=True)
class Node:
    """A concept on a map. people: who spoke of it. abstractness: from 0, always a start, to 1, always an end."""

    concept: int
    people: int
    abstractness: float


@dataclass(frozen=True)
class Link:
    """A line of a map: people who went from one concept straight to another, and with something in between."""

    source: int
    target: int
    direct: int
    indirect: int


@dataclass(frozen=True)
class ValueMap:
    """The hierarchical value map of a segment; segment 0 is everybody.

    direct, indirect: the implication matrix, int (m, m): people who led from the concept of the row to that of the
    column at once, and by way of others; a person counts once a pair. people: with at least two coded links. cutoff:
    the suggested one, which nodes and links are drawn with. sweep: all cut-offs, lowest first.
    """

    segment: int
    people: int
    direct: Ints
    indirect: Ints
    cutoff: int
    sweep: tuple[CutOff, ...]
    nodes: tuple[Node, ...]
    links: tuple[Link, ...]


@dataclass(frozen=True)
class Laddering:
    """The ladders of one open question. concepts: rows and columns of all matrices, attributes first; maps: everybody's
    first, then one for each segment."""

    question: str
    concepts: tuple[Concept, ...]
    maps: tuple[ValueMap, ...]


def ladder(
    chains: Sequence[Chain],
    levels: Sequence[Sequence[str]],
    labels: Ints,
    names: Mapping[str, str] | None = None,
    question: str = "",
    cutoff: int | None = None,
) -> Laddering:
    """Return the ladders of everybody and of each segment.

    chains: a person each, codes of every link. levels: of every link. labels: int (n,), 1..k, 0 = no segment. names:
    what codes are called; themselves by default. cutoff: for all maps, or None for each map's own suggestion.
    Raises ValueError when the three do not describe the same people and links.
    """
    if not len(chains) == len(levels) == len(labels):
        raise ValueError(f"there are {len(chains)} chains, {len(levels)} lists of levels and {len(labels)} labels")
    climbed = [_climbed(chain, of) for chain, of in zip(chains, levels, strict=True)]
    found = sorted({step for steps in climbed for link in steps for step in link}, key=_by_level)
    place = {step: at for at, step in enumerate(found)}
    called = names or {}
    concepts = tuple(Concept(level, code, called.get(code, code)) for level, code in found)
    ladders = [[[place[step] for step in link] for link in steps] for steps in climbed]
    maps = [_map(ladders, 0, len(concepts), cutoff)]
    for segment in range(1, int(np.max(labels, initial=0)) + 1):
        own = [ladders[row] for row in np.flatnonzero(np.asarray(labels) == segment)]
        maps.append(_map(own, segment, len(concepts), cutoff))
    return Laddering(question, concepts, tuple(maps))


def implications(ladders: Sequence[Sequence[Sequence[int]]], concepts: int) -> tuple[Ints, Ints]:
    """Return the implication matrix, direct and indirect links, int (m, m) each; a person counts once a pair.

    ladders: a person each, concepts of every link; a link without any breaks what is direct.
    """
    direct, indirect = (np.zeros((concepts, concepts), dtype=np.int64) for _ in range(2))
    for links in ladders:
        straight = set(_pairs(links, adjacent=True))
        for source, target in straight:
            direct[source, target] += 1
        for source, target in set(_pairs(links, adjacent=False)) - straight:
            indirect[source, target] += 1
    return direct, indirect


def drawn(direct: Ints, indirect: Ints, cutoff: int) -> tuple[Link, ...]:
    """Return the lines of a map: pairs with so many links; one that is mostly indirect is left out where others that
    stay lead the same way, the weakest first, so that every concept keeps its place and its ends."""
    total = direct + indirect
    kept = total >= cutoff
    mediated = np.argwhere(kept & (direct < cutoff)).tolist()
    for source, target in sorted(mediated, key=lambda pair: (total[pair[0], pair[1]], pair)):
        kept[source, target] = not _reached(kept, source, target)
    lines = [
        Link(source, target, int(direct[source, target]), int(indirect[source, target]))
        for source, target in np.argwhere(kept).tolist()
    ]
    return tuple(sorted(lines, key=lambda line: (-(line.direct + line.indirect), line.source, line.target)))


def cutoffs(direct: Ints, indirect: Ints) -> tuple[CutOff, ...]:
    """Return what every cut-off from 1 to the largest count keeps; () when there are no links."""
    total = direct + indirect
    everything = int(total.sum())
    return tuple(
        CutOff(least, int((total >= least).sum()), links := int(total[total >= least].sum()), links / everything)
        for least in range(1, int(total.max(initial=0)) + 1)
    )


def suggested(sweep: Sequence[CutOff]) -> int:
    """Return the highest cut-off that keeps at least two thirds of all links; 1 when there are none."""
    return max((one.cutoff for one in sweep if one.share >= KEPT), default=1)


def _climbed(chain: Chain, levels: Sequence[str]) -> list[list[tuple[str, str]]]:
    if len(chain) != len(levels):
        raise ValueError(f"a chain of {len(chain)} links has {len(levels)} levels")
    return [
        [(level if level in LEVELS else UNKNOWN, code) for code in dict.fromkeys(codes)]
        for codes, level in zip(chain, levels, strict=True)
    ]


def _by_level(step: tuple[str, str]) -> tuple[int, str]:
    return ORDER.index(step[0]), step[1]


def _pairs(links: Sequence[Sequence[int]], *, adjacent: bool) -> Iterator[Pair]:
    for first in range(len(links)):
        for second in range(first + 1, min(first + 2, len(links)) if adjacent else len(links)):
            yield from (pair for pair in product(links[first], links[second]) if pair[0] != pair[1])


def _reached(kept: NDArray[np.bool_], source: int, target: int) -> bool:
    """Whether other kept lines lead from one concept to another."""
    seen, waiting = {source}, [source]
    while waiting:
        here = waiting.pop()
        for there in np.flatnonzero(kept[here]).tolist():
            if (here, there) == (source, target) or there in seen:
                continue
            if there == target:
                return True
            seen.add(there)
            waiting.append(there)
    return False


def _map(ladders: Sequence[Sequence[Sequence[int]]], segment: int, concepts: int, cutoff: int | None) -> ValueMap:
    direct, indirect = implications(ladders, concepts)
    sweep = cutoffs(direct, indirect)
    chosen = cutoff if cutoff is not None else suggested(sweep)
    lines = drawn(direct, indirect, chosen)
    shown = sorted({end for line in lines for end in (line.source, line.target)})
    total = direct + indirect
    out, into = total.sum(axis=1), total.sum(axis=0)
    nodes = tuple(
        Node(at, sum(any(at in link for link in links) for links in ladders), float(into[at] / (into[at] + out[at])))
        for at in shown
    )
    people = sum(sum(bool(link) for link in links) > 1 for links in ladders)
    return ValueMap(segment, people, direct, indirect, chosen, sweep, nodes, lines)
