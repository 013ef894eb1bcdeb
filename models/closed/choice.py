"""Why these segments: one paragraph that a marketer understands."""

from collections.abc import Sequence

from models.closed.methods import Method
from models.evidence import separated
from models.results import Evidence
from models.solution import Alternative
from models.words import number_word

ALIKE = 0.8
"""Adjusted Rand index from which two ways to divide people count as nearly the same."""


def choice(
    method: Method,
    k: int,
    asked: tuple[bool, bool],
    evidence: Evidence,
    stability: float | None,
    alternatives: Sequence[Alternative],
    unclear: float | None,
) -> str:
    """Why this method, why this number, what the neighbours would look like.

    asked: whether the researcher set the method, and the number. stability: of these segments, by their own method,
    when known. unclear: share of pairs of people that methods disagree about, when known.
    """
    if k < 2:
        return evidence.sentence
    why = "This is the method that was asked for" if asked[0] else f"This method was chosen because {method.why}"
    sentences = [f"{_capital(number_word(k))} segments by {method.name}. {why}."]
    if asked[1]:
        sentences.append("The number is the one that was asked for.")
    elif evidence.by_k:
        sentences.append(_number(k, evidence, stability))
    sentences += [_neighbour(one, k) for one in alternatives if one.k != k]
    others = [one for one in alternatives if one.k == k]
    if others:
        nearest = max(others, key=lambda one: one.agreement)
        alike = nearest.agreement >= ALIKE
        words = "puts nearly everybody into the same segments" if alike else "divides people rather differently"
        sentences.append(f"Another method, {nearest.method}, {words} (agreement {nearest.agreement:.2f}).")
    if unclear is not None:
        sentences.append(f"The methods disagree about {unclear:.0%} of all pairs of people.")
    return " ".join(sentences)


def _number(k: int, evidence: Evidence, stability: float | None) -> str:
    tried = evidence.by_k
    if evidence.of(k) is None:
        return "The number follows from merging segments that were too small."
    numbers = f"Of {number_word(tried[0].k)} to {number_word(tried[-1].k)} segments, {number_word(k)} fit best"
    told = ""
    if stability is not None:
        told = f" (agreement when the answers are drawn anew {stability:.2f}, where 1 is the same every time)"
    if separated(evidence):
        return f"{numbers}: they stand out from answers without groups{told}."
    return f"{numbers}, but answers without groups could be cut this well too{told}."


def _neighbour(other: Alternative, k: int) -> str:
    how = "One fewer" if other.k < k else "One more"
    change = "changes little" if other.agreement >= ALIKE else "divides people differently"
    return f"{how}, {number_word(other.k)}, {change} (agreement {other.agreement:.2f}; {other.verdict})."


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]
