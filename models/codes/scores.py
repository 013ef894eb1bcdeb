"""How strongly each answer speaks of each code, from vectors alone: no training answers are needed.

Three views are added, each standardised over the answers of one language: the whole answer against the code, its best
idea, and its most telling word (as the late interaction of Khattab & Zaharia 2020 scores single words). What an
answer scores on all codes alike is taken off, and answers then lend each other strength along a graph of nearest
neighbours (Zhou et al. 2004, learning with local and global consistency).
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from sys import intern

import numpy as np
from numpy.typing import NDArray

from models.codes.frames import ANY, Code
from models.groups.reduce import unit
from models.results import Floats
from models.texts.cleaning import to_embed
from models.texts.ideas import wished
from models.texts.meaning import without_language
from models.texts.stopwords import stop_words
from models.texts.tokens import clauses

Scores = NDArray[np.float64]
Encode = Callable[[Sequence[str]], NDArray[np.float32]]

ENOUGH_ANSWERS, ENOUGH_WORDS = 100, 300
"""With fewer of its own, a language's scores are standardised over sentences or words of the code frames as well.

With fewer answers in all, those that exemplars teach to code are coded each on its own.
"""
MOST_WORDS = 6000
COMMON = 0.85
WEIGHTS = (1.0, 1.0, 8.0)
"""What a code's description, its phrases and its exemplars count."""
WORDS, WORDS_BESIDE_EXEMPLARS = 1.0, 0.25
"""What the most telling word counts; less where exemplars say more than a description."""
OF_WORDS = 2
"""Views that single words are held against: descriptions and their phrases."""
NEIGHBOURS, PULL, STEPS = 15, 0.5, 3
MOST_NEIGHBOURS = 10_000
_ROWS_AT_A_TIME = 1000
_TEXTS_AT_A_TIME = 4096
_NO_WORDS = -1.0
_PHRASE_END = re.compile(r"[,;:.]+")


@dataclass(frozen=True)
class Spoken:
    """Answers of one language, with sentences of the frames after them that only make up the numbers.

    ideas, words: of each row. own: how many rows are answers.
    """

    language: str
    texts: tuple[str, ...]
    own: int
    ideas: tuple[tuple[str, ...], ...]
    words: tuple[tuple[str, ...], ...]
    reference_words: tuple[str, ...]

    @property
    def vocabulary(self) -> tuple[str, ...]:
        """Return words that two rows share first, at most MOST_WORDS, and the reference words; each once."""
        counts: dict[str, int] = {}
        for row in self.words:
            for word in row:
                counts[word] = counts.get(word, 0) + 1
        common = sorted(counts, key=lambda word: (-counts[word], word))[:MOST_WORDS]
        return tuple(dict.fromkeys([*common, *self.reference_words]))


@dataclass(frozen=True)
class Scored:
    """Scores of the answers on the codes, (n, m); vectors (n, d) without their language.

    best_idea: the place of the idea that speaks most for the code, int (n, m); ideas: of each answer.
    """

    scores: Scores
    vectors: Floats
    best_idea: NDArray[np.int64]
    ideas: tuple[tuple[str, ...], ...]


def spoken(
    texts: Sequence[str], language: str, codes: Sequence[Code], background: Mapping[str, Sequence[str]]
) -> Spoken:
    """Return the answers of one language, ready to be scored.

    background: sentences by language that answers may be compared with; those of the codes come first.
    """
    sentences = _sentences(language, codes, background)
    padding = _evenly(sentences, max(0, ENOUGH_ANSWERS - len(texts)))
    rows = (*texts, *padding)
    words = tuple(_words(text, language) for text in rows)
    missing = ENOUGH_WORDS - len(frozenset[str]().union(*words))
    known = sorted({word for text in sentences for word in _words(text, language)})
    return Spoken(
        language=language,
        texts=rows,
        own=len(texts),
        ideas=tuple(tuple(to_embed(idea) for idea in wished(text)) for text in rows),
        words=words,
        reference_words=tuple(_evenly(known, max(0, missing))),
    )


def texts_to_embed(part: Spoken, codes: Sequence[Code]) -> list[str]:
    """Return every text whose vector `score` will ask for."""
    of_codes = [text for code in codes for view in _views(code, part.language) for text in view]
    return [*part.texts, *(idea for row in part.ideas for idea in row), *part.vocabulary, *of_codes]


