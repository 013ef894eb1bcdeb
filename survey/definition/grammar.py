"""From the text of an expression to its tree: the grammar, after SurveyJS's, and the reader that builds nodes."""

from typing import Any

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import UnexpectedInput, UnexpectedToken

from survey.definition.nodes import Binary, Call, Items, Literal, Logic, Name, Node, Unary

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


def read_tree(text: str) -> Node:
    """Return the tree of an expression; raises ExpressionError when the text is none."""
    try:
        root: Node = _PARSER.parse(text)  # type: ignore[assignment]
    except UnexpectedInput as error:
        ended = isinstance(error, UnexpectedToken) and error.token.type == "$END"
        at = len(text) if ended or error.pos_in_stream is None else max(0, error.pos_in_stream)
        seen = text[at : at + 20].strip()
        raise ExpressionError(f"cannot be read at '{seen}'" if seen else "ends too early", at + 1) from error
    return root


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
