"""Does the verdict tell noise from groups, whatever was asked? `python -m benchmarks.closed_honesty [--quick]`.

Noise: independent choices, independent marks, marks that share two dimensions, vectors like those of texts, and mixes
of these that share a dimension. Groups: two to five kinds of people in marks, choices, vectors, or all of them. One
question: numbers and ratings with one mode. Few people: 1, 10 and 30.
"""

import json
import os
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.features import Answers
from models.single import SingleSettings, one_question
from models.solution import Solution
from models.solutions import SolveSettings, solve
from models.words import TOO_FEW

Matrix = NDArray[np.float64]
Rng = np.random.Generator
Questions = list[Answers]
Make = Callable[[Rng, int], Questions]

PEOPLE, ITEMS, TRIES = (100, 300), 10, 200
FEW_PEOPLE, FEW_TRIES = (1, 10, 30), 20
MOST_FALSE, LEAST_FOUND = 0.05, 0.9
ABOVE = ("natural", "reproducible")
SETTINGS = SolveSettings(pairs=10, null_pairs=1, starts=5, alternatives=False)
WORKERS = os.cpu_count() or 1
SPREAD = 1 / np.sqrt(np.arange(1, 41))
"""Spread of text-like vectors along their 40 directions: a few matter, many matter little."""


def scales(x: Matrix) -> Questions:
    """Return one question of five marks for each column of normal numbers."""
    cut = np.digitize(x, (-1.3, -0.5, 0.3, 1.1))
    return [Answers(f"mark {j}", "ordinal", column.tolist(), tuple(range(5))) for j, column in enumerate(cut.T)]


def ticks(chosen: NDArray[np.bool_]) -> Questions:
    """Return one yes-or-no question for each column."""
    return [Answers(f"choice {j}", "binary", column.tolist()) for j, column in enumerate(chosen.T)]


def words(x: Matrix) -> Questions:
    """Return one open question whose answers have these vectors, at length 1."""
    vectors = x / np.linalg.norm(x, axis=1, keepdims=True)
    return [Answers("words", "text", ["said"] * len(x), vectors=vectors)]


def plain_choices(rng: Rng, n: int) -> Questions:
    return ticks(rng.random((n, ITEMS)) < rng.uniform(0.15, 0.85, ITEMS))


def plain_marks(rng: Rng, n: int) -> Questions:
    return scales(rng.normal(size=(n, ITEMS)) + rng.normal(0, 0.4, ITEMS))


def dimensions(rng: Rng, n: int) -> Questions:
    shared = rng.normal(size=(n, 2)) @ rng.uniform(-0.8, 0.8, (2, ITEMS))
    return scales(shared + 0.7 * rng.normal(size=(n, ITEMS)))


def vectors(rng: Rng, n: int) -> Questions:
    return words(rng.normal(size=(n, len(SPREAD))) * SPREAD)


def half(rng: Rng, n: int) -> Questions:
    shared, few = rng.normal(size=(n, 1)), ITEMS // 2
    return scales(0.6 * shared + 0.8 * rng.normal(size=(n, few))) + plain_choices(rng, n)[:few]


def everything(rng: Rng, n: int) -> Questions:
    shared, few = rng.normal(size=n), ITEMS // 2
    said = rng.normal(size=(n, len(SPREAD))) * SPREAD
    said[:, 0] = 0.6 * shared + 0.8 * said[:, 0]
    return scales(0.6 * shared[:, None] + 0.8 * rng.normal(size=(n, few))) + plain_choices(rng, n)[:few] + words(said)


def kinds(rng: Rng, n: int) -> NDArray[np.int64]:
    return rng.integers(0, rng.integers(2, 6), n)


def _marks_of(rng: Rng, kind: NDArray[np.int64], items: int) -> Questions:
    return scales(rng.normal(0, 1.2, (5, items))[kind] + 0.6 * rng.normal(size=(len(kind), items)))


def _choices_of(rng: Rng, kind: NDArray[np.int64], items: int) -> Questions:
    return ticks(rng.random((len(kind), items)) < rng.choice([0.1, 0.9], (5, items))[kind])


def _words_of(rng: Rng, kind: NDArray[np.int64]) -> Questions:
    centres = 1.5 * rng.normal(size=(5, len(SPREAD))) * SPREAD
    return words(centres[kind] + 0.7 * rng.normal(size=(len(kind), len(SPREAD))) * SPREAD)


def marks_by_kind(rng: Rng, n: int) -> Questions:
    return _marks_of(rng, kinds(rng, n), ITEMS)


def choices_by_kind(rng: Rng, n: int) -> Questions:
    return _choices_of(rng, kinds(rng, n), ITEMS)


def vectors_by_kind(rng: Rng, n: int) -> Questions:
    return _words_of(rng, kinds(rng, n))


def half_by_kind(rng: Rng, n: int) -> Questions:
    kind, few = kinds(rng, n), ITEMS // 2
    return _marks_of(rng, kind, few) + _choices_of(rng, kind, few)


