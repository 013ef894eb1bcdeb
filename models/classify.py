"""Fits that outlive their run: stored as plain data and arrays, they place new people as the fit itself would.

`BlockFit` for segments from closed answers, `ClassesFit` for latent classes, `Placement` (models/groups) for vectors.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.closed.latent import COLUMNS
from models.errors import ModelError
from models.features import Answers, Encoding, encode, fit_encoder, inertia_scale
from models.groups.kmeans import assign
from models.groups.segment_fit import Placement
from models.results import Floats, Ints, LatentClasses, Partition
from models.solution_io import FORMAT, apart, together


@dataclass(frozen=True)
class BlockFit:
    """Segments from closed answers. encodings: one per question. factors: what each question's numbers are multiplied
    with (unit inertia times the root of its weight). centres: float (k, p), segment 1 first.
    """

    encodings: tuple[Encoding, ...]
    factors: tuple[float, ...]
    centres: NDArray[np.float64]

    def place(self, questions: Sequence[Answers]) -> Ints:
        """Return the segment 1..k of everybody, the nearest centre; questions in the order of the fit.

        Raises ValueError for other questions, or values that cannot be read.
        """
        names = [encoding.name for encoding in self.encodings]
        if [question.name for question in questions] != names:
            raise ValueError(f"the 'questions' parameter must be {', '.join(names)}, in this order")
        parts = [
            encoding.apply(question.values, question.vectors).matrix * factor
            for encoding, factor, question in zip(self.encodings, self.factors, questions, strict=True)
        ]
        return assign(np.hstack(parts), self.centres[None])[0] + 1


@dataclass(frozen=True)
class ClassesFit:
    """A latent class model. items, levels, shares, probabilities: as in LatentClasses."""

    items: tuple[str, ...]
    levels: tuple[tuple[str, ...], ...]
    shares: NDArray[np.float64]
    probabilities: tuple[Floats, ...]

    def posterior(self, questions: Sequence[Answers]) -> NDArray[np.float64]:
        """Return the probability of every class, float (n, k); an answer that the fit never saw counts as none.

        Raises ValueError when the questions have other items than the fit.
        """
        columns = [found for question in questions for found in COLUMNS[question.kind](question)]
        if tuple(name for name, _ in columns) != self.items:
            raise ValueError(f"the 'questions' parameter must give the items {', '.join(self.items)}, in this order")
        logs = np.tile(np.log(self.shares), (len(columns[0][1]), 1))
        for (_, values), levels, shares in zip(columns, self.levels, self.probabilities, strict=True):
            place = {level: code for code, level in enumerate(levels)}
            code = np.array([-1 if value is None else place.get(str(value), -1) for value in values])
            logs += np.where(code[:, None] < 0, 0.0, np.log(shares).T[code])
        found = np.exp(logs - logs.max(axis=1, keepdims=True))
        return np.asarray(found / found.sum(axis=1, keepdims=True))

    def place(self, questions: Sequence[Answers]) -> Ints:
        """Return the likeliest class 1..k of everybody."""
        return np.asarray(self.posterior(questions).argmax(axis=1) + 1, dtype=np.int64)


FITS: tuple[type, ...] = (BlockFit, ClassesFit, Placement)


def fit_of(
    questions: Sequence[Answers], found: Partition | LatentClasses, weights: Mapping[str, float] | None = None
) -> BlockFit | ClassesFit:
    """Return what places new people into the segments found from these questions.

    weights: those the segments were found with. A few people of a partition lie nearer to another segment's mean than
    to their own (groups that were merged, ties), and would be placed there.
    """
    if isinstance(found, LatentClasses):
        return ClassesFit(found.items, found.levels, np.asarray(found.shares), found.probabilities)
    wanted = weights or {}
    scales = [inertia_scale(encode(question).matrix) or 1.0 for question in questions]
    factors = [
        float(np.sqrt(wanted.get(question.name, 1.0))) / scale
        for question, scale in zip(questions, scales, strict=True)
    ]
    return BlockFit(tuple(map(fit_encoder, questions)), tuple(factors), np.asarray(found.centres, dtype=np.float64))


def to_dict(fit: BlockFit | ClassesFit | Placement) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Return a fit as JSON-able values and its arrays by name."""
    return apart(fit, {"format": FORMAT, "what": type(fit).__name__})


def from_dict(plain: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> BlockFit | ClassesFit | Placement:
    """Return the fit that `to_dict` took apart; raises ModelError when it is not one of this format."""
    kinds = {cls.__name__: cls for cls in FITS}
    if plain.get("format") != FORMAT or plain.get("what") not in kinds:
        raise ModelError(
            f"This fit is stored as {plain.get('what')!r} in format {plain.get('format')!r}, and this version of Samtal"
            f" reads format {FORMAT}: run the segmentation again."
        )
    fit: BlockFit | ClassesFit | Placement = together(kinds[plain["what"]], plain, arrays)
    return fit
