"""How strongly each answer speaks of each code of a frame that shows by exemplars what its codes mean.

A linear discriminant (Fisher 1936), its covariance drawn towards a multiple of the identity (Friedman 1989), learns
from the exemplars of the answers' own language what tells the codes apart. Exemplars that it has not seen tell how sure
it may be (temperature scaling, Guo et al. 2017). The exemplars are the measure that answers are held against, not the
other answers: where most customers of one trade want the same thing, most get its code.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax
from threadpoolctl import threadpool_limits

from models.codes.frames import ANY, Code
from models.codes.scores import ENOUGH_ANSWERS, Encode, Scored, Scores, best_of, smooth
from models.groups.reduce import unit
from models.results import Floats
from models.texts.cleaning import to_embed
from models.texts.ideas import wished
from models.texts.meaning import without_language

ENOUGH_EXEMPLARS = 20
"""Codes with so many exemplars each, in one language, teach what they mean; with fewer they are compared with.

With 16 a code, answers that speak of none of the codes still fall to one of them: 42 % of the demo's reasons came out
as a quiet life.
"""
WORTH, MOST_SHRINKAGE = 10.0, 0.95
"""The covariance is drawn in as if by so many exemplars a code that know nothing of it, at most so far."""
SHARPER = 2.0
"""How much surer answers may be than exemplars left out: these have lost a part of their kind, and no neighbours."""
FOLDS = 4
OF_IDEAS = 0.5
"""Share of an answer's best idea; the other share is of the whole answer."""
ENOUGH_FOR_A_MEAN = 15
READS_OTHERS = "en"
_TEXTS_AT_A_TIME = 4096
_LEAST_SPREAD = 1e-6
_LOG_FLATNESS = (-3.0, 6.0)

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Read:
    """Answers of one language. reader: the language whose exemplars they are read with. ideas: of each answer."""

    language: str
    reader: str
    texts: tuple[str, ...]
    ideas: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Taught:
    """What exemplars of one language teach: where texts stand, and the log odds (m,) of each code there.

    centre: (d,), what all exemplars share. directions: (m, d). offsets: (m,).
    """

    centre: Matrix
    directions: Matrix
    offsets: Matrix

    def odds(self, vectors: Floats, centre: Matrix) -> Scores:
        """Return the log odds of the codes, (n, m), up to a constant a text. centre: (d,), what the texts share."""
        return unit(np.asarray(vectors, dtype=np.float64) - centre) @ self.directions.T + self.offsets


def taught_languages(codes: Sequence[Code]) -> tuple[str, ...]:
    """Return the languages, ANY among them, in which all codes have exemplars enough, in alphabetical order."""
    given = sorted({language for code in codes for language in code.exemplars})
    return tuple(
        language
        for language in given
        if len(codes) > 1 and all(len(code.exemplars.get(language, ())) >= ENOUGH_EXEMPLARS for code in codes)
    )


def teach(groups: Sequence[Floats]) -> Taught:
    """Return what exemplars teach. groups: unit vectors of the exemplars of each code, (at least 2, d) each."""
    vectors = np.concatenate([np.asarray(group, dtype=np.float64) for group in groups])
    owner = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    fold = np.concatenate([np.arange(len(group)) for group in groups]) % FOLDS
    centre = vectors.mean(axis=0)
    rows = unit(vectors - centre)
    shrinkage = min(MOST_SHRINKAGE, WORTH * len(groups) / len(rows))
    with threadpool_limits(1):  # the same sums in the same order on every number of cores
        left_out = np.zeros((len(rows), len(groups)))
        for number in range(FOLDS):
            held = fold == number
            directions, offsets = _discriminant(rows[~held], owner[~held], len(groups), shrinkage)
            left_out[held] = rows[held] @ directions.T + offsets
        directions, offsets = _discriminant(rows, owner, len(groups), shrinkage)
    sureness = SHARPER / _flatness(left_out, owner)
    return Taught(centre, sureness * directions, sureness * offsets)


def reads(texts: Sequence[str], languages: Mapping[str, str], codes: Sequence[Code]) -> list[Read]:
    """Return the answers by language, in alphabetical order.

    Those of unknown language go with the most common language that the codes have exemplars in; other languages are
    read with English exemplars, or the first there are. languages: of each text, "" where unknown.
    """
    told = taught_languages(codes)
    known = Counter(languages[text] for text in texts if languages[text] in told)
    otherwise = READS_OTHERS if READS_OTHERS in told else told[0]
    usual = min(known, key=lambda language: (-known[language], language)) if known else otherwise
    grouped: dict[str, list[str]] = {}
    for text in texts:
        grouped.setdefault(languages[text] or usual, []).append(text)
    return [
        Read(
            language=language,
            reader=language if language in told else otherwise,
            texts=tuple(given),
            ideas=tuple(tuple(to_embed(idea) for idea in wished(text)) for text in given),
        )
        for language, given in sorted(grouped.items())
    ]


