"""What one respondent is shown of a question: which options, in which order, in which sets."""

from dataclasses import dataclass
from typing import Any

Value = str | int | float | bool | list[Any] | dict[str, Any]


@dataclass(frozen=True)
class Shown:
    """The part of a question that differs from one respondent to the next.

    options: values of the choices, rows or items, after visibility, carry-forward and shuffling.
    sets: the sets of a best-worst question, each in the order shown.
    language: in which numbers and dates are typed.
    """

    options: tuple[Value, ...] = ()
    sets: tuple[tuple[Value, ...], ...] = ()
    language: str = "en"
