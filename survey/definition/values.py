"""What the values of answers and expressions are worth: empty, true, a number, the same."""

import math
import re
from collections.abc import Iterable
from typing import Any

LARGEST = 2**53
_NUMERIC = re.compile(r"[+-]?\d{1,30}(?:\.\d{1,30})?")


def is_empty(value: Any) -> bool:
    """Return whether there is nothing in a value: no answer, no text, no entry.

    >>> is_empty(""), is_empty(0)
    (True, False)
    """
    return value is None or (isinstance(value, str | list | dict) and not value)


def is_true(value: Any) -> bool:
    """Return whether a value counts as true: not empty, not false, not zero."""
    return not is_empty(value) and bool(value)


def as_number(value: Any) -> int | float | None:
    """Return the number that a value is or spells, or None.

    >>> as_number("3.5"), as_number(True), as_number("three")
    (3.5, 1, None)
    """
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str):
        text = value.strip()
        return tidy(float(text)) if _NUMERIC.fullmatch(text) else None
    return tidy(value) if isinstance(value, int | float) else None


def tidy(number: int | float) -> int | float | None:
    """Return a finite number, whole ones as int; None for what is too large or no number."""
    if isinstance(number, int):
        return number if abs(number) <= LARGEST else None
    if not math.isfinite(number):
        return None
    return int(number) if number.is_integer() and abs(number) <= LARGEST else number


def equal(left: Any, right: Any) -> bool:
    """Return whether two values are loosely the same: 5 and '5', true and 'true', lists in any order.

    >>> equal("5", 5), equal(["a", "b"], ["b", "a"]), equal("a", "A")
    (True, True, False)
    """
    if is_empty(left) or is_empty(right):
        return is_empty(left) and is_empty(right)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(within(item, right) for item in left)
    if isinstance(left, list) or isinstance(right, list):
        items, single = (left, right) if isinstance(left, list) else (right, left)
        return len(items) == 1 and not isinstance(items[0], list) and equal(items[0], single)
    if isinstance(left, dict) or isinstance(right, dict):
        return bool(left == right)
    if (isinstance(left, bool) and isinstance(right, str)) or (isinstance(right, bool) and isinstance(left, str)):
        return str(left).lower() == str(right).lower()
    numbers = as_number(left), as_number(right)
    return numbers[0] == numbers[1] if None not in numbers else str(left) == str(right)


def within(item: Any, items: Iterable[Any]) -> bool:
    """Return whether an item is loosely the same as one of several."""
    return any(not isinstance(other, list) and equal(item, other) for other in items)


def as_text(value: Any) -> str:
    """Return a value as a text that is joined to another: nothing for nothing, true and false in small letters."""
    if is_empty(value):
        return ""
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    return str(value).lower() if isinstance(value, bool) else str(value)
