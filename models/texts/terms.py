"""Words and phrases that set groups of answers apart: class-based TF-IDF over lemmas, fair to every language."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from models.results import Ints
from models.texts.denied import denied_by
from models.texts.lemmas import families
from models.texts.stopwords import kept_words, stop_words
from models.texts.tokens import clauses

Key = tuple[str, ...]

ENOUGH_ANSWERS = 20
PHRASE_COVERS = 0.4
SMOOTHING = 1.0
BORROWED = 10
DENIED = "¬"
"""Stands before the family of a word that is denied."""


@dataclass(frozen=True)
class Vocabulary:
    """Which answer holds which word or phrase.

    keys: word families, one (a word) or two (a phrase) each. holds: bool (answers, keys). languages: one per answer,
    never empty. spellings: per key and language, how often people wrote it in which way.
    """

    keys: tuple[Key, ...]
    holds: csr_matrix
    languages: tuple[str, ...]
    spellings: dict[Key, dict[str, Counter[str]]]


@dataclass(frozen=True)
class Candidate:
    """A term of one group in one language: its key, as people write it, and how it sets the group apart.

    count: answers of the group, in the language, that hold it. share, share_total: of the group's answers and of all
    answers, in any language. weight: see `distinct_terms`.
    """

    key: Key
    text: str
    count: int
    share: float
    share_total: float
    weight: float


def read_vocabulary(texts: Sequence[str], languages: Sequence[str]) -> Vocabulary:
    """Return the words and phrases of the answers, without stop words; rare ones are left out.

    An answer whose language is unknown ("") is read in the study's language that most of its words are stop words of,
    or else in the most common one. A phrase is two content words of one clause, in either order, with at most one stop
    word between them. "Not expensive" is another word than "expensive".
    """
    tokens = [clauses(text) for text in texts]
    spoken = Counter(language for language in languages if language) or Counter({"en": 1})
    read_in = tuple(language or _guess(words, spoken) for words, language in zip(tokens, languages, strict=True))
    family = _families(tokens, read_in)
    found: list[set[Key]] = []
    spellings: dict[Key, dict[str, Counter[str]]] = {}
    for answer, language in zip(tokens, read_in, strict=True):
        keys = set()
        for key, spelling in _terms(answer, family[language], language):
            keys.add(key)
            spellings.setdefault(key, {}).setdefault(language, Counter())[spelling] += 1
        found.append(keys)
    frequency = Counter(key for keys in found for key in keys)
    least = 2 if len(texts) >= ENOUGH_ANSWERS else 1
    kept = tuple(sorted(key for key, count in frequency.items() if count >= max(least, len(key))))
    column = {key: place for place, key in enumerate(kept)}
    at = [(row, column[key]) for row, keys in enumerate(found) for key in keys if key in column]
    rows, columns = np.array(at, dtype=np.int64).reshape(-1, 2).T
    holds = csr_matrix((np.ones(len(at)), (rows, columns)), shape=(len(texts), len(kept)))
    return Vocabulary(kept, holds, read_in, {key: spellings[key] for key in kept})


def distinct_terms(vocabulary: Vocabulary, labels: Ints, most: int = 20) -> list[dict[str, list[Candidate]]]:
    """Return for each group 1..k and each language spoken there its terms, the strongest first, at most `most`.

    labels: int (answers,), 1..k. Within a language the weight is the share of the group's answers that hold the term
    times the log of their number over the number expected from everybody else (both plus one): class-based TF-IDF in
    which a word is not distinctive for being Swedish in a group with many Swedes. With a single group nothing is
    distinctive, and the plain share decides. Forms of one word appear once.
    """
    groups, n = int(labels.max()), len(labels)
    sizes = np.bincount(labels - 1, minlength=groups)
    count = _group_sums(vocabulary.holds, labels, groups)
    total = count.sum(axis=0)
    outside_rate = (total - count) / np.maximum(n - sizes, 1)[:, None]
    languages = np.array(vocabulary.languages)
    result: list[dict[str, list[Candidate]]] = [{} for _ in range(groups)]
    for language in sorted(set(vocabulary.languages)):
        among = languages == language
        inside = np.bincount(labels[among] - 1, minlength=groups)
        held = _group_sums(vocabulary.holds, labels, groups, among)
        weight = held / np.maximum(inside, 1)[:, None]
        if groups > 1:
            expected = _expected(held, inside, outside_rate)
            weight *= np.log((held + SMOOTHING) / (expected + SMOOTHING))
        for group in np.flatnonzero(inside).tolist():
            result[group][language] = [
                Candidate(
                    key=vocabulary.keys[at],
                    text=_spelling(vocabulary.spellings[vocabulary.keys[at]][language]),
                    count=int(held[group, at]),
                    share=float(count[group, at] / sizes[group]),
                    share_total=float(total[at] / n),
                    weight=float(weight[group, at]),
                )
                for at in _strongest(vocabulary.keys, weight[group], held[group], most)
            ]
    return result


def alike(one: Key, other: Key) -> bool:
    """Tell whether two terms share a word, save for an ending."""
    return any(_same_stem(a, b) for a in one for b in other)


def _guess(answer: list[list[str]], spoken: Counter[str]) -> str:
    words = {word.lower() for clause in answer for word in clause}
    return min(spoken, key=lambda language: (-len(words & stop_words(language)), -spoken[language], language))


def _families(tokens: Sequence[list[list[str]]], languages: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return for each language the family of each of its words; "" marks a stop word."""
    words: dict[str, set[str]] = {language: set() for language in languages}
    for answer, language in zip(tokens, languages, strict=True):
        words[language].update(_plain(word) for clause in answer for word in clause)
    result = {}
    for language, found in words.items():
        stops, kept = stop_words(language), kept_words(language)
        family = families(found, language)
        result[language] = {
            word: "" if word not in kept and _is_stop(word, base, stops) else base for word, base in family.items()
        }
    return result


