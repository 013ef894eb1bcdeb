"""Scales, numbers, dates, batteries of ratings, and open answers as vectors."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.encoders.question import Answers, Encoder, Raw, Scheme, column
from models.encoders.remarks import Remark

SKEWED = 1.5
"""Sample skewness beyond which positive numbers are taken as logarithms."""

FAR = 4.0
"""Robust standard deviations at which a number is held back."""

TEXT_COLUMNS = 50
"""Principal components that stand for the vectors of an open answer; what lies beyond is mostly noise."""


def _learn_ordinal(answers: Answers) -> Scheme:
    """Ridits (Bross 1958): the share of people below a level and half of those on it, so only the order counts."""
    raw = _codes(answers, answers.options)
    levels, counts = np.unique(raw[~np.isnan(raw)], return_counts=True)
    upto = np.concatenate([[0], np.cumsum(counts)]).astype(np.float64)
    return Scheme((answers.name,), answers.options, numbers={"levels": levels, "upto": upto})


def _read_ordinal(answers: Answers, scheme: Scheme) -> Raw:
    raw = _codes(answers, scheme.options)
    levels, upto = scheme.numbers["levels"], scheme.numbers["upto"]
    both = upto[np.searchsorted(levels, raw, "left")] + upto[np.searchsorted(levels, raw, "right")]
    return np.where(np.isnan(raw), np.nan, both / 2 / max(1.0, upto[-1]))


def _codes(answers: Answers, options: Sequence[Any]) -> Raw:
    levels = {value: float(rank) for rank, value in enumerate(options)}
    if not levels:
        return column(answers.values, float)
    unknown = next((value for value in answers.values if value is not None and value not in levels), None)
    if unknown is not None:
        raise ValueError(f"'{answers.name}' holds {unknown!r}, which is not on its scale")
    return column(answers.values, levels.__getitem__)


def _learn_number(answers: Answers) -> Scheme:
    """Robust standard scores; logarithms where positive numbers have a long tail; far values held back."""
    raw = column(answers.values, float)[:, 0]
    known, remarks = np.sort(raw[~np.isnan(raw)]), []
    tail = bool(len(known) and known[0] >= 0 and _skewness(known) > SKEWED)
    if tail:
        known = np.log1p(known)
        remarks.append(Remark("logarithm", answers.name))
    middle = float(np.median(known)) if len(known) else 0.0
    away = np.abs(known - middle)
    spread = float(1.4826 * np.median(away) or known.std() or 1.0) if len(known) else 1.0
    far = int((away / spread > FAR).sum())
    if far:
        remarks.append(Remark("far", answers.name, far))
    return Scheme((answers.name,), numbers={"scale": np.array([middle, spread, tail])}, remarks=tuple(remarks))


def _read_number(answers: Answers, scheme: Scheme) -> Raw:
    raw = column(answers.values, float)
    middle, spread, tail = scheme.numbers["scale"]
    if tail:
        raw = np.log1p(np.maximum(raw, 0))
    return np.clip((raw - middle) / spread, -FAR, FAR)


def _skewness(x: NDArray[np.float64]) -> float:
    spread = x.std()
    return float(((x - x.mean()) ** 3).mean() / spread**3) if spread > 0 else 0.0


def _days(answers: Answers) -> Answers:
    days = [None if value is None else date.fromisoformat(str(value)).toordinal() for value in answers.values]
    return replace(answers, values=days)


def _learn_battery(answers: Answers) -> Scheme:
    """One column an item; marks as their place on the scale."""
    items = answers.items or tuple(dict.fromkeys(item for marks in answers.values if marks for item in marks))
    return Scheme(items, answers.options, items)


def _read_battery(answers: Answers, scheme: Scheme) -> Raw:
    return np.hstack(
        [
            np.zeros((len(answers.values), 0)),
            *(
                _codes(Answers(item, "ordinal", [(marks or {}).get(item) for marks in answers.values]), scheme.options)
                for item in scheme.items
            ),
        ]
    )


def _learn_text(answers: Answers) -> Scheme:
    """The vectors themselves, or where they are long their leading principal components (of distinct answers)."""
    vectors, given = _vectors(answers)
    size, numbers = vectors.shape[1], {}
    if size > TEXT_COLUMNS and given.any():
        from models.groups.canonical import canonical_rows
        from models.groups.reduce import principal_space

        rows = canonical_rows(vectors[given])
        numbers["basis"] = principal_space(rows.vectors, rows.weights, None, TEXT_COLUMNS).basis
        size = numbers["basis"].shape[1]
    return Scheme(tuple(f"{answers.name} {j}" for j in range(size)), numbers=numbers)


def _read_text(answers: Answers, scheme: Scheme) -> Raw:
    vectors, given = _vectors(answers)
    raw = np.full((len(vectors), len(scheme.columns)), np.nan)
    if "basis" not in scheme.numbers:
        raw[given] = vectors[given]
    elif given.any():
        from models.groups.canonical import canonical_rows

        rows = canonical_rows(vectors[given])
        raw[given] = (rows.vectors @ scheme.numbers["basis"].astype(rows.vectors.dtype))[rows.back]
    return raw


def _vectors(answers: Answers) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    if answers.vectors is None or len(answers.vectors) != len(answers.values):
        raise ValueError(f"the text question '{answers.name}' needs one vector per person")
    given = np.array([value is not None and bool(str(value).strip()) for value in answers.values], dtype=bool)
    return np.asarray(answers.vectors), given


def _nothing(answers: Answers) -> Scheme:
    return Scheme(())


def _read_nothing(answers: Answers, scheme: Scheme) -> Raw:
    return np.zeros((len(answers.values), 0))


TEXT = Encoder(_learn_text, _read_text)
ORDINAL = Encoder(_learn_ordinal, _read_ordinal)
NUMBER = Encoder(_learn_number, _read_number)
DATE = Encoder(lambda a: _learn_number(_days(a)), lambda a, scheme: _read_number(_days(a), scheme))
BATTERY = Encoder(_learn_battery, _read_battery)
NONE = Encoder(_nothing, _read_nothing)
