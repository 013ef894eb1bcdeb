"""Choices, rankings, best-worst picks and shares of a whole: one number an option."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from models.encoders.question import Answers, Encoder, Raw, Scheme, column, plain, with_extra

PSEUDO_SHARE = 0.005
"""What an empty share counts as, of the whole, before logarithms are taken."""


def _learn_nominal(answers: Answers) -> Scheme:
    """Indicators over the square root of their share (the chi-square metric of correspondence analysis)."""
    given = [plain(value) for value in answers.values if value is not None]
    options = with_extra(answers.options, given)
    counts = dict.fromkeys(options, 0)
    for value in given:
        counts[value] += 1
    taken = tuple(option for option in options if counts[option])
    shares = np.array([counts[option] for option in taken], dtype=np.float64) / max(1, len(given))
    return Scheme(tuple(map(str, taken)), taken, numbers={"root": np.sqrt(shares)})


def _read_nominal(answers: Answers, scheme: Scheme) -> Raw:
    """An option that nobody took when this was learnt is none of the columns."""
    picks = [None if value is None else [plain(value)] for value in answers.values]
    return _indicators(picks, scheme.options) / scheme.numbers["root"]


def _learn_multi(answers: Answers) -> Scheme:
    options = with_extra(answers.options, [plain(pick) for picks in answers.values if picks for pick in picks])
    return Scheme(tuple(map(str, options)), options)


def _read_multi(answers: Answers, scheme: Scheme) -> Raw:
    picks = [None if picks is None else [plain(pick) for pick in picks] for picks in answers.values]
    return _indicators(picks, scheme.options)


def _indicators(picks: Sequence[Sequence[Any] | None], options: Sequence[Any]) -> Raw:
    place = {option: j for j, option in enumerate(options)}
    raw = np.zeros((len(picks), len(options)))
    raw[[row for row, chosen in enumerate(picks) if chosen is None]] = np.nan
    ones = [(row, place[pick]) for row, chosen in enumerate(picks) for pick in chosen or () if pick in place]
    if ones:
        rows, columns = zip(*ones, strict=True)
        raw[rows, columns] = 1
    return raw


def _learn_binary(answers: Answers) -> Scheme:
    return Scheme((answers.name,))


def _read_binary(answers: Answers, scheme: Scheme) -> Raw:
    return column(answers.values, lambda value: float(bool(value)))


def _learn_ranking(answers: Answers) -> Scheme:
    options = with_extra(answers.options, [pick for picks in answers.values if picks for pick in picks])
    return Scheme(tuple(map(str, options)), options)


def _read_ranking(answers: Answers, scheme: Scheme) -> Raw:
    """Places from 1 (best) down to -1; what a person left unranked shares the middle of the places that are left."""
    place = {option: j for j, option in enumerate(scheme.options)}
    raw = np.full((len(answers.values), len(place)), np.nan)
    for row, picks in enumerate(answers.values):
        known = [place[pick] for pick in picks or () if pick in place]
        if known:
            raw[row] = (len(known) + len(place) - 1) / 2
            raw[row, known] = np.arange(len(known))
    return 1 - 2 * raw / max(len(place) - 1, 1)


def _learn_bestworst(answers: Answers) -> Scheme:
    options = with_extra(answers.options, [item for found in _sets(answers) for one in found for item in one["set"]])
    return Scheme(tuple(map(str, options)), options)


def _read_bestworst(answers: Answers, scheme: Scheme) -> Raw:
    """Best minus worst over how often an item was shown, -1 to 1 (Louviere, Flynn & Marley 2015, counts).

    A set that was passed over (no best, no worst) counts for nothing.
    """
    place = {option: j for j, option in enumerate(scheme.options)}
    shown = np.zeros((len(answers.values), len(place)))
    balance = np.zeros_like(shown)
    for row, found in enumerate(_sets(answers)):
        for one in found:
            shown[row, [place[item] for item in one["set"] if item in place]] += 1
            for item, worth in ((one["best"], 1), (one["worst"], -1)):
                if item in place:
                    balance[row, place[item]] += worth
    return np.where(shown > 0, balance / np.maximum(shown, 1), np.nan)


def _sets(answers: Answers) -> list[list[Any]]:
    return [[one for one in found or () if one["best"] is not None] for found in answers.values]


def _learn_shares(answers: Answers) -> Scheme:
    options = with_extra(answers.options, [part for parts in answers.values if parts for part in parts])
    return Scheme(tuple(map(str, options)), options)


def _read_shares(answers: Answers, scheme: Scheme) -> Raw:
    """Centred log-ratios of the parts (Aitchison 1986), with a small part in the place of none."""
    raw = np.full((len(answers.values), len(scheme.options)), np.nan)
    for row, parts in enumerate(answers.values):
        total = float(sum(parts.values())) if parts else 0.0
        if parts and total > 0:
            logs = np.log(np.array([parts.get(option, 0) / total for option in scheme.options]) + PSEUDO_SHARE)
            raw[row] = logs - logs.mean()
    return raw


NOMINAL = Encoder(_learn_nominal, _read_nominal)
MULTI = Encoder(_learn_multi, _read_multi)
BINARY = Encoder(_learn_binary, _read_binary)
RANKING = Encoder(_learn_ranking, _read_ranking)
BESTWORST = Encoder(_learn_bestworst, _read_bestworst)
SHARES = Encoder(_learn_shares, _read_shares)
