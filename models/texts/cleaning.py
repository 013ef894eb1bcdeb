"""What counts as an answer, and the parts of one that are not words: links, addresses, handles, numbers."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

LONGEST = 5_000


@dataclass(frozen=True)
class Answered:
    """The answers that are not blank, in one order: texts as shown, their languages ("" = unknown), input positions."""

    texts: tuple[str, ...]
    languages: tuple[str, ...]
    rows: tuple[int, ...]


_PRIVATE = re.compile(
    r"(?:https?://|www\.)\S+"  # links
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"  # e-mail addresses
    r"|(?<!\w)\+?\d[\d\s().:/-]{5,}\d(?!\w)",  # telephone, card and account numbers
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"(?<!\w)@\w+"  # handles
    r"|\b[\w-]+\.(?:com|net|org|\w{2,3}/\S)\S*"  # bare web addresses
    r"|&(?:\w+|#\d+);",  # left-over HTML entities
    re.IGNORECASE,
)
_SUSPECT = re.compile(r"[@&#\d]|://|\.\S")
"""What every text holds that either of them finds something in; most answers hold none of it."""


def as_text(value: object) -> str:
    """Return a cell as text that can be stored and encoded: "" for a missing value, "�" for half a surrogate pair."""
    if value is None or value != value:
        return ""
    return str(value).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def without_noise(text: str, mark: str = " ") -> str:
    """Return the text in NFC with links, addresses, handles and long numbers replaced by `mark`."""
    text = unicodedata.normalize("NFC", text)
    if not _SUSPECT.search(text):
        return text
    text = _PRIVATE.sub(mark, text)
    return _OTHER.sub(mark, text).replace("#", " ")


def to_embed(text: str) -> str:
    """Return the part of an answer that is embedded: its words, without links, addresses, handles and long numbers.

    An answer to "@somebody" is about what it says, not about whom it is sent to. Where nothing else is left the answer
    stays as it is. White space is evened out, and a text is read up to its first 5,000 characters.
    """
    text = text[:LONGEST]
    words = " ".join(without_noise(text).split()) or " ".join(text.split())
    return text if words == text else words


def has_private_parts(text: str) -> bool:
    """Tell whether the text holds a link, an e-mail address or a long number such as a telephone number."""
    return _PRIVATE.search(text) is not None


def is_blank(text: str) -> bool:
    """Tell whether there is no answer: nothing, white space or punctuation only ("-", "...", "?").

    Words that refuse ("n/a", "inget", "ei mitään") are answers and stay; so do emoji, digits and symbols such as "+".
    """
    return all(unicodedata.category(character)[0] in "PZC" for character in text)


def joined(parts: Sequence[str]) -> str:
    """Return several columns' answers of one person as one text to show; blank ones are left out."""
    return " / ".join(part.strip() for part in parts if not is_blank(part))


def excerpt(text: str, most: int) -> str:
    """Return the text on one line, cut after a whole word with "…" where it is longer than `most` characters."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    cut = line[: most - 1]
    return (cut[: cut.rindex(" ")] if " " in cut[most // 2 :] else cut).rstrip(" ,;:-–—") + "…"
