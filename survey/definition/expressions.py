"""Conditions and computed values: a subset of SurveyJS's expression language, read by a grammar, never run as code.

An expression is a tree of frozen nodes. `evaluation` gives it a value in a context; `str(expression)` writes it down
again in a form that reads back as the same tree.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import UnexpectedInput, UnexpectedToken

if TYPE_CHECKING:
    from survey.definition.context import Context

MAX_LENGTH = 4_000
MAX_DEPTH = 30
FUNCTIONS = (
    "iif",
    "age",
    "today",
    "currentDate",
    "currentYear",
    "year",
    "month",
    "day",
    "weekday",
    "sum",
    "avg",
    "min",
    "max",
    "count",
    "round",
    "trunc",
    "substring",
    "displayValue",
)
_BY_LOWER = {name.lower(): name for name in FUNCTIONS}

GRAMMAR = r"""
?start: either
?either: both | both (OR both)+ -> either
?both: denied | denied (AND denied)+ -> both
?denied: NOT denied -> negated | compared
?compared: added | compared COMPARE added -> binary
?added: multiplied | added ADD multiplied -> binary
?multiplied: raised | multiplied MULTIPLY raised -> binary
?raised: member | raised POWER member -> binary
?member: factor | member MEMBER factor -> binary
?factor: atom | atom EMPTY -> empty | atom NOTEMPTY -> notempty | BANG factor -> negated | "-" factor -> minus
?atom: "(" either ")" | call | array | literal | name
call: WORD "(" [either ("," either)*] ")"
array: "[" [either ("," either)*] "]"
literal: STRING | NUMBER | WORD
name: NAME
OR.3: /\|\||or\b/i
AND.3: /&&|and\b/i
NOT.3: /not\b/i
BANG.3: /!(?!=)|negate\b/i
COMPARE.3: /<=|>=|==|=|!=|<>|<|>|(?:lessorequal|greaterorequal|equal|notequal|less|greater)\b/i
ADD.3: /[+-]/
MULTIPLY.3: /\*(?!=)|\/|%/
POWER.3: /\^|power\b/i
MEMBER.3: /\*=|(?:notcontains?|contains?|anyof|allof|noneof)\b/i
EMPTY.3: /empty\b/i
NOTEMPTY.3: /notempty\b/i
NAME: /\{[^{}\n]{1,200}\}/
STRING: /'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"/s
NUMBER: /0x[0-9a-f]{1,12}|\d+(?:\.\d+)?(?:e[+-]?\d+)?/i
WORD: /(?!(?:OPERATORS)\b)[^\W\d]\w*/i
%import common.WS
%ignore WS
"""
RESERVED = (
    "and|or|not|negate|lessorequal|greaterorequal|equal|notequal|less|greater|power|"
    "contains?|notcontains?|anyof|allof|noneof|empty|notempty"
)
_OPERATORS = {
    "==": "=",
    "equal": "=",
    "<>": "!=",
    "notequal": "!=",
    "less": "<",
    "lessorequal": "<=",
    "greater": ">",
    "greaterorequal": ">=",
    "power": "^",
    "*=": "contains",
    "contain": "contains",
    "notcontain": "notcontains",
}
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "undefined": None}


class ExpressionError(ValueError):
    """An expression that cannot be read; `position` counts characters from 1, 0 when there is no one place."""

    def __init__(self, message: str, position: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.position = position


@dataclass(frozen=True)
class Literal:
    """A value written in the expression."""

    value: str | int | float | bool | None

    def __str__(self) -> str:
        if isinstance(self.value, str):
            return "'" + self.value.replace("\\", "\\\\").replace("'", "\\'") + "'"
        if self.value is None:
            return "null"
        return repr(self.value).lower()


@dataclass(frozen=True)
class Name:
    """The value of a question, a row of it, a calculated value or a descriptor."""

    path: str

    def __str__(self) -> str:
        return "{" + self.path + "}"


@dataclass(frozen=True)
class Items:
    """A list in square brackets."""

    parts: tuple["Node", ...]

    def __str__(self) -> str:
        return f"[{', '.join(map(str, self.parts))}]"


@dataclass(frozen=True)
class Call:
    """A function and its arguments."""

    function: str
    parts: tuple["Node", ...]

    def __str__(self) -> str:
        return f"{self.function}({', '.join(map(str, self.parts))})"


@dataclass(frozen=True)
class Unary:
    """`!x`, `-x`, `x empty` or `x notempty`; operator: not, minus, empty or notempty."""

    operator: str
    operand: "Node"

    @property
    def parts(self) -> tuple["Node", ...]:
        """The one operand."""
        return (self.operand,)

    def __str__(self) -> str:
        before, after = {"not": ("!", ""), "minus": ("-", "")}.get(self.operator, ("", f" {self.operator}"))
        return f"{before}({self.operand}){after}"


@dataclass(frozen=True)
class Binary:
    """Two operands; operator: = != < <= > >= + - * / % ^ contains notcontains anyof allof noneof."""

    operator: str
    left: "Node"
    right: "Node"

    @property
    def parts(self) -> tuple["Node", ...]:
        """Both operands."""
        return (self.left, self.right)

    def __str__(self) -> str:
        return f"({self.left}) {self.operator} ({self.right})"


@dataclass(frozen=True)
class Logic:
    """Two or more conditions joined by `and` or by `or`."""

    operator: str
    parts: tuple["Node", ...]

    def __str__(self) -> str:
        return f" {self.operator} ".join(f"({part})" for part in self.parts)


Node = Literal | Name | Items | Call | Unary | Binary | Logic


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


def nodes(root: Node) -> Iterator[Node]:
    """Yield a node and everything below it."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(getattr(node, "parts", ()))


