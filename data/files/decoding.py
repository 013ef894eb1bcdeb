"""Bytes to text: byte order marks, UTF-8, and Western European text from older programs."""

import codecs
import re
from dataclasses import dataclass

from data.errors import DataError

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""Byte order marks, the longer before its own beginning."""

CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
LETTERS = re.compile(rb"[A-Za-z]")
HIGH = re.compile(rb"[\x80-\xff]")
UTF8_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")

MOST_CONTROL = 0.01
"""Above this share of control characters a file is no text; single ones occur in pasted answers."""

MOST_HIGH = 0.4
"""Above this share of its letters outside ASCII, a text is in no Western European language."""

SAVE_AS = "save it again as CSV in UTF-8"


@dataclass(frozen=True)
class Decoded:
    """The text of a file and, when its encoding had to be guessed, a sentence that says so."""

    text: str
    note: str = ""


def decode(raw: bytes, name: str) -> Decoded:
    """Return the text of `raw`; raises DataError, naming the line, when it is not text or in no known encoding.

    A byte order mark decides; then strict UTF-8; then Windows-1252, which holds Latin-1's letters, unless that would
    turn the text into nonsense.
    """
    for mark, encoding in MARKS:
        if raw.startswith(mark):
            return Decoded(_strict(raw[len(mark) :], encoding, name))
    _refuse_binary(raw, name)
    try:
        return Decoded(raw.decode("utf-8"))
    except UnicodeDecodeError as problem:
        _refuse_unless_western(raw, problem.start, name)
    text = _strict(raw, "cp1252", name)
    return Decoded(text, f"'{name}' is not UTF-8 and was read as Western European text (Windows-1252, Latin-1).")


def _strict(raw: bytes, encoding: str, name: str) -> str:
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as problem:
        place = problem.start
        raise DataError(
            f"Line {_line(raw, place)} of '{name}' cannot be read: the byte 0x{raw[place]:02x} at position {place} "
            f"fits neither UTF-8 nor {encoding.upper()}; {SAVE_AS}."
        ) from problem
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise DataError(f"'{name}' is not a text file: line {line} holds a zero character; {SAVE_AS}.")
    return text


def _refuse_binary(raw: bytes, name: str) -> None:
    control = CONTROL.search(raw)
    if control and (b"\x00" in raw or len(CONTROL.findall(raw)) > MOST_CONTROL * len(raw)):
        raise DataError(
            f"'{name}' is not a text file: line {_line(raw, control.start())} holds the byte "
            f"0x{raw[control.start()]:02x} at position {control.start()}; {SAVE_AS}."
        )


def _refuse_unless_western(raw: bytes, place: int, name: str) -> None:
    """Raise DataError when the first bad byte, at `place`, spoils UTF-8 or the letters are not Western European."""
    high = len(HIGH.findall(raw))
    as_utf8 = sum(len(found) for found in UTF8_SEQUENCE.findall(raw))
    where = f"Line {_line(raw, place)} of '{name}' cannot be read: the byte 0x{raw[place]:02x} at position {place}"
    if as_utf8 > high / 2:
        raise DataError(f"{where} is not UTF-8, though the rest of the file is; {SAVE_AS}.")
    if high > MOST_HIGH * (high + len(LETTERS.findall(raw))):
        raise DataError(f"{where} is not UTF-8, and the text is not Western European either; {SAVE_AS}.")


def _line(raw: bytes, place: int) -> int:
    return raw.count(b"\n", 0, place) + 1
