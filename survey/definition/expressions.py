"""Conditions and computed values: a subset of SurveyJS's expression language, read by a grammar, never run as code.

An expression is a tree of frozen nodes. `evaluation` gives it a value in a context; `str(expression)` writes it down
again in a form that reads back as the same tree.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from survey.definition.grammar import FUNCTIONS, MAX_DEPTH, MAX_LENGTH, ExpressionError, read_tree
from survey.definition.nodes import Binary, Call, Items, Literal, Logic, Name, Node, Unary, nodes

if TYPE_CHECKING:
    from survey.definition.context import Context

__all__ = [
    "FUNCTIONS",
    "MAX_DEPTH",
    "MAX_LENGTH",
    "Binary",
    "Call",
    "Expression",
    "ExpressionError",
    "Items",
    "Literal",
    "Logic",
    "Name",
    "Node",
    "Unary",
    "nodes",
    "parse_expression",
]


@dataclass(frozen=True)
class Expression:
    """An expression as it was written, and its tree."""

    text: str
    root: Node

    @property
    def names(self) -> frozenset[str]:
        """What it looks up, as written between the braces, without the '#' that SurveyJS allows before a name."""
        return frozenset(name for found in nodes(self.root) for name in (_looked_up(found),) if name is not None)

    def evaluate(self, context: "Context") -> Any:
        """Return its value in a context: text, number, truth value, list, mapping or None; never raises."""
        from survey.definition.evaluation import value_of

        return value_of(self.root, context)

    def holds(self, context: "Context") -> bool:
        """Return whether its value counts as true."""
        from survey.definition.values import is_true

        return is_true(self.evaluate(context))

    def __str__(self) -> str:
        return str(self.root)


@lru_cache(maxsize=2048)
def parse_expression(text: str) -> Expression:
    """Return the expression that a text says; raises ExpressionError.

    >>> parse_expression("{age} >= 18 and {plan} anyof ['a', 'b']").names == {"age", "plan"}
    True
    """
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"is longer than {MAX_LENGTH:,} characters")
    root = read_tree(text)
    if _depth(root) > MAX_DEPTH:
        raise ExpressionError(f"is nested deeper than {MAX_DEPTH} levels")
    for node in nodes(root):
        if isinstance(node, Call) and node.function not in FUNCTIONS:
            raise ExpressionError(f"calls '{node.function}', but the functions are {', '.join(FUNCTIONS)}")
    return Expression(text, root)


def _looked_up(node: Node) -> str | None:
    if isinstance(node, Call) and node.function == "displayValue" and node.parts:
        first = node.parts[0]
        return first.value if isinstance(first, Literal) and isinstance(first.value, str) else None
    return node.path.removeprefix("#") if isinstance(node, Name) else None


def _depth(root: Node) -> int:
    depth, level = 0, [root]
    while level:
        depth += 1
        level = [part for node in level for part in getattr(node, "parts", ())]
    return depth
