"""The tree of an expression: frozen nodes that write themselves down in a form that reads back as the same tree."""

from collections.abc import Iterator
from dataclasses import dataclass


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


def nodes(root: Node) -> Iterator[Node]:
    """Yield a node and everything below it."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(getattr(node, "parts", ()))
