"""What a conversation is at one moment, what can be said to it, and what it says."""

from dataclasses import dataclass
from typing import Literal

from survey.definition.questions import Value

Stage = Literal["consent", "asking", "done", "declined"]


@dataclass(frozen=True)
class Answered:
    """One answer so far; a value of None means the question was skipped. Turn 0 is the question itself."""

    question: str
    value: Value | None
    turn: int = 0


@dataclass(frozen=True)
class State:
    """Where a conversation is. The current question is the first one without an answer."""

    stage: Stage
    language: str
    answers: tuple[Answered, ...] = ()

    def answer(self, question: str) -> Answered | None:
        """Return the answer to a question, or None."""
        return next((given for given in self.answers if given.question == question and given.turn == 0), None)


@dataclass(frozen=True)
class Agree:
    """The respondent agrees to the consent text."""


@dataclass(frozen=True)
class Decline:
    """The respondent does not agree."""


@dataclass(frozen=True)
class Answer:
    """A reply to the question of that name, as it came from the page; nothing about `value` is trusted."""

    question: str
    value: object


@dataclass(frozen=True)
class Skip:
    """The respondent passes over the question of that name."""

    question: str


@dataclass(frozen=True)
class Speak:
    """The respondent wants to go on in another language."""

    language: str


Reply = Agree | Decline | Answer | Skip | Speak


@dataclass(frozen=True)
class Message:
    """One bubble of the chat: plain text, never markup.

    kind: consent, question, answer, skipped, note (a gentle remark on a reply that was not taken) or end.
    question: name of the question that a question, answer or note belongs to.
    """

    kind: Literal["consent", "question", "answer", "skipped", "note", "end"]
    text: str
    question: str | None = None

    @property
    def mine(self) -> bool:
        """Whether the respondent said it."""
        return self.kind in ("answer", "skipped")
