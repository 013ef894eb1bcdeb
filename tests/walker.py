"""A respondent made of chance, who answers any survey with sense and nonsense."""

import random
from collections.abc import Callable
from typing import Any

from survey.conversation import Agree, Answer, Back, Edit, Keep, Reply, Skip, Speak, State, Waiting, current
from survey.definition import Survey

NONSENSE: tuple[Any, ...] = (
    None,
    True,
    -1,
    3.5,
    10**30,
    "",
    " ",
    "x" * 21_000,
    "\ud800",
    "\u202e<b>{name}</b>",
    [],
    [[]],
    {},
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


def sensible(waiting: Waiting, chance: random.Random) -> Any:
    """Return a reply that usually fits what waits."""
    return chance.choice(SAID) if waiting.turn else SENSIBLE[waiting.question.kind](waiting, chance)


def any_reply(survey: Survey, state: State, chance: random.Random) -> Reply:
    """Return something that somebody, or something, may send at this moment."""
    waiting = current(survey, state)
    name = waiting.question.name if waiting else chance.choice(survey.questions).name
    turn = waiting.turn if waiting else 0
    anything = chance.choice(survey.questions).name
    said: dict[Callable[[], Reply], int] = {
        lambda: Answer(name, sensible(waiting, chance) if waiting else "x", turn): 12,
        lambda: Answer(name, chance.choice(NONSENSE), chance.choice((turn, 0, 1, 9, -1))): 3,
        lambda: Answer(anything, chance.choice((*NONSENSE, *SAID, "a", 1)), chance.choice((0, 0, 1))): 2,
        lambda: Skip(chance.choice((name, anything)), turn): 3,
        Back: 2,
        lambda: Edit(chance.choice((name, anything, "no such question"))): 2,
        Keep: 1,
        lambda: Speak(chance.choice(("en", "sv", "nb", "da", "fi", "xx", ""))): 1,
        Agree: 1,
    }
    return chance.choices(list(said), list(said.values()))[0]()


def _choice(waiting: Waiting, chance: random.Random) -> Any:
    picked = chance.choice(waiting.shown.options)
    return {"other": "my own"} if picked == "other" else picked


def _several(waiting: Waiting, chance: random.Random) -> Any:
    options = list(waiting.shown.options)
    chance.shuffle(options)
    most = getattr(waiting.question, "maxSelectedChoices", 0) or len(options)
    least = max(1, getattr(waiting.question, "minSelectedChoices", 0))
    picked = options[: chance.randint(min(least, most), most)]
    return [{"other": "my own"} if one == "other" else one for one in picked]


def _ranked(waiting: Waiting, chance: random.Random) -> Any:
    options = list(waiting.shown.options)
    chance.shuffle(options)
    most = getattr(waiting.question, "maxSelectedChoices", 0) or len(options)
    return options[:most] if getattr(waiting.question, "selectToRankEnabled", False) else options


def _row(waiting: Waiting, chance: random.Random) -> Any:
    scale: Any = waiting.question
    return {"row": waiting.item, "value": chance.choice(scale.scale)}


def _set(waiting: Waiting, chance: random.Random) -> Any:
    best, worst = chance.sample(list(waiting.set), 2)
    told = {"set": list(waiting.set)} if chance.random() < 0.5 else {}
    return {"best": best, "worst": worst, **told}


def _shares(waiting: Waiting, chance: random.Random) -> Any:
    total: int = getattr(waiting.question, "total", 100)
    options = list(waiting.shown.options)
    cuts = sorted(chance.randint(0, total) for _ in options[1:])
    shares = [high - low for low, high in zip([0, *cuts], [*cuts, total], strict=True)]
    return dict(zip(options, shares, strict=True))


def _number(waiting: Waiting, chance: random.Random) -> Any:
    asked: Any = waiting.question
    low = 0 if asked.min is None else asked.min
    high = low + 100 if asked.max is None else asked.max
    step = getattr(asked, "step", None) or 1
    number = low + step * chance.randint(0, int((high - low) / step))
    return chance.choice((number, str(number)))


def _day(waiting: Waiting, chance: random.Random) -> Any:
    asked: Any = waiting.question
    return (asked.min or asked.max).isoformat() if asked.min or asked.max else f"20{chance.randint(10, 26)}-02-28"


SENSIBLE: dict[str, Callable[[Waiting, random.Random], Any]] = {
    "comment": lambda waiting, chance: chance.choice(SAID),
    "text": lambda waiting, chance: chance.choice((*SAID, "11122", "0700", "0700 123 456")),
    "email": lambda waiting, chance: "someone@example.org",
    "number": _number,
    "slider": _number,
    "date": _day,
    "radiogroup": _choice,
    "dropdown": _choice,
    "boolean": lambda waiting, chance: chance.random() < 0.5,
    "rating": lambda waiting, chance: chance.choice(getattr(waiting.question, "steps", (1,))),
    "checkbox": _several,
    "ranking": _ranked,
    "matrix": _row,
    "bestworst": _set,
    "allocation": _shares,
}
