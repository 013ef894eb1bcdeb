"""People with known segments who answer thirty closed questions and say why in a sentence or two of their own."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from models.features import Answers
from models.population import Population, Question
from models.progress import Progress, silent
from survey.frames import packaged_frame

GROUPS = 5
WISHES = (
    ("a lower price", "cheap plans", "no hidden fees", "a fair monthly bill", "discounts for families"),
    (
        "coverage in the forest",
        "a signal at the cabin",
        "fewer dropped calls",
        "fast internet at home",
        "calls that hold",
    ),
    ("kind people on the phone", "quick answers to questions", "help in my language", "a shop nearby", "honest advice"),
    ("a greener company", "repairs instead of waste", "clean energy", "phones that last", "recycled packaging"),
    ("an easy app", "a simple bill", "to change plans myself", "clear settings", "a start without paperwork"),
)
KINDS = (
    ("price", "security"),
    ("reliability", "self_direction"),
    ("service", "benevolence"),
    ("sustainability", "universalism"),
    ("ease", "hedonism"),
)
"""What each group wants and what it values: codes of the frames of benefits and of values."""

OPENINGS = ("I want", "What matters is", "I would like", "Most of all I need", "I am looking for", "Please give us")
WHEN = ("every day", "at work", "in winter", "on the train", "since last year", "at night", "in summer", "on weekends")
WHO = ("for me", "for the whole family", "for my firm", "for my friends", "for an old phone", "for two phones")
FIRST = ("Al", "Ber", "Dal", "Eke", "Fal", "Gran", "Hag", "Lin", "Mar", "Nor", "Ros", "Sund", "Tor", "Vik", "Ost")
PLACES = tuple(f"{first}{last}" for first in FIRST for last in ("by", "stad", "vik", "berg", "mo", "lund"))
SCALE = (1, 2, 3, 4, 5)
NO_LEANINGS: Mapping[str, float] = MappingProxyType({})
APART = 6.0
_WORD = re.compile(r"\w+")


def closed_questions(people: int, seed: int = 0) -> tuple[NDArray[np.int64], list[Answers]]:
    """Return everybody's segment, 0-4, and answers to 15 scales, 10 single and 5 multiple choices."""
    rng = np.random.default_rng(seed)
    group = rng.integers(0, GROUPS, people)
    questions = []
    for at in range(15):
        mark = np.round(3 + rng.normal(size=GROUPS)[group] + rng.normal(size=people)).clip(1, 5).astype(int)
        questions.append(Answers(f"scale {at}", "ordinal", mark.tolist(), SCALE))
    for at in range(10):
        steps = rng.dirichlet(np.ones(4), size=GROUPS).cumsum(axis=1)[group]
        picked = (rng.random((people, 1)) > steps).sum(axis=1).clip(0, 3)
        questions.append(Answers(f"choice {at}", "nominal", ["abcd"[pick] for pick in picked], tuple("abcd")))
    for at in range(5):
        hits = rng.random((people, 6)) < 0.6 * rng.random((GROUPS, 6))[group]
        picks = [["pqrstu"[option] for option in np.flatnonzero(row)] for row in hits]
        questions.append(Answers(f"several {at}", "multi", picks, tuple("pqrstu")))
    return group, questions


def sentences(group: NDArray[np.int64], distinct: int, seed: int = 0) -> list[str]:
    """Return what everybody says, at most `distinct` different sentences, each about the wishes of one group."""
    dealt = _dealt(group, distinct, np.random.default_rng([seed, 1]))
    return [_sentence(g, variant) for g, variant in zip(group.tolist(), dealt, strict=True)]


