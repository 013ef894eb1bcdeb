"""The examples in docstrings do what they show."""

import doctest
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for room in ("data", "models", "survey", "benchmarks")
    for path in (ROOT / room).rglob("*.py")
    if ">>> " in path.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("name", MODULES)
def test_examples_show_what_comes_back(name: str) -> None:
    done = doctest.testmod(import_module(name))
    assert (done.attempted > 0, done.failed) == (True, 0)


def test_modules_with_examples_are_found() -> None:
    assert {"models.leaning", "survey.wording", "data.files.columns"} <= set(MODULES)
