"""What an answer looks like by simple cues: which words it holds, and where in the conversation it stands."""

from dataclasses import dataclass
from typing import Literal

from survey.conversation.probes.wording import LEVELS, plain, wording

Look = Literal["dunno", "refusal", "too_short", "vague", "answer"]
Scores = tuple[float, float, float]

MOST_HITS = 3
WEIGHT: Scores = (0.9, 1.3, 1.5)
BY_PLACE: tuple[Scores, ...] = ((1.6, 0.4, -0.9), (-0.4, 0.6, 0.4), (-1.5, 0.5, 0.9))
LEFT_OVER = 1


@dataclass(frozen=True)
class Cues:
    """look: whether there is an answer to build on. hits: cue words of attribute, consequence and value in it."""

    look: Look
    hits: tuple[int, int, int]


def read_cues(text: str, language: str) -> Cues:
    """Return what the cue lists of a language say of an answer.

    >>> read_cues("no idea, really", "en").look, read_cues("cheap", "en").hits
    ('dunno', (1, 0, 0))
    """
    cues = wording(language).cues
    said = plain(text)
    hits = tuple(len(set(cues[level].findall(said))) for level in LEVELS)
    found = (hits[0], hits[1], hits[2])
    for kind in ("refusal", "dunno"):
        rest, times = cues[kind].subn(" ", said)
        if (
            times
            and not any(cues[level].search(rest) for level in LEVELS)
            and len(_telling(rest, language)) <= LEFT_OVER
        ):
            return Cues("refusal" if kind == "refusal" else "dunno", found)
    telling = _telling(said, language)
    if not any(found):
        if not telling:
            return Cues("vague", found)
        if len(said.split()) == 1:
            return Cues("too_short", found)
    return Cues("answer", found)


def cue_scores(cues: Cues, place: int) -> Scores:
    """Return how much the cues speak for attribute, consequence and value.

    place: how many answers with something in them came before, for people climb (Reynolds and Gutman, 1988).
    """
    start = BY_PLACE[min(place, len(BY_PLACE) - 1)]
    a, c, v = (at + weight * min(hits, MOST_HITS) for at, weight, hits in zip(start, WEIGHT, cues.hits, strict=True))
    return a, c, v


def _telling(said: str, language: str) -> list[str]:
    """Return the words that say something."""
    return [word for word in wording(language).cues["empty"].sub(" ", said).split() if word.strip("'-/")]