def _dealt(group: NDArray[np.int64], distinct: int, rng: np.random.Generator) -> list[int]:
    """Return the number of everybody's sentence within the group: each is said once before any is said again."""
    variants = max(1, -(-distinct // GROUPS))
    dealt = np.empty(len(group), dtype=np.int64)
    for one in range(GROUPS):
        mine = np.flatnonzero(group == one)
        again = rng.integers(0, variants, max(0, len(mine) - variants))
        dealt[mine] = rng.permutation(np.concatenate([np.arange(min(variants, len(mine))), again]))
    return dealt.tolist()


@lru_cache(maxsize=400_000)
def _sentence(group: int, variant: int) -> str:
    """Return one of many sentences of a group; neighbouring numbers share no more than the wish."""
    place, wish, also, when, opening, who = _picked(variant, PLACES, WISHES[group], WISHES[group], WHEN, OPENINGS, WHO)
    return f"{opening} {wish} {who} {when} in {place}, and {also}"


def wishes_and_values(group: NDArray[np.int64], distinct: int, seed: int = 0) -> list[str]:
    """Return what everybody says: a sentence on a wish and one on a value of their group, as in the code frames.

    distinct: different sentences of each kind at most.
    """
    sentences = []
    for at, frame in enumerate(("benefits", "values")):
        said = [_exemplars(frame, pair[at]) for pair in KINDS]
        dealt = _dealt(group, distinct, np.random.default_rng([seed, 2, at]))
        picked = (_picked(variant, said[g], PLACES, PLACES) for g, variant in zip(group.tolist(), dealt, strict=True))
        sentences.append([f"{words} in {place} {other}" for words, place, other in picked])
    return [f"{wish}. {value}" for wish, value in zip(*sentences, strict=True)]


def _exemplars(frame: str, code: str) -> list[str]:
    return [text.replace(",", "") for text in packaged_frame(frame).code(code).exemplars["en"]]


def _picked(variant: int, *choices: Sequence[str]) -> list[str]:
    """Return one of each, another combination for every number below the product of how many there are."""
    picked = []
    for some in choices:
        variant, pick = divmod(variant, len(some))
        picked.append(some[pick])
    return picked


def population(people: int, distinct: int, seed: int = 0) -> tuple[NDArray[np.int64], Population]:
    """Return everybody's segment and a survey of thirty closed questions and an open one, half for each lead basis."""
    group, closed = closed_questions(people, seed)
    asked = [
        Question(answers.name, answers, ("benefit",) if at % 2 else ("psychographic",))
        for at, answers in enumerate(closed)
    ]
    said = Answers("why", "text", wishes_and_values(group, distinct, seed))
    return group, Population(people, (*asked, Question("Why is that?", said, ("benefit", "psychographic"))))


class WordEmbedder:
    """A text model of no cost: unit sums of a fixed random vector per word, with a spectrum like that of real ones.

    leanings: of words, -1 where only wishes are told in them, 1 where only values are; these share a direction, so that
    wishes and values lie apart as they do in real models.
    """

    name, reason = "words", "A stand-in: the benchmark leaves embedding out."

    def __init__(self, dim: int = 768, leanings: Mapping[str, float] = NO_LEANINGS) -> None:
        self.dim = dim
        self._leanings = leanings
        self._words: dict[str, NDArray[np.float32]] = {}

    def encode(self, texts: Sequence[str], progress: Progress = silent) -> NDArray[np.float32]:
        """Return float32 (len(texts), dim), every row of length 1."""
        rows = np.empty((len(texts), self.dim), dtype=np.float32)
        for row, text in enumerate(texts):
            rows[row] = sum(map(self._word, _WORD.findall(text.lower()) or [text]))
            if row % 5000 == 0:
                progress(row / len(texts), "Reading the answers")
        rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
        return rows

    def _word(self, word: str) -> NDArray[np.float32]:
        if word not in self._words:
            rng = np.random.default_rng(list(word.encode()))
            made = rng.standard_normal(self.dim) / np.sqrt(1 + np.arange(self.dim) / 10)
            made[0] = APART * self._leanings.get(word, 0.0)
            self._words[word] = made.astype(np.float32)
        return self._words[word]


def word_embedder(dim: int) -> WordEmbedder:
    """Return the stand-in for a text model; workers of a cluster load it by this name."""
    return WordEmbedder(dim, _leanings())


def _leanings() -> dict[str, float]:
    counts = {sign: _exemplar_words(frames) for sign, frames in ((-1, ("benefits",)), (1, ("values", "lifestyle")))}
    words = counts[-1] + counts[1]
    return {word: (counts[1][word] - counts[-1][word]) / count for word, count in words.items()}


def _exemplar_words(frames: Sequence[str]) -> Counter[str]:
    codes = [code for frame in frames for code in packaged_frame(frame).codes]
    texts = [text for code in codes for text in code.exemplars.get("en", ())]
    return Counter(word for text in texts for word in set(_WORD.findall(text.lower())))
