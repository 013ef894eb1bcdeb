"""What `--closed COL[:TYPE][:BASIS]` and `--describe COL[:TYPE]` name: one column, several by a pattern, or a range."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from itertools import groupby, takewhile

from data.files import Table, require_columns
from models.population import BASES, Basis, Question
from survey.analysis.column_gaps import blanked, told_of, unanswered
from survey.analysis.column_numbers import even_numbers
from survey.analysis.column_types import LEVELS, MANY, NAMES, TYPES, WORDS, guess_type, read_cells
from survey.errors import AppError

FEWEST_MARKS = 4
"""Columns named together are taken for one scale from so many marks on: of fewer, each may be a choice of its own."""

MARKED = frozenset({"ordinal", "number", "battery", "centred", "ranking", "shares", "bestworst"})
"""Types whose answers are numbers, or steps of a scale."""

NONE: frozenset[str] = frozenset()

BETWEEN = ".."
BETWEEN_WORDS = " ._-:/[("
"""What stands between the name of a question and that of an item."""
"""Stands between the first and the last column of a range."""


@dataclass(frozen=True)
class Spec:
    """What was asked of some columns. kind: None is to be judged by the cells. basis: None leaves it to the request."""

    given: str
    columns: tuple[str, ...]
    kind: str | None = None
    basis: Basis | None = None


@dataclass(frozen=True)
class Read:
    """A question made of columns.

    guessed: whether its type was judged by the cells. cells: of a question in one column, those that count as no answer
    blank; () otherwise. left_out: how often which cell of which column counts as no answer although something is in it.
    amount: a cell of an amount in other than plain digits, and the number it was read as; () for none.
    """

    question: Question
    columns: tuple[str, ...]
    guessed: bool
    cells: tuple[str, ...] = ()
    left_out: Mapping[tuple[str, str], int] = field(default_factory=dict)
    amount: tuple[str, ...] = ()


def parse_spec(given: str, table: Table) -> Spec:
    """Return what a value of --closed or --describe names; raises AppError or DataError naming what is not there.

    A column that is called just so comes first; then endings of ":" and a type or a basis are taken off.
    """
    names = [str(column) for column in table.frame.columns]
    name, kind, basis = given, None, None
    while name not in names and ":" in name:
        head, _, word = name.rpartition(":")
        small = word.strip().casefold()
        if small in TYPES and kind is None:
            kind = TYPES[small]
        elif small in BASES and basis is None:
            basis = next(one for one in BASES if one == small)
        elif not word.strip() and (kind or basis):
            pass
        elif _matching(head, names):
            raise AppError(
                f"'{word}' in '{given}' is neither a type nor a basis: types are "
                f"{', '.join(NAMES_OF_TYPES)}; bases are {', '.join(BASES)}."
            )
        else:
            break
        name = head
    columns = _matching(name, names)
    if not columns:
        require_columns(table, [name])
    return Spec(given, tuple(columns), kind, basis)


NAMES_OF_TYPES = tuple(
    words[0] if kind in ("nominal", "multi", "binary", "ordinal") else kind for kind, words in WORDS.items()
)
"""The types as they are offered in a sentence."""


def parse_describing(given: str, table: Table) -> Spec:
    """Return what a value of --describe names; raises as `parse_spec`, and AppError where it names a basis."""
    spec = parse_spec(given, table)
    if spec.basis is not None:
        raise AppError(f"'{given}' is to describe segments, so it forms none: take the basis off.")
    return spec


def questions(specs: Iterable[Spec], table: Table, bases: Mapping[str, tuple[Basis, ...]]) -> list[Read]:
    """Return the questions that the specs name, each column in one question only.

    bases: what each spec's questions form, by its `given`. Raises AppError for a column of texts, of no answers, of
    another type than was said, or named twice.
    """
    found: list[Read] = []
    taken: dict[str, str] = {}
    for spec in specs:
        for column in spec.columns:
            if column in taken:
                raise AppError(f"The column '{column}' is named twice, by '{taken[column]}' and '{spec.given}'.")
            taken[column] = spec.given
        found += _read(spec, table, bases.get(spec.given, ()))
    return found


def _read(spec: Spec, table: Table, bases: tuple[Basis, ...]) -> list[Read]:
    cells = {column: table.frame[column].tolist() for column in spec.columns}
    numeric = spec.kind is None or spec.kind in MARKED
    numbers = {column: even_numbers(values) if numeric else values for column, values in cells.items()}
    if spec.kind in MANY or (spec.kind == "multi" and len(cells) > 1):
        if len(cells) < 2:
            shown = spec.given.split(":")[0]
            raise AppError(
                f"A question of the type '{NAMES[spec.kind or 'multi']}' stands in several columns: name them by a "
                f"pattern, such as '{shown}.*'."
            )
        name = _common(spec.columns)
        gone = unanswered([cell for values in numbers.values() for cell in values]) if numeric else NONE
        items = {item_of(column, name): blanked(values, gone) for column, values in numbers.items()}
        question = Question(name, read_cells(name, spec.kind or "multi", items), bases)
        amount = next(filter(None, (_amount(cells[column], numbers[column]) for column in cells)), ())
        return [Read(question, spec.columns, False, left_out=_times(cells, gone), amount=amount)]
    read = []
    for column, given in cells.items():
        gone = unanswered(numbers[column]) if numeric else NONE
        kind = spec.kind or guess_type(blanked(numbers[column], gone))
        known = numbers[column] if kind in MARKED else given
        values = blanked(known, gone)
        if kind is None:
            raise AppError(_no_type(column, values))
        question = Question(column, read_cells(column, kind, {column: values}), bases)
        left_out, amount = _times({column: given}, gone), _amount(given, known)
        read.append(Read(question, (column,), spec.kind is None, tuple(values), left_out, amount))
    return _on_one_scale(read)


def _amount(given: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    """Return the first cell that was read as another number than it spells plainly, and that number; () for none."""
    return next(((cell.strip(), number) for cell, number in zip(given, known, strict=True) if cell != number), ())


def _times(cells: Mapping[str, Sequence[str]], gone: frozenset[str]) -> Counter[tuple[str, str]]:
    """Return how often each of these cells stands in each column."""
    return Counter(
        (column, cell.strip()) for column, values in cells.items() for cell in values if cell.strip() in gone
    )


def _on_one_scale(read: Sequence[Read]) -> list[Read]:
    """The questions, those on one scale with all its marks, also where nobody gave the lowest or the highest."""
    marks = [mark for one in read if _whole(one) for mark in one.question.answers.options]
    scale = tuple(sorted(set(marks)))
    if not FEWEST_MARKS <= len(scale) <= LEVELS:
        return list(read)
    low, high = scale[0] + 1, scale[-1] - 1
    return [
        replace(one, question=replace(one.question, answers=replace(one.question.answers, options=scale)))
        if _whole(one) and min(one.question.answers.options) <= low and max(one.question.answers.options) >= high
        else one
        for one in read
    ]


def _whole(one: Read) -> bool:
    """Whether a question was answered with marks that are whole numbers."""
    answers = one.question.answers
    return (
        answers.kind == "ordinal" and bool(answers.options) and all(isinstance(mark, int) for mark in answers.options)
    )


def _no_type(column: str, cells: Sequence[str]) -> str:
    if not any(cell.strip() for cell in cells):
        return f"The column '{column}' is blank in every row: leave it out."
    return (
        f"'{column}' holds many different texts: name it with --text if these are open answers, or say its type, "
        f"'{column}:choice'."
    )


def told(read: Sequence[Read]) -> tuple[str, ...]:
    """Return in sentences how columns were read whose type nobody named, and what counts as no answer."""
    empty = [one.columns[0] for one in read if all(value is None for value in one.question.answers.values)]
    left_out: Counter[tuple[str, str]] = sum((Counter(one.left_out) for one in read), Counter())
    return (
        *_judged([one for one in read if one.guessed]),
        *filter(None, [told_of(left_out)]),
        *(
            f"Amounts in '{one.question.name}' are read as numbers, '{one.amount[0]}' as {one.amount[1]}."
            for one in read
            if one.amount
        ),
        *(f"Nobody answered '{name}'." for name in empty),
    )


def _judged(guessed: Sequence[Read]) -> Iterator[str]:
    if not guessed:
        return
    parts = []
    for kind, group in groupby(guessed, key=lambda one: one.question.answers.kind):
        names = [f"'{one.columns[0]}'" for one in group]
        shown = f"{names[0]} to {names[-1]} ({len(names)} columns)" if len(names) > 3 else ", ".join(names)
        parts.append(f"{shown} as {NAMES[kind]}")
    yield f"Types judged by the answers: {'; '.join(parts)}."


def with_basis(specs: Sequence[Spec], bases: Sequence[Basis]) -> list[Spec]:
    """Return the specs, each with its basis: its own, or the only one that was asked for.

    Raises AppError when several were asked for and one is not named.
    """
    if len(bases) == 1:
        return [replace(spec, basis=spec.basis or bases[0]) for spec in specs]
    for spec in specs:
        if spec.basis is None:
            offered = " or ".join(f"'{spec.given}:{basis}'" for basis in (bases or BASES[:2])[:2])
            raise AppError(f"Say which segments '{spec.given}' helps to form, for example {offered}.")
    return list(specs)


def _matching(name: str, names: Sequence[str]) -> list[str]:
    if name in names:
        return [name]
    first, found, last = name.partition(BETWEEN)
    if found and first in names and last in names:
        low, high = sorted((names.index(first), names.index(last)))
        return list(names[low : high + 1])
    return [column for column in names if fnmatchcase(column, name)] if "*" in name or "?" in name else []


def _common(columns: Sequence[str]) -> str:
    """Return what the names of several columns begin with, without what ends it; the first of them and "…" if nothing.

    >>> _common(["vals.fun", "vals.order"]), _common(["fun", "order"]), _common(["Price", "Place"])
    ('vals', 'fun …', 'Price …')
    """
    letters = takewhile(lambda same: len(set(same)) == 1, zip(*columns, strict=False))
    beginning = "".join(letter for letter, *_ in letters)
    apart = [at + 1 for at, letter in enumerate(beginning) if letter in BETWEEN_WORDS]
    if all(len(column) > len(beginning) and column[len(beginning)] in BETWEEN_WORDS for column in columns):
        apart.append(len(beginning))
    return beginning[: max(apart, default=0)].rstrip(BETWEEN_WORDS) or f"{columns[0]} …"


def item_of(column: str, name: str) -> str:
    """Return a column's name without the name of its question.

    >>> item_of("Q1[fun]", "Q1"), item_of("vals.order", "vals")
    ('fun', 'order')
    """
    return column.removeprefix(name).strip(" ._-:[]()") or column
