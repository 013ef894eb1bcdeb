"""Which questions to ask: forward selection by cross-validated accuracy, and its honest worth by nesting it.

Nested (Varma & Simon 2006): each fold of people is classified by a tool whose questions were chosen, and whose
coefficients were fitted, on the other folds. Accuracy of questions chosen on everybody is too good.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.golden.design import Design
from models.golden.linear import Linear, Matrix, discriminants, logistic, softmax
from models.results import Ints

SCREENED = 6
"""Questions tried by cross-validation at each step; those whose score test (Rao 1948) promises most."""

INNER = 3
"""Parts into which the other folds are drawn together to choose questions."""

ROUGHLY = 1e-6
"""Relative gain at which fits made to choose questions stand still."""


METHODS: dict[str, Callable[[Matrix, Matrix], Linear]] = {"logistic": logistic, "lda": discriminants}
"""From distinct answers (m, p) and people of each segment with them (m, k) to a classifier."""


@dataclass(frozen=True)
class Nested:
    """What nested validation found. predicted: int (n, steps), the segment given with 1, 2, … questions.

    probability: float (n, steps), of the true segment. chosen: one order of questions for every fold.
    """

    predicted: Ints
    probability: Matrix
    chosen: tuple[tuple[int, ...], ...]


def nested(found: Design, steps: int, method: str, told: Callable[[float], None]) -> Nested:
    """Return what tools with 1 to `steps` questions say about people they were not made from; told: share done."""
    n, folds = len(found.labels), int(found.folds.max()) + 1
    predicted, probability = np.zeros((n, steps), dtype=np.int64), np.zeros((n, steps))
    chosen = []
    for fold in range(folds):
        held = found.folds == fold
        order = select(found, ~held, steps, method)
        predicted[held], probability[held] = _held_out(found, order, held, method)
        chosen.append(order)
        told((fold + 1) / folds)
    return Nested(predicted, probability, tuple(chosen))


def fixed_order(found: Design, order: Sequence[int], method: str) -> Ints:
    """Return the segments given with the first 1, 2, … questions of one order, cross-validated, int (n, steps)."""
    predicted = np.zeros((len(found.labels), len(order)), dtype=np.int64)
    for fold in range(int(found.folds.max()) + 1):
        held = found.folds == fold
        predicted[held] = _held_out(found, order, held, method)[0]
    return predicted


def select(found: Design, rows: NDArray[np.bool_], steps: int, method: str) -> tuple[int, ...]:
    """Return `steps` questions in the order in which they add most to accuracy among the people of `rows`."""
    order: list[int] = []
    inner = np.where(rows, found.folds, -1)
    parts = [np.isin(inner, group) for group in np.array_split(np.unique(inner[rows]), INNER) if len(group)]
    while len(order) < steps:
        rest = [q for q in range(len(found.blocks)) if q not in order]
        tried = _promising(found, order, rest, rows)
        scores = {q: _inner_score(found, [*order, q], rows, parts, method) for q in tried}
        order.append(max(tried, key=lambda q: (scores[q], -q)))
    return tuple(order)


def _held_out(found: Design, order: Sequence[int], held: NDArray[np.bool_], method: str) -> tuple[Ints, Matrix]:
    labels = found.labels[held]
    predicted, probability = [], []
    for step in range(1, len(order) + 1):
        fit = METHODS[method](*found.grouped(order[:step], ~held))
        p = fit.probabilities(found.numbers(order[:step], found.codes[held]))
        predicted.append(p.argmax(axis=1))
        probability.append(p[np.arange(len(labels)), labels])
    return np.array(predicted).T, np.array(probability).T


def _promising(found: Design, order: Sequence[int], rest: Sequence[int], rows: NDArray[np.bool_]) -> list[int]:
    """The questions whose score, the gradient in their coefficients over its spread, is largest per coefficient."""
    if len(rest) <= SCREENED:
        return list(rest)
    counts = np.bincount(found.labels[rows], minlength=found.k)
    p = np.tile(counts / counts.sum(), (int(rows.sum()), 1))
    if order:
        x, grouped = found.grouped(order, rows)
        fit = logistic(x, grouped, still=ROUGHLY)
        p = softmax(found.numbers(order, found.codes[rows]) @ fit.weights.T + fit.intercept)
    off = np.eye(found.k)[found.labels[rows]] - p
    scores = {}
    for q in rest:
        block = found.blocks[q]
        code = found.codes[rows, q]
        member = np.zeros((len(block), found.k))
        np.add.at(member, code, off)
        spread = np.zeros((len(block), found.k))
        np.add.at(spread, code, p * (1 - p))
        gradient = block.T @ member
        information = np.einsum("uk,ui,uj->kij", spread, block, block) + np.eye(block.shape[1])
        solved = np.linalg.solve(information, gradient.T[:, :, None])[:, :, 0]
        scores[q] = float((solved * gradient.T).sum())
    return sorted(sorted(rest, key=lambda q: (-scores[q], q))[:SCREENED])


def _inner_score(
    found: Design, chosen: Sequence[int], rows: NDArray[np.bool_], parts: Sequence[NDArray[np.bool_]], method: str
) -> tuple[int, float]:
    """People classified correctly, and the mean log-probability of the right segment to settle ties."""
    correct, logs = 0, 0.0
    for part in parts:
        x, counts = found.grouped(chosen, rows & ~part)
        fit = logistic(x, counts, still=ROUGHLY) if method == "logistic" else METHODS[method](x, counts)
        x, counts = found.grouped(chosen, part)
        p = fit.probabilities(x)
        correct += int(counts[np.arange(len(x)), p.argmax(axis=1)].sum())
        logs += float((counts * np.log(np.maximum(p, 1e-12))).sum())
    return correct, round(logs, 6)
