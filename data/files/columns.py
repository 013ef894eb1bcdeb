"""Which columns of a table hold free text, judged by their cells and never by their names."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import pandas as pd

from data.errors import DataError, NotFound
from data.files.table import Table

LISTED = 12
"""Most column names shown in one sentence."""

SAMPLE = 5000
"""Most cells of a column that are looked at."""

SENTENCE_WORDS = 3.0
"""Mean number of words from which a column reads as sentences."""

PHRASE_WORDS = 1.5
"""Mean number of words from which a column reads as short answers."""

VARIED = 0.05
"""Smallest share of different values in free text; closed questions repeat a few."""

REPEATED = 0.02
"""Below this share of different values not even phrases are taken for open answers."""

NEAR_BEST = 0.25
"""A column with fewer different values than this share of the most varied one is a closed question beside it."""

TEXT_SHARE = 0.5
"""Smallest share of a column's cells that must be words."""

CODE = re.compile(r"https?://\S*|www\.\S*|\S+@\S+\.\w+|Mozilla/.*|[\[{].*[\]}]|[\w.-]*\d[\w.-]*", re.DOTALL)
"""Links, addresses, browsers, JSON and identifiers with a digit in them."""

UNSPACED = re.compile(r"[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""Scripts that write words without blanks: about two characters a word."""


@dataclass(frozen=True)
class TextColumn:
    """How the cells of a column of text read.

    words: mean number per cell. distinct: share of different cells, 0-1. varied: too many different cells for a
    closed question.
    """

    name: str
    words: float
    distinct: float
    varied: bool

    @property
    def open(self) -> bool:
        """Whether the cells can be open answers at all: varied ones, or phrases that are not always the same few."""
        return self.varied or (self.words >= PHRASE_WORDS and self.distinct >= REPEATED)


def find_text_columns(frame: pd.DataFrame) -> list[TextColumn]:
    """Return the columns of text in the order of the frame; numbers, dates, addresses and codes are no text."""
    found = (_text_column(str(name), frame[name].tolist()) for name in frame.columns)
    return [column for column in found if column]


def likely_answers(columns: Sequence[TextColumn]) -> list[str]:
    """Return the names of the columns that read most like open answers.

    Varied sentences come before varied phrases, those before everything else that may be an open answer.
    """
    for words in (SENTENCE_WORDS, PHRASE_WORDS):
        best = [column for column in columns if column.varied and column.words >= words]
        if best:
            least = NEAR_BEST * max(column.distinct for column in best)
            return [column.name for column in best if column.distinct >= least]
    return [column.name for column in columns if column.open]


def only_text_column(table: Table, or_else: str = "", besides: Collection[str] = ()) -> str:
    """Return the one column that holds open answers; raises DataError naming the candidates when that is not clear.

    or_else: end of the sentence about a file that seems to hold none, on what else may be done with it. besides:
    columns that are known to hold something else.
    """
    columns = find_text_columns(table.frame.drop(columns=list(besides)))
    if len(table.frame.columns) - len(besides) == len(columns) == 1:
        return columns[0].name
    candidates = likely_answers(columns)
    if len(candidates) == 1:
        return candidates[0]
    if candidates:
        raise DataError(
            f"Several columns of '{table.name}' may hold the answers: {listed(candidates)}; name one with --text."
        )
    names = [column.name for column in columns] or [str(name) for name in table.frame.columns]
    what = "reads like open answers" if columns else "holds text"
    empty = [str(name) for name in table.frame.columns if not any(cell.strip() for cell in table.frame[name])]
    blank = f" ({listed(empty)}: blank in every row)" if empty else ""
    raise DataError(
        f"No column of '{table.name}' {what}{blank}; name the one with the answers with --text: "
        f"{listed(names)}{or_else}."
    )


def sentence_columns(table: Table, besides: Collection[str] = ()) -> list[str]:
    """Return the columns that hold varied sentences, without those whose use is known."""
    columns = find_text_columns(table.frame.drop(columns=list(besides)))
    return [column.name for column in columns if column.varied and column.words >= SENTENCE_WORDS]


def require_columns(table: Table, names: Sequence[str]) -> None:
    """Raise NotFound for the first of `names` that is no column, with the nearest name or all of them."""
    columns = [str(column) for column in table.frame.columns]
    for name in names:
        if name not in columns:
            near = get_close_matches(name, columns, n=1)
            hint = f"did you mean '{near[0]}'?" if near else f"its columns are {listed(columns)}."
            raise NotFound(f"There is no column '{name}' in '{table.name}'; {hint}")


def listed(names: Sequence[str]) -> str:
    """Return names for a sentence, at most LISTED of them.

    >>> listed(["likes", "dislikes"])
    "'likes', 'dislikes'"
    """
    shown = ", ".join(f"'{name}'" for name in names[:LISTED])
    return f"{shown} and {len(names) - LISTED} more" if len(names) > LISTED else shown


def _text_column(name: str, cells: Sequence[str]) -> TextColumn | None:
    """Return how the cells read, or None when most of them are no words."""
    step = max(1, len(cells) // SAMPLE)
    values = [stripped for cell in cells[::step] if (stripped := cell.strip())]
    texts = [value for value in values if _is_text(value)]
    if not texts or len(texts) < TEXT_SHARE * len(values):
        return None
    distinct = len(set(texts))
    return TextColumn(
        name,
        words=sum(map(_words, texts)) / len(texts),
        distinct=distinct / len(texts),
        varied=distinct >= max(min(len(texts), 4), VARIED * len(texts)),
    )


def _is_text(value: str) -> bool:
    """Say whether a cell is words: neither a number, a date, an address nor a code."""
    letters = sum(character.isalpha() for character in value)
    digits = sum(character.isdigit() for character in value)
    return not CODE.fullmatch(value) and (letters > digits or (not digits and not value.isascii()))


def _words(value: str) -> float:
    unspaced = len(UNSPACED.findall(value))
    return unspaced / 2 if unspaced > len(value) / 2 else len(value.split())
