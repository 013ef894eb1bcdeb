"""The interviewer's decision after an open answer: ask on, or leave it.

An attribute is asked why it matters, a consequence once more, a value or "don't know" ends it (laddering: Reynolds and
Gutman, 1988). What is too short or vague gets one friendly request for more words in a chain.
"""

from random import Random
from typing import Protocol

from survey.conversation.probes.cues import Scores, cue_scores, read_cues
from survey.conversation.probes.meaning import Meaning
from survey.conversation.probes.wording import plain, wording
from survey.conversation.state import Follow, Level
from survey.definition import Question

LEVELS: tuple[Level, Level, Level] = ("attribute", "consequence", "value")
NOTHING_TO_BUILD_ON = frozenset({"vague", "too_short"})
MEANING = 1.5


class Prober(Protocol):
    """Decides what follows an answer to an open question, and never raises on any text."""

    def follow(
        self, question: Question, chain: tuple[str, ...], asked: tuple[str, ...], language: str, seed: int
    ) -> Follow:
        """Return what follows the last answer.

        chain: the answers to this question so far, the first one first. asked: keys of the probes asked so far, the
        newest last. seed: the respondent's; the same arguments bring the same Follow.
        """
        ...


class RuleProber:
    """The interviewer that needs nothing but its word lists; with `meaning`, it also compares with exemplars.

    Follow.reason: attribute, consequence or value (what the answer names); too_short, vague, dunno, refusal; repeated
    (it says what an earlier answer said), still_vague (after the one request for more), turns_used; enough (nothing to
    clarify in a question that only clarifies), not_wanted (a question without probes).
    Follow.by: "cues", or "embedder" when the exemplars were compared in time.
    """

    def __init__(self, meaning: Meaning | None = None) -> None:
        self.meaning = meaning

    def follow(
        self, question: Question, chain: tuple[str, ...], asked: tuple[str, ...], language: str, seed: int
    ) -> Follow:
        """Return what follows the last answer; see Prober."""
        laddering, turns = question.samtal.laddering is not None, turns_of(question)
        if not chain or not turns:
            return Follow(None, "not_wanted", None, "cues")
        *earlier, said = chain
        look = read_cues(said, language).look
        vague_before = sum(read_cues(text, language).look in NOTHING_TO_BUILD_ON for text in earlier)
        if look != "answer":
            more = look in NOTHING_TO_BUILD_ON
            probe = "clarify" if more and not vague_before and len(earlier) < turns else None
            reason: str = "still_vague" if more and vague_before else "turns_used" if more and not probe else look
            return Follow("unsure", reason, _pick(probe, asked, question, language, seed), "cues")
        if not laddering:
            return Follow(None, "enough", None, "cues")
        level, by = self._level(said, len(earlier) - vague_before, language)
        reason = _reason(level, said, earlier, turns)
        return Follow(level, reason, _pick(level if reason == level else None, asked, question, language, seed), by)

    def _level(self, said: str, place: int, language: str) -> tuple[Level, str]:
        """Return the likeliest level of an answer and what told it."""
        by_cues = cue_scores(read_cues(said, language), place)
        by_meaning = self.meaning.scores(said) if self.meaning else None
        if by_meaning is None:
            return _highest(by_cues), "cues"
        both = [cue + MEANING * near for cue, near in zip(by_cues, by_meaning, strict=True)]
        return _highest((both[0], both[1], both[2])), "embedder"


def turns_of(question: Question) -> int:
    """Return how many probes at most may follow the answer to a question."""
    notes = question.samtal
    return notes.laddering.turns if notes.laddering else 1 if notes.clarify else 0


def pick(kind: str, asked: tuple[str, ...], question: str, language: str, seed: int) -> str:
    """Return the key of a probe of this kind that was not asked yet; when all were, any but the last one."""
    keys = [f"{kind}.{number}" for number in range(1, len(wording(language).probes[kind]) + 1)]
    fresh = [key for key in keys if key not in asked] or [key for key in keys if key not in asked[-1:]] or keys
    return Random(f"{seed}:{question}:{len(asked)}").choice(fresh)  # noqa: S311


def _pick(kind: str | None, asked: tuple[str, ...], question: Question, language: str, seed: int) -> str | None:
    return None if kind is None or kind == "value" else pick(kind, asked, question.name, language, seed)


def _reason(level: Level, said: str, earlier: list[str], turns: int) -> str:
    """Return the level when it alone decides, else what ends the chain before."""
    if level != "value" and plain(said) in map(plain, earlier):
        return "repeated"
    return "turns_used" if level != "value" and len(earlier) >= turns else level


def _highest(scores: Scores) -> Level:
    return LEVELS[scores.index(max(scores))]