@lru_cache(maxsize=2048)
def parse_expression(text: str) -> Expression:
    """Return the expression that a text says; raises ExpressionError.

    >>> parse_expression("{age} >= 18 and {plan} anyof ['a', 'b']").names == {"age", "plan"}
    True
    """
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"is longer than {MAX_LENGTH:,} characters")
    try:
        root: Node = _PARSER.parse(text)  # type: ignore[assignment]
    except UnexpectedInput as error:
        ended = isinstance(error, UnexpectedToken) and error.token.type == "$END"
        at = len(text) if ended or error.pos_in_stream is None else max(0, error.pos_in_stream)
        seen = text[at : at + 20].strip()
        raise ExpressionError(f"cannot be read at '{seen}'" if seen else "ends too early", at + 1) from error
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


@v_args(inline=True)
class _Reader(Transformer[Token, Node]):
    """Builds nodes while the parser reads, so that nothing recurses into the text's own depth."""

    def either(self, *parts: Node) -> Node:
        return Logic("or", tuple(part for part in parts if not isinstance(part, Token)))

    def both(self, *parts: Node) -> Node:
        return Logic("and", tuple(part for part in parts if not isinstance(part, Token)))

    def negated(self, _sign: Token, operand: Node) -> Node:
        return Unary("not", operand)

    def minus(self, operand: Node) -> Node:
        number = operand.value if isinstance(operand, Literal) else None
        if isinstance(number, int | float) and not isinstance(number, bool) and number > 0:
            return Literal(-number)
        return Unary("minus", operand)

    def empty(self, operand: Node, _sign: Token) -> Node:
        return Unary("empty", operand)

    def notempty(self, operand: Node, _sign: Token) -> Node:
        return Unary("notempty", operand)

    def binary(self, left: Node, sign: Token, right: Node) -> Node:
        operator = sign.lower()
        return Binary(_OPERATORS.get(operator, operator), left, right)

    def call(self, name: Token, *parts: Node | None) -> Node:
        return Call(_BY_LOWER.get(name.lower(), str(name)), tuple(part for part in parts if part is not None))

    def array(self, *parts: Node | None) -> Node:
        return Items(tuple(part for part in parts if part is not None))

    def name(self, token: Token) -> Node:
        return Name(token[1:-1].strip())

    def literal(self, token: Token) -> Node:
        return Literal(_LITERALS[token.type](str(token)))


def _string(token: str) -> str:
    inner, out, at = token[1:-1], [], 0
    while at < len(inner):
        at += inner[at] == "\\" and inner[at + 1 : at + 2] in ("\\", "'", '"')
        out.append(inner[at])
        at += 1
    return "".join(out)


def _number(token: str) -> int | float:
    if token[:2].lower() == "0x":
        return int(token, 16)
    return int(token) if token.isdigit() and len(token) <= 15 else float(token)


def _word(token: str) -> str | bool | None:
    return _WORDS.get(token.lower(), token) if token.lower() in _WORDS else token


_LITERALS: dict[str, Any] = {"STRING": _string, "NUMBER": _number, "WORD": _word}
_PARSER = Lark(GRAMMAR.replace("OPERATORS", RESERVED), parser="lalr", transformer=_Reader(), maybe_placeholders=True)