def _plain(word: str) -> str:
    word = word.lower()
    return word[:-2] if word.endswith("'s") else word


def _is_stop(word: str, base: str, stops: frozenset[str]) -> bool:
    return len(word) < 2 or bool({word, base, word.replace("'", "")} & stops)


def _terms(answer: list[list[str]], family: dict[str, str], language: str) -> Iterator[tuple[Key, str]]:
    """Yield every word and phrase of an answer with its spelling; a word that is denied is another word."""
    for clause in answer:
        small = [word.lower() for word in clause]
        spelt = [
            low if at == 0 and word.istitle() else word
            for at, (word, low) in enumerate(zip(clause, small, strict=True))
        ]
        bases = [family[_plain(word)] for word in clause]
        content = [at for at, base in enumerate(bases) if base]
        denied = {at: no for at in content if (no := denied_by(small, at, language))}
        bases = [DENIED + base if at in denied else base for at, base in enumerate(bases)]
        alone = {at: " ".join([*filter(None, [denied.get(at)]), spelt[at]]) for at in content}
        for at in content:
            yield (bases[at],), alone[at].removesuffix("'s")
        for first, second in pairwise(content):
            if second - first <= 2 and bases[first] != bases[second]:
                pair = sorted((bases[first], bases[second]))
                opening = clause[first] if clause[second].istitle() and first not in denied else alone[first]
                yield (pair[0], pair[1]), " ".join([opening, *spelt[first + 1 : second + 1]])


def _group_sums(
    holds: csr_matrix, labels: Ints, groups: int, among: NDArray[np.bool_] | None = None
) -> NDArray[np.float64]:
    rows = np.arange(len(labels)) if among is None else np.flatnonzero(among)
    member = csr_matrix((np.ones(len(rows)), (labels[rows] - 1, rows)), shape=(groups, len(labels)))
    return np.asarray((member @ holds).todense())


def _expected(held: NDArray[np.float64], inside: Ints, outside_rate: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return in how many of a language's answers one would expect each term, (groups, keys), were groups all alike.

    held: answers of the language with the term, (groups, keys). inside: answers of the language, (groups,). The rate is
    that of the language outside the group, drawn towards the rate of all answers outside the group where the language
    has few of them.
    """
    others = (inside.sum() - inside)[:, None]
    rate = (held.sum(axis=0) - held + BORROWED * outside_rate) / (others + BORROWED)
    return inside[:, None] * rate


def _strongest(keys: Sequence[Key], weight: NDArray[np.float64], held: NDArray[np.float64], most: int) -> list[int]:
    """Return the `most` strongest terms by position; a phrase stands for words that it covers to a good part."""
    useful = np.flatnonzero((held > 0) & (weight > 0)).tolist()
    phrases: dict[str, list[int]] = {}
    for at in useful:
        for part in keys[at] if len(keys[at]) == 2 else ():
            phrases.setdefault(part, []).append(at)
    chosen: list[int] = []
    for at in sorted(useful, key=lambda at: (-weight[at], keys[at])):
        if len(chosen) == most:
            break
        wider = [p for p in phrases.get(keys[at][0], []) if held[p] >= max(2, PHRASE_COVERS * held[at])]
        options = [*sorted(wider, key=lambda p: (-held[p], keys[p])), at] if len(keys[at]) == 1 else [at]
        fresh = [option for option in options if not any(alike(keys[option], keys[other]) for other in chosen)]
        chosen.extend(fresh[:1])
    return chosen


def _same_stem(one: str, other: str) -> bool:
    if {*one.split("-")} & {*other.split("-")}:
        return True
    short, long = sorted((one, other), key=len)
    common = next((at for at, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    return common >= 5 and common >= 0.75 * len(long)


def _spelling(used: Counter[str]) -> str:
    """Return the form people use most."""
    folded: Counter[str] = Counter()
    for spelling, count in used.items():
        folded[spelling.lower()] += count
    form = min(folded, key=lambda form: (-folded[form], len(form), form))
    variants = {spelling: count for spelling, count in used.items() if spelling.lower() == form}
    return min(variants, key=lambda spelling: (-variants[spelling], spelling != form, spelling))
