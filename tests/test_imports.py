"""The one import rule: survey.views -> survey.* -> {models, data}; models and data import only themselves."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
OURS = ("survey", "models", "data", "tests", "benchmarks")
MODULES = sorted(path for room in ("survey", "models", "data") for path in (ROOT / room).rglob("*.py"))


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write the import from the top: no leading dots"
            yield node.module or ""


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_imports_only_what_its_room_may_see(path: Path) -> None:
    room, *rest = path.relative_to(ROOT).parts
    in_views = room == "survey" and rest[0] == "views"
    may_see = {"models": {"models"}, "data": {"data"}, "survey": {"survey", "models", "data"}}[room]
    for name in imported(path):
        top = name.split(".")[0]
        assert top not in OURS or top in may_see, f"{path.name} imports {name}"
        assert top != "streamlit" or in_views, f"{path.name} imports Streamlit outside survey/views"
        assert in_views or not name.startswith("survey.views"), f"{path.name} imports a view"
