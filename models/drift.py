"""Tracking: are last year's segments still right? Two waves of people compared, and one sentence of advice.

Segments keep their identity from wave to wave by matching (models/tracking/identity.py); ageing is measured by how far
sizes and answers have moved, by a kernel test of both samples, and by whether new people, typed into the old segments,
are divided as a new solution divides them.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from models.features import Answers, fit_encoder, inertia_scale
from models.golden.design import canonical_order
from models.golden.linear import logistic
from models.results import Ints
from models.stability import rand_index
from models.tracking.identity import Match, matched, renumbering
from models.tracking.limits import ACT, SURELY, WATCH
from models.tracking.shifts import Kernel, Shift, answer_shift, kernel_test, shift
from models.tracking.waves import Wave

__all__ = ["ADVICE", "Drift", "Level", "Wave", "compare"]

Level = Literal["keep", "watch", "act"]

LESS_WATCH, LESS_ACT = 0.1, 0.25
"""How far agreement after re-typing may lie below what resamples of the old solution reached."""

STABLE = 0.8
"""Agreement expected when the stability of the old solution is not known."""

SHARED = 50
"""People in both waves from which segments are matched on them; with fewer, on new people typed into old segments."""

FEW = 30
"""New people below which nothing but a first impression is given."""

MOST_TYPED = 2_000
"""People of the first wave from whom its segments are learnt, at most."""


@dataclass(frozen=True)
class Drift:
    """How far a population has moved away from its segments.

    level: keep, watch or act. advice: one sentence; reasons: what it rests on. sizes: the old segments' shares then,
    and among the new people typed into them. answers: by question, the most moved first. kernel: test of both samples.
    typed: int (m,), new people in the old segments. agreement: of `typed` with the new solution
    (adjusted Rand index), None without one; expected: what it would be without drift. matches, numbers: which new
    segment is which old one, and the number each gets from now on. shared: people in both waves.
    """

    level: Level
    advice: str
    reasons: tuple[str, ...]
    sizes: Shift
    answers: tuple[Shift, ...]
    kernel: Kernel
    typed: Ints
    agreement: float | None
    expected: float
    matches: tuple[Match, ...]
    numbers: dict[int, int]
    shared: int
    notes: tuple[str, ...] = ()

    def document(self) -> dict[str, Any]:
        """Return what was found as JSON-able values, without where each person was put."""
        kept = ("level", "advice", "reasons", "agreement", "expected", "shared", "notes")
        return {
            **{name: getattr(self, name) for name in kept},
            "sizes": {**_moved(self.sizes), "before": list(self.sizes.before), "after": list(self.sizes.after)},
            "answers": [_moved(one) for one in self.answers],
            "kernel": asdict(self.kernel),
            "matches": [asdict(match) for match in self.matches],
            "numbers": {str(later): number for later, number in self.numbers.items()},
        }


def _moved(one: Shift) -> dict[str, Any]:
    return {"name": one.name, "index": one.index, "level": "act" if one.act else "watch" if one.watch else "keep"}


def compare(before: Wave, after: Wave, seed: int = 0) -> Drift:
    """Compare two waves; the order of the people changes nothing.

    Raises ValueError when the first wave has no segments or the waves were not asked the same questions.
    """
    _refuse(before, after)
    with threadpool_limits(1):  # the same sums in the same order on every number of cores
        first, second = _sorted(before), _sorted(after)
        old, new = _numbers(first.questions, second.questions)
        typed, sizes = _typed(old.z, _labels(first), new, np.random.default_rng([seed, 0]))
        kernel = kernel_test(*_asked_alike(old, new, seed), np.random.default_rng([seed, 1]))
        answers = _answers(first.questions, second.questions)
        agreement, matches, shared = _matched(first, second, typed)
    expected = STABLE if before.stability is None else before.stability
    level, reasons = _judged(sizes, answers, kernel, agreement, expected, matches, second.labels is not None)
    notes = _notes(len(after), shared, second.labels is not None)
    back = np.empty(len(after), dtype=np.int64)
    back[canonical_order(after.questions, _labels(after))] = typed
    return Drift(
        level=level,
        advice=ADVICE[level].format(why=reasons[0] if reasons else ""),
        reasons=tuple(reasons),
        sizes=sizes,
        answers=answers,
        kernel=kernel,
        typed=back,
        agreement=agreement,
        expected=expected,
        matches=matches,
        numbers=renumbering(matches),
        shared=shared,
        notes=notes,
    )


ADVICE: dict[Level, str] = {
    "keep": "Keep the segments: nothing has moved by more than chance explains.",
    "watch": "Keep the segments and look again soon: {why}.",
    "act": "Segment again now: {why}.",
}


def _refuse(before: Wave, after: Wave) -> None:
    if before.labels is None or not (np.asarray(before.labels) > 0).any():
        raise ValueError("the first wave has no segments to keep; segment it before waves are compared")
    names = [[(question.name, question.kind) for question in wave.questions] for wave in (before, after)]
    if names[0] != names[1] or not names[0]:
        raise ValueError("both waves must have been asked the same questions, in the same order, and at least one")
    if not len(after):
        raise ValueError("the second wave has no people")


def _labels(wave: Wave) -> Ints:
    return np.zeros(len(wave), dtype=np.int64) if wave.labels is None else np.asarray(wave.labels, dtype=np.int64)


def _sorted(wave: Wave) -> Wave:
    """The wave with its people in an order that depends on the content only."""
    order = canonical_order(wave.questions, _labels(wave))
    questions = tuple(
        replace(
            question,
            values=[question.values[row] for row in order],
            vectors=None if question.vectors is None else question.vectors[order],
        )
        for question in wave.questions
    )
    people = tuple(wave.people[row] for row in order) if wave.people else ()
    return replace(
        wave, questions=questions, labels=None if wave.labels is None else _labels(wave)[order], people=people
    )


@dataclass(frozen=True)
class _Side:
    """One wave as numbers, (n, p), and what was answered, bool (n, p)."""

    z: NDArray[np.float64]
    given: NDArray[np.bool_]

    @property
    def there(self) -> NDArray[np.bool_]:
        """Who answered anything, (n,)."""
        return np.asarray(self.given.any(axis=1))


def _numbers(before: Sequence[Answers], after: Sequence[Answers]) -> tuple[_Side, _Side]:
    """Both waves as numbers, read by what the first wave taught, every question at unit inertia."""
    encodings = [fit_encoder(question) for question in before]
    blocks = [
        [one.apply(question.values, question.vectors) for one, question in zip(encodings, wave, strict=True)]
        for wave in (before, after)
    ]
    factors = [1 / scale if (scale := inertia_scale(block.matrix)) else 0.0 for block in blocks[0]]
    first, second = (
        _Side(
            np.hstack([block.matrix * factor for block, factor in zip(wave, factors, strict=True)]),
            np.hstack([np.repeat(block.answered[:, None], block.matrix.shape[1], axis=1) for block in wave]),
        )
        for wave in blocks
    )
    if not second.there.any():
        raise ValueError("nobody in the second wave has answered any of these questions")
    return first, second


def _asked_alike(old: _Side, new: _Side, seed: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The numbers of both waves, of those who answered anything, each with the gaps of people of the other as well.

    So that more skipping is no other way of answering.
    """
    rng = np.random.default_rng([seed, 2])
    sides = [_Side(side.z[side.there], side.given[side.there]) for side in (old, new)]
    first, second = (
        side.z * other.given[rng.integers(0, len(other.z), len(side.z))] for side, other in (sides, sides[::-1])
    )
    return first, second


