"""Verbatim answers that speak for a group: near its centre, unlike each other, short enough to read."""

from collections import Counter
from collections.abc import Sequence
from math import log2

import numpy as np
from numpy.typing import NDArray

from models.results import Floats, Ints, Quote
from models.shares import take_turns
from models.texts.cleaning import Answered, excerpt, has_private_parts, masked
from models.texts.meaning import without_language
from models.texts.tokens import clauses

LONGEST = 400
EASY = (25, 160)
NEAREST = 60
SPEAKS = 0.1
UNLIKE = 3.0
SAME_WORDS = 0.5


def choose_quotes(
    answered: Answered, vectors: Floats, labels: Ints, confidence: Floats, most: int = 5
) -> list[tuple[Quote, ...]]:
    """Return for each group 1..k up to `most` quotes, the one that speaks best for the group first.

    vectors: float (n, d), unit rows; labels: int (n,), 1..k; confidence: (n,); all in the order of `answered`.
    Closeness is the cosine to the group's mean after each language's own mean is removed. Languages with at least a
    tenth of the group take turns by their share. A text of more than 400 characters is cut at a word and ends in "…";
    otherwise quotes are the answers as they were written. Answers with telephone numbers, addresses and the like
    are quoted only where a group has no others, and with "[…]" in their place.
    """
    texts, languages = answered.texts, answered.languages
    centred = without_language(vectors, languages)
    spoken = np.array(languages)
    quotes = []
    for group in range(1, int(labels.max()) + 1):
        everybody = np.flatnonzero(labels == group)
        without = np.array([at for at in everybody.tolist() if not has_private_parts(texts[at])], dtype=np.int64)
        members = without if len(without) else everybody
        appeal = _appeal(centred, members, texts, confidence)
        turns = _turns(spoken[members].tolist(), most)
        chosen = _varied(members.tolist(), turns, appeal, centred, texts, languages)
        quotes.append(
            tuple(Quote(answered.rows[at], _shown(texts[at]), float(confidence[at]), languages[at]) for at in chosen)
        )
    return quotes


def _turns(spoken: Sequence[str], most: int) -> list[str]:
    """Return the language of each quote in turn."""
    count = Counter(spoken)
    speaking = {language: number for language, number in sorted(count.items()) if number >= SPEAKS * len(spoken)}
    return take_turns({language: [language] * number for language, number in speaking.items()}, speaking, most)


def _appeal(centred: NDArray[np.float64], members: Ints, texts: Sequence[str], confidence: Floats) -> dict[int, float]:
    """Return how well each member speaks for its group, in standard deviations of closeness to the group's mean."""
    near = centred[members] @ centred[members].mean(axis=0)
    spread = max(float(near.std()), 1e-12)
    closeness = (near - near.mean()) / spread
    return {
        int(at): float(close) + float(confidence[at]) - _effort(texts[at])
        for at, close in zip(members, closeness, strict=True)
    }


def _effort(text: str) -> float:
    """Return 0 for a length that is easily read, and one half for every halving or doubling beyond that."""
    length = max(len(text), 1)
    return 0.5 * abs(log2(length / min(max(length, EASY[0]), EASY[1])))


def _varied(
    members: Sequence[int],
    turns: Sequence[str],
    appeal: dict[int, float],
    centred: NDArray[np.float64],
    texts: Sequence[str],
    languages: Sequence[str],
) -> list[int]:
    """Return one member for each turn, in its language, by appeal and as unlike the ones before as may be.

    A turn is left out when its language has nothing new to say (maximal marginal relevance, Carbonell & Goldstein).
    """
    best_first = sorted(members, key=lambda at: (-round(appeal[at], 9), texts[at], at))
    waiting = {turn: [at for at in best_first if languages[at] == turn][:NEAREST] for turn in turns}
    chosen: list[int] = []
    for turn in turns:
        fresh = [at for at in waiting[turn] if not any(_same_words(texts[at], texts[other]) for other in chosen)]
        if fresh:
            likeness = (centred[fresh] @ centred[chosen].T).max(axis=1) if chosen else np.zeros(len(fresh))
            worth = [appeal[at] - UNLIKE * like for at, like in zip(fresh, likeness, strict=True)]
            chosen.append(fresh[int(np.argmax(np.round(worth, 9)))])
    return chosen


def _same_words(one: str, other: str) -> bool:
    first, second = _words(one), _words(other)
    return one == other or len(first & second) > SAME_WORDS * len(first | second)


def _words(text: str) -> set[str]:
    return {word.lower() for clause in clauses(text[: 2 * LONGEST]) for word in clause}


def _shown(text: str) -> str:
    open_part = masked(text)
    return open_part if len(open_part) <= LONGEST else excerpt(open_part, LONGEST)
