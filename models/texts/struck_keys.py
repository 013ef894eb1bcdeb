"""Words that are none: keys struck along a row, one letter held down, the same syllable again and again."""

import re

WORDS = re.compile(r"[^\W\d_]+")
KEY_ROWS = ("qwertyuiopå", "asdfghjklöä", "asdfghjklæø", "asdfghjkløæ", "zxcvbnm")
RUN = 4
IN_WORDS = frozenset({"erty", "wert", "trew", "ytre"})
HELD = re.compile(r"^(\w)\1{4,}$")
ONE_LETTER = re.compile(r"^(\w)\1{2,}$")
AGAIN = re.compile(r"\b(\w{2,4})\1{2,}\w{0,3}\b")
LAUGHTER = re.compile(r"^(?:[hj][aeioä]+|bla|la|na|no|nei|ei|jo|joo|yes|xd|lol)+[hj]?$")
"""Sounds and refrains that look like struck keys."""
LAUGH = re.compile(r"^(?:[hj]([aeioäö])(?:[hj]\1)+[hj]?|l+o+l+|xd+)$")
"""A laugh and nothing else, as LAUGHTER cannot tell: it would take "Jona" for one."""


def is_struck(word: str) -> bool:
    """Tell whether a word, in lower case, is keys struck rather than letters chosen; laughter is not.

    >>> [is_struck(word) for word in ("asdfasdf", "dfgdfgdfg", "aaaaaaa", "hahahaha", "property")]
    [True, True, True, False, False]
    """
    if LAUGHTER.match(word):
        return False
    return along_a_row(word) or HELD.search(word) is not None or AGAIN.search(word) is not None


def along_a_row(word: str) -> bool:
    """Tell whether at least half of a word is runs of four or more neighbouring keys of a row, in either direction.

    >>> [along_a_row(word) for word in ("asdfasdf", "qwertyy", "radiopåverkan")]
    [True, True, False]
    """
    starts = [at for at in range(len(word) - RUN + 1) if _is_run(word[at : at + RUN])]
    struck = {key for start in starts for key in range(start, start + RUN)}
    return bool(struck) and 2 * len(struck) >= len(word)


def _is_run(piece: str) -> bool:
    return piece not in IN_WORDS and any(piece in row or piece[::-1] in row for row in KEY_ROWS)


def holds_no_words(text: str) -> bool:
    """Tell whether a text has letters, and they are struck keys, one letter again and again, or laughter throughout.

    >>> [holds_no_words(text) for text in ("Asdf jkl", "xxx", "haha lol", "asdf, but cheap", "bra haha", "12")]
    [True, True, True, False, False, False]
    """
    words = WORDS.findall(text.casefold())
    return any(map(_is_none, words)) and all(_is_none(word) or _in_a_row(word) for word in words)


def _is_none(word: str) -> bool:
    return bool(ONE_LETTER.match(word) or LAUGH.match(word) or is_struck(word))


def _in_a_row(word: str) -> bool:
    return any(word in row or word[::-1] in row for row in KEY_ROWS)
