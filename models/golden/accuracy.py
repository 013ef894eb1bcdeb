"""How good a typing tool is with so many questions: accuracy, kappa, recall, with intervals."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.results import Ints
from models.shares import Z_95, wilson


@dataclass(frozen=True)
class Rate:
    """A share or a kappa with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Step:
    """What a tool with so many questions reaches on people it was not made from.

    questions: their number. added: the question that comes in here. accuracy: people given their own segment (Wilson
    interval). kappa: agreement beyond chance (Cohen 1960). recall: one rate a segment. spread: standard error of the
    accuracy, over the folds. not_nested: accuracy with questions chosen on everybody, which flatters. again: share of
    the folds that would ask the added question among so many as well.
    """

    questions: int
    added: str
    accuracy: Rate
    kappa: Rate
    recall: tuple[Rate, ...]
    spread: float
    not_nested: float
    again: float


def rate(correct: int, total: int) -> Rate:
    """Return a share with its Wilson interval (1927)."""
    return Rate(correct / total if total else 0.0, *wilson(correct, total))


def confusion(labels: Ints, predicted: Ints, k: int) -> Ints:
    """Return people per true (rows) and given (columns) segment, int (k, k); labels count from 0."""
    return np.bincount(labels * k + predicted, minlength=k * k).reshape(k, k)


def kappa(table: Ints) -> Rate:
    """Return Cohen's kappa (1960) of a square table with its large-sample interval."""
    total = float(table.sum())
    seen = float(np.trace(table)) / total
    chance = float(table.sum(axis=0) @ table.sum(axis=1)) / total**2
    if chance >= 1:
        return Rate(0.0, 0.0, 0.0)
    value = (seen - chance) / (1 - chance)
    half = Z_95 * float(np.sqrt(seen * (1 - seen) / total)) / (1 - chance)
    return Rate(value, max(-1.0, value - half), min(1.0, value + half))


def fold_spread(labels: Ints, predicted: Ints, folds: Ints) -> float:
    """Return the standard error of the accuracy over the folds (Breiman et al. 1984)."""
    by_fold = [float((labels == predicted)[folds == fold].mean()) for fold in np.unique(folds)]
    return float(np.std(by_fold, ddof=1) / np.sqrt(len(by_fold)))


def recommended(steps: Sequence[Step], cost: float | None) -> int:
    """Return the number of questions to ask.

    cost: accuracy (0-1) that one more question must add; None takes the smallest number within one standard error of
    the best (Breiman et al. 1984).
    """
    best = max(steps, key=lambda step: (step.accuracy.value, -step.questions))
    if cost is None:
        enough = best.accuracy.value - best.spread
        return next(step.questions for step in steps if step.accuracy.value >= enough)
    return max(steps, key=lambda step: (step.accuracy.value - cost * step.questions, -step.questions)).questions
