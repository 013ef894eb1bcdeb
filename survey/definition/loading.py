"""Reading a survey file, YAML or JSON, with the line of anything that is wrong."""

import json
import re
from pathlib import Path
from typing import Any

import yaml

from survey.definition.checking import Finding, check
from survey.definition.document import FORMAT_HINT, Survey, parse
from survey.definition.json_lines import KeyTwice, json_lines
from survey.definition.problems import Line
from survey.definition.problems import Path as Place
from survey.errors import AppError

MAX_BYTES = 1_000_000
MAX_DEPTH = 60


class _Refused(Exception):
    """YAML that is not read, although it is YAML; `mark` is its place."""

    def __init__(self, mark: Any, problem: str) -> None:
        super().__init__(problem)
        self.mark = mark
        self.problem = problem


class _Loader(yaml.SafeLoader):
    """YAML without its surprises: only true and false are booleans (`no` is Norwegian), dates stay text, no aliases."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        event = self.peek_event()
        if isinstance(event, yaml.AliasEvent):
            raise _Refused(event.start_mark, "anchors ('*') are not supported; write it out")
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise _Refused(event.start_mark, "this is nested too deeply")
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":bool", ":timestamp"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|false|False)$"), list("tTfF"))


def load(path: Path) -> tuple[dict[str, Any], Survey]:
    """Return a survey file as the document to store and as the survey it describes.

    Raises AppError naming the file, the line and the element.
    """
    return read(_bytes(path), path.name)


def read(raw: bytes, name: str) -> tuple[dict[str, Any], Survey]:
    """As `load`, from the content of a file called `name`; JSON when the name ends in .json, else YAML."""
    document, line = read_document(raw, name)
    return document, parse(document, name, line)


def read_document(raw: bytes, name: str) -> tuple[dict[str, Any], Line]:
    """Return the content of a survey file as a document, not yet judged, and the lines of its parts.

    Raises AppError naming the file, and the line where it is not YAML or JSON.
    """
    text = _text(raw, name)
    try:
        document, lines = _json(text, name) if name.lower().endswith(".json") else _yaml(text, name)
    except RecursionError as error:
        raise AppError(f"{name}: lists and mappings are nested too deeply.", FORMAT_HINT) from error
    if max(map(len, lines), default=0) > MAX_DEPTH:
        raise AppError(f"{name}: lists and mappings are nested too deeply.", FORMAT_HINT)
    if not isinstance(document, dict):
        raise AppError(f"{name}: a survey must be a mapping with 'pages' or 'elements'.", FORMAT_HINT)
    return document, lines.get


def check_file(path: Path) -> list[Finding]:
    """Return everything that is found in a survey file; see `checking.check`.

    What is no YAML or JSON at all is one error without an element. Raises AppError when there is no such file.
    """
    raw = _bytes(path)
    try:
        document, line = read_document(raw, path.name)
    except AppError as error:
        return [Finding("error", None, "", error.message, error.hint)]
    return check(document, line)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise AppError(f"The survey file '{path}' cannot be read: {error.strerror}.", "Check the path.") from error


def _text(raw: bytes, name: str) -> str:
    if len(raw) > MAX_BYTES:
        raise AppError(f"{name}: a survey file may hold at most {MAX_BYTES:,} bytes.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise AppError(f"{name}: the file is not UTF-8 text.", "Save it again as UTF-8.") from error


def _json(text: str, name: str) -> tuple[Any, dict[Place, int]]:
    try:
        return json.loads(text), json_lines(text)
    except json.JSONDecodeError as error:
        raise AppError(f"{name}, line {error.lineno}: this is not JSON: {error.msg}.") from error
    except KeyTwice as error:
        raise AppError(f"{name}, line {error.line}: the key '{error.key}' is there twice.") from error


def _yaml(text: str, name: str) -> tuple[Any, dict[Place, int]]:
    lines: dict[Place, int] = {}
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        if node is None:
            return None, lines
        _note_lines(node, (), lines, name)
        return loader.construct_document(node), lines
    except _Refused as error:
        raise AppError(f"{name}, line {_line(error.mark)}: {error.problem}.", FORMAT_HINT) from error
    except yaml.MarkedYAMLError as error:
        line = _line(error.problem_mark)
        raise AppError(
            f"{name}, line {line}: this is not YAML: {error.problem}.",
            "Check the indents, and put texts that hold : ? , or # in quotes.",
        ) from error
    except (yaml.YAMLError, ValueError) as error:
        raise AppError(f"{name}: this is not YAML: {error}.", "Save the file again as UTF-8 text.") from error


def _line(mark: Any) -> int:
    return mark.line + 1 if mark else 1


def _note_lines(node: yaml.Node, place: Place, lines: dict[Place, int], name: str) -> None:
    lines[place] = _line(node.start_mark)
    if isinstance(node, yaml.SequenceNode):
        for index, child in enumerate(node.value):
            _note_lines(child, (*place, index), lines, name)
    elif isinstance(node, yaml.MappingNode):
        for key, child in node.value:
            if (*place, key.value) in lines:
                raise AppError(f"{name}, line {_line(key.start_mark)}: the key '{key.value}' is there twice.")
            _note_lines(child, (*place, key.value), lines, name)
            lines[(*place, key.value)] = _line(key.start_mark)
