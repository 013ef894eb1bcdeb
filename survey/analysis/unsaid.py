"""Terms of a finished analysis that nobody says any more: who said them has deleted their answers."""

from collections.abc import Iterable, Iterator
from html import unescape
from typing import Any
from unicodedata import normalize

from models.texts.denied import NEGATORS
from models.texts.tokens import clauses

_SHOWN = frozenset(shown for forms in NEGATORS.values() for shown in forms.values())
"""How a term shows a denial, whatever the word that people used for it."""


def without_unsaid(document: Any, said: Iterable[str]) -> Any:
    """Return a stored result without the terms that have a word which is in none of the texts `said`.

    The texts are read until every word has been found, which is soon: most terms are said by many.
    """
    unsaid = {word for term in _terms(document) for word in _words(term)} - _SHOWN
    left = iter(said)
    while unsaid and (text := next(left, None)) is not None:
        plain = _plain(text)
        if any(word in plain for word in unsaid):
            unsaid -= _words(text)
    return _without(document, unsaid)


def _plain(text: str) -> str:
    """Return a text in which every one of its words is found as it stands; many times as quick as finding the words."""
    return normalize("NFC", unescape(text)).lower().replace("’", "'")


def _words(text: str) -> set[str]:
    small = {word.lower() for clause in clauses(text) for word in clause}
    return small | {word.removesuffix("'s") for word in small}


def _terms(value: Any) -> Iterator[str]:
    if _is_term(value):
        yield value["text"]
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _terms(item)


def _without(value: Any, unsaid: set[str]) -> Any:
    if isinstance(value, dict):
        return {key: _without(item, unsaid) for key, item in value.items()}
    if isinstance(value, list):
        return [_without(item, unsaid) for item in value if not (_is_term(item) and _words(item["text"]) & unsaid)]
    return value


def _is_term(item: Any) -> bool:
    return isinstance(item, dict) and item.keys() == {"text", "share", "share_total", "weight"}
