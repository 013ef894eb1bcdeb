"""What was done with the answers to a question that a reader should know, and how that is said of many questions."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

MOST_NAMED = 3


@dataclass(frozen=True)
class Remark:
    """One thing that was done with the answers to one question.

    kind: key of SAYINGS. people: how many it concerns; 0 where it concerns everybody.
    """

    kind: str
    question: str
    people: int = 0


@dataclass(frozen=True)
class Saying:
    """A remark as a sentence. one: of one question. many: of several; {most} is the one that concerns most people."""

    one: str
    many: str


SAYINGS: dict[str, Saying] = {
    "unanswered": Saying(
        "{people} gave no answer to {names}; the mean stands in.",
        "{number} questions got no answer from {people} each, {most} from most; the mean stands in.",
    ),
    "partly": Saying(
        "{people} left part of {names} out; the mean of the others stands in.",
        "{people} left part of each of {number} questions out, most of {most}; the mean of the others stands in.",
    ),
    "flat": Saying(
        "{people} gave every item of {names} the same mark.",
        "In each of {number} questions {people} gave every item the same mark, most in {most}.",
    ),
    "ipsatised": Saying(
        "Each person's own mean over the items of {names} was taken out.",
        "Each person's own mean over the items was taken out of {names}.",
    ),
    "logarithm": Saying(
        "{names} has a long tail and is compared by its logarithm.",
        "{names} have long tails and are compared by their logarithms.",
    ),
    "far": Saying(
        "Far values of {names}, from {people}, were held back, so that they do not decide alone.",
        "Far values of {number} questions, from {people} each and most of {most}, were held back, so that they do not "
        "decide alone.",
    ),
}


def sentences(remarks: Sequence[Remark]) -> tuple[str, ...]:
    """Return a sentence for each kind of remark, in the order of SAYINGS.

    >>> sentences([Remark("unanswered", "age", 1)])
    ("1 person gave no answer to 'age'; the mean stands in.",)
    >>> sentences([Remark("unanswered", "age", 3), Remark("unanswered", "home", 12)])
    ("2 questions got no answer from 3 to 12 people each, 'home' from most; the mean stands in.",)
    """
    order = list(SAYINGS)
    ranked = sorted(remarks, key=lambda remark: order.index(remark.kind))
    return tuple(_said(SAYINGS[kind], list(alike)) for kind, alike in groupby(ranked, key=lambda remark: remark.kind))


def _said(saying: Saying, alike: list[Remark]) -> str:
    counts = [remark.people for remark in alike]
    low, high = min(counts), max(counts)
    form = saying.one if len(alike) == 1 else saying.many
    return form.format(
        names=_listed([remark.question for remark in alike]),
        number=len(alike),
        people="1 person" if high == 1 else f"{high:,} people" if low == high else f"{low:,} to {high:,} people",
        most=f"'{alike[counts.index(high)].question}'",
    )


def _listed(names: Sequence[str]) -> str:
    """Return names for a sentence, the first few of many."""
    shown = [f"'{name}'" for name in names]
    if len(shown) > MOST_NAMED:
        return f"{', '.join(shown[: MOST_NAMED - 1])} and {len(shown) - MOST_NAMED + 1} more"
    return " and ".join([*([", ".join(shown[:-1])] if shown[:-1] else []), *shown[-1:]])