def everything_by_kind(rng: Rng, n: int) -> Questions:
    kind, few = kinds(rng, n), ITEMS // 2
    return _marks_of(rng, kind, few) + _choices_of(rng, kind, few) + _words_of(rng, kind)


NOISE: dict[str, Make] = {
    "choices": plain_choices,
    "marks": plain_marks,
    "marks with two shared dimensions": dimensions,
    "text-like vectors": vectors,
    "marks and choices": half,
    "marks, choices and text-like vectors": everything,
}
GROUPS: dict[str, Make] = {
    "marks": marks_by_kind,
    "choices": choices_by_kind,
    "text-like vectors": vectors_by_kind,
    "marks and choices": half_by_kind,
    "marks, choices and text-like vectors": everything_by_kind,
}
ONE_MODE: dict[str, Callable[[Rng, int], Answers]] = {
    "normal numbers": lambda rng, n: Answers("x", "number", rng.normal(50, 10, n).tolist()),
    "long tail": lambda rng, n: Answers("x", "number", rng.lognormal(3, 1, n).tolist()),
    "rounded numbers": lambda rng, n: Answers("x", "number", np.round(rng.normal(40, 12, n)).tolist()),
    "ratings, even": lambda rng, n: _rating(rng.integers(0, 11, n)),
    "ratings, skewed": lambda rng, n: _rating(np.clip(np.round(rng.gamma(4, 1.2, n)), 0, 10)),
}


def _rating(x: NDArray[Any]) -> Answers:
    return Answers("x", "ordinal", x.astype(np.int64).tolist(), tuple(range(11)))


def figures(quick: bool) -> dict[str, Any]:
    """Return the share of claims of groups on noise, on groups, and on single questions; quick: few tries."""
    tries, few = (2, 1) if quick else (TRIES, FEW_TRIES)
    with ProcessPoolExecutor(WORKERS) as pool:
        noise = {name: _share(pool, make, tries) for name, make in NOISE.items()}
        groups = {name: _share(pool, make, tries) for name, make in GROUPS.items()}
        small = {n: float(np.mean([_share(pool, make, few, (n,)) for make in NOISE.values()])) for n in FEW_PEOPLE}
    single = {name: _claims(make, tries) for name, make in ONE_MODE.items()}
    return {
        "about": f"{tries} data sets of each kind, {PEOPLE[0]} or {PEOPLE[1]} people, {ITEMS} items, number of "
        f"segments found by models.solutions.solve; {few} sets without groups of each kind for few people. 'natural' "
        "and 'reproducible' claim that there are groups.",
        "bars": [
            *(
                _bar(f"noise, {name}: at most {MOST_FALSE:.0%}", share, share <= MOST_FALSE)
                for name, share in noise.items()
            ),
            *(
                _bar(f"groups, {name}: at least {LEAST_FOUND:.0%}", share, share >= LEAST_FOUND)
                for name, share in groups.items()
            ),
            *(
                _bar(f"one mode, {name}: at most {MOST_FALSE:.0%}", share, share <= MOST_FALSE)
                for name, share in single.items()
            ),
            *(
                _bar(
                    f"{n} people, none left out, noise: "
                    + ("no claim" if n < TOO_FEW else f"at most {MOST_FALSE:.0%}"),
                    share,
                    share <= (0.0 if n < TOO_FEW else MOST_FALSE),
                )
                for n, share in small.items()
            ),
        ],
    }


def _bar(words: str, share: float, met: bool) -> dict[str, Any]:
    return {"bar": words, "measured": f"{share:.1%}", "met": bool(met)}


def _share(pool: ProcessPoolExecutor, make: Make, tries: int, people: Sequence[int] = PEOPLE) -> float:
    """Share of the data sets, one per seed, in which groups are claimed; sizes take turns."""
    sizes = [people[seed % len(people)] for seed in range(tries)]
    return float(np.mean(list(pool.map(_claimed, repeat(make), range(tries), sizes, chunksize=5))))


def _claimed(make: Make, seed: int, n: int) -> bool:
    """Whether groups are claimed; raises RuntimeError when somebody who answered has no segment."""
    found: Solution = solve(make(np.random.default_rng(seed), n), SETTINGS)
    if len(found.labels) != n or found.labels.min() < 1:
        raise RuntimeError(f"only {int((found.labels > 0).sum())} of {n} people have a segment")
    return found.evidence.verdict in ABOVE


def _claims(make: Callable[[Rng, int], Answers], tries: int) -> float:
    found = (
        one_question(make(np.random.default_rng(seed), PEOPLE[seed % 2]), SingleSettings(pairs=5))
        for seed in range(tries)
    )
    return sum(one.k > 1 for one in found) / tries


if __name__ == "__main__":
    print(json.dumps(figures("--quick" in sys.argv[1:]), indent=1, ensure_ascii=False))
