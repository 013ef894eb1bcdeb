"""On which line each part of a JSON text stands; Python's own reader does not tell."""

import json
import re
from collections.abc import Iterator

Path = tuple[str | int, ...]
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)


class KeyTwice(ValueError):
    """A mapping has a key twice, on `line`."""

    def __init__(self, key: str, line: int) -> None:
        super().__init__(key)
        self.key = key
        self.line = line


def json_lines(text: str) -> dict[Path, int]:
    """Return the line, from 1, of every part of a text that is known to be JSON, by its keys and indices.

    A key's line is that of the key. Raises KeyTwice.

    >>> json_lines('{"pages": [\\n {"name": "a"}\\n]}')
    {(): 1, ('pages',): 1, ('pages', 0): 2, ('pages', 0, 'name'): 2}
    """
    lines: dict[Path, int] = {}
    path: list[str | int] = []
    in_list: list[bool] = []
    key_next = False
    for part, line in _tokens(text):
        if part in ("}", "]"):
            in_list.pop()
            path.pop()
            key_next = False
        elif part == ",":
            step = path.pop()
            path.append(step + 1 if isinstance(step, int) else step)
            key_next = not in_list[-1]
        elif key_next:
            path[-1] = json.loads(part)
            if tuple(path) in lines:
                raise KeyTwice(str(path[-1]), line)
            lines[tuple(path)] = line
            key_next = False
        elif part != ":":
            lines.setdefault(tuple(path), line)
            if part in ("{", "["):
                in_list.append(part == "[")
                path.append(0 if part == "[" else "")
                key_next = part == "{"
    return lines


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    line, at = 1, 0
    for found in _TOKEN.finditer(text):
        line += text.count("\n", at, found.start())
        at = found.start()
        yield found.group(), line
