"""Tracking: how often two waves of the same people-to-be are told to segment again, and how often changed ones are.

Simulated waves answer ten yes-no questions; the real ones are random halves of the answers about McDonald's, and its
younger against its older people. k-means segments in both waves, as many as there are.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.public_data import PUBLIC_DATA
from models.closed.partition_search import resamples, try_all
from models.drift import Drift, Wave, compare
from models.features import Answers
from models.groups.canonical import canonical_rows
from models.shares import wilson
from models.stability import global_stability

FALSE, SEEN = 0.05, 0.8
SHARES = (0.4, 0.3, 0.3)
ITEMS = 10
STARTS, PAIRS = 5, 10

Row = dict[str, Any]
Yes = NDArray[np.bool_]


def figures(quick: bool) -> dict[str, Any]:
    """Return how often each level of advice is given; quick: 10 instead of 100 pairs of waves."""
    times = 10 if quick else 100
    still = [
        _row(f"no drift, {n} then {m} people", _simulated(times, n, m)) for n, m in ((300, 300), (300, 60), (100, 100))
    ]
    moved = [
        _row("sizes 40/30/30 become 15/25/60", _simulated(times, 300, 300, shares=(0.15, 0.25, 0.6))),
        _row("yes 30 points likelier on four of ten items", _simulated(times, 300, 300, moved=0.3)),
    ]
    slight = [
        _row("sizes 40/30/30 become 30/35/35", _simulated(times, 300, 300, shares=(0.3, 0.35, 0.35))),
        _row("yes 10 points likelier on four of ten items", _simulated(times, 300, 300, moved=0.1)),
    ]
    halves, ages = _real(max(5, times // 5))
    quiet = [*still, *([_row("McDonald's, random halves", halves)] if halves else [])]
    wrong = sum(row["act"] for row in quiet)
    waves = sum(row["pairs"] for row in quiet)
    low, high = wilson(wrong, waves)
    found = min(row["act"] / row["pairs"] for row in moved)
    return {
        "about": "Pairs of waves and the advice given: keep, watch or act. False alarms are pairs without drift that "
        "are told to act.",
        "bars": [
            {
                "bar": f"false alarms, at most {FALSE:.0%}",
                "measured": f"{wrong} of {waves} ({100 * low:.1f} to {100 * high:.1f} %)",
                "met": wrong <= FALSE * waves,
            },
            {"bar": f"clear drift seen, at least {SEEN:.0%}", "measured": f"{found:.0%}", "met": found >= SEEN},
        ],
        "no drift": quiet,
        "clear drift": moved,
        "slight drift": slight,
        "other people": [_row("McDonald's, younger then older half", ages)] if ages else [],
    }


def _row(what: str, found: list[Drift]) -> Row:
    levels = Counter(one.level for one in found)
    agreed = [one.agreement for one in found if one.agreement is not None]
    return {
        "waves": what,
        "pairs": len(found),
        "keep": levels["keep"],
        "watch": levels["watch"],
        "act": levels["act"],
        "index of sizes, median": float(np.median([one.sizes.index for one in found])),
        "agreement after re-typing, median": float(np.median(agreed)),
        "kernel test p < 0.01": float(np.mean([one.kernel.p < 0.01 for one in found])),
    }


def _simulated(times: int, n: int, m: int, shares: tuple[float, ...] = SHARES, moved: float = 0.0) -> list[Drift]:
    found = []
    for seed in range(times):
        rng = np.random.default_rng([seed, n, m])
        found.append(_compared(_people(rng, n, SHARES, 0.0), _people(rng, m, shares, moved), len(SHARES), seed))
    return found


def _people(rng: np.random.Generator, n: int, shares: tuple[float, ...], moved: float) -> Yes:
    kinds = len(shares)
    likely = np.where(np.arange(ITEMS)[None] % kinds == np.arange(kinds)[:, None], 0.85, 0.15)
    likely = np.clip(likely + np.where(np.arange(ITEMS) < 4, moved, 0.0), 0.02, 0.98)
    return np.asarray(rng.random((n, ITEMS)) < likely[rng.choice(kinds, n, p=shares)])


def _real(times: int) -> tuple[list[Drift], list[Drift]]:
    path = PUBLIC_DATA / "mcdonalds.csv.gz"
    if not path.exists():
        return [], []
    frame = pd.read_csv(path)
    z = (frame.iloc[:, :11] == "Yes").to_numpy()
    age = frame["Age"].to_numpy()
    halves = list(_halves(z, times))
    young = age < np.median(age)
    return [_compared(one, other, 4, at) for at, (one, other) in enumerate(halves)], [
        _compared(z[young], z[~young], 4, 0)
    ]


def _halves(z: Yes, times: int) -> Iterator[tuple[Yes, Yes]]:
    for seed in range(times):
        order = np.random.default_rng(seed).permutation(len(z))
        yield z[order[: len(z) // 2]], z[order[len(z) // 2 :]]


def _compared(one: Yes, other: Yes, k: int, seed: int) -> Drift:
    before = Wave(_questions(one), _segments(one, k, seed), stability=_stability(one, k, seed))
    return compare(before, Wave(_questions(other), _segments(other, k, seed + 1)), seed)


def _questions(z: Yes) -> tuple[Answers, ...]:
    return tuple(Answers(f"item {j}", "binary", z[:, j].tolist()) for j in range(z.shape[1]))


def _segments(z: Yes, k: int, seed: int) -> NDArray[np.int64]:
    rows = canonical_rows(z.astype(np.float64))
    tried = try_all(np.asarray(rows.vectors), rows.weights, [k], STARTS, np.random.default_rng(seed))
    return tried.labels[k][rows.back] + 1


def _stability(z: Yes, k: int, seed: int) -> float:
    rows = canonical_rows(z.astype(np.float64))
    rng = np.random.default_rng([seed, 1])
    again = resamples(np.asarray(rows.vectors), rows.weights, k, 2 * PAIRS, STARTS, rng).labels
    return float(np.median(global_stability(again, rows.weights)))
