"""Inflected forms of one word brought together: simplemma's lemmas, joined into families within a study's words."""

from collections.abc import Iterable
from functools import lru_cache

from simplemma import Lemmatizer
from simplemma.strategies import DefaultStrategy
from simplemma.strategies.dictionaries.dictionary_factory import SUPPORTED_LANGUAGES

_SHORTEST_STEM = 3
_ENDINGS = {"en": ("e",), "sv": ("a", "e"), "nb": ("e",), "da": ("e",)}


@lru_cache(maxsize=1)
def _lemmatizer() -> Lemmatizer:
    return Lemmatizer(cache_max_size=1, lemmatization_strategy=DefaultStrategy(low_memory=True))


def lemma(word: str, language: str) -> str:
    """Return the dictionary form of a lower-case word; the word itself where the language has no dictionary."""
    if language not in SUPPORTED_LANGUAGES:
        return word
    return _lemmatizer().lemmatize(word, language).lower()


def families(words: Iterable[str], language: str) -> dict[str, str]:
    """Return the family of each lower-case word: one name for all its inflected forms among `words`.

    Lemmas alone split some words ("pris" is read as the verb "prisa", "priset" as the noun "pris"), so forms and
    lemmas that meet are joined, and lemmas that differ by a mere ending ("nett", "nette") as well. The name is the
    shortest lemma of the family, first in the alphabet.
    """
    lemmas = {word: lemma(word, language) for word in sorted(set(words))}
    parent: dict[str, str] = {}

    def root(node: str) -> str:
        parent.setdefault(node, node)
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for word, base in lemmas.items():
        parent[root(word)] = root(base)
    known = set(lemmas.values())
    for base in sorted(known):
        for stem in _stems(base, language) & known:
            parent[root(base)] = root(stem)
    names: dict[str, str] = {}
    for base in sorted(known, key=lambda base: (len(base), base)):
        names.setdefault(root(base), base)
    return {word: names[root(word)] for word in lemmas}


def _stems(base: str, language: str) -> set[str]:
    stems = {base[: -len(ending)] for ending in _ENDINGS.get(language, ()) if base.endswith(ending)}
    if language == "en" and len(base) > 1 and base[-1] == base[-2]:
        stems.add(base[:-1])
    return {stem for stem in stems if len(stem) >= _SHORTEST_STEM}
