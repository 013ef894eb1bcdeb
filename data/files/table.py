"""What a read file is: text cells under unique column names, and what was assumed on the way."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from data.errors import DataError

MAX_BYTES = 256 * 2**20
"""Largest file that is read, counted unpacked; 5,000 answers of 20,000 characters are 100 MB."""


@dataclass(frozen=True)
class Table:
    """A file of answers, every cell as text.

    frame: one row per record, in file order; each column holds `str`, "" where the file has nothing. "NA", "null" and
    the like stay what they are. name: the file's name. notes: what was assumed while reading, in sentences.
    """

    frame: pd.DataFrame
    name: str
    notes: tuple[str, ...] = ()


def build(header: Sequence[str], rows: Sequence[Sequence[str]], name: str, notes: Iterable[str] = ()) -> Table:
    """Return the table of `rows`, each as long as `header`; raises DataError when there are none."""
    if not rows:
        raise DataError(f"'{name}' has column names but no rows; export it again with at least one answer.")
    names, renamed = unique_names(header)
    frame = pd.DataFrame(list(rows), columns=pd.Index(names, dtype=object), dtype=object)
    return Table(frame, name, (*notes, *renamed))


def unique_names(header: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return column names without blanks and repeats, and a note for each change.

    >>> unique_names(["text", "", "text"])[0]
    ['text', 'column 2', 'text (2)']
    """
    taken = {name.strip() for name in header}
    names: list[str] = []
    notes: list[str] = []
    for place, raw in enumerate(header, start=1):
        name = wanted = raw.strip() or f"column {place}"
        number = 2
        while name in names or (name != raw.strip() and name in taken):
            name = f"{wanted} ({number})"
            number += 1
        if not raw.strip():
            notes.append(f"Column {place} has no name and is called '{name}'.")
        elif name != wanted:
            notes.append(f"The column name '{wanted}' is used more than once; column {place} is called '{name}'.")
        names.append(name)
    return names, notes


def refuse_size(name: str, size: int) -> None:
    """Raise DataError when a file of `size` unpacked bytes is too large to be read."""
    if size > MAX_BYTES:
        raise DataError(
            f"'{name}' is larger than {MAX_BYTES // 2**20} MB once unpacked; "
            "keep only the columns you need, or split it into several files."
        )
