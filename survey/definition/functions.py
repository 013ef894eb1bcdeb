"""The functions of expressions: each takes the values of its arguments and the context, and never raises."""

import math
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from survey.definition.context import Context
from survey.definition.values import as_number, is_empty, is_true, tidy

Function = Callable[[list[Any], Context], Any]


def as_date(value: Any) -> date | None:
    """Return the day that a text in the form YYYY-MM-DD names, or None."""
    try:
        return date.fromisoformat(value[:10]) if isinstance(value, str) else None
    except ValueError:
        return None


def _first(arguments: list[Any], default: Any = None) -> Any:
    return arguments[0] if arguments else default


def _numbers(arguments: list[Any]) -> list[int | float]:
    found = (as_number(value) for value in _flat(arguments))
    return [number for number in found if number is not None]


def _flat(values: list[Any]) -> Iterator[Any]:
    for value in values:
        if isinstance(value, list | dict):
            yield from (item for item in (value.values() if isinstance(value, dict) else value))
        else:
            yield value


def _iif(arguments: list[Any], _context: Context) -> Any:
    condition, yes, no, *_ = [*arguments, None, None, None]
    return yes if is_true(condition) else no


def _age(arguments: list[Any], context: Context) -> int | None:
    born, today = as_date(_first(arguments)), context.today
    if born is None or born > today:
        return None
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _today(arguments: list[Any], context: Context) -> str | None:
    days = _numbers(arguments[:1])
    try:
        return (context.today + timedelta(days=days[0] if days else 0)).isoformat()
    except (OverflowError, ValueError):
        return None


def _part(part: Callable[[date], int]) -> Function:
    def read(arguments: list[Any], context: Context) -> int | None:
        given = _first(arguments)
        day = context.today if given in (None, "") else as_date(given)
        return None if day is None else part(day)

    return read


def _of_numbers(says: Callable[[list[int | float]], int | float]) -> Function:
    def calculate(arguments: list[Any], _context: Context) -> int | float | None:
        numbers = _numbers(arguments)
        return tidy(says(numbers)) if numbers else None

    return calculate


def _sum(arguments: list[Any], _context: Context) -> int | float | None:
    return tidy(sum(_numbers(arguments)))


def _count(arguments: list[Any], _context: Context) -> int:
    return sum(not is_empty(value) for value in _flat(arguments))


def _round(arguments: list[Any], _context: Context) -> int | float | None:
    number, digits = _numbers(arguments[:1]), _numbers(arguments[1:2])
    places = int(max(-15, min(15, digits[0]))) if digits else 0
    if not number:
        return None
    moved = number[0] * 10.0**places
    return tidy(math.floor(moved + 0.5) / 10.0**places) if math.isfinite(moved) else None


def _trunc(arguments: list[Any], _context: Context) -> int | None:
    number = _numbers(arguments[:1])
    return math.trunc(number[0]) if number else None


def _substring(arguments: list[Any], _context: Context) -> str | None:
    text, bounds = _first(arguments), _numbers(arguments[1:3])
    if not isinstance(text, str):
        return None
    start, *end = (max(0, int(bound)) for bound in bounds or [0])
    return text[start : end[0] if end else None]


def _display(arguments: list[Any], context: Context) -> str | None:
    name = _first(arguments)
    return context.display(name) if isinstance(name, str) else None


FUNCTIONS_BY_NAME: dict[str, Function] = {
    "iif": _iif,
    "age": _age,
    "today": _today,
    "currentDate": _today,
    "currentYear": lambda _arguments, context: context.today.year,
    "year": _part(lambda day: day.year),
    "month": _part(lambda day: day.month),
    "day": _part(lambda day: day.day),
    "weekday": _part(lambda day: day.isoweekday() % 7),
    "sum": _sum,
    "avg": _of_numbers(lambda numbers: sum(numbers) / len(numbers)),
    "min": _of_numbers(min),
    "max": _of_numbers(max),
    "count": _count,
    "round": _round,
    "trunc": _trunc,
    "substring": _substring,
    "displayValue": _display,
}
