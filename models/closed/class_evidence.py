"""What latent class analysis says beside segments made of choices: how many classes, how clear, what is left over.

The segments come from another model (models/closed/mixture.py, in which scales are graded); this one takes every answer
as a category, as the literature does, so that its figures can be compared with published ones.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from threadpoolctl import threadpool_limits

from models.closed.class_fit import FLAGGED, bootstrap_test, free_parameters, measured, residuals
from models.closed.latent import COLUMNS, items_of
from models.closed.latent_em import Patterns, fit, patterns
from models.closed.mixture import Fitted
from models.encoders.question import Answers
from models.results import ClassFit, Ints
from models.solution import ClassEvidence, Together
from models.stability import rand_index
from models.words import TOO_FEW

MOST, STARTS, TOLERANCE = 8, 20, 1e-5
RISING = 3
"""Numbers of classes in a row, each with a worse criterion than the one before, after which no more are tried."""

FEWEST_ITEMS, MOST_LEVELS = 3, 11
"""Fewer items bear no classes; scales with more levels are no categories."""

MOST_PEOPLE = 1500
"""It rests on so many people, a random sample of them when there are more."""

DRAWS, FEW_PEOPLE, MORE_DRAWS = 19, 300, 49
"""Data sets of the bootstrap test: p is .05 at least; more of them up to so many people."""

SHOWN = 5
"""Pairs of items that are named."""

Named = tuple[str, str]
"""A question, and the answer where it offers several to pick or mark."""


def class_evidence(questions: Sequence[Answers], labels: Ints, seed: int = 0) -> ClassEvidence | None:
    """Return the evidence of latent classes of the answers beside the segments that were found.

    labels: int (n,), 1..k, 0 without a segment. None where latent classes do not apply: to questions without
    categories, to marks that each person's own mean was taken out of, to fewer than three items, or too few people.
    """
    if not questions or any(one.kind not in COLUMNS or one.ipsatise for one in questions):
        return None
    names, sizes, codes = _items(questions)
    if len(names) < FEWEST_ITEMS or max(sizes) > MOST_LEVELS:
        return None
    there = (codes >= 0).any(axis=1) & (labels > 0)
    if there.sum() < TOO_FEW:
        return None
    codes, segments = codes[there], labels[there]
    order = np.lexsort((*codes.T, segments))
    if len(order) > MOST_PEOPLE:
        drawn = np.random.default_rng([seed, 60]).choice(len(order), MOST_PEOPLE, replace=False)
        order = order[np.sort(drawn)]
    k = int(segments.max())
    with threadpool_limits(1):  # the same sums in the same order on every number of cores
        found = patterns(codes[order], sizes)
        if k > len(found.weights):
            return None
        models, fits = _tried(found, k, seed)
        draws, tested = MORE_DRAWS if found.people <= FEW_PEOPLE else DRAWS, max(k, 2)
        if tested in models:
            rng = np.random.default_rng([seed, 62])
            p = bootstrap_test(found, models[tested - 1], models[tested], draws, rng)
            fits[tested] = replace(fits[tested], blrt_p=p)
        left = residuals(found, models[k], [str(at) for at in range(len(names))])
        classes = models[k].posterior(found.answers).argmax(axis=1).astype(np.int64)[found.back]
    return ClassEvidence(
        k=k,
        fits=tuple(fits[number] for number in sorted(fits)),
        agreement=rand_index(classes, segments[order], np.ones(len(order))),
        pairs=len(left),
        strongest=tuple(
            Together(*names[int(one.one)], *names[int(one.other)], one.value)
            for one in left[:SHOWN]
            if one.value > FLAGGED
        ),
        draws=draws,
        n=len(order),
        n_total=int(there.sum()),
    )


def _items(questions: Sequence[Answers]) -> tuple[list[Named], tuple[int, ...], Ints]:
    """The items that anybody answers differently from others: names, numbers of levels, codes (n, items)."""
    names: list[Named] = []
    sizes: list[int] = []
    codes: list[Ints] = []
    for question in questions:
        items = items_of([question])
        whole = items.names == (question.name,)
        for name, levels, column in zip(items.names, items.levels, items.codes.T, strict=True):
            if len(levels) > 1:
                names.append((question.name, "" if whole else name))
                sizes.append(len(levels))
                codes.append(column)
    return names, tuple(sizes), np.array(codes).T if codes else np.empty((0, 0), dtype=np.int64)


def _tried(found: Patterns, k: int, seed: int) -> tuple[dict[int, Fitted], dict[int, ClassFit]]:
    """A model, and its fit, of every number of classes that the answers can bear, and of k and one fewer.

    Beyond k it ends where the criterion has risen twice in a row.
    """
    cells = np.prod(np.diff(found.starts), dtype=np.float64)
    bearable = [number for number in range(1, MOST + 1) if free_parameters(found, number) < min(cells, found.people)]
    models: dict[int, Fitted] = {}
    fits: dict[int, ClassFit] = {}
    for number in sorted({1, *bearable, max(k - 1, 1), k}):
        models[number] = fit(found, number, STARTS, np.random.default_rng([seed, 61, number]), TOLERANCE)
        fits[number] = measured(found, models[number])
        last = [fits[one].bic for one in (number - 2, number - 1, number) if one in fits]
        if number > k and len(last) == RISING and sorted(set(last)) == last:
            break
    return models, fits
