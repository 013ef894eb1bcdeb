"""Words and phrases that set groups of answers apart: class-based TF-IDF over lemmas, fair to every language."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from models.lemmas import families
from models.results import Ints
from models.stopwords import kept_words, stop_words
from models.tokens import clauses

Key = tuple[str, ...]

ENOUGH_ANSWERS = 20
PHRASE_COVERS = 0.4
SMOOTHING = 1.0
BORROWED = 10


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
    """A term of one group: its key, as people write it, and how it sets the group apart.

    language: the one it is mostly written in, within the group. count: answers of the group that hold it.
    share, share_total: of the group's answers, of all answers. weight: share × log of observed over expected.
    """

    key: Key
    text: str
    language: str
    count: int
    share: float
    share_total: float
    weight: float


def read_vocabulary(texts: Sequence[str], languages: Sequence[str]) -> Vocabulary:
    """Return the words and phrases of the answers, without stop words; rare ones are left out.

    An answer whose language is unknown ("") is read in the study's most common one. A phrase is two content words of
    one clause, in either order, with at most one stop word between them.
    """
    spoken = Counter(language for language in languages if language)
    usual = min(spoken, key=lambda language: (-spoken[language], language)) if spoken else "en"
    read_in = tuple(language or usual for language in languages)
    tokens = [clauses(text) for text in texts]
    family = _families(tokens, read_in)
    found: list[set[Key]] = []
    spellings: dict[Key, dict[str, Counter[str]]] = {}
    for answer, language in zip(tokens, read_in, strict=True):
        keys = set()
        for key, spelling in _terms(answer, family[language]):
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


def distinct_terms(vocabulary: Vocabulary, labels: Ints, most: int = 30) -> list[list[Candidate]]:
    """Return for each group 1..k its terms, the strongest first, at most `most`; forms of one word appear once.

    labels: int (answers,), 1..k. The weight is the share of the group's answers that hold the term times the log of
    its count over the count expected from everybody else who answers in the same languages (both plus one): class-based
    TF-IDF in which a word is not distinctive for being Swedish in a group with many Swedes. With a single group
    nothing is distinctive, and the plain share decides.
    """
    groups = int(labels.max())
    observed = _group_sums(vocabulary.holds, labels, groups)
    expected = _expected(vocabulary, labels, observed)
    sizes = np.bincount(labels - 1, minlength=groups)
    total = np.asarray(vocabulary.holds.sum(axis=0)).ravel()
    n = len(labels)
    phrases = _phrases_of(vocabulary.keys)
    by_language = {
        language: _group_sums(vocabulary.holds, labels, groups, np.array(vocabulary.languages) == language)
        for language in sorted(set(vocabulary.languages))
    }
    result = []
    for group in range(groups):
        count = observed[group]
        lift = np.log((count + SMOOTHING) / (expected[group] + SMOOTHING)) if groups > 1 else np.ones_like(count)
        weight = count / sizes[group] * lift
        useful = np.flatnonzero((count > 0) & (weight > 0)).tolist()
        order = sorted(useful, key=lambda at: (-weight[at], vocabulary.keys[at]))
        chosen = []
        for at in _without_repeats(vocabulary.keys, order, count, phrases, most):
            key = vocabulary.keys[at]
            language = max(sorted(by_language), key=lambda language: by_language[language][group, at])
            chosen.append(
                Candidate(
                    key=key,
                    text=_spelling(vocabulary.spellings[key], language),
                    language=language,
                    count=int(count[at]),
                    share=float(count[at] / sizes[group]),
                    share_total=float(total[at] / n),
                    weight=float(weight[at]),
                )
            )
        result.append(chosen)
    return result


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


def _terms(answer: list[list[str]], family: dict[str, str]) -> Iterator[tuple[Key, str]]:
    """Yield every word and phrase of an answer with its spelling."""
    for clause in answer:
        spelt = [word.lower() if at == 0 and word.istitle() else word for at, word in enumerate(clause)]
        bases = [family[_plain(word)] for word in clause]
        content = [at for at, base in enumerate(bases) if base]
        for at in content:
            yield (bases[at],), spelt[at].removesuffix("'s")
        for first, second in pairwise(content):
            if second - first <= 2 and bases[first] != bases[second]:
                pair = sorted((bases[first], bases[second]))
                yield (pair[0], pair[1]), " ".join(spelt[first : second + 1])


def _group_sums(
    holds: csr_matrix, labels: Ints, groups: int, among: NDArray[np.bool_] | None = None
) -> NDArray[np.float64]:
    rows = np.arange(len(labels)) if among is None else np.flatnonzero(among)
    member = csr_matrix((np.ones(len(rows)), (labels[rows] - 1, rows)), shape=(groups, len(labels)))
    return np.asarray((member @ holds).todense())


def _expected(vocabulary: Vocabulary, labels: Ints, observed: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how often each group would hold each term if its people spoke like everybody else, (groups, keys).

    For each of the group's languages: the term's rate in the answers of that language outside the group, drawn
    towards its rate in all answers outside the group where that language has few of them.
    """
    groups, languages = len(observed), np.array(vocabulary.languages)
    sizes = np.bincount(labels - 1, minlength=groups)
    outside_rate = (observed.sum(axis=0) - observed) / np.maximum(len(labels) - sizes, 1)[:, None]
    expected = np.zeros_like(observed)
    for language in sorted(set(vocabulary.languages)):
        among = languages == language
        inside = np.bincount(labels[among] - 1, minlength=groups)[:, None]
        held = _group_sums(vocabulary.holds, labels, groups, among)
        rate = (held.sum(axis=0) - held + BORROWED * outside_rate) / (among.sum() - inside + BORROWED)
        expected += inside * rate
    return expected


def _phrases_of(keys: Sequence[Key]) -> dict[str, list[int]]:
    phrases: dict[str, list[int]] = {}
    for at, key in enumerate(keys):
        if len(key) == 2:
            for part in key:
                phrases.setdefault(part, []).append(at)
    return phrases


def _without_repeats(
    keys: Sequence[Key], order: Sequence[int], count: NDArray[np.float64], phrases: dict[str, list[int]], most: int
) -> list[int]:
    """Return the first `most` of `order`; a phrase stands for its words where it covers much of their use."""
    chosen: list[int] = []
    said: set[str] = set()
    for at in order:
        if len(chosen) == most:
            break
        if any(_alike(part, other) for part in keys[at] for other in said):
            continue
        if len(keys[at]) == 1:
            wider = [p for p in phrases.get(keys[at][0], []) if count[p] >= max(2, PHRASE_COVERS * count[at])]
            wider = [p for p in wider if not any(_alike(part, other) for part in keys[p] for other in said)]
            at = max(wider, key=lambda p: (count[p], keys[p]), default=at)
        chosen.append(at)
        said.update(keys[at])
    return chosen


def _alike(one: str, other: str) -> bool:
    """Tell whether two words are the same save for an ending."""
    short, long = sorted((one, other), key=len)
    common = next((at for at, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    return one == other or (common >= 5 and common >= 0.75 * len(long))


def _spelling(spellings: dict[str, Counter[str]], language: str) -> str:
    """Return the form people use most, in that language where they use it there."""
    used = spellings.get(language) or sum(spellings.values(), Counter())
    folded: Counter[str] = Counter()
    for spelling, count in used.items():
        folded[spelling.lower()] += count
    form = min(folded, key=lambda form: (-folded[form], len(form), form))
    variants = {spelling: count for spelling, count in used.items() if spelling.lower() == form}
    return min(variants, key=lambda spelling: (-variants[spelling], spelling != form, spelling))
