"""How a text file separates and quotes its fields, found by trying."""

import csv
import re
import sys
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from data.errors import DataError

if TYPE_CHECKING:
    from _csv import Reader

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
SAMPLE = 500
"""Records looked at to find the separator."""

HINT = re.compile(r'"?sep=(.)"?(?:\r\n?|\n)')
"""The first line that some spreadsheets write to name the separator."""

LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")

csv.field_size_limit(min(sys.maxsize, 2**31 - 1))


@dataclass(frozen=True)
class Dialect:
    """How fields are separated, and whether quotes are doubled, escaped with a backslash, or (quoting off) plain."""

    separator: str
    backslash: bool = False
    quoting: bool = True

    @property
    def word(self) -> str:
        """The separator's name."""
        return SEPARATORS.get(self.separator, "separator")

    def reader(self, text: str) -> "Reader":
        """Return a strict csv reader over the lines of `text`; it raises csv.Error where quotes break the rules."""
        return csv.reader(
            (line.group() for line in LINE.finditer(text)),
            delimiter=self.separator,
            escapechar="\\" if self.backslash else None,
            quoting=csv.QUOTE_MINIMAL if self.quoting else csv.QUOTE_NONE,
            strict=True,
        )


@dataclass(frozen=True)
class Record:
    """The fields of one record, and the line it starts on, counted from 1."""

    line: int
    fields: list[str]


@dataclass(frozen=True)
class Parsed:
    """All records that are not empty lines, how they were read, and a note unless that was the usual way."""

    records: list[Record]
    empty_lines: int
    dialect: Dialect
    note: str = ""


class BrokenQuotes(Exception):
    """A record's quotes break the rules; `line` is where the record starts."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def parse(text: str, name: str) -> Parsed:
    """Return the records of `text`; raises DataError, naming the line, when no way of quoting reads all of it."""
    first_line = 1
    if hint := HINT.match(text):
        text, separator, first_line = text[hint.end() :], hint.group(1), 2
    else:
        separator = find_separator(text)
    try:
        return _parse(text, Dialect(separator), first_line)
    except BrokenQuotes as broken:
        problem = broken
    if '\\"' in text:
        try:
            note = f"Quotes in '{name}' are escaped with backslashes and were read so."
            return _parse(text, Dialect(separator, backslash=True), first_line, note)
        except BrokenQuotes:
            pass
    plain = _parse(
        text,
        Dialect(separator, quoting=False),
        first_line,
        f"Quotes in '{name}' do not enclose fields and were kept as part of the text.",
    )
    if _rectangular(plain.records) and not any(_encloses(field) for each in plain.records for field in each.fields):
        return plain
    raise DataError(
        f"Line {problem.line} of '{name}' cannot be read: a field that starts with a double quote does not end with "
        "one; double the quotes inside it, or save the file again from a spreadsheet."
    )


def find_separator(text: str) -> str:
    """Return the separator under which the header splits and most records are as long as the header.

    When the header does not split at all the file has one column, whatever its answers hold; what comes back then is
    a character that the text does not hold.

    >>> find_separator("id;text\\n1;Good, cheap, fast\\n2;Slow, dear")
    ';'
    """
    best, best_score = "", (0.0, 0)
    for separator in SEPARATORS:
        widths = _widths(text, separator)
        if widths[0] > 1:
            score = (sum(width == widths[0] for width in widths) / len(widths), widths[0])
            if score > best_score:
                best, best_score = separator, score
    return best or next(chr(code) for code in range(0xE000, 0xF8FF) if chr(code) not in text)


def _widths(text: str, separator: str) -> list[int]:
    """Return the number of fields of the first records; 0 ends the list where they cannot be read."""
    widths: list[int] = []
    try:
        widths.extend(len(record) for record in islice(Dialect(separator).reader(text), SAMPLE) if record)
    except csv.Error:
        widths.append(0)
    return widths or [0]


def _parse(text: str, dialect: Dialect, first_line: int, note: str = "") -> Parsed:
    reader = dialect.reader(text)
    records: list[Record] = []
    empty = 0
    line = first_line
    try:
        for fields in reader:
            if fields:
                records.append(Record(line, fields))
            else:
                empty += 1
            line = reader.line_num + first_line
    except csv.Error as problem:
        raise BrokenQuotes(line) from problem
    return Parsed(records, empty, dialect, note)


def _rectangular(records: list[Record]) -> bool:
    return all(len(record.fields) == len(records[0].fields) for record in records)


def _encloses(field: str) -> bool:
    """Say whether a field's first quote was meant to open it: the last character closes it, or nothing does."""
    return field.startswith('"') and (field.count('"') % 2 == 1 or field.endswith('"'))
