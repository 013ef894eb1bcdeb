"""Replies of every sort as plain data that hypothesis draws and shrinks: whole walks through any survey."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Any, TypeVar

from hypothesis import strategies as st

from survey.conversation import Agree, Answer, Back, Edit, Keep, Reply, Skip, Speak, State, Waiting, current
from survey.definition import Survey

T = TypeVar("T")

MOST_REPLIES = 40
QUOTAS = 3
LIMIT = 256**9
STRIDE = 0x9E3779B97F4A7C15F3
SAID = (
    "It is cheap",
    "So that my family can rest",
    "don't know",
    "Freedom, that is what counts",
    "ok",
    "för att det är tryggt och jag slipper oroa mig",
    "koska se on halpa",
    "🙂",
)
SHAPED: tuple[Any, ...] = (
    -1,
    3.5,
    10**30,
    " ",
    "x" * 21_000,
    "\ud800",
    "\u202e<b>{name}</b>",
    [[]],
    {"other": ""},
    {"row": "x", "value": "y"},
    {"rows": {}},
    {"best": "a", "worst": "a"},
    {"best": None, "worst": None, "set": [1]},
    ["a", "a"],
    object(),
    b"bytes",
    float("nan"),
)
NONSENSE = st.sampled_from(SHAPED) | st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["row", "value", "rows", "best", "worst", "set", "other"]), inner, max_size=3)
    ),
    max_leaves=4,
)


class Picks:
    """Choices read off a number, one after the other; zero always picks the first."""

    def __init__(self, number: int) -> None:
        self._left = number

    def below(self, limit: int) -> int:
        self._left, picked = divmod(self._left, limit)
        return picked

    def one(self, things: Sequence[T]) -> T:
        return things[self.below(len(things))]

    def order(self, things: Sequence[T]) -> list[T]:
        left = list(things)
        return [left.pop(self.below(len(left))) for _ in things]


@dataclass(frozen=True)
class Move:
    """What somebody, or something, does next: ``what`` names it, ``number`` decides the rest, ``value`` is nonsense.

    ``full`` is the quota that is full at this moment, by its place in the survey; -1 for none.
    """

    what: str
    number: int
    value: Any
    full: int

    def reply(self, survey: Survey, state: State) -> Reply:
        """Return the move as a reply to what waits in ``state``."""
        return MOVES[self.what](survey, current(survey, state), self)


@dataclass(frozen=True)
class Walk:
    """A conversation: any moves, then sensible answers read off ``ending`` until nothing waits."""

    seed: int
    moves: tuple[Move, ...]
    ending: tuple[int, ...]

    def endless(self) -> Iterator[int]:
        """Yield ``ending`` again and again, each round with other numbers, so that no refused answer comes forever."""
        for tried, number in enumerate(cycle(self.ending)):
            yield (number + tried * STRIDE) % LIMIT


def sensible(waiting: Waiting, number: int) -> Any:
    """Return a reply that usually fits what waits; the next number gives another one."""
    picks = Picks(number)
    return picks.one(SAID) if waiting.turn else SENSIBLE[waiting.question.kind](waiting, picks)


def _here(survey: Survey, waiting: Waiting | None, picks: Picks) -> tuple[str, int]:
    return (waiting.question.name, waiting.turn) if waiting else (picks.one(survey.questions).name, 0)


def _sense(survey: Survey, waiting: Waiting | None, move: Move) -> Reply:
    name, turn = _here(survey, waiting, Picks(move.number))
    return Answer(name, sensible(waiting, move.number) if waiting else "x", turn)


def _nonsense(survey: Survey, waiting: Waiting | None, move: Move) -> Reply:
    picks = Picks(move.number)
    name, turn = _here(survey, waiting, picks)
    return Answer(name, move.value, picks.one((turn, 0, 1, 9, -1)))


def _elsewhere(survey: Survey, waiting: Waiting | None, move: Move) -> Reply:
    picks = Picks(move.number)
    return Answer(picks.one(survey.questions).name, picks.one((move.value, *SAID, "a", 1)), picks.one((0, 0, 1)))


def _skip(survey: Survey, waiting: Waiting | None, move: Move) -> Reply:
    picks = Picks(move.number)
    name, turn = _here(survey, waiting, picks)
    return Skip(picks.one((name, picks.one(survey.questions).name)), turn)


def _edit(survey: Survey, waiting: Waiting | None, move: Move) -> Reply:
    picks = Picks(move.number)
    name, _turn = _here(survey, waiting, picks)
    return Edit(picks.one((name, picks.one(survey.questions).name, "no such question")))


def _speak(survey: Survey, waiting: Waiting | None, move: Move) -> Reply:
    return Speak(Picks(move.number).one(("en", "sv", "nb", "da", "fi", "xx", "")))


MOVES: dict[str, Callable[[Survey, Waiting | None, Move], Reply]] = {
    "sense": _sense,
    "nonsense": _nonsense,
    "elsewhere": _elsewhere,
    "skip": _skip,
    "back": lambda survey, waiting, move: Back(),
    "edit": _edit,
    "keep": lambda survey, waiting, move: Keep(),
    "speak": _speak,
    "agree": lambda survey, waiting, move: Agree(),
}
WEIGHTS = {
    "sense": 12,
    "nonsense": 3,
    "elsewhere": 2,
    "skip": 3,
    "back": 2,
    "edit": 2,
    "keep": 1,
    "speak": 1,
    "agree": 1,
}
NUMBERS = st.binary(min_size=9, max_size=9).map(lambda drawn: int.from_bytes(drawn, "little"))  # below LIMIT
MOVE = st.builds(
    Move,
    st.sampled_from([what for what, weight in WEIGHTS.items() for _ in range(weight)]),
    NUMBERS,
    NONSENSE,
    st.sampled_from([*[-1] * 17, *range(QUOTAS)]),
)
WALKS = st.builds(
    Walk,
    st.integers(0, 10_000),
    (st.lists(MOVE, max_size=MOST_REPLIES) | st.lists(MOVE, min_size=15, max_size=MOST_REPLIES)).map(tuple),
    st.lists(NUMBERS, min_size=1, max_size=20).map(tuple),
)


def _choice(waiting: Waiting, picks: Picks) -> Any:
    picked = picks.one(waiting.shown.options)
    return {"other": "my own"} if picked == "other" else picked


def _several(waiting: Waiting, picks: Picks) -> Any:
    most = getattr(waiting.question, "maxSelectedChoices", 0) or len(waiting.shown.options)
    least = min(max(1, getattr(waiting.question, "minSelectedChoices", 0)), most)
    picked = picks.order(waiting.shown.options)[: least + picks.below(most - least + 1)]
    return [{"other": "my own"} if one == "other" else one for one in picked]


def _ranked(waiting: Waiting, picks: Picks) -> Any:
    options = picks.order(waiting.shown.options)
    most = getattr(waiting.question, "maxSelectedChoices", 0) or len(options)
    return options[:most] if getattr(waiting.question, "selectToRankEnabled", False) else options


def _row(waiting: Waiting, picks: Picks) -> Any:
    scale: Any = waiting.question
    return {"row": waiting.item, "value": picks.one(scale.scale)}


def _set(waiting: Waiting, picks: Picks) -> Any:
    best, worst, *_rest = picks.order(waiting.set)
    told = {"set": list(waiting.set)} if picks.below(2) else {}
    return {"best": best, "worst": worst, **told}


def _shares(waiting: Waiting, picks: Picks) -> Any:
    total: int = getattr(waiting.question, "total", 100)
    options = list(waiting.shown.options)
    cuts = sorted(picks.below(total + 1) for _ in options[1:])
    shares = [high - low for low, high in zip([0, *cuts], [*cuts, total], strict=True)]
    return dict(zip(options, shares, strict=True))


def _number(waiting: Waiting, picks: Picks) -> Any:
    asked: Any = waiting.question
    low = 0 if asked.min is None else asked.min
    high = low + 100 if asked.max is None else asked.max
    step = getattr(asked, "step", None) or 1
    number = low + step * picks.below(int((high - low) / step) + 1)
    return picks.one((number, str(number)))


def _day(waiting: Waiting, picks: Picks) -> Any:
    asked: Any = waiting.question
    return (asked.min or asked.max).isoformat() if asked.min or asked.max else f"20{10 + picks.below(17)}-02-28"


SENSIBLE: dict[str, Callable[[Waiting, Picks], Any]] = {
    "comment": lambda waiting, picks: picks.one(SAID),
    "text": lambda waiting, picks: picks.one((*SAID, "11122", "0700", "0700 123 456")),
    "email": lambda waiting, picks: "someone@example.org",
    "number": _number,
    "slider": _number,
    "date": _day,
    "radiogroup": _choice,
    "dropdown": _choice,
    "boolean": lambda waiting, picks: not picks.below(2),
    "rating": lambda waiting, picks: picks.one(getattr(waiting.question, "steps", (1,))),
    "checkbox": _several,
    "ranking": _ranked,
    "matrix": _row,
    "bestworst": _set,
    "allocation": _shares,
}