def _typed(
    old: NDArray[np.float64],
    labels: Ints,
    new: _Side,
    rng: np.random.Generator,
) -> tuple[Ints, Shift]:
    """New people in the old segments, 0 without an answer, and how the segments' shares have moved.

    Shares of new people are sums of probabilities, so that people who could as well be elsewhere do not tip them.
    """
    placed = np.flatnonzero(labels > 0)
    segments, codes = np.unique(labels[placed], return_inverse=True)
    sizes = np.bincount(codes).astype(np.float64)
    if len(placed) > MOST_TYPED:
        drawn = rng.permutation(len(placed))[:MOST_TYPED]
        placed, codes = placed[drawn], codes[drawn]
    fit = logistic(old[placed], np.eye(len(segments))[codes]) if len(segments) > 1 else None
    p = fit.probabilities(new.z) if fit else np.ones((len(new.z), 1))
    moved = shift("sizes of the segments", sizes, p[new.there].sum(axis=0))
    return np.where(new.there, segments[p.argmax(axis=1)], 0).astype(np.int64), moved


def _answers(before: Sequence[Answers], after: Sequence[Answers]) -> tuple[Shift, ...]:
    found = [answer_shift(one, other, tests=len(before)) for one, other in zip(before, after, strict=True)]
    return tuple(sorted((one for one in found if one is not None), key=lambda one: -one.index))


