"""Numbers and verdicts in the words that studio and reports share."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from models import words
from models.closed.names import METHOD_NAMES
from models.results import Evidence, Verdict

VERDICT_WORDS: dict[Verdict, tuple[str, str]] = {
    "natural": ("Natural groups", "Clearly apart, and found again in resamples: the strongest finding there is."),
    "reproducible": ("Reproducible groups", "Further apart than by chance and found again, but they overlap."),
    "constructive": ("Groups of convenience", "A useful way to divide people, but other divisions would do as well."),
    "none": ("No groups", "These answers do not fall into groups."),
}
"""Verdict to its name and what it means."""


@dataclass(frozen=True)
class BasisWords:
    """A basis as people who are no statisticians call it.

    name: as a heading. about: what it is made of, in brackets behind the name. says: what a question of it says of
    people. example: a question that would form it.
    """

    name: str
    about: str
    says: str
    example: str

    @property
    def title(self) -> str:
        """What a report on it is headed."""
        return self.says.capitalize()


BASIS_WORDS: Mapping[str, BasisWords] = {
    "benefit": BasisWords(
        "What they want",
        "benefits",
        "what people want",
        "an open question such as “What matters most to you, and why?”",
    ),
    "psychographic": BasisWords(
        "What they value",
        "lifestyle, values",
        "what people value and how they live",
        "an open question that asks why something matters, or statements to agree with",
    ),
    "demographic": BasisWords("Who they are", "age, household, …", "who people are", "a question on age or household"),
    "place": BasisWords("Where they live", "region, kind of place", "where people live", "a question on the region"),
    "behaviour": BasisWords(
        "How they buy", "recency, frequency, money, channel", "how people buy", "a question on how often people buy"
    ),
    "firm": BasisWords("What firm they are", "industry, size, role", "what firm it is", "a question on the industry"),
}
"""Every basis in words, in the order in which they are shown."""

RUN_WORDS: Mapping[str, str] = {
    "segments": "A segmentation",
    "typing": "A search for golden questions",
    "tracking": "A comparison of segments",
}
"""Kind of a run to what it is called."""


TOO_FEW = ("Too few answers to tell", "Groups need more answers than these to be seen, or to be ruled out.")


def verdict_words(evidence: Evidence) -> tuple[str, str]:
    """Return the verdict's name and what it means; "none" of a handful of answers is that there were too few."""
    few = evidence.verdict == "none" and evidence.n_total < words.TOO_FEW
    return TOO_FEW if few else VERDICT_WORDS[evidence.verdict]


def asked_for(settings: Mapping[str, Any]) -> str:
    """Return how many segments a run was to find, by which method and how marks were compared where that was named.

    >>> asked_for({"k": None}), asked_for({"k": [3, 6]}), asked_for({"k": 4, "method": "classes"})
    ('number found automatically', '3–6 segments', '4 segments by latent classes of all answers')
    >>> asked_for({"k": 3, "centred": True})
    '3 segments, own means taken out'
    """
    k, method = settings.get("k"), METHOD_NAMES.get(settings.get("method", ""), "")
    number = "number found automatically" if k is None else f"{k if isinstance(k, int) else f'{k[0]}–{k[1]}'} segments"
    marks = {True: ", own means taken out", False: ", own means left in", None: ""}[settings.get("centred")]
    return f"{number}{f' by {method}' if method else ''}{marks}"


def percent(share: float) -> str:
    """Return a share as text.

    >>> percent(0.314), percent(0.004)
    ('31 %', '0.4 %')
    """
    return f"{share:.1%}".replace("%", " %") if 0 < share < 0.01 else f"{share:.0%}".replace("%", " %")


def interval(low: float, high: float) -> str:
    """Return a 95 % interval of a share as text.

    >>> interval(0.268, 0.361)
    '27–36 %'
    """
    return f"{low * 100:.0f}–{high * 100:.0f} %"


def count(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun.

    >>> count(1, "answer"), count(1200, "answer"), count(2, "reply", "replies")
    ('1 answer', '1,200 answers', '2 replies')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"
