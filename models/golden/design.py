"""The answers of many people to many questions as numbers, ready to be taken question by question and fold by fold."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.features import Answers
from models.golden.coders import Golden, Matrix
from models.results import Ints


@dataclass(frozen=True)
class Design:
    """Numbers of every question. blocks: distinct rows of each question, (u, p). codes: int (n, questions), which row.

    labels: int (n,), 0..k-1. answered: bool (n, questions). folds: int (n,), 0..folds-1, each with its part of every
    segment.
    """

    blocks: tuple[Matrix, ...]
    codes: Ints
    labels: Ints
    answered: NDArray[np.bool_]
    folds: Ints
    k: int

    def grouped(self, chosen: Sequence[int], rows: NDArray[np.bool_]) -> tuple[Matrix, Matrix]:
        """Return the distinct answers of some people to the chosen questions, (m, p), and who gave them, (m, k)."""
        first, back = self._distinct(chosen, rows)
        counts = np.zeros((len(first), self.k))
        np.add.at(counts, (back, self.labels[rows]), 1.0)
        return self.numbers(chosen, self.codes[rows][first]), counts

    def numbers(self, chosen: Sequence[int], codes: Ints) -> Matrix:
        """Return the numbers behind codes (m, questions) for the chosen questions, (m, p)."""
        return np.hstack([self.blocks[q][codes[:, q]] for q in chosen])

    def _distinct(self, chosen: Sequence[int], rows: NDArray[np.bool_]) -> tuple[Ints, Ints]:
        code = np.zeros(int(rows.sum()), dtype=np.int64)
        for q in chosen:
            code = code * len(self.blocks[q]) + self.codes[rows, q]
            code = np.unique(code, return_inverse=True)[1].reshape(-1)
        first, back = np.unique(code, return_index=True, return_inverse=True)[1:]
        return first, back.reshape(-1)


def canonical_order(questions: Sequence[Answers], labels: Ints) -> Ints:
    """Return the people in an order that depends on their answers and segments only, int (n,)."""
    rows = zip(labels.tolist(), *(question.values for question in questions), strict=True)
    keys = [json.dumps(row, sort_keys=True, default=str, ensure_ascii=False) for row in rows]
    return np.array(sorted(range(len(keys)), key=keys.__getitem__), dtype=np.int64)


def design(coders: Sequence[Golden], values: Sequence[Sequence[object]], labels: Ints, folds: int, seed: int) -> Design:
    """Return the numbers of people in canonical order; values: one sequence a question, in the order of the coders."""
    blocks, codes, answered = [], [], []
    for one, given in zip(coders, values, strict=True):
        numbers, there = one.numbers(given)
        distinct, back = np.unique(numbers, axis=0, return_inverse=True)
        blocks.append(distinct)
        codes.append(back.reshape(-1))
        answered.append(there)
    k = int(labels.max()) + 1
    drawn = _folds(labels, folds, np.random.default_rng([seed, 1]))
    return Design(tuple(blocks), np.array(codes).T, labels, np.array(answered).T, drawn, k)


def _folds(labels: Ints, folds: int, rng: np.random.Generator) -> Ints:
    """Folds with the same part of every segment; each begins where the one before ended, so all are about equal."""
    drawn = np.empty(len(labels), dtype=np.int64)
    begin = 0
    for segment in range(int(labels.max()) + 1):
        rows = rng.permutation(np.flatnonzero(labels == segment))
        drawn[rows] = (begin + np.arange(len(rows))) % folds
        begin += len(rows)
    return drawn