def _matched(before: Wave, after: Wave, typed: Ints) -> tuple[float | None, tuple[Match, ...], int]:
    """Agreement of new people typed into old segments with the new ones; which is which; people in both waves."""
    old = _labels(before)
    place = {person: row for row, person in enumerate(before.people)}
    pairs = [(place[person], row) for row, person in enumerate(after.people) if person in place]
    if after.labels is None:
        return None, (), len(pairs)
    both = (typed > 0) & (after.labels > 0)
    agreed = rand_index(typed[both], after.labels[both], np.ones(int(both.sum()))) if both.any() else None
    if len(pairs) >= SHARED:
        rows = np.array(pairs)
        matches = matched(old[rows[:, 0]], after.labels[rows[:, 1]])
    else:
        matches = matched(typed, after.labels)
    known = {match.before for match in matches}
    gone = [Match(number, 0, 0.0) for number in np.unique(old).tolist() if number and number not in known]
    return agreed, (*sorted([*matches, *gone], key=lambda match: (match.before == 0, match.before)),), len(pairs)


def _judged(
    sizes: Shift,
    answers: Sequence[Shift],
    kernel: Kernel,
    agreement: float | None,
    expected: float,
    matches: Sequence[Match],
    again: bool,
) -> tuple[Level, list[str]]:
    """What to do, and why: the reasons to act first."""
    moved = kernel.p < SURELY
    less = 0.0 if agreement is None else expected - agreement
    act: list[str] = []
    watch: list[str] = []
    if sizes.watch:
        (act if sizes.act else watch).append(
            f"the sizes of the segments have moved (stability index {sizes.index:.2f}; "
            f"watch from {WATCH:.2f}, act from {ACT:.2f})"
        )
    far = [one for one in answers if one.watch]
    if far:
        names = ", ".join(f"'{one.name}' ({one.index:.2f})" for one in far[:3])
        more = f" and {len(far) - 3} more" if len(far) > 3 else ""
        called = any(one.act for one in far) and moved
        (act if called else watch).append(f"people answer {names}{more} otherwise than before")
    unfirm = "" if moved or far or sizes.watch else ", though people answer as before: the segments are not firm"
    if agreement is not None and less >= LESS_WATCH:
        said = f"a new solution divides the new people otherwise (agreement {agreement:.2f}, {expected:.2f} expected)"
        (act if less >= LESS_ACT and moved else watch).append(said + unfirm)
    lost = [match for match in matches if not match.after or not match.before]
    if lost and again:
        watch.append(_come_and_gone(lost) + unfirm)
    if moved and not far:
        watch.append(f"taken together, people do not answer as before (kernel test, p = {kernel.p:.3f})")
    return ("act" if act else "watch" if watch else "keep"), [*act, *watch]


def _come_and_gone(lost: Sequence[Match]) -> str:
    gone, fresh = (sum(not getattr(match, side) for match in lost) for side in ("after", "before"))
    told = [f"{gone} of the old segments {'is' if gone == 1 else 'are'} not found again"] if gone else []
    if fresh:
        told.append("one segment is new" if fresh == 1 else f"{fresh} segments are new")
    return " and ".join(told)


def _notes(people: int, shared: int, again: bool) -> tuple[str, ...]:
    notes = []
    if people < FEW:
        notes.append(f"There are only {people} new people: this is a first impression.")
    if again and shared < SHARED:
        known = f"only {shared} people are" if shared else "nobody is known to be"
        notes.append(f"Segments were matched on new people typed into the old ones, because {known} in both waves.")
    return tuple(notes)
