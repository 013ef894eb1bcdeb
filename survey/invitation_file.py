"""A file of people to invite: which of its columns may be kept with the answers, and the file with links to send."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from survey.errors import AppError
from survey.report.writers import plain_cell

LARGEST_FILE = 2 * 2**20
MOST_PEOPLE = 10_000
MOST_COLUMNS = 40
LONGEST_NAME, LONGEST_CELL = 64, 300
LINK = "link"
_ADDRESS = re.compile(r".*\S@\S+\.\w+.*")
_TELEPHONE = re.compile(r"(?:\+|0)[\d\s()/-]{6,}\d")
_IDENTIFYING = (_ADDRESS, _TELEPHONE)
_IDENTITY = re.compile(
    r"e-?mail|e-?post|mail|sähköposti|(?:^|[\W_])(?:name|navn|namn|nimi)|(?:first|last|full|sur|family)_?name|(?:för|efter)namn"
    r"|(?:for|efter)navn|(?:etu|suku)nimi|phone|mobil|telefon|puhelin|(?:^|[\W_])tel|address|adress|osoite"
    r"|personnummer|fødselsnummer|henkilötunnus|(?:^|[\W_])(?:cpr|ssn)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class People:
    """The people of a file: one row each, every cell as text."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def cells(self, column: str) -> Iterable[str]:
        """Return the cells of a column, top to bottom."""
        at = self.columns.index(column)
        return (row[at] for row in self.rows)

    def describing(self) -> tuple[str, ...]:
        """Return the columns that look as if they describe people without saying who they are."""
        return tuple(
            name for name in self.columns if not _IDENTITY.search(name) and not self._holds(name, _IDENTIFYING)
        )

    def descriptors(self, columns: Sequence[str], questions: Iterable[str]) -> list[dict[str, str]]:
        """Return for each row what is kept with the answers: the named columns, empty cells left out.

        Raises AppError for a column that holds e-mail addresses, that is called like one of the
        `questions`, or whose name no condition of a survey could use.
        """
        taken = set(questions)
        for name in columns:
            if name not in self.columns:
                raise AppError(f"The file has no column '{name}'.", f"It has {', '.join(self.columns)}.")
            if self._holds(name, [_ADDRESS]):
                raise AppError(
                    f"The column '{name}' holds e-mail addresses, and answers are kept without them.",
                    "Leave it out; it stays in the file of links.",
                )
            if name in taken:
                raise AppError(
                    f"The column '{name}' is called like a question of the survey.", "Give it another name in the file."
                )
            if len(name) > LONGEST_NAME or not re.fullmatch(r"[^\W\d][\w -]*", name):
                raise AppError(
                    f"'{name[:LONGEST_NAME]}' cannot be used as the name of a descriptor.",
                    f"Use at most {LONGEST_NAME} letters, digits, blanks, _ and -, with a letter first.",
                )
        places = [(name, self.columns.index(name)) for name in columns]
        return [{name: row[at] for name, at in places if row[at]} for row in self.rows]

    def _holds(self, column: str, patterns: Sequence[re.Pattern[str]]) -> bool:
        return any(pattern.fullmatch(cell) for cell in self.cells(column) for pattern in patterns)


def read_people(raw: bytes, name: str) -> People:
    """Return the people in a CSV file (any usual separator and encoding); cells lose blanks at their ends.

    Raises DataError when the file cannot be read, AppError when it is larger than an invitation needs.
    """
    from data.files.delimited import read_delimited

    if len(raw) > LARGEST_FILE:
        raise AppError(f"'{name}' is larger than {LARGEST_FILE // 2**20} MB.", "Leave columns out, or split the file.")
    frame = read_delimited(raw, name).frame
    if len(frame) > MOST_PEOPLE:
        raise AppError(f"'{name}' has {len(frame):,} rows; {MOST_PEOPLE:,} is the most at once.", "Split the file.")
    if len(frame.columns) > MOST_COLUMNS:
        raise AppError(f"'{name}' has {len(frame.columns)} columns; {MOST_COLUMNS} is the most.", "Leave some out.")
    rows = tuple(tuple(cell.strip() for cell in row) for row in frame.itertuples(index=False))
    columns = tuple(map(str, frame.columns))
    for number, row in enumerate(rows, start=1):
        for column, cell in zip(columns, row, strict=True):
            if len(cell) > LONGEST_CELL:
                raise AppError(
                    f"Row {number} of '{name}' has more than {LONGEST_CELL} characters in '{column}'.", "Shorten it."
                )
    return People(columns, rows)


def links_csv(people: People, links: Sequence[str]) -> bytes:
    """Return the file of links to send, in UTF-8 that spreadsheets recognise: the file's columns, then the link.

    A cell that a spreadsheet would take for a formula gets an apostrophe in front.
    """
    column = next(name for name in (LINK, *(f"{LINK} {n}" for n in range(2, 99))) if name not in people.columns)
    return csv_file((*people.columns, column), ((*row, link) for row, link in zip(people.rows, links, strict=True)))


def csv_file(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return a table as a CSV file that no spreadsheet runs anything of, in UTF-8 with its mark."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(map(plain_cell, header))
    writer.writerows(map(plain_cell, row) for row in rows)
    return out.getvalue().encode("utf-8-sig")
