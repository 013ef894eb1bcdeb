"""One question alone: the right number of groups, one included. `python -m benchmarks.run single_question [--quick]`.

Simulated answers of every kind with a known number of groups; exact breaks against two other exact solvers and against
trying every cut; and columns of public sets, where nobody knows the truth, with agreement between seeds.
"""

import time
from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Any

import ckwrap
import jenkspy
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.metrics import adjusted_rand_score

from benchmarks.public_data import PUBLIC_DATA
from models.features import Answers
from models.one_question.one_dimension import jenks
from models.results import OneQuestion
from models.single import SingleSettings, one_question

Numbers = NDArray[np.float64]
Rng = np.random.Generator

PEOPLE, TRIES, SEARCHED_TRIES = (150, 300), 100, 40
ONE_RIGHT, SEVERAL_RIGHT, EXACT = 0.95, 0.9, 1e-9
QUICKLY = SingleSettings(pairs=5)
ITEMS = 8


def apart(rng: Rng, n: int, k: int, gap: float) -> Numbers:
    """Return normal numbers in k groups, `gap` standard deviations between neighbouring means."""
    return gap * rng.integers(0, k, n) + rng.normal(size=n)


def numbers(k: int) -> Callable[[Rng, int], Answers]:
    return lambda rng, n: Answers("x", "number", (50 + 5 * apart(rng, n, k, 6.0)).tolist())


def money(k: int) -> Callable[[Rng, int], Answers]:
    return lambda rng, n: Answers("x", "number", np.round(np.exp(4 + 0.4 * apart(rng, n, k, 6.0)), 2).tolist())


def heavy(rng: Rng, n: int) -> Answers:
    return Answers("x", "number", rng.standard_t(3, n).tolist())


def ratings(k: int, levels: int, places: Sequence[float]) -> Callable[[Rng, int], Answers]:
    def make(rng: Rng, n: int) -> Answers:
        drawn = np.array(places)[rng.integers(0, k, n)] + 0.8 * rng.normal(size=n)
        marks = np.clip(np.round(drawn), 0, levels - 1).astype(np.int64)
        return Answers("x", "ordinal", marks.tolist(), tuple(range(levels)))

    return make


def ratings_flat(levels: int) -> Callable[[Rng, int], Answers]:
    return lambda rng, n: Answers("x", "ordinal", rng.integers(0, levels, n).tolist(), tuple(range(levels)))


