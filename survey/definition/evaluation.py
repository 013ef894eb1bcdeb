"""The value of an expression in a context. Total: whatever the answers are, nothing here raises."""

import math
from collections.abc import Callable
from typing import Any

from survey.definition.context import Context
from survey.definition.expressions import Binary, Call, Items, Literal, Logic, Name, Node, Unary
from survey.definition.functions import FUNCTIONS_BY_NAME
from survey.definition.values import as_number, as_text, equal, is_empty, is_true, tidy, within


def value_of(node: Node, context: Context) -> Any:
    """Return the value of a node: text, number, truth value, list, mapping or None."""
    return _VALUES[type(node)](node, context)


def _ordered(left: Any, right: Any, says: Callable[[Any, Any], bool]) -> bool:
    if is_empty(left) or is_empty(right):
        return False
    numbers = as_number(left), as_number(right)
    if None not in numbers:
        return says(*numbers)
    return isinstance(left, str) and isinstance(right, str) and says(left, right)


def _contains(left: Any, right: Any) -> bool:
    if is_empty(left):
        return False
    if isinstance(left, list | dict):
        wanted = right if isinstance(right, list) else [right]
        return bool(wanted) and all(within(item, list(left)) for item in wanted)
    return not isinstance(right, list | dict) and as_text(right).casefold() in as_text(left).casefold()


def _any_of(left: Any, right: Any) -> bool:
    given = left if isinstance(left, list) else [] if is_empty(left) else [left]
    wanted = right if isinstance(right, list) else [right]
    return any(within(item, wanted) for item in given)


def _all_of(left: Any, right: Any) -> bool:
    given = left if isinstance(left, list) else [] if is_empty(left) else [left]
    wanted = right if isinstance(right, list) else [right]
    return bool(wanted) and all(within(item, given) for item in wanted)


def _plus(left: Any, right: Any) -> Any:
    if is_empty(left) or is_empty(right):
        return right if is_empty(left) else left
    numbers = as_number(left), as_number(right)
    if numbers[0] is not None and numbers[1] is not None:
        return tidy(numbers[0] + numbers[1])
    return (as_text(left) + as_text(right))[:20_000]


def _arithmetic(says: Callable[[Any, Any], int | float]) -> Callable[[Any, Any], Any]:
    def calculate(left: Any, right: Any) -> Any:
        numbers = as_number(left), as_number(right)
        if None in numbers:
            return None
        try:
            return tidy(says(*numbers))
        except (ArithmeticError, ValueError):
            return None

    return calculate


_OPERATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "=": equal,
    "!=": lambda left, right: not equal(left, right),
    "<": lambda left, right: _ordered(left, right, lambda a, b: a < b),
    "<=": lambda left, right: _ordered(left, right, lambda a, b: a <= b),
    ">": lambda left, right: _ordered(left, right, lambda a, b: a > b),
    ">=": lambda left, right: _ordered(left, right, lambda a, b: a >= b),
    "contains": _contains,
    "notcontains": lambda left, right: not _contains(left, right),
    "anyof": _any_of,
    "allof": _all_of,
    "noneof": lambda left, right: not _any_of(left, right),
    "+": _plus,
    "-": _arithmetic(lambda a, b: a - b),
    "*": _arithmetic(lambda a, b: a * b),
    "/": _arithmetic(lambda a, b: a / b),
    "%": _arithmetic(lambda a, b: math.fmod(a, b)),
    "^": _arithmetic(math.pow),
}
_UNARY: dict[str, Callable[[Any], Any]] = {
    "not": lambda value: not is_true(value),
    "minus": lambda value: _arithmetic(lambda a, b: a - b)(0, value),
    "empty": is_empty,
    "notempty": lambda value: not is_empty(value),
}


def _logic(node: Logic, context: Context) -> bool:
    held = (is_true(value_of(part, context)) for part in node.parts)
    return all(held) if node.operator == "and" else any(held)


def _call(node: Call, context: Context) -> Any:
    return FUNCTIONS_BY_NAME[node.function]([value_of(part, context) for part in node.parts], context)


def _binary(node: Binary, context: Context) -> Any:
    return _OPERATIONS[node.operator](value_of(node.left, context), value_of(node.right, context))


_VALUES: dict[type, Callable[..., Any]] = {
    Literal: lambda node, _context: node.value,
    Name: lambda node, context: context.value(node.path),
    Items: lambda node, context: [value_of(part, context) for part in node.parts],
    Unary: lambda node, context: _UNARY[node.operator](value_of(node.operand, context)),
    Call: _call,
    Binary: _binary,
    Logic: _logic,
}
