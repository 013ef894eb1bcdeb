"""Latent classes: segments from answers that are choices, by a model of who picks what (Lazarsfeld & Henry 1968).

Missing answers need no stand-in: every person counts with what was answered. The number of classes is the one with the
smallest Bayesian information criterion; the residuals beside it show where classes alone do not explain the answers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from models.closed.class_fit import FLAGGED, measured, residuals
from models.closed.latent_em import ROUGHLY, Patterns, fit, patterns
from models.closed.mixture import Fitted
from models.evidence import FOUND_AGAIN
from models.features import Answers
from models.progress import Progress, silent
from models.results import Evidence, Ints, LatentClasses, Verdict
from models.stability import segment_jaccard
from models.words import TOO_FEW, size_notes, too_few, verdict_sentence

RESAMPLE_STARTS = 8
"""Starts of a fit to a resample."""


@dataclass(frozen=True)
class LatentSettings:
    """most: classes tried, 1 to so many. k: a fixed number, or None for the best BIC. starts: random starts per model.

    pairs: bootstrap pairs for the stability of the chosen number. seed: same input and seed, same result.
    """

    most: int = 8
    k: int | None = None
    starts: int = 20
    pairs: int = 20
    seed: int = 0

    def __post_init__(self) -> None:
        if not 1 <= self.most <= 50:
            raise ValueError(f"the 'most' parameter must be an int in [1, 50], got {self.most!r}")
        if self.k is not None and not 1 <= self.k <= 50:
            raise ValueError(f"the 'k' parameter must be None or an int in [1, 50], got {self.k!r}")


DEFAULTS = LatentSettings()


@dataclass(frozen=True)
class Items:
    """Answers as codes. codes: int (n, items), -1 for no answer. levels: what the codes of each item stand for."""

    names: tuple[str, ...]
    levels: tuple[tuple[str, ...], ...]
    codes: Ints


def items_of(questions: Sequence[Answers]) -> Items:
    """Questions as items: a choice or scale is one item, every option of a multiple choice and row of a battery one.

    Raises ValueError for a kind of question that has no categories.
    """
    names: list[str] = []
    columns: list[Sequence[Any]] = []
    for question in questions:
        for name, column in _columns(question):
            names.append(name)
            columns.append(column)
    if not names:
        raise ValueError("the 'questions' parameter must hold at least one item, got none")
    coded = [_coded(column) for column in columns]
    return Items(tuple(names), tuple(levels for _, levels in coded), np.array([codes for codes, _ in coded]).T)


def latent_classes(items: Items, settings: LatentSettings = DEFAULTS, progress: Progress = silent) -> LatentClasses:
    """Latent classes of everybody, with the fit of every number of classes tried.

    Raises ValueError when there are no people.
    """
    if not len(items.codes):
        raise ValueError("the 'items' parameter must hold the answers of at least one person, got none")
    with threadpool_limits(1):  # the same sums in the same order on every number of cores
        found = patterns(items.codes, tuple(len(levels) for levels in items.levels))
        models = _models(found, settings, progress)
        fits = [measured(found, model) for model in models.values()]
        best = settings.k if settings.k in models else min(fits, key=lambda one: (one.bic, one.k)).k
        evidence = _evidence(found, models[best], settings, progress)
    notes = list(size_notes(len(items.codes)))
    silent_people = int((items.codes < 0).all(axis=1).sum())
    if silent_people:
        notes.append(f"{silent_people} people answered none of these questions; they get the largest class.")
    posterior = models[best].posterior(found.answers)[found.back]
    left = residuals(found, models[best], items.names)
    flagged = sum(one.value > FLAGGED for one in left)
    if flagged:
        notes.append(
            f"{flagged} of {len(left)} pairs of items go together more or less than {best} classes explain: "
            "a larger number of classes may only describe these pairs."
        )
    return LatentClasses(
        labels=posterior.argmax(axis=1).astype(np.int64) + 1,
        confidence=posterior.max(axis=1),
        posterior=posterior,
        shares=models[best].shares,
        items=items.names,
        levels=items.levels,
        probabilities=tuple(np.split(models[best].odds, found.starts[1:-1], axis=1)),
        fits=tuple(fits),
        residuals=left,
        evidence=evidence,
        k=best,
        seed=settings.seed,
        notes=tuple(notes),
    )


def _columns(question: Answers) -> list[tuple[str, list[Any]]]:
    if question.kind not in COLUMNS:
        raise ValueError(f"'{question.name}' is a {question.kind} question; latent classes take {', '.join(COLUMNS)}")
    return COLUMNS[question.kind](question)


def _one_column(question: Answers) -> list[tuple[str, list[Any]]]:
    values = ["other" if isinstance(value, Mapping) else value for value in question.values]
    return [(question.name, values)]


def _picks(question: Answers) -> list[tuple[str, list[Any]]]:
    plain = [
        None if picks is None else {"other" if isinstance(pick, Mapping) else pick for pick in picks}
        for picks in question.values
    ]
    extra = sorted({pick for picks in plain if picks for pick in picks if pick not in question.options}, key=str)
    return [
        (str(option), [None if picks is None else option in picks for picks in plain])
        for option in [*question.options, *extra]
    ]


def _rows(question: Answers) -> list[tuple[str, list[Any]]]:
    items = question.items or sorted({item for marks in question.values if marks for item in marks}, key=str)
    return [(str(item), [(marks or {}).get(item) for marks in question.values]) for item in items]


COLUMNS = {"nominal": _one_column, "ordinal": _one_column, "binary": _one_column, "multi": _picks, "battery": _rows}


def _coded(column: Sequence[Any]) -> tuple[list[int], tuple[str, ...]]:
    """Codes from 0, -1 for no answer, and what they stand for, numbers before words in their order."""
    levels = sorted({value for value in column if value is not None}, key=lambda value: (isinstance(value, str), value))
    place = {value: code for code, value in enumerate(levels)}
    return [-1 if value is None else place[value] for value in column], tuple(map(str, levels)) or ("",)


def _models(found: Patterns, settings: LatentSettings, progress: Progress) -> dict[int, Fitted]:
    """A model for every number of classes worth trying: no more than patterns, or a fifth of the people."""
    people = int(found.people)
    most = min(settings.most, max(1, people // 5) if people >= TOO_FEW else 1)
    tried = sorted({*range(1, most + 1), *([settings.k] if settings.k else [])})
    tried = [k for k in tried if k <= len(found.weights)]
    models = {}
    for k in tried:
        models[k] = fit(found, k, settings.starts, np.random.default_rng([settings.seed, k]))
        progress(0.6 * len(models) / len(tried), "Fitting classes")
    return models


def _evidence(found: Patterns, model: Fitted, settings: LatentSettings, progress: Progress) -> Evidence:
    """The verdict: none for one class; otherwise how far models of resamples put the same people together.

    Never natural: classes and a graded trait behind the items can explain choices equally well (Molenaar & von Eye
    1994), so a model that assumes classes cannot vouch for them.
    """
    people = int(found.people)
    if people < TOO_FEW:
        return too_few(people)
    if model.k == 1:
        return Evidence("none", verdict_sentence("none", 1, 0.0, 0, False), n=people, n_total=people)
    rng = np.random.default_rng([settings.seed, 50])
    counts = rng.multinomial(people, found.weights / people, size=2 * settings.pairs).astype(np.float64)
    labels = model.posterior(found.answers).argmax(axis=1).astype(np.int64)
    resampled = np.empty((len(counts), len(labels)), dtype=np.int64)
    for row, drawn in enumerate(counts):
        there = drawn > 0
        part = Patterns(found.shown[there], drawn[there], found.starts, np.empty(0, dtype=np.int64))
        resampled[row] = fit(part, model.k, RESAMPLE_STARTS, rng, ROUGHLY).posterior(found.answers).argmax(axis=1)
        progress(0.6 + 0.4 * (row + 1) / len(counts), "Drawing the answers anew, again and again")
    labels = np.unique(labels, return_inverse=True)[1].astype(np.int64)
    matches = segment_jaccard(labels, resampled, found.weights)
    jaccard, again = matches.mean(axis=0), float((matches >= FOUND_AGAIN).mean())
    verdict: Verdict = "reproducible" if again >= 0.5 else "constructive"
    return Evidence(
        verdict=verdict,
        sentence=verdict_sentence(verdict, model.k, again, int((jaccard < FOUND_AGAIN).sum()), True),
        segment_stability=tuple(jaccard.tolist()),
        n=people,
        n_total=people,
        pairs=settings.pairs,
    )
