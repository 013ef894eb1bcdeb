"""One question of any type -> the groups its answers show, or one group, with evidence.

Every type has one route in ROUTES. Open answers need their vectors.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from models.closed.habits import habits_in_one
from models.closed.latent import LatentSettings, items_of, latent_classes
from models.closed.one_taste import with_one_taste
from models.closed.partition import PartitionSettings, partition_blocks
from models.evidence import NO_SIGN, SURE
from models.features import Answers, encode
from models.one_question.group_names import listed, marked, ranges
from models.one_question.number_groups import Found, mark_groups, number_groups
from models.one_question.open_groups import open_groups
from models.one_question.pick_groups import tastes
from models.results import AnswerGroup, Evidence, Ints, OneQuestion, Verdict
from models.shares import wilson
from models.texts.cleaning import as_text, is_blank
from models.words import TOO_FEW, fewer_note, size_notes, too_few, verdict_sentence

FEW_LEVELS = 3
"""On a scale of so few levels the levels themselves are the groups."""

SMALLEST_SHARE = 0.05
CLAIMED = 0.05
"""Classes of picks are claimed at this p-value of one taste."""


@dataclass(frozen=True)
class SingleSettings:
    """k: number of groups, or None to find it among `least` to `most`. min_share: a smaller group joins another; None
    is a twentieth, and nothing where a number of groups is asked for that is not the options themselves.

    Open answers, which may hold many themes, are searched up to 12 groups whatever `most` says. pairs: bootstrap pairs.
    draws: data sets without groups for the tests. seed: same input and seed, same result.
    """

    k: int | None = None
    most: int = 5
    min_share: float | None = None
    pairs: int = 20
    draws: int = 99
    seed: int = 0
    least: int = 1

    def __post_init__(self) -> None:
        if self.k is not None and not 1 <= self.k <= 50:
            raise ValueError(f"the 'k' parameter must be None or an int in [1, 50], got {self.k!r}")
        if self.min_share is not None and not 0 <= self.min_share < 0.5:
            raise ValueError(f"the 'min_share' parameter must be None or in [0, 0.5), got {self.min_share!r}")
        if not 1 <= self.least <= self.most:
            raise ValueError(f"the 'least' parameter must be an int in [1, {self.most}], got {self.least!r}")

    @property
    def smallest_share(self) -> float:
        """The minimum share in force where answers themselves are the groups."""
        return SMALLEST_SHARE if self.min_share is None else self.min_share


DEFAULTS = SingleSettings()


def one_question(answers: Answers, settings: SingleSettings = DEFAULTS) -> OneQuestion:
    """Groups of people by their answers to one question; those without an answer get group 0.

    Raises ValueError for a type without a route.
    """
    if answers.kind not in ROUTES:
        raise ValueError(f"'{answers.name}' is a {answers.kind} question; groups come from {', '.join(ROUTES)}")
    given_at = _said if answers.kind == "text" else _given
    answered = [row for row, value in enumerate(answers.values) if given_at(value)]
    vectors = answers.vectors[answered] if answers.vectors is not None else None
    given = replace(answers, values=[answers.values[row] for row in answered], vectors=vectors)
    if not answered:
        return _empty(answers)
    with threadpool_limits(1):  # the same sums in the same order on every number of cores
        found = ROUTES[answers.kind](given, settings)
    labels, confidence = np.zeros(len(answers.values), dtype=np.int64), np.zeros(len(answers.values))
    labels[answered], confidence[answered] = found.labels, found.confidence
    return replace(found, labels=labels, confidence=confidence)


def _given(value: Any) -> bool:
    if isinstance(value, float) and not np.isfinite(value):
        return False
    return value is not None and not (isinstance(value, str | list | tuple | Mapping) and not value)


def _said(value: Any) -> bool:
    return not is_blank(as_text(value))


def _empty(answers: Answers) -> OneQuestion:
    nobody = np.zeros(len(answers.values))
    said = Evidence("none", "Nobody has answered this question yet.", n=0, n_total=0)
    return OneQuestion(answers.name, answers.kind, "nothing to group", nobody.astype(np.int64), nobody, (), said, 0)


def _groups(labels: Ints, names: Sequence[str]) -> tuple[AnswerGroup, ...]:
    sizes = np.bincount(labels, minlength=len(names) + 1)[1:]
    return tuple(
        AnswerGroup(number, name, int(size), size / len(labels), *wilson(int(size), len(labels)))
        for number, (name, size) in enumerate(zip(names, sizes, strict=True), start=1)
    )


def _result(
    answers: Answers, method: str, found: Found, names: Sequence[str], notes: Sequence[str] = ()
) -> OneQuestion:
    said = (*size_notes(len(found.labels)), *notes)
    groups = _groups(found.labels, names)
    return OneQuestion(
        answers.name,
        answers.kind,
        method,
        found.labels,
        found.confidence,
        groups,
        found.evidence,
        len(groups),
        (),
        said,
    )


def _options(answers: Answers, settings: SingleSettings) -> OneQuestion:
    """The options are the groups, largest first; the rare ones are one group together."""
    values = ["other" if isinstance(value, Mapping) else value for value in answers.values]
    counts = {option: values.count(option) for option in dict.fromkeys([*answers.options, *values])}
    rare = [option for option, count in counts.items() if count < settings.smallest_share * len(values)]
    common = sorted((option for option in counts if option not in rare), key=lambda option: -counts[option])
    bins = [[option] for option in common]
    if any(counts[option] for option in rare):
        bins.append([option for option in rare if counts[option]])
    return _binned(answers, values, bins, "the options are the groups")


def _levels(answers: Answers, settings: SingleSettings) -> OneQuestion:
    """The levels are the groups in their order; a rare one joins the smaller of its neighbours."""
    bins = [[level] for level in _scale(answers)]

    def count(one: list[Any]) -> int:
        return sum(value in one for value in answers.values)

    while len(bins) > 1:
        place = min(range(len(bins)), key=lambda at: count(bins[at]))
        if count(bins[place]) >= max(1, settings.smallest_share * len(answers.values)):
            break
        beside = min((at for at in (place - 1, place + 1) if 0 <= at < len(bins)), key=lambda at: count(bins[at]))
        first, second = sorted((place, beside))
        bins[first : second + 1] = [bins[first] + bins[second]]
    return _binned(answers, answers.values, bins, "the levels are the groups")


def _binned(answers: Answers, values: Sequence[Any], bins: Sequence[Sequence[Any]], method: str) -> OneQuestion:
    place = {option: number for number, inside in enumerate(bins, start=1) for option in inside}
    labels = np.array([place[value] for value in values], dtype=np.int64)
    n = len(labels)
    if n < TOO_FEW:
        evidence = too_few(n)
    elif len(bins) == 1:
        evidence = Evidence("none", "Everybody gave the same answer: there is one group.", n=n, n_total=n)
    else:
        sentence = "The groups are the answers themselves: where each person belongs is certain, the borders are ours."
        evidence = Evidence("constructive", sentence, n=n, n_total=n)
    names = [listed([_word(option) for option in inside]) for inside in bins]
    return _result(answers, method, Found(labels, np.ones(n), evidence), names)


def _word(option: Any) -> str:
    return {True: "yes", False: "no"}[option] if isinstance(option, bool) else str(option)


def _scale(answers: Answers) -> list[Any]:
    """The levels of a scale, lowest first."""
    if answers.options:
        return list(answers.options)
    values = sorted(set(answers.values))
    whole = all(float(value).is_integer() for value in values)
    return list(range(int(values[0]), int(values[-1]) + 1)) if whole else values


def _rating(answers: Answers, settings: SingleSettings) -> OneQuestion:
    scale = _scale(answers)
    if len(scale) <= FEW_LEVELS:
        return _levels(answers, settings)
    if len(scale) > 21:
        return _number(answers, settings)
    unknown = next((value for value in answers.values if value not in scale), None)
    if unknown is not None:
        raise ValueError(f"'{answers.name}' holds {unknown!r}, which is not on its scale")
    codes = np.array([scale.index(value) for value in answers.values], dtype=np.int64)
    found = mark_groups(codes, len(scale), settings)
    names = ranges([codes[found.labels == group].tolist() for group in np.unique(found.labels)], scale)
    made = _result(answers, "mixture of marks on a scale, against one group", found, names)
    return replace(made, conventions=_bands(np.array(answers.values, dtype=float))) if _is_promoter(scale) else made


def _is_promoter(scale: Sequence[Any]) -> bool:
    return list(scale) == list(range(11))


def _bands(values: NDArray[np.float64]) -> tuple[AnswerGroup, ...]:
    """Detractors, passives and promoters (Reichheld 2003): a convention, whatever the answers look like."""
    return _groups(np.digitize(values, (6.5, 8.5)).astype(np.int64) + 1, ("0–6", "7–8", "9–10"))


def _number(answers: Answers, settings: SingleSettings) -> OneQuestion:
    values = np.array([float(value) for value in answers.values])
    found, notes = number_groups(values, settings)
    names = ranges([values[found.labels == group].tolist() for group in np.unique(found.labels)])
    return _result(answers, "mixture of normal distributions, against one mode", found, names, notes)


def _date(answers: Answers, settings: SingleSettings) -> OneQuestion:
    days = [date.fromisoformat(str(value)).toordinal() for value in answers.values]
    made = _number(replace(answers, values=days), settings)
    inside = [
        [day for day, label in zip(days, made.labels, strict=True) if label == group.segment] for group in made.groups
    ]
    names = [listed(list(dict.fromkeys(date.fromordinal(end).isoformat() for end in (min(d), max(d))))) for d in inside]
    named = (replace(group, name=name) for group, name in zip(made.groups, names, strict=True))
    return replace(made, groups=tuple(named))


def _several(answers: Answers, settings: SingleSettings) -> OneQuestion:
    """Latent classes on the picks, when people of one taste who pick as many would not pick so."""
    block = encode(answers)
    picks = block.matrix - block.matrix.min(axis=0, initial=0.0) > 0.5
    shown = tastes(picks, settings.most, settings.seed)
    k = settings.k or max(shown.k if shown.p <= CLAIMED else 1, settings.least)
    share = 0.0 if settings.k and settings.min_share is None else settings.smallest_share
    for number in range(k, 0, -1):
        wanted = LatentSettings(number, number, pairs=settings.pairs, seed=settings.seed)
        classes = latent_classes(items_of([answers]), wanted)
        if number == 1 or np.bincount(classes.labels)[1:].min() >= share * len(picks):
            break
    found = Found(classes.labels, classes.confidence, _by_taste(classes.evidence, classes.k, shown.p))
    notes = (*classes.notes, *([fewer_note(k, classes.k)] if classes.k < k else []))
    method = "latent classes on the picks, against people of one taste"
    return _named_by_picks(answers, method, found, picks.astype(np.float64), block.columns, notes)


def _by_taste(evidence: Evidence, k: int, p: float) -> Evidence:
    """The evidence on k classes of picks, which claims none that people of one taste would show as well."""
    told = replace(evidence, separation_p=p)
    if k == 1 or p <= CLAIMED or evidence.n_total < TOO_FEW:
        return told
    verdict: Verdict = "none" if p > NO_SIGN else "constructive"
    return replace(told, verdict=verdict, sentence=verdict_sentence(verdict, k, 0.0, 0, False))


def _distances(answers: Answers, settings: SingleSettings) -> OneQuestion:
    """k-means on places, counts or shares against data with the same correlations, or one taste, and no groups."""
    block = with_one_taste(encode(answers), answers)
    free = (settings.least, settings.most) if len(answers.values) >= TOO_FEW else None
    wanted = PartitionSettings(
        k=settings.k or free, min_share=settings.min_share, pairs=settings.pairs, seed=settings.seed, null_pairs=2
    )
    found = partition_blocks([block], wanted)
    placed = Found(found.labels, found.confidence, found.evidence)
    p = found.evidence.separation_p
    if settings.k is None and p is not None and p >= SURE:
        placed = _one_group(found.evidence, len(answers.values))
    return _named_by_picks(
        answers, "k-means, against answers without groups", placed, block.matrix, block.columns, found.notes
    )


def _battery(answers: Answers, settings: SingleSettings) -> OneQuestion:
    found = _distances(answers, settings)
    notes, warnings = habits_in_one(answers, found.labels, settings.seed)
    return replace(found, notes=(*found.notes, *notes), warnings=tuple(warnings))


def _one_group(evidence: Evidence, people: int) -> Found:
    """Everybody together: the answers separate no better than answers without groups."""
    said = replace(evidence, verdict="none", sentence=verdict_sentence("none", 1, 0.0, 0, False), segment_stability=())
    return Found(np.ones(people, dtype=np.int64), np.ones(people), said)


def _open(answers: Answers, settings: SingleSettings) -> OneQuestion:
    made = open_groups(answers, settings)
    own = [note for note in made.notes if note not in size_notes(len(answers.values))]
    return _result(
        answers, "k-means on what the answers mean, against answers without groups", made.found, made.names, own
    )


def _named_by_picks(
    answers: Answers,
    method: str,
    found: Found,
    matrix: NDArray[np.float64],
    columns: Sequence[str],
    notes: Sequence[str],
) -> OneQuestion:
    kept, labels = np.unique(found.labels, return_inverse=True)
    tidy = replace(found, labels=labels.astype(np.int64) + 1)
    names = marked(matrix, tidy.labels, columns, len(kept))
    own = [note for note in notes if note not in size_notes(len(labels))]
    return _result(answers, method, tidy, names, own)


ROUTES: dict[str, Callable[[Answers, SingleSettings], OneQuestion]] = {
    "nominal": _options,
    "binary": _options,
    "ordinal": _rating,
    "number": _number,
    "date": _date,
    "multi": _several,
    "ranking": _distances,
    "bestworst": _distances,
    "shares": _distances,
    "battery": _battery,
    "text": _open,
}
