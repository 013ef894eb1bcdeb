"""Are there groups among numbers, or among marks on a scale? One mode is the answer to beat."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import diptest
import numpy as np
from numpy.typing import NDArray

from models.evidence import FOUND_AGAIN
from models.features import SKEWED
from models.one_question.one_dimension import Line, bic, gaussians, marks, one_mode, points
from models.results import Evidence, Floats, Ints, Verdict
from models.stability import global_stability, segment_jaccard
from models.words import TOO_FEW, too_few, verdict_sentence

SIGNIFICANT = 0.05
APART = 2.0
"""Neighbouring groups lie at least so many standard deviations apart (Ashman, Bird & Zepf 1994)."""

DIP_ROWS = 5000
LEANING = 0.5
"""Skewness from which on numbers and their logarithms are both tried."""


class Wanted(Protocol):
    """What a researcher decides; models/single.py has the settings."""

    @property
    def k(self) -> int | None: ...
    @property
    def most(self) -> int: ...
    @property
    def least(self) -> int: ...
    @property
    def smallest_share(self) -> float: ...
    @property
    def pairs(self) -> int: ...
    @property
    def draws(self) -> int: ...
    @property
    def seed(self) -> int: ...


@dataclass(frozen=True)
class Found:
    """Groups of people: labels (n,), 1..k, confidence (n,), 0-1, and their evidence."""

    labels: Ints
    confidence: Floats
    evidence: Evidence


def number_groups(x: NDArray[np.float64], wanted: Wanted) -> tuple[Found, tuple[str, ...]]:
    """Groups of numbers (n,), lowest first, and what was done to the numbers.

    Groups are claimed when the dip test (Hartigan & Hartigan 1985) finds more than one mode: heavy tails and skewness
    alone, which a mixture would take for groups, do not make a second mode. Their number is then the best by BIC.
    """
    notes: tuple[str, ...] = ()
    if _long_tail(x, wanted.most):
        x, notes = np.log1p(x), ("Logarithms were compared, because the numbers have a long tail.",)
    values, weights, place = points(x)
    rng = np.random.default_rng([wanted.seed, 1])
    dip = _number_dip(x, rng) if len(x) >= TOO_FEW else 1.0

    def fit(mass: NDArray[np.float64], k: int) -> Line:
        return gaussians(values, mass, k)

    return _decide(values, weights, place, fit, dip, dip < SIGNIFICANT, wanted, rng), notes


def mark_groups(codes: Ints, levels: int, wanted: Wanted) -> Found:
    """Groups of marks (n,), 0 to levels - 1, lowest first.

    Groups are claimed when the answers have more than one mode and mixtures beat one curve by BIC, both beyond 95 % of
    data sets drawn from the most likely distribution with a single mode.
    """
    counts = np.bincount(codes, minlength=levels).astype(np.float64)
    rng = np.random.default_rng([wanted.seed, 2])
    dip, gain = _mark_tests(counts, wanted.draws, rng) if len(codes) >= TOO_FEW else (1.0, 1.0)

    def fit(mass: NDArray[np.float64], k: int) -> Line:
        return marks(mass[None], k, np.random.default_rng([wanted.seed, 3])).line()

    claimed = max(dip, gain) < SIGNIFICANT
    return _decide(np.arange(levels, dtype=np.float64), counts, codes, fit, dip, claimed, wanted, rng)


def _long_tail(x: NDArray[np.float64], most: int) -> bool:
    """Whether logarithms describe numbers better: beyond doubt, or by the best BIC when they lean to the right."""
    middle = x - x.mean()
    lean = float((middle**3).mean()) / max(middle.std(), 1e-12) ** 3
    if x.min() < 0 or lean <= LEANING:
        return False
    return lean > SKEWED or _best_bic(np.log1p(x), most) + 2 * float(np.log1p(x).sum()) < _best_bic(x, most)


def _best_bic(x: NDArray[np.float64], most: int) -> float:
    values, weights, _ = points(x)
    fits = [gaussians(values, weights, k) for k in range(1, min(most, len(values)) + 1)]
    return min(bic(fit.loglik, fit.parameters, len(x)) for fit in fits)


def _number_dip(x: NDArray[np.float64], rng: np.random.Generator) -> float:
    """p-value of one mode; numbers that were rounded are spread over what they were rounded from."""
    some = rng.choice(x, DIP_ROWS, replace=False) if len(x) > DIP_ROWS else x
    steps = np.diff(np.unique(some))
    if len(steps) and len(steps) < len(some) / 2:
        width = float(np.median(steps))
        some = some + rng.uniform(-width / 2, width / 2, len(some))
    return float(diptest.diptest(np.sort(some))[1]) if len(steps) else 1.0


def _mark_tests(counts: NDArray[np.float64], draws: int, rng: np.random.Generator) -> tuple[float, float]:
    """p-values of one mode by the dip statistic and by BIC, against draws from the best distribution with one mode."""
    people = int(counts.sum())
    drawn = rng.multinomial(people, one_mode(counts), size=draws).astype(np.float64)
    both = np.vstack([counts, drawn])
    fits = [marks(both, k, rng) for k in (1, 2, 3)]
    scores = np.array([-2 * fit.loglik + fit.parameters * np.log(people) for fit in fits])
    gain = scores[0] - scores[1:].min(axis=0)
    dips = np.array([_dip(row) for row in both])
    return _beyond(dips), _beyond(gain)


def _dip(counts: NDArray[np.float64]) -> float:
    return float(diptest.dipstat(np.repeat(np.arange(len(counts), dtype=np.float64), counts.astype(np.int64))))


def _beyond(figures: NDArray[np.float64]) -> float:
    """p-value of the first figure among the others."""
    return float((1 + (figures[1:] >= figures[0] - 1e-9).sum()) / len(figures))


def _decide(
    values: NDArray[np.float64],
    weights: NDArray[np.float64],
    place: Ints,
    fit: Callable[[NDArray[np.float64], int], Line],
    dip: float,
    claimed: bool,
    wanted: Wanted,
    rng: np.random.Generator,
) -> Found:
    people = len(place)
    most = min(wanted.most, int((weights > 0).sum()), max(1, people // 5))
    found = wanted.k or max(_number(values, weights, fit, most, claimed, wanted), wanted.least)
    k = min(found, int((weights > 0).sum()))
    line = fit(weights, k)
    inside = np.unique(line.labels[place], return_inverse=True)[1].astype(np.int64)
    confidence = line.confidence[place]
    evidence = _evidence(line, fit, weights, place, k, dip, claimed, wanted, rng)
    return Found(inside + 1, confidence, evidence)


def _number(
    values: NDArray[np.float64],
    weights: NDArray[np.float64],
    fit: Callable[[NDArray[np.float64], int], Line],
    most: int,
    claimed: bool,
    wanted: Wanted,
) -> int:
    """One, or the number with the best BIC among those whose groups lie apart and are large enough."""
    if not claimed or most < 2:
        return 1
    lines = {k: fit(weights, k) for k in range(2, most + 1)}
    able = [k for k, line in lines.items() if _apart(values, weights, line, wanted.smallest_share)]
    return min(able, key=lambda k: bic(lines[k].loglik, lines[k].parameters, weights.sum())) if able else 1


def _apart(values: NDArray[np.float64], weights: NDArray[np.float64], line: Line, min_share: float) -> bool:
    k = line.posterior.shape[1]
    sizes = np.bincount(line.labels, weights=weights, minlength=k)
    if sizes.min() < max(min_share * weights.sum(), 1):
        return False
    held = line.posterior * weights[:, None]
    means = held.T @ values / held.sum(axis=0)
    variances = (held * (values[:, None] - means) ** 2).sum(axis=0) / held.sum(axis=0)
    distance = np.diff(means) / np.sqrt(np.maximum((variances[1:] + variances[:-1]) / 2, 1e-12))
    return bool((distance >= APART).all())


def _evidence(
    line: Line,
    fit: Callable[[NDArray[np.float64], int], Line],
    weights: NDArray[np.float64],
    place: Ints,
    k: int,
    dip: float,
    claimed: bool,
    wanted: Wanted,
    rng: np.random.Generator,
) -> Evidence:
    people = len(place)
    if people < TOO_FEW:
        return too_few(people)
    if k == 1:
        return Evidence("none", verdict_sentence("none", 1, 0.0, 0, False), dip_p=dip, n=people, n_total=people)
    drawn = rng.multinomial(people, weights / people, size=2 * wanted.pairs).astype(np.float64)
    resampled = np.array([_refit(counts, fit, k) for counts in drawn])
    labels = np.unique(line.labels, return_inverse=True)[1].astype(np.int64)
    matches = segment_jaccard(labels, resampled, weights)
    jaccard, again = matches.mean(axis=0), float((matches >= FOUND_AGAIN).mean())
    stable = float(np.median(global_stability(resampled, weights)))
    verdict: Verdict = "constructive"
    if claimed and again >= 0.5:
        verdict = "natural" if stable >= 0.8 and jaccard.min() >= 0.75 else "reproducible"
    return Evidence(
        verdict=verdict,
        sentence=verdict_sentence(verdict, k, again, int((jaccard < FOUND_AGAIN).sum()), claimed),
        segment_stability=tuple(jaccard.tolist()),
        dip_p=dip,
        n=people,
        n_total=people,
        pairs=wanted.pairs,
    )


def _refit(counts: NDArray[np.float64], fit: Callable[[NDArray[np.float64], int], Line], k: int) -> Ints:
    """Labels of all points by a fit to a resample; one group where it holds too few different answers."""
    if (counts > 0).sum() < k:
        return np.zeros(len(counts), dtype=np.int64)
    return fit(counts, k).labels
