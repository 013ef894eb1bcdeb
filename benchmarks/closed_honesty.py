"""Does the verdict on closed answers tell noise from groups? `python -m benchmarks.closed_honesty [--quick]`.

Noise: independent choices, independent marks, marks that share two dimensions, and a mix of marks and choices. Groups:
two to five kinds of people in marks, choices, or both. One question: numbers and ratings with one mode.
"""

import json
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.closed.nulls import Layout
from models.closed.partition import PartitionSettings, partition
from models.features import Answers
from models.single import SingleSettings, one_question

Matrix = NDArray[np.float64]
Rng = np.random.Generator

PEOPLE, ITEMS, TRIES = (100, 300), 10, 200
MOST_FALSE, LEAST_FOUND = 0.05, 0.9
ABOVE = ("natural", "reproducible")
SETTINGS = PartitionSettings(pairs=20, null_pairs=1, starts=5)


def marks(x: Matrix) -> Matrix:
    """Return five marks cut from normal numbers."""
    return np.digitize(x, (-1.3, -0.5, 0.3, 1.1)).astype(np.float64)


def choices(rng: Rng, n: int, columns: int) -> Matrix:
    return (rng.random((n, columns)) < rng.uniform(0.15, 0.85, columns)).astype(np.float64)


def dimensions(rng: Rng, n: int) -> Matrix:
    shared = rng.normal(size=(n, 2)) @ rng.uniform(-0.8, 0.8, (2, ITEMS))
    return marks(shared + 0.7 * rng.normal(size=(n, ITEMS)))


def half(rng: Rng, n: int) -> Matrix:
    shared = rng.normal(size=(n, 1))
    return np.hstack([marks(0.6 * shared + 0.8 * rng.normal(size=(n, ITEMS // 2))), choices(rng, n, ITEMS // 2)])


def kinds(rng: Rng, n: int) -> NDArray[np.int64]:
    return rng.integers(0, rng.integers(2, 6), n)


def marks_by_kind(rng: Rng, n: int) -> Matrix:
    return marks(rng.normal(0, 1.2, (5, ITEMS))[kinds(rng, n)] + 0.6 * rng.normal(size=(n, ITEMS)))


def choices_by_kind(rng: Rng, n: int) -> Matrix:
    return (rng.random((n, ITEMS)) < rng.choice([0.1, 0.9], (5, ITEMS))[kinds(rng, n)]).astype(np.float64)


def both_by_kind(rng: Rng, n: int) -> Matrix:
    kind, few = kinds(rng, n), ITEMS // 2
    scale = marks(rng.normal(0, 1.2, (5, few))[kind] + 0.6 * rng.normal(size=(n, few)))
    return np.hstack([scale, 2 * (rng.random((n, few)) < rng.choice([0.1, 0.9], (5, few))[kind])])


GRADED, CHOSEN = np.ones(ITEMS, dtype=bool), np.zeros(ITEMS, dtype=bool)
HALF = np.arange(ITEMS) < ITEMS // 2

NOISE: dict[str, tuple[Callable[[Rng, int], Matrix], NDArray[np.bool_]]] = {
    "choices": (lambda rng, n: choices(rng, n, ITEMS), CHOSEN),
    "marks": (lambda rng, n: marks(rng.normal(size=(n, ITEMS)) + rng.normal(0, 0.4, ITEMS)), GRADED),
    "marks with two shared dimensions": (dimensions, GRADED),
    "marks and choices": (half, HALF),
}
GROUPS: dict[str, tuple[Callable[[Rng, int], Matrix], NDArray[np.bool_]]] = {
    "marks": (marks_by_kind, GRADED),
    "choices": (choices_by_kind, CHOSEN),
    "marks and choices": (both_by_kind, HALF),
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
    tries = 4 if quick else TRIES
    noise = {name: _share(make, graded, tries) for name, (make, graded) in NOISE.items()}
    groups = {name: _share(make, graded, tries) for name, (make, graded) in GROUPS.items()}
    single = {name: _claims(make, tries) for name, make in ONE_MODE.items()}
    return {
        "about": f"{tries} data sets of each kind, {PEOPLE[0]} or {PEOPLE[1]} people, {ITEMS} items, number of "
        "segments found. 'natural' and 'reproducible' claim that there are groups.",
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
        ],
    }


def _bar(words: str, share: float, met: bool) -> dict[str, Any]:
    return {"bar": words, "measured": f"{share:.1%}", "met": bool(met)}


def _share(make: Callable[[Rng, int], Matrix], graded: NDArray[np.bool_], tries: int) -> float:
    claims = 0
    for seed in range(tries):
        rng = np.random.default_rng(seed)
        z = make(rng, PEOPLE[seed % len(PEOPLE)])
        claims += partition(z, Layout(graded, np.arange(ITEMS)), SETTINGS).evidence.verdict in ABOVE
    return claims / tries


def _claims(make: Callable[[Rng, int], Answers], tries: int) -> float:
    found = (
        one_question(make(np.random.default_rng(seed), PEOPLE[seed % 2]), SingleSettings(pairs=5))
        for seed in range(tries)
    )
    return sum(one.k > 1 for one in found) / tries


if __name__ == "__main__":
    print(json.dumps(figures("--quick" in sys.argv[1:]), indent=1, ensure_ascii=False))
