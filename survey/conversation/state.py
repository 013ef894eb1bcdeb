"""What a conversation is at one moment, what can be said to it, and what it says."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from survey.definition.base import Question
from survey.definition.shown import Value

if TYPE_CHECKING:
    from survey.conversation.probes import Prober
    from survey.definition.shown import Shown

Stage = Literal["consent", "asking", "done", "declined", "screened", "full"]
Level = Literal["attribute", "consequence", "value", "unsure"]
ENDED: frozenset[Stage] = frozenset({"done", "screened", "full"})


@dataclass(frozen=True)
class Follow:
    """What the interviewer decided after an answer to an open question; kept with it, so that replay never re-decides.

    level: how deep the answer goes. reason: why this was decided. probe: key of the wording asked next, None = no
    further probe. by: who decided. text: only for a plugged-in language model, the words it asked.
    """

    level: Level | None
    reason: str
    probe: str | None
    by: str = "rules"
    text: str | None = None


@dataclass(frozen=True)
class Answered:
    """One answer so far; a value of None means it was skipped. Turn 0 is the question itself, later ones are probes."""

    question: str
    value: Value | None
    turn: int = 0
    follow: Follow | None = None


@dataclass(frozen=True)
class State:
    """Where a conversation is.

    answers: everything given and not taken back, also to questions that the path no longer leads to; the turns of one
    question stand together. seed: decides what is shuffled for this respondent. descriptors: what an invitation told.
    editing: the question that is answered anew, at its part number `part` (a row, a set; else 0).
    ending: name of the screen-out or of the full quota cell that ended it. today: the day that dates and ages count
    from, the one on which the conversation began; None = this day. memo: what `flow.walk` made of it.
    """

    stage: Stage
    language: str
    answers: tuple[Answered, ...] = ()
    seed: int = 0
    descriptors: tuple[tuple[str, Value], ...] = ()
    editing: str | None = None
    ending: str | None = None
    part: int = 0
    today: date | None = None
    memo: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def at(self, stage: Stage, editing: str | None = None, part: int = 0, ending: str | None = None) -> "State":
        """Return the same answers at another point of the conversation."""
        moved = replace(self, stage=stage, editing=editing, part=part, ending=ending)
        moved.memo.update(self.memo)
        return moved

    def answer(self, question: str, turn: int = 0) -> Answered | None:
        """Return the answer to a question at a turn, or None."""
        return next((given for given in self.answers if given.question == question and given.turn == turn), None)

    def chain(self, question: str) -> tuple[Answered, ...]:
        """Return the answers to a question and to its probes, in order."""
        return tuple(given for given in self.answers if given.question == question)


@dataclass(frozen=True)
class World:
    """What the conversation must know of the world besides its own answers.

    prober: decides what follows an open answer; without one nothing is asked after. full: names of full quota cells.
    """

    prober: "Prober | None" = None
    full: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Waiting:
    """What is to be answered now.

    turn: 0 for the question itself, else the number of the probe. shown: the options in this respondent's order.
    so_far: what is answered of it already; in an edit the answer as it stands. text: the title with answers piped in,
    or the words of the probe. item: the row of a battery, set: the best-worst set that waits. part, parts: which part
    of how many this is. default: what to offer as an answer. editing: whether an earlier answer is given anew.
    description: what the survey adds to the title, with answers piped in.
    """

    question: Question
    turn: int
    shown: "Shown"
    so_far: Value | None
    text: str
    required: bool
    item: Value | None = None
    set: tuple[Value, ...] = ()
    part: int = 0
    parts: int = 1
    default: Value | None = None
    editing: bool = False
    description: str = ""


@dataclass(frozen=True)
class Progress:
    """How far a conversation is: questions answered, at least and at most left, and a fraction in [0, 1].

    The fraction never goes back on a forward step, whatever the branching, and is 1 exactly at the end.
    """

    done: int
    left_least: int
    left_most: int
    fraction: float


@dataclass(frozen=True)
class Agree:
    """The respondent agrees to the consent text. trap: what stands in the field that people cannot see."""

    trap: str = ""


@dataclass(frozen=True)
class Decline:
    """The respondent does not agree."""


@dataclass(frozen=True)
class Answer:
    """A reply to the question of that name (or to its probe `turn`), as it came; nothing about `value` is trusted."""

    question: str
    value: object
    turn: int = 0


@dataclass(frozen=True)
class Skip:
    """The respondent passes over the question of that name, or over its probe `turn`."""

    question: str
    turn: int = 0


@dataclass(frozen=True)
class Speak:
    """The respondent wants to go on in another language."""

    language: str


@dataclass(frozen=True)
class Back:
    """The respondent wants to answer what came just before anew."""


@dataclass(frozen=True)
class Edit:
    """The respondent wants to answer the question of that name anew."""

    question: str


@dataclass(frozen=True)
class Keep:
    """The respondent leaves the answer that is being edited as it was."""


Reply = Agree | Decline | Answer | Skip | Speak | Back | Edit | Keep
Kind = Literal["consent", "question", "item", "probe", "info", "answer", "skipped", "note", "end"]


@dataclass(frozen=True)
class Message:
    """One bubble of the chat: plain text, never markup.

    kind: consent, question, item (the row of a battery that is asked next), probe, info (something shown, not asked),
    answer, skipped, note (a gentle remark on a reply that was not taken) or end. question, turn: what a message belongs
    to.
    """

    kind: Kind
    text: str
    question: str | None = None
    turn: int = 0

    @property
    def mine(self) -> bool:
        """Whether the respondent said it."""
        return self.kind in ("answer", "skipped")


def follow_from(stored: Mapping[str, object] | None) -> Follow | None:
    """Return the decision that was stored as a mapping, or None."""
    return Follow(**stored) if stored else None  # type: ignore[arg-type]
