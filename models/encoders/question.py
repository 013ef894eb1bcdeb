"""What an encoder is given and what it learns."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.encoders.remarks import Remark
from models.results import Floats

Raw = NDArray[np.float64]
"""Numbers (n, p), with NaN for what was not answered."""


@dataclass(frozen=True)
class Answers:
    """All answers to one question, one entry a person, None where there is none.

    kind: key of models.features.ENCODERS. options: the possible values in the questionnaire's order (levels of a scale,
    choices, items of a ranking). items: rows of a battery. vectors: (n, d), for text only. ipsatise: take each person's
    own mean over a battery out (Schwartz's MRAT), which removes habits of agreeing.
    """

    name: str
    kind: str
    values: Sequence[Any]
    options: tuple[Any, ...] = ()
    items: tuple[str, ...] = ()
    vectors: Floats | None = None
    ipsatise: bool = False


@dataclass(frozen=True)
class Scheme:
    """What an encoder learns from answers so that others' are read the same way.

    columns: names of the numbers, (p,). options, items: as in Answers, with what was answered besides. numbers: figures
    of the kind, by name. remarks: what a reader should know.
    """

    columns: tuple[str, ...]
    options: tuple[Any, ...] = ()
    items: tuple[str, ...] = ()
    numbers: dict[str, NDArray[np.float64]] = field(default_factory=dict)
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True)
class Encoder:
    """One kind of question. learn: what is needed to read such answers. read: the numbers, by what was learnt."""

    learn: Callable[[Answers], Scheme]
    read: Callable[[Answers, Scheme], Raw]


def plain(value: Any) -> Any:
    """Return the value; an own answer ({"other": text}) counts as the option "other"."""
    return "other" if isinstance(value, Mapping) else value


def with_extra(options: Sequence[Any], found: Sequence[Any]) -> tuple[Any, ...]:
    """Return the questionnaire's options, and behind them what was answered besides, in a fixed order."""
    known = set(options)
    return (*options, *sorted({value for value in found if value not in known}, key=str))


def column(values: Sequence[Any], read: Callable[[Any], float]) -> Raw:
    """Return one column (n, 1) of the values, NaN for None."""
    found = np.fromiter((np.nan if value is None else read(value) for value in values), np.float64, len(values))
    return found.reshape(-1, 1)
