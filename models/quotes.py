"""Verbatim answers that speak for a group: near its centre, unlike each other, short enough to read."""

from collections import Counter
from collections.abc import Sequence
from math import log2

import numpy as np
from numpy.typing import NDArray

from models.cleaning import excerpt, has_private_parts
from models.results import Floats, Ints, Quote
from models.shares import take_turns
from models.tokens import clauses

LONGEST = 400
EASY = (25, 160)
OWN_MEAN = 20
NEAREST = 60
SPEAKS = 0.1
SAME_WORDS = 0.5


def choose_quotes(
    texts: Sequence[str],
    vectors: Floats,
    labels: Ints,
    confidence: Floats,
    languages: Sequence[str],
    rows: Sequence[int],
    most: int = 5,
) -> list[tuple[Quote, ...]]:
    """Return for each group 1..k up to `most` quotes, the one that speaks best for the group first.

    vectors: float (n, d), one row per answer; everything else is in the same order, `rows` are positions in the input.
    Closeness is the cosine to the group's mean after each language's own mean is removed (languages with at least 20
    answers). Languages with at least a tenth of the group take turns by their share. A text of more than 400
    characters is cut at a word and ends in "…"; otherwise quotes are the answers as they were written.
    """
    centred = _without_language(vectors, languages)
    spoken = np.array(languages)
    quotes = []
    for group in range(1, int(labels.max()) + 1):
        members = np.flatnonzero(labels == group)
        appeal = _appeal(centred, members, texts, confidence)
        share = Counter(spoken[members].tolist())
        speaking = {language: count for language, count in share.items() if count >= SPEAKS * len(members)}
        queues = {
            language: _varied(members[spoken[members] == language], appeal, centred, texts, most)
            for language in sorted(speaking)
        }
        chosen = take_turns(queues, speaking, most)
        quotes.append(
            tuple(
                Quote(rows[at], _shown(texts[at]), float(confidence[at]), languages[at])
                for at in _unlike(chosen, texts)
            )
        )
    return quotes


def _without_language(vectors: Floats, languages: Sequence[str]) -> NDArray[np.float64]:
    centred = np.asarray(vectors, dtype=np.float64) - np.mean(vectors, axis=0, dtype=np.float64)
    spoken = np.array(languages)
    for language in sorted(set(languages)):
        among = spoken == language
        if language and among.sum() >= OWN_MEAN:
            centred[among] -= centred[among].mean(axis=0)
    return centred / np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-12)


def _appeal(centred: NDArray[np.float64], members: Ints, texts: Sequence[str], confidence: Floats) -> dict[int, float]:
    """Return how well each member speaks for its group, in standard deviations of closeness to the group's mean."""
    near = centred[members] @ centred[members].mean(axis=0)
    spread = max(float(near.std()), 1e-12)
    closeness = (near - near.mean()) / spread
    return {
        int(at): float(close) + float(confidence[at]) - _effort(texts[at]) - has_private_parts(texts[at])
        for at, close in zip(members, closeness, strict=True)
    }


def _effort(text: str) -> float:
    """Return 0 for a length that is easily read, and one half for every halving or doubling beyond that."""
    length = max(len(text), 1)
    return 0.5 * abs(log2(length / min(max(length, EASY[0]), EASY[1])))


def _varied(
    members: Ints, appeal: dict[int, float], centred: NDArray[np.float64], texts: Sequence[str], most: int
) -> list[int]:
    """Return up to `most` members by appeal, each as unlike the ones before as may be (maximal marginal relevance)."""
    waiting = sorted((int(at) for at in members), key=lambda at: (-round(appeal[at], 9), texts[at], at))[:NEAREST]
    chosen: list[int] = []
    while waiting and len(chosen) < most:
        likeness = {at: max((float(centred[at] @ centred[c]) for c in chosen), default=0.0) for at in waiting}
        best = max(waiting, key=lambda at: appeal[at] - 2 * likeness[at])
        chosen.append(best)
        waiting = [at for at in waiting if at != best and not _same_words(texts[at], texts[best])]
    return chosen


def _unlike(chosen: Sequence[int], texts: Sequence[str]) -> list[int]:
    kept: list[int] = []
    for at in chosen:
        if not any(_same_words(texts[at], texts[other]) for other in kept):
            kept.append(at)
    return kept


def _same_words(one: str, other: str) -> bool:
    first, second = _words(one), _words(other)
    return one == other or len(first & second) > SAME_WORDS * len(first | second)


def _words(text: str) -> set[str]:
    return {word.lower() for clause in clauses(text[: 2 * LONGEST]) for word in clause}


def _shown(text: str) -> str:
    return text if len(text) <= LONGEST else excerpt(text, LONGEST)