def leanings(rng: Rng, n: int, k: int) -> Numbers:
    """Return how much each person likes each item, 0 or 1: every group its own part of the items, one group none."""
    blocks = np.repeat(np.eye(max(k, 2)), -(-ITEMS // max(k, 2)), axis=1)[:, :ITEMS]
    return blocks[rng.integers(0, k, n)] if k > 1 else np.full((n, ITEMS), 0.35)


def picks(k: int) -> Callable[[Rng, int], Answers]:
    def make(rng: Rng, n: int) -> Answers:
        taken = rng.random((n, ITEMS)) < 0.1 + 0.7 * leanings(rng, n, k)
        return Answers("x", "multi", [np.flatnonzero(row).tolist() for row in taken], tuple(range(ITEMS)))

    return make


def orders(k: int) -> Callable[[Rng, int], Answers]:
    def make(rng: Rng, n: int) -> Answers:
        order = np.argsort(-(3 * leanings(rng, n, k) + rng.gumbel(size=(n, ITEMS))), axis=1)
        return Answers("x", "ranking", order.tolist(), tuple(range(ITEMS)))

    return make


def best_worst(k: int) -> Callable[[Rng, int], Answers]:
    def make(rng: Rng, n: int) -> Answers:
        sets = [np.arange(ITEMS)[np.arange(at, at + 4) % ITEMS] for at in range(ITEMS)]
        liked = 3 * leanings(rng, n, k)
        values = []
        for row in range(n):
            drawn = [liked[row, one] + rng.gumbel(size=4) for one in sets]
            values.append(
                [
                    {"set": one.tolist(), "best": int(one[worth.argmax()]), "worst": int(one[worth.argmin()])}
                    for one, worth in zip(sets, drawn, strict=True)
                ]
            )
        return Answers("x", "bestworst", values, tuple(range(ITEMS)))

    return make


def points(k: int) -> Callable[[Rng, int], Answers]:
    def make(rng: Rng, n: int) -> Answers:
        parts = np.array([rng.dirichlet(1.5 + 6 * row) for row in leanings(rng, n, k)])
        values = [{str(at): float(part) for at, part in enumerate(row)} for row in np.round(100 * parts)]
        return Answers("x", "shares", values, tuple(map(str, range(ITEMS))))

    return make


def battery(k: int) -> Callable[[Rng, int], Answers]:
    def make(rng: Rng, n: int) -> Answers:
        marks = np.clip(np.round(2.5 + 1.6 * leanings(rng, n, k) + 0.8 * rng.normal(size=(n, ITEMS))), 1, 5)
        values = [{str(at): int(mark) for at, mark in enumerate(row)} for row in marks]
        return Answers("x", "battery", values, (1, 2, 3, 4, 5), tuple(map(str, range(ITEMS))))

    return make


def choices(k: int) -> Callable[[Rng, int], Answers]:
    """k common options; two rare ones belong together, which is one group more."""

    def make(rng: Rng, n: int) -> Answers:
        shares = np.array([*([0.98 / (k - 1)] * (k - 1)), 0.01, 0.01])
        options = tuple(f"option {at}" for at in range(k + 1))
        drawn = np.concatenate([np.arange(k + 1), rng.choice(k + 1, n - k - 1, p=shares)])
        return Answers("x", "nominal", [options[at] for at in drawn], options)

    return make


TRUTH: dict[str, tuple[int, Callable[[Rng, int], Answers]]] = {
    "number, one": (1, numbers(1)),
    "number, one with heavy tails": (1, heavy),
    "number, two": (2, numbers(2)),
    "number, three": (3, numbers(3)),
    "money, one": (1, money(1)),
    "money, two": (2, money(2)),
    "rating 0–10, one": (1, ratings(1, 11, (6.0,))),
    "rating 0–10, even": (1, ratings_flat(11)),
    "rating 0–10, two": (2, ratings(2, 11, (2.0, 8.0))),
    "rating 0–10, three": (3, ratings(3, 11, (1.0, 5.0, 9.0))),
    "rating 1–5, one": (1, ratings(1, 5, (2.5,))),
    "rating 1–5, two": (2, ratings(2, 5, (0.3, 3.7))),
    "several choices, one": (1, picks(1)),
    "several choices, two": (2, picks(2)),
    "several choices, four": (4, picks(4)),
    "ranking, one": (1, orders(1)),
    "ranking, two": (2, orders(2)),
    "best–worst, one": (1, best_worst(1)),
    "best–worst, two": (2, best_worst(2)),
    "points, one": (1, points(1)),
    "points, two": (2, points(2)),
    "battery, one": (1, battery(1)),
    "battery, two": (2, battery(2)),
    "battery, four": (4, battery(4)),
    "single choice, four": (4, choices(4)),
}


def figures(quick: bool) -> dict[str, Any]:
    """Return the share of data sets with the right number of groups, the gap to exact breaks, and public columns."""
    simulated = [_simulated(name, k, make, quick) for name, (k, make) in TRUTH.items()]
    one = [row["right"] for row in simulated if row["true"] == 1]
    several = [row["right"] for row in simulated if row["true"] > 1]
    gaps = _exact(20 if quick else 300)
    real = _real(quick)
    return {
        "about": f"{_tries(True, quick)} data sets of each kind of number, rating and single choice, "
        f"{_tries(False, quick)} of each other kind; {PEOPLE[0]} or {PEOPLE[1]} people; number of groups found "
        "among one to five.",
        "bars": [
            _bar(f"one group: right in {ONE_RIGHT:.0%} of each kind", min(one), min(one) >= ONE_RIGHT),
            _bar(f"one group: right in {ONE_RIGHT:.0%} on average", float(np.mean(one)), np.mean(one) >= ONE_RIGHT),
            _bar(
                f"several groups: right in {SEVERAL_RIGHT:.0%} on average",
                float(np.mean(several)),
                np.mean(several) >= SEVERAL_RIGHT,
            ),
            *({"bar": f"exact breaks as {name}", "measured": gap, "met": gap <= EXACT} for name, gap in gaps.items()),
        ],
        "simulated": simulated,
        "public columns": real,
    }


def _bar(words: str, share: float, met: Any) -> dict[str, Any]:
    return {"bar": words, "measured": f"{share:.1%}", "met": bool(met)}


def _tries(along_a_line: bool, quick: bool) -> int:
    return 3 if quick else TRIES if along_a_line else SEARCHED_TRIES


def _simulated(name: str, k: int, make: Callable[[Rng, int], Answers], quick: bool) -> dict[str, Any]:
    along_a_line = name.split(",")[0].split()[0] in ("number", "money", "rating", "single")
    tries = _tries(along_a_line, quick)
    started = time.perf_counter()
    found = [one_question(make(np.random.default_rng([k, t]), PEOPLE[t % 2]), QUICKLY).k for t in range(tries)]
    return {
        "kind": name,
        "true": k,
        "data sets": tries,
        "right": float(np.mean([one == k for one in found])),
        "too few": float(np.mean([one < k for one in found])),
        "too many": float(np.mean([one > k for one in found])),
        "seconds": (time.perf_counter() - started) / tries,
    }


def _squares(values: Numbers, weights: Numbers, labels: NDArray[np.int64]) -> float:
    parts = [labels == group for group in np.unique(labels)]
    means = [np.average(values[part], weights=weights[part]) for part in parts]
    return float(sum(weights[part] @ (values[part] - mean) ** 2 for part, mean in zip(parts, means, strict=True)))


def _exact(tries: int) -> dict[str, float]:
    """Return the largest relative excess of our sum of squares over those of other exact solvers."""
    worst = {"trying every cut, up to 12 values": 0.0, "ckwrap (Ckmeans.1d.dp), weighted": 0.0, "jenkspy": 0.0}
    for seed in range(tries):
        rng = np.random.default_rng(seed)
        many = bool(seed % 2)
        drawn = np.round(rng.lognormal(3, 1, 400) if many else rng.normal(0, 10, 12), 1)
        values = np.unique(drawn)
        weights = rng.integers(1, 5, len(values)).astype(np.float64)
        k = int(rng.integers(2, min(7, len(values))))
        mine = _squares(values, weights, jenks(values, weights, k))
        theirs = _squares(values, weights, np.asarray(ckwrap.ckmeans(values, k, weights).labels))
        _note(worst, "ckwrap (Ckmeans.1d.dp), weighted", mine, theirs)
        plain = np.ones(len(values))
        breaks = jenkspy.jenks_breaks(values, k)
        theirs = _squares(values, plain, np.searchsorted(breaks[1:-1], values, side="left"))
        _note(worst, "jenkspy", _squares(values, plain, jenks(values, plain, k)), theirs)
        if not many:
            cuts = combinations(range(1, len(values)), k - 1)
            best = min(_squares(values, weights, np.searchsorted(cut, np.arange(len(values)), "right")) for cut in cuts)
            _note(worst, "trying every cut, up to 12 values", mine, best)
    return worst


def _note(worst: dict[str, float], name: str, mine: float, theirs: float) -> None:
    worst[name] = max(worst[name], abs(mine - theirs) / max(theirs, 1e-12))


def _real(quick: bool) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for name, answers in _columns():
        if quick and len(rows) == 4:
            break
        started = time.perf_counter()
        one = one_question(answers, SingleSettings())
        seconds = time.perf_counter() - started
        other = one_question(answers, SingleSettings(seed=1))
        rows.append(_row(name, answers, one, other, seconds))
    return rows


def _row(name: str, answers: Answers, one: OneQuestion, other: OneQuestion, seconds: float) -> dict[str, Any]:
    groups = "; ".join(f"{group.name} {group.share:.0%}" for group in one.groups)
    dip = one.evidence.dip_p
    return {
        "column": name,
        "kind": answers.kind,
        "answers": int((one.labels > 0).sum()),
        "groups": one.k,
        "verdict": one.evidence.verdict,
        "what": groups,
        "dip p": "" if dip is None else dip,
        "other seed: groups": other.k,
        "other seed: agreement": float(adjusted_rand_score(one.labels, other.labels)),
        "seconds": seconds,
    }


def _columns() -> list[tuple[str, Answers]]:
    mall, tea = _frame("mall_customers"), _frame("tea_consumers")
    money, worry, bfi = _frame("marketing_campaign"), _frame("covid_worry"), _frame("bfi")
    airline = _frame("airline_tweets_reasons")
    return [
        *((f"mall, {name}", _number(mall, name)) for name in ("Spending Score (1-100)", "Annual Income (k$)", "Age")),
        *((f"campaign, {name}", _number(money, name)) for name in ("MntWines", "MntMeatProducts", "Income", "Recency")),
        *(
            (f"worry, {name}", _rating(worry, name, 1, 9))
            for name in ("worry", "anger", "fear", "sadness", "relaxation")
        ),
        *((f"personality, {name}", _rating(bfi, name, 1, 6)) for name in ("A1", "C5", "E1", "N1", "O4")),
        ("airline, mood", Answers("mood", "ordinal", airline["airline_sentiment"].tolist(), MOODS)),
        ("tea, when", _picked(tea, ("breakfast", "tea.time", "evening", "lunch", "dinner", "always"))),
        ("tea, where", _picked(tea, ("home", "work", "tearoom", "friends", "resto", "pub"))),
        ("tea, image", _picked(tea, tuple(tea.columns[24:36]))),
        ("tea, sort", Answers("sort", "nominal", tea["Tea"].tolist())),
        ("tea, how often", Answers("often", "nominal", tea["frequency"].tolist())),
    ]


MOODS = ("negative", "neutral", "positive")


def _frame(name: str) -> pd.DataFrame:
    return pd.read_csv(PUBLIC_DATA / f"{name}.csv.gz")


def _number(frame: pd.DataFrame, name: str) -> Answers:
    return Answers(name, "number", [None if pd.isna(value) else float(value) for value in frame[name]])


def _rating(frame: pd.DataFrame, name: str, low: int, high: int) -> Answers:
    values = [None if pd.isna(value) else int(value) for value in frame[name]]
    return Answers(name, "ordinal", values, tuple(range(low, high + 1)))


def _picked(frame: pd.DataFrame, names: tuple[str, ...]) -> Answers:
    """Columns that hold "Not …" where something was not picked."""
    picked = {name: ~frame[name].str.lower().str.startswith(("not", "no.")) for name in names}
    values = [[name for name in names if picked[name].iloc[row]] for row in range(len(frame))]
    return Answers("picked", "multi", values, names)