def score(parts: Sequence[Spoken], codes: Sequence[Code], encode: Encode) -> Scored:
    """Return the scores of all answers, part by part in order. encode: unit vectors of texts."""
    raw, rows, best = zip(*(_score_part(part, codes, encode) for part in parts), strict=True)
    languages = [part.language for part in parts for _ in part.texts]
    vectors = rows[0] if len(rows) == 1 else np.concatenate(rows)
    del rows
    smoothed = smooth(np.concatenate(raw), without_language(vectors, languages, vectors))
    own = np.concatenate([np.arange(len(part.texts)) < part.own for part in parts])
    starts = np.cumsum([0, *(len(part.texts) for part in parts)])
    for low, high in pairwise(starts.tolist()):
        smoothed[low:high] = _standardised(smoothed[low:high])
    return Scored(
        scores=smoothed[own],
        vectors=vectors if own.all() else vectors[own],
        best_idea=np.concatenate(best)[own],
        ideas=tuple(row for part in parts for row in part.ideas[: part.own]),
    )


def smooth(scores: Scores, vectors: Floats) -> Scores:
    """Return the scores mixed, in three steps, with those of the nearest answers; vectors are unit rows (n, d)."""
    base = np.unique(np.linspace(0, len(vectors) - 1, min(len(vectors), MOST_NEIGHBOURS)).round().astype(np.int64))
    near = min(NEIGHBOURS, len(base) - 1)
    if near < 1:
        return scores.copy()
    index = np.empty((len(vectors), near), dtype=np.int64)
    offered = vectors[base]
    parts = [slice(low, low + _ROWS_AT_A_TIME) for low in range(0, len(vectors), _ROWS_AT_A_TIME)]
    for part in parts:
        unlike = -(vectors[part] @ offered.T)
        unlike[base[None, :] == np.arange(len(vectors))[part, None]] = np.inf
        index[part] = base[np.argpartition(unlike, near - 1, axis=1)[:, :near]]
    mixed = scores
    for _ in range(STEPS):
        lent = np.concatenate([mixed[index[part]].mean(axis=1) for part in parts])
        mixed = (1 - PULL) * scores + PULL * lent
    return mixed


def _score_part(
    part: Spoken, codes: Sequence[Code], encode: Encode
) -> tuple[Scores, NDArray[np.float32], NDArray[np.int64]]:
    owner = np.repeat(np.arange(len(part.texts)), [len(row) for row in part.ideas])
    ideas = [idea for row in part.ideas for idea in row]
    vocabulary = part.vocabulary
    place = {word: at for at, word in enumerate(vocabulary)}
    meaning = np.zeros((len(part.texts), len(codes)))
    by_idea = np.zeros((len(ideas), len(codes)))
    by_word = np.zeros((len(vocabulary), len(codes)))
    anchors = _anchors(codes, part.language, encode)
    whole, likenesses = _against([to_embed(text) for text in part.texts], anchors, encode)
    like_ideas, like_words = (_against(some, anchors, encode, keep=False)[1] for some in (ideas, vocabulary))
    for likeness, like_idea, weight in zip(likenesses, like_ideas, WEIGHTS, strict=False):
        mean, spread = likeness.mean(axis=0), _spread(likeness)
        of_ideas = (like_idea - mean) / spread
        best = np.full(likeness.shape, -np.inf)
        np.maximum.at(best, owner, of_ideas)
        meaning += weight * ((likeness - mean) / spread + _standardised(best))
        by_idea += weight * of_ideas
    for like_word in like_words[:OF_WORDS]:
        by_word += _less_common(_standardised(like_word))
    telling = _best_words(part.words, len(part.words), place, by_word)
    weight = WORDS if len(anchors) <= OF_WORDS else WORDS_BESIDE_EXEMPLARS
    raw = _standardised(_less_common(_standardised(meaning)) + weight * _standardised(telling))
    of_whole = dict(zip(part.texts, part.words, strict=True))
    idea_words = (of_whole[idea] if idea in of_whole else _words(idea, part.language) for idea in ideas)
    speaks = _less_common(_standardised(by_idea)) + weight * _standardised(
        _best_words(idea_words, len(ideas), place, by_word)
    )
    return raw, whole, best_of(speaks, owner, len(whole))


