"""Words and emoji of an answer, clause by clause, without links, addresses, handles and numbers."""

import re

from models.texts.cleaning import without_noise

_MARKS = "\u0300-\u036f\u0591-\u05c7\u0610-\u065f\u0670\u0900-\u0dff\u0e31-\u0e3a\u0e47-\u0e4e\u200c\u200d"
_WORD = re.compile(rf"[^\W_](?:[\w{_MARKS}]|['’\-](?=[^\W_]))*")
_CLAUSE_END = re.compile(r"[.,;:!?¿¡()\[\]{}\"“”„«»…|/\\\n\r\t<>=*•]+|\s[-–—]+\s|[、。！？，．]")
_RUN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")
_MOST_DIGITS = 2
_LONGEST = 40


def clauses(text: str) -> list[list[str]]:
    """Return the words of each clause in their own spelling; words of one clause may form a phrase.

    Words hold at least one letter, at most two digits ("5G", not a booking code) and at most 40 characters. Runs of
    Chinese characters or kana, which are written without spaces, come back as pairs of characters.
    """
    parts = _CLAUSE_END.split(without_noise(text, " . "))
    found = ([word for token in _WORD.findall(part) for word in _words(token)] for part in parts)
    return [words for words in found if words]


def _words(token: str) -> list[str]:
    if token.isascii() and token.isalpha() and len(token) <= _LONGEST:
        return [token]
    if _RUN.search(token):
        return [run[at : at + 2] for run in _RUN.findall(token) for at in range(max(1, len(run) - 1))]
    digits = sum(character.isdigit() for character in token)
    if digits > _MOST_DIGITS or digits == len(token) or len(token) > _LONGEST:
        return []
    return [token.replace("’", "'")]
