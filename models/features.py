"""Answers to one question -> a block of numbers, by the question's type; blocks of equal weight, side by side.

Every encoder is one function in ENCODERS. Blocks are scaled to unit inertia along their main direction, as multiple
factor analysis does (Escofier & Pagès 1994), so that an embedding of 384 numbers cannot swamp three ratings.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.results import Floats

SKEWED = 1.5
"""Sample skewness beyond which positive numbers are taken as logarithms."""

FAR = 4.0
"""Robust standard deviations at which a number is held back."""

PSEUDO_SHARE = 0.005
"""What an empty share counts as, of the whole, before logarithms are taken."""


@dataclass(frozen=True)
class Answers:
    """All answers to one question, one entry a person, None where there is none.

    kind: key of ENCODERS. options: the possible values in the questionnaire's order (levels of a scale, choices,
    items of a ranking). items: rows of a battery. vectors: (n, d), for text only. ipsatise: take each person's own mean
    over a battery out (Schwartz's MRAT), which removes habits of agreeing.
    """

    name: str
    kind: str
    values: Sequence[Any]
    options: tuple[Any, ...] = ()
    items: tuple[str, ...] = ()
    vectors: Floats | None = None
    ipsatise: bool = False


@dataclass(frozen=True)
class Block:
    """One question as numbers.

    matrix: float64 (n, p), centred; rows without an answer hold 0, the mean. columns: names, (p,). answered: bool (n,).
    flat: bool (n,), people who gave every item of a battery the same mark. notes: what was done that a reader should
    know, one sentence each.
    """

    name: str
    kind: str
    matrix: NDArray[np.float64]
    columns: tuple[str, ...]
    answered: NDArray[np.bool_]
    flat: NDArray[np.bool_]
    notes: tuple[str, ...] = ()


def encode(answers: Answers) -> Block:
    """Return the block of one question, not yet scaled.

    Raises ValueError for an unknown kind, or for values that its encoder cannot read.
    """
    if answers.kind not in ENCODERS:
        raise ValueError(f"the 'kind' parameter must be one of {', '.join(ENCODERS)}, got {answers.kind!r}")
    raw, columns, notes = ENCODERS[answers.kind](answers)
    answered = np.array([value is not None for value in answers.values], dtype=bool)
    if raw.shape[1]:
        answered = np.asarray(~np.isnan(raw).all(axis=1))
    flat = np.zeros(len(raw), dtype=bool)
    if answers.kind == "battery":
        raw, flat, more = _style(raw, answers.ipsatise)
        notes = (*notes, *more)
    holes = np.isnan(raw)
    some = int(holes[answered].any(axis=1).sum()) if raw.size else 0
    if some:
        notes = (*notes, f"{some} people left part of '{answers.name}' out; the mean of the others stands in.")
    if not answered.all():
        notes = (*notes, f"{int((~answered).sum())} people have no answer to '{answers.name}'; the mean stands in.")
    return Block(answers.name, answers.kind, _centred(raw, holes), tuple(columns), answered, flat, notes)


def unit_inertia(block: Block) -> Block:
    """Return the block divided by its first singular value over √n: its main direction then has variance 1.

    A block in which everybody is the same stays 0.
    """
    if not block.matrix.size:
        return block
    scale = np.linalg.norm(block.matrix, 2) / np.sqrt(len(block.matrix))
    return replace(block, matrix=block.matrix / scale if scale > 1e-12 else block.matrix)


def joined(blocks: Sequence[Block], weights: Mapping[str, float] | None = None) -> NDArray[np.float64]:
    """Return the blocks at unit inertia side by side, float (n, sum of p); weights: variance per block, default 1."""
    wanted = weights or {}
    parts = [unit_inertia(block).matrix * np.sqrt(wanted.get(block.name, 1.0)) for block in blocks]
    return np.hstack(parts)


def block_shares(
    blocks: Sequence[Block], labels: NDArray[np.int64], weights: Mapping[str, float] | None = None
) -> dict[str, float]:
    """Return how much of the difference between groups each block carries, summing to 1 (all 0 when there is none).

    labels: int (n,), any numbers. The share is the block's part of the between-groups sum of squares at unit inertia
    times its weight, default 1.
    """
    wanted = weights or {}
    between = {
        block.name: _between(unit_inertia(block).matrix, labels) * wanted.get(block.name, 1.0) for block in blocks
    }
    total = sum(between.values())
    return {name: value / total if total > 0 else 0.0 for name, value in between.items()}


def _between(matrix: NDArray[np.float64], labels: NDArray[np.int64]) -> float:
    groups, inside, sizes = np.unique(labels, return_inverse=True, return_counts=True)
    member = np.zeros((len(groups), len(labels)))
    member[inside, np.arange(len(labels))] = 1
    means = member @ matrix / sizes[:, None]
    return float((sizes @ (means - matrix.mean(axis=0)) ** 2).sum())


def _centred(raw: NDArray[np.float64], holes: NDArray[np.bool_]) -> NDArray[np.float64]:
    known = np.where(holes, 0.0, raw)
    means = known.sum(axis=0) / np.maximum((~holes).sum(axis=0), 1)
    return np.where(holes, 0.0, raw - means)


Encoded = tuple[NDArray[np.float64], Sequence[str], tuple[str, ...]]
"""Numbers with NaN for what was not answered, the columns' names, and notes."""


def _text(answers: Answers) -> Encoded:
    if answers.vectors is None or len(answers.vectors) != len(answers.values):
        raise ValueError(f"the text question '{answers.name}' needs one vector per person")
    raw = np.asarray(answers.vectors, dtype=np.float64).copy()
    raw[[value is None or not str(value).strip() for value in answers.values]] = np.nan
    return raw, [f"{answers.name} {j}" for j in range(raw.shape[1])], ()


def _options(answers: Answers, found: Sequence[Any]) -> list[Any]:
    """The questionnaire's options, and behind them what was answered besides, in a fixed order."""
    extra = sorted({value for value in found if value not in answers.options}, key=str)
    return [*answers.options, *extra]


def _nominal(answers: Answers) -> Encoded:
    """Indicators over the square root of their share (the chi-square metric of correspondence analysis)."""
    values = [_plain(value) for value in answers.values]
    options = _options(answers, [value for value in values if value is not None])
    raw = _indicators([[value] if value is not None else None for value in values], options)
    share = np.nan_to_num(raw).sum(axis=0) / max(1, sum(value is not None for value in values))
    taken = share > 0
    raw = raw[:, taken] / np.sqrt(share[taken])
    return raw, [str(option) for option, keep in zip(options, taken, strict=True) if keep], ()


def _multi(answers: Answers) -> Encoded:
    values = [None if picks is None else [_plain(pick) for pick in picks] for picks in answers.values]
    options = _options(answers, [pick for picks in values if picks for pick in picks])
    return _indicators(values, options), [str(option) for option in options], ()


def _indicators(picks: Sequence[Sequence[Any] | None], options: Sequence[Any]) -> NDArray[np.float64]:
    place = {option: j for j, option in enumerate(options)}
    raw = np.zeros((len(picks), len(options)))
    for row, chosen in enumerate(picks):
        if chosen is None:
            raw[row] = np.nan
        else:
            raw[row, [place[pick] for pick in chosen]] = 1
    return raw


def _plain(value: Any) -> Any:
    """An own answer ({"other": text}) counts as the option "other"."""
    return "other" if isinstance(value, Mapping) else value


def _binary(answers: Answers) -> Encoded:
    return _column(answers, lambda value: float(bool(value)))


def _ordinal(answers: Answers) -> Encoded:
    """Ridits (Bross 1958): the share of people below a level and half of those on it, so only the order counts."""
    levels = {value: rank for rank, value in enumerate(answers.options)}
    unknown = next((v for v in answers.values if v is not None and v not in levels), None) if levels else None
    if unknown is not None:
        raise ValueError(f"'{answers.name}' holds {unknown!r}, which is not on its scale")
    raw, columns, notes = _column(answers, lambda value: float(levels[value] if levels else value))
    known = ~np.isnan(raw[:, 0])
    codes, back, counts = np.unique(raw[known, 0], return_inverse=True, return_counts=True)
    ridit = (np.cumsum(counts) - counts / 2) / max(1, counts.sum())
    raw[known, 0] = ridit[back] if len(codes) else 0.0
    return raw, columns, notes


def _number(answers: Answers) -> Encoded:
    """Robust standard scores; logarithms where positive numbers have a long tail; far values held back."""
    raw, columns, notes = _column(answers, float)
    known = raw[~np.isnan(raw[:, 0]), 0]
    if not len(known):
        return raw, columns, notes
    if known.min() >= 0 and _skewness(known) > SKEWED:
        raw, known = np.log1p(raw), np.log1p(known)
        notes = (*notes, f"'{answers.name}' has a long tail and is compared by its logarithm.")
    middle = np.median(known)
    spread = 1.4826 * np.median(np.abs(known - middle)) or known.std() or 1.0
    scores = (raw - middle) / spread
    far = int((np.abs(scores) > FAR).sum())
    if far:
        notes = (*notes, f"{far} far values of '{answers.name}' count as {FAR:g} robust standard deviations.")
    return np.clip(scores, -FAR, FAR), columns, notes


def _skewness(x: NDArray[np.float64]) -> float:
    spread = x.std()
    return float(((x - x.mean()) ** 3).mean() / spread**3) if spread > 0 else 0.0


def _date(answers: Answers) -> Encoded:
    days = [None if value is None else date.fromisoformat(str(value)).toordinal() for value in answers.values]
    return _number(replace(answers, values=days))


def _battery(answers: Answers) -> Encoded:
    """One column an item; marks as their place on the scale."""
    levels = {value: float(rank) for rank, value in enumerate(answers.options)}
    items = answers.items or tuple(dict.fromkeys(item for marks in answers.values if marks for item in marks))
    raw = np.full((len(answers.values), len(items)), np.nan)
    for row, marks in enumerate(answers.values):
        for j, item in enumerate(items):
            mark = (marks or {}).get(item)
            if mark is not None:
                raw[row, j] = levels[mark] if levels else float(mark)
    return raw, list(items), ()


def _style(raw: NDArray[np.float64], ipsatise: bool) -> tuple[NDArray[np.float64], NDArray[np.bool_], tuple[str, ...]]:
    known = ~np.isnan(raw)
    high, low = np.where(known, raw, -np.inf).max(axis=1), np.where(known, raw, np.inf).min(axis=1)
    flat = (known.sum(axis=1) >= 3) & (high == low)
    notes = (f"{int(flat.sum())} people gave every item the same mark.",) if flat.any() else ()
    if not ipsatise:
        return raw, flat, notes
    means = np.where(known, raw, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    return raw - means[:, None], flat, (*notes, "Each person's own mean over the items was taken out.")


def _ranking(answers: Answers) -> Encoded:
    """Places from 1 (best) down to -1; what a person left unranked shares the middle of the places that are left."""
    options = _options(answers, [pick for picks in answers.values if picks for pick in picks])
    raw = np.full((len(answers.values), len(options)), np.nan)
    for row, picks in enumerate(answers.values):
        if picks:
            raw[row] = (len(picks) + len(options) - 1) / 2
            for place, pick in enumerate(picks):
                raw[row, options.index(pick)] = place
    span = max(len(options) - 1, 1)
    return 1 - 2 * raw / span, [str(option) for option in options], ()


def _bestworst(answers: Answers) -> Encoded:
    """Best minus worst over how often an item was shown, -1 to 1 (Louviere, Flynn & Marley 2015, counts).

    A set that was passed over (no best, no worst) counts for nothing.
    """
    sets = [[one for one in found or () if one["best"] is not None] for found in answers.values]
    options = _options(answers, [item for found in sets for one in found for item in one["set"]])
    place = {option: j for j, option in enumerate(options)}
    shown, balance = np.zeros((len(sets), len(options))), np.zeros((len(sets), len(options)))
    for row, found in enumerate(sets):
        for one in found:
            shown[row, [place[item] for item in one["set"]]] += 1
            balance[row, place[one["best"]]] += 1
            balance[row, place[one["worst"]]] -= 1
    raw = np.where(shown > 0, balance / np.maximum(shown, 1), np.nan)
    return raw, [str(option) for option in options], ()


def _shares(answers: Answers) -> Encoded:
    """Centred log-ratios of the parts (Aitchison 1986), with a small part in the place of none."""
    options = _options(answers, [part for parts in answers.values if parts for part in parts])
    raw = np.full((len(answers.values), len(options)), np.nan)
    for row, parts in enumerate(answers.values):
        total = float(sum(parts.values())) if parts else 0.0
        if parts and total > 0:
            logs = np.log(np.array([parts.get(option, 0) / total for option in options]) + PSEUDO_SHARE)
            raw[row] = logs - logs.mean()
    return raw, [str(option) for option in options], ()


def _none(answers: Answers) -> Encoded:
    return np.zeros((len(answers.values), 0)), [], ()


def _column(answers: Answers, read: Callable[[Any], float]) -> Encoded:
    raw = np.array([[np.nan if value is None else read(value)] for value in answers.values], dtype=np.float64)
    return raw.reshape(len(answers.values), 1), [answers.name], ()


ENCODERS: dict[str, Callable[[Answers], Encoded]] = {
    "text": _text,
    "nominal": _nominal,
    "multi": _multi,
    "binary": _binary,
    "ordinal": _ordinal,
    "number": _number,
    "date": _date,
    "battery": _battery,
    "ranking": _ranking,
    "bestworst": _bestworst,
    "shares": _shares,
    "none": _none,
}