def _against(
    texts: Sequence[str], anchors: Sequence[Scores], encode: Encode, keep: bool = True
) -> tuple[NDArray[np.float32], list[Scores]]:
    """Return the vectors of texts (n, d), none unless they are to be kept, and their likeness to each view (n, m)."""
    whole = np.zeros((0, 0), dtype=np.float32)
    found: list[list[Scores]] = [[np.zeros((0, len(anchor)))] for anchor in anchors]
    for low in range(0, len(texts), _TEXTS_AT_A_TIME):
        vectors = encode(texts[low : low + _TEXTS_AT_A_TIME])
        for parts, anchor in zip(found, anchors, strict=True):
            parts.append(np.asarray(vectors, dtype=np.float64) @ anchor.T)
        if keep:
            whole = whole if low else np.empty((len(texts), vectors.shape[1]), dtype=np.float32)
            whole[low : low + _TEXTS_AT_A_TIME] = vectors
    return whole, [np.concatenate(parts) for parts in found]


def _anchors(codes: Sequence[Code], language: str, encode: Encode) -> list[Scores]:
    """Return views of the codes, a unit vector a code, (m, d): descriptions, phrases, exemplars if all have some."""
    views = [_views(code, language) for code in codes]
    kinds = range(min(len(view) for view in views))
    return [unit(np.array([unit(encode(view[kind])).mean(axis=0) for view in views])) for kind in kinds]


def _views(code: Code, language: str) -> list[list[str]]:
    """Return what a code is known by, in the language where it can be: its description, its phrases, its exemplars."""
    name = code.label(language)
    description = code.description.get(language) or code.description.get(ANY) or code.description.get("en") or ""
    phrases = [phrase.strip() for phrase in _PHRASE_END.split(description) if phrase.strip()]
    views = [[f"{name}: {description}" if description else name], [name, *phrases]]
    exemplars = code.exemplars.get(language) or [text for given in code.exemplars.values() for text in given]
    return [*views, list(exemplars)] if exemplars else views


def _sentences(language: str, codes: Sequence[Code], background: Mapping[str, Sequence[str]]) -> list[str]:
    own = [text for code in codes for given in (language, ANY) for text in code.exemplars.get(given, ())]
    return list(dict.fromkeys([*own, *background.get(language or "en", ())]))


def _evenly(items: Sequence[str], number: int) -> list[str]:
    number = min(number, len(items))
    return [items[at] for at in np.linspace(0, len(items) - 1, number).round().astype(int).tolist()] if number else []


def _words(text: str, language: str) -> tuple[str, ...]:
    """Return the words of a text that are no stop words, each once."""
    stops = stop_words(language or "en")
    found = {word.lower() for clause in clauses(text) for word in clause}
    return tuple(intern(word) for word in sorted(found) if len(word) > 2 and word not in stops)


def _best_words(rows: Iterable[tuple[str, ...]], n: int, place: Mapping[str, int], by_word: Scores) -> Scores:
    """Return for each of n rows the highest score among its words, (n, m)."""
    best = np.full((n, by_word.shape[1]), _NO_WORDS)
    for at, row in enumerate(rows):
        known = [place[word] for word in row if word in place]
        if known:
            best[at] = by_word[known].max(axis=0)
    return best


def best_of(speaks: Scores, owner: NDArray[np.int64], rows: int) -> NDArray[np.int64]:
    """Return the place of the idea that speaks most for each code, int (rows, m). owner: the row of each idea."""
    starts = np.searchsorted(owner, np.arange(rows + 1))
    return np.array([speaks[low:high].argmax(axis=0) for low, high in pairwise(starts.tolist())])


def _less_common(scores: Scores) -> Scores:
    return scores - COMMON * scores.mean(axis=1, keepdims=True)


def _standardised(scores: Scores) -> Scores:
    return (scores - scores.mean(axis=0)) / _spread(scores)


def _spread(scores: Scores) -> NDArray[np.float64]:
    return np.maximum(scores.std(axis=0), 1e-9)
