"""What counts as an answer, and the parts of one that are not words: links, addresses, handles, numbers."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape

LONGEST = 5_000


@dataclass(frozen=True)
class Answered:
    """The answers that are not blank, in one order: texts as shown, their languages ("" = unknown), input positions."""

    texts: tuple[str, ...]
    languages: tuple[str, ...]
    rows: tuple[int, ...]


_LINKED = "com|net|org|se|no|dk|fi|eu|io|me|co|ly|gl|de|uk"
_CURRENCY = r"(?:kr|kronor|kroner|kronur|:-|€|euroa?|eur|dkk|nok|sek|usd|dollars?|£|%)"
_HARMLESS = (
    r"(?<!\w)\d{1,2}[.:]\d\d\s*[-–—]\s*\d{1,2}[.:]\d\d(?!\w)"  # hours
    r"|(?<!\w)(?:19|20)\d\d\s*[-–—/]\s*(?:19|20)\d\d(?!\w)"  # years
    rf"|(?<!\w)[1-9]\d{{0,2}}(?:[\s.]\d{{3}})+(?=\s*{_CURRENCY}(?!\w))"  # sums
)
_PRIVATE = re.compile(
    rf"{_HARMLESS}"
    r"|(?P<private>(?:https?://|www\.)\S+"  # links
    rf"|\b[\w-]+\.(?:{_LINKED})/\S+"
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"  # e-mail addresses
    r"|(?<!\w)[a-z]{2}\d{2}(?:\s?\d){9,22}(?!\w)"  # bank accounts
    r"|(?<!\w)\d{6}[-+a-y]\d{3}[\da-y](?!\w)"  # personal identity codes
    r"|(?<!\w)\+?\d(?:[\s().:/+–—-]{0,3}\d){6,}(?!\w))",  # telephone, card and account numbers
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"(?<!\w)@\w+"  # handles
    r"|\b[\w-]+\.(?:com|net|org)(?!\w)"  # bare web addresses
)
_ENTITY = re.compile(r"&(?:\w+|#\w+);")
_SUSPECT = re.compile(r"[@&#\d]|://|\.\S")
"""What every text holds that one of them finds something in; most answers hold none of it."""


def as_text(value: object) -> str:
    """Return a cell as text that can be stored and encoded: "" for a missing value, "�" for half a surrogate pair."""
    if value is None or value != value:
        return ""
    return str(value).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def without_noise(text: str, mark: str = " ") -> str:
    """Return the text in NFC with links, addresses, handles and long numbers replaced by `mark`, "&ouml;" by "ö".

    >>> without_noise("Ring 070-123 45 67 mellan 8.00-17.00")
    'Ring   mellan 8.00-17.00'
    """
    text = unicodedata.normalize("NFC", text)
    if not _SUSPECT.search(text):
        return text
    text = unicodedata.normalize("NFC", _ENTITY.sub(lambda entity: _character(entity[0], mark), text))
    return _OTHER.sub(mark, masked(text, mark)).replace("#", " ")


def masked(text: str, mark: str = "[…]") -> str:
    """Return the text with `mark` in place of what `has_private_parts` finds.

    >>> masked("Mail anna@example.org")
    'Mail […]'
    """
    return _PRIVATE.sub(lambda found: mark if found["private"] else found[0], text)


def _character(entity: str, mark: str) -> str:
    read = unescape(entity)
    return mark if read == entity else read


def to_embed(text: str) -> str:
    """Return the part of an answer that is embedded: its words, without links, addresses, handles and long numbers.

    An answer to "@somebody" is about what it says, not about whom it is sent to. Where nothing else is left the answer
    stays as it is. White space is evened out, and a text is read up to its first 5,000 characters.
    """
    text = text[:LONGEST]
    words = " ".join(without_noise(text).split()) or " ".join(text.split())
    return text if words == text else words


def has_private_parts(text: str) -> bool:
    """Tell whether the text holds a link, an e-mail address, a personal identity code or a number of seven digits or
    more, such as a telephone number; hours, years and sums of money are none.
    """
    return any(found["private"] for found in _PRIVATE.finditer(text))


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