def texts_to_read(parts: Sequence[Read], codes: Sequence[Code]) -> list[str]:
    """Return every text whose vector `score_taught` will ask for."""
    shown = [text for reader in sorted({part.reader for part in parts}) for text in _exemplars(codes, reader)]
    return [*shown, *(text for part in parts for text in (*part.texts, *(idea for row in part.ideas for idea in row)))]


def score_taught(parts: Sequence[Read], codes: Sequence[Code], encode: Encode) -> Scored:
    """Return how surely the answers speak of the codes, part by part in order: log probabilities as scores, (n, m).

    encode: unit vectors of texts.
    """
    teachers = {
        reader: teach([encode(code.exemplars[reader]) for code in codes])
        for reader in sorted({part.reader for part in parts})
    }
    starts = np.cumsum([0, *(len(part.texts) for part in parts)])
    vectors = np.empty((starts[-1], len(next(iter(teachers.values())).centre)), dtype=np.float32)
    odds, of_ideas = zip(
        *(
            _odds(part, teachers[part.reader], encode, vectors[low:high])
            for part, (low, high) in zip(parts, pairwise(starts), strict=True)
        ),
        strict=True,
    )
    if len(vectors) > 1:
        vectors = without_language(vectors, [part.language for part in parts for _ in part.texts], vectors)
    plain = np.concatenate(odds)
    smoothed = smooth(plain, vectors) if len(plain) >= ENOUGH_ANSWERS else plain
    ideas = tuple(row for part in parts for row in part.ideas)
    owner = np.repeat(np.arange(len(ideas)), [len(row) for row in ideas])
    surely = log_softmax(np.concatenate(of_ideas) + (smoothed - plain)[owner], axis=1)
    best = np.full(plain.shape, -np.inf)
    np.maximum.at(best, owner, surely)
    return Scored(
        scores=(1 - OF_IDEAS) * log_softmax(smoothed, axis=1) + OF_IDEAS * best,
        vectors=vectors,
        best_idea=best_of(surely, owner, len(ideas)),
        ideas=ideas,
    )


def _exemplars(codes: Sequence[Code], language: str) -> list[str]:
    return [text for code in codes for text in code.exemplars[language]]


def _odds(part: Read, teacher: Taught, encode: Encode, whole: NDArray[np.float32]) -> tuple[Scores, Scores]:
    """Return the log odds of the answers of one language, and those of their ideas; their vectors go into `whole`."""
    for rows in _slices(len(whole)):
        whole[rows] = encode(part.texts[rows])
    foreign = part.reader not in (part.language, ANY) and len(whole) >= ENOUGH_FOR_A_MEAN
    centre = whole.mean(axis=0, dtype=np.float64) if foreign else teacher.centre
    ideas = [idea for row in part.ideas for idea in row]
    return (
        np.concatenate([teacher.odds(whole[rows], centre) for rows in _slices(len(whole))]),
        np.concatenate([teacher.odds(encode(ideas[rows]), centre) for rows in _slices(len(ideas))]),
    )


def _slices(number: int) -> list[slice]:
    return [slice(low, low + _TEXTS_AT_A_TIME) for low in range(0, number, _TEXTS_AT_A_TIME)]


def _flatness(odds: Scores, owner: NDArray[np.intp]) -> float:
    """Return what the log odds must be divided by so that the right codes surprise least."""

    def surprise(log_flatness: float) -> float:
        return -float(log_softmax(odds / np.exp(log_flatness), axis=1)[np.arange(len(odds)), owner].mean())

    return float(np.exp(minimize_scalar(surprise, bounds=_LOG_FLATNESS, method="bounded").x))


def _discriminant(rows: Matrix, owner: NDArray[np.intp], codes: int, shrinkage: float) -> tuple[Matrix, Matrix]:
    """Return directions (m, d) and offsets (m,) of a linear discriminant for codes that are equally common."""
    means = np.array([rows[owner == code].mean(axis=0) for code in range(codes)])
    within = rows - means[owner]
    n = len(within)
    ridge = shrinkage * max(float((within**2).sum()) / (n * within.shape[1]), _LEAST_SPREAD)
    share = (1 - shrinkage) / n
    inner = within @ within.T + ridge / share * np.eye(n)
    directions = (means - np.linalg.solve(inner, within @ means.T).T @ within) / ridge
    return directions, -0.5 * (directions * means).sum(axis=1)
