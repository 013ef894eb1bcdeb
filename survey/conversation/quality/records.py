"""What is looked at, and what is found."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from survey.definition import Survey, Value

FULL_SCORE, DOUBTFUL = 100, 50


@dataclass(frozen=True)
class Moment:
    """Something was stored for a question (also a row of a battery, or a change) at a time."""

    question: str
    turn: int
    at: datetime


@dataclass(frozen=True)
class Respondent:
    """One response: its answers that count, by question and turn (None = skipped), and when each step was stored.

    trap: what was written in the field that people cannot see. survey: the version that was asked, None = the study's.
    """

    id: str
    language: str
    started: datetime
    answers: Mapping[tuple[str, int], Value | None]
    moments: tuple[Moment, ...] = ()
    trap: str = ""
    survey: Survey | None = None

    def texts(self, survey: Survey) -> Iterator[tuple[str, int, str]]:
        """Return question, turn and words of everything the respondent wrote freely."""
        for (name, turn), value in self.answers.items():
            question = survey.question(name)
            if question is not None and question.kind in ("comment", "text") and isinstance(value, str):
                yield name, turn, value


@dataclass(frozen=True)
class Flag:
    """One reason to look twice.

    key: what was noticed, the same in every language. points: what it takes off the score. question: where, when it
    concerns one question. values: the figures of its sentence.
    """

    key: str
    points: int
    question: str | None = None
    values: Mapping[str, int | float | str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def sentence(self) -> str:
        """The reason in English, for researchers."""
        return SENTENCES[self.key].format(question=self.question, **self.values)


@dataclass(frozen=True)
class Quality:
    """What was noticed about one response. score: 100 less the points of all flags, at least 0."""

    response: str
    score: int
    flags: tuple[Flag, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """The different keys of the flags, in the order they were noticed."""
        return tuple(dict.fromkeys(flag.key for flag in self.flags))

    @property
    def reasons(self) -> tuple[str, ...]:
        """Every flag as a sentence with what it takes off."""
        return tuple(f"{flag.sentence} (−{flag.points})" for flag in self.flags)


@dataclass(frozen=True)
class Study:
    """The newest survey and everybody who answered it, or a version before it."""

    survey: Survey
    respondents: tuple[Respondent, ...]

    def asked(self, respondent: Respondent) -> Survey:
        """Return the survey as this respondent was asked it."""
        return respondent.survey or self.survey


SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        "attention": "The attention check '{question}' was answered wrongly.",
        "honeypot": "'{question}', which people are asked to leave empty, was answered.",
        "trap": "A field that people cannot see was filled in, with {characters} characters, as programs do.",
        "speeder": "{fast} of {timed} questions were answered in less than a third of the usual time.",
        "unread": "'{question}' was answered in {seconds} seconds, too fast to have read its {characters} characters.",
        "typed_fast": "{characters} characters were written to '{question}' in {seconds} seconds: pasted or generated.",
        "straightlining": "All {items} items of '{question}' got the same answer.",
        "straightlining_scales": "{items} scales in a row got the same answer, from '{question}' on.",
        "zigzag": "The {items} items of '{question}' were answered in a regular pattern.",
        "gibberish": "The answer to '{question}' does not look like words.",
        "copied": "The answer to '{question}' came word for word from {others} more.",
        "nearly_copied": "The answer to '{question}' came in nearly the same words from {others} more.",
        "repeats_itself": "The same text was given to {questions} questions, among them '{question}'.",
        "mostly_skipped": "{skipped} of {asked} questions were skipped.",
    }
)
