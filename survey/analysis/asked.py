"""One question of a survey with everybody's stored answers -> answers as the numeric core reads them.

Options, rows and items go by the text that people read, so that a result needs no survey to be understood. One reader
for each encoder of models.features.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models.features import Answers
from survey.definition import Question
from survey.definition.kinds import Allocation, BestWorst, Matrix, Rating, Selecting
from survey.definition.kinds.choices import OTHER

NOTHING_SAID = ("refuse", "dontknow")
"""Choices that a survey can offer beside its own, and that say nothing about who takes them."""

MOST_WORDS = 40
"""Different words beyond which a value is no group that could describe anybody: a name, a number of a contract."""


@dataclass(frozen=True)
class Texts:
    """What stored values are called, by their text form; a value that is not listed goes by itself."""

    known: Mapping[str, str]

    def of(self, value: Any) -> str:
        """Return the text of an option, row or item; an own answer goes by the text of "other"."""
        stored = OTHER if isinstance(value, Mapping) else value
        return self.known.get(str(stored), str(stored))


def answers(question: Question, values: Sequence[Any], language: str) -> Answers | None:
    """Return the answers to a question, None where it says nothing about people (a message, an e-mail address).

    values: as stored, one a person, None where there is none. language: of the texts of options.
    """
    if question.kind == "expression":
        return by_value(question.name, values)
    reader = READERS.get(question.encoder)
    return None if reader is None else reader(question, values, language)


def by_value(name: str, values: Sequence[Any]) -> Answers | None:
    """Return answers that no question describes, told apart by what they are: yes or no, numbers, or words.

    None when nobody has any, or when nearly everybody has another word.
    """
    found = [value for value in values if value not in (None, "")]
    if not found:
        return None
    if all(isinstance(value, bool) for value in found):
        return Answers(name, "binary", tuple(values))
    numbers = [_number(value) for value in values]
    if sum(number is not None for number in numbers) == len(found):
        return Answers(name, "number", tuple(numbers))
    words = tuple(None if value in (None, "") else str(value) for value in values)
    options = tuple(sorted({word for word in words if word is not None}))
    return Answers(name, "nominal", words, options) if len(options) <= MOST_WORDS else None


def texts(question: Question, options: Iterable[Any], language: str) -> Texts:
    """Return what the options of a question are called; where two are called the same, they go by their values."""
    named = {str(option): " ".join(question.label(option, language).split()) for option in options}
    return Texts(named if len(set(named.values())) == len(named) else {})


def _open(question: Question, values: Sequence[Any], language: str) -> Answers | None:
    if getattr(question, "inputType", "text") != "text":
        return None
    return Answers(question.name, "text", tuple(str(value) if value else None for value in values))


def _single(question: Question, values: Sequence[Any], language: str) -> Answers:
    options, called = _options(question, language)
    return Answers(
        question.name,
        "nominal",
        tuple(None if _silent(question, value) else called.of(value) for value in values),
        options,
    )


def _several(question: Question, values: Sequence[Any], language: str) -> Answers:
    options, called = _options(question, language)

    def read(value: Any) -> tuple[str, ...] | None:
        picks = value if isinstance(value, list) else [value]
        return None if any(_silent(question, pick) for pick in picks) else tuple(map(called.of, picks))

    return Answers(question.name, "multi", tuple(map(read, values)), options)


def _plain(question: Question, values: Sequence[Any], language: str) -> Answers:
    return Answers(question.name, question.encoder, tuple(values))


def _scale(question: Question, values: Sequence[Any], language: str) -> Answers:
    steps = question.steps if isinstance(question, Rating) else ()
    if all(_number(step) is not None for step in steps):
        return Answers(question.name, "ordinal", tuple(values), tuple(steps))
    called = texts(question, steps, language)
    given = tuple(None if value is None else called.of(value) for value in values)
    return Answers(question.name, "ordinal", given, tuple(map(called.of, steps)))


def _battery(question: Question, values: Sequence[Any], language: str) -> Answers | None:
    if not isinstance(question, Matrix):
        return None
    rows = texts(question, question.values, language)
    numeric = all(_number(mark) is not None for mark in question.scale)
    named = {str(mark): " ".join(question.scale_label(mark, language).split()) for mark in question.scale}
    marks = Texts({} if numeric or len(set(named.values())) < len(named) else named)

    def mark(value: Any) -> Any:
        return value if numeric or value is None else marks.of(value)

    def read(value: Any) -> dict[str, Any] | None:
        given = {rows.of(row): mark(cell) for row, cell in value.items()} if isinstance(value, dict) else {}
        return given if any(cell is not None for cell in given.values()) else None

    return Answers(
        question.name,
        "battery",
        tuple(map(read, values)),
        tuple(map(mark, question.scale)),
        tuple(map(rows.of, question.values)),
        ipsatise=question.samtal.centred,
    )


def _ranked(question: Question, values: Sequence[Any], language: str) -> Answers:
    options, called = _options(question, language)
    given = tuple(tuple(map(called.of, value)) if value else None for value in values)
    return Answers(question.name, "ranking", given, options)


def _best_worst(question: Question, values: Sequence[Any], language: str) -> Answers | None:
    if not isinstance(question, BestWorst):
        return None
    options, called = _options(question, language)

    def read(value: Any) -> tuple[dict[str, Any], ...] | None:
        chosen = [one for one in value or () if one["best"] is not None]
        sets = tuple(
            {
                "set": tuple(map(called.of, one["set"])),
                "best": called.of(one["best"]),
                "worst": called.of(one["worst"]),
            }
            for one in chosen
        )
        return sets or None

    return Answers(question.name, "bestworst", tuple(map(read, values)), options)


def _parts(question: Question, values: Sequence[Any], language: str) -> Answers | None:
    if not isinstance(question, Allocation):
        return None
    options, called = _options(question, language)
    given = tuple({called.of(part): points for part, points in value.items()} if value else None for value in values)
    return Answers(question.name, "shares", given, options)


def _options(question: Question, language: str) -> tuple[tuple[str, ...], Texts]:
    silent = NOTHING_SAID if isinstance(question, Selecting) else ()
    extras = question.extras if isinstance(question, Selecting) else ()
    options = [value for value in question.values if not (value in silent and value in extras)]
    called = texts(question, options, language)
    return tuple(map(called.of, options)), called


def _silent(question: Question, value: Any) -> bool:
    if value is None:
        return True
    offered = question.extras if isinstance(question, Selecting) else ()
    return isinstance(value, str) and value in NOTHING_SAID and value in offered


def _number(value: Any) -> float | int | None:
    """Return a value that is a number or spells one, as one; None for any other.

    >>> _number("12"), _number("3,5"), _number("65+"), _number(True)
    (12, 3.5, None, None)
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if not isinstance(value, str):
        return value
    try:
        number = float(value.strip().replace(",", "."))
    except ValueError:
        return None
    if number != number or abs(number) == float("inf"):
        return None
    return int(number) if number.is_integer() else number


Reader = Callable[[Question, Sequence[Any], str], Answers | None]
READERS: dict[str, Reader] = {
    "text": _open,
    "nominal": _single,
    "multi": _several,
    "binary": _plain,
    "ordinal": _scale,
    "number": _plain,
    "date": _plain,
    "battery": _battery,
    "ranking": _ranked,
    "bestworst": _best_worst,
    "shares": _parts,
}
"""Encoder to what reads the stored answers of a question with it."""
