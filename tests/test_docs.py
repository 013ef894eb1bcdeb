"""Every command and option of the command line is described in docs/cli.md, and nothing else is."""

import re
from pathlib import Path
from typing import Any

import typer.main

from survey.cli import app

GUIDE = (Path(__file__).parent.parent / "docs" / "cli.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", GUIDE, flags=re.MULTILINE | re.DOTALL))


def own_options(command: Any) -> set[str]:
    """The options of a command, and those of the commands below it."""
    own = {option for parameter in command.params for option in parameter.opts if option.startswith("--")}
    below = (own_options(inner) for inner in getattr(command, "commands", {}).values())
    return (own - {"--help"}).union(*below)


def options() -> dict[str, set[str]]:
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    return {name: own_options(command) for name, command in commands.items()}


def test_every_command_of_a_group_is_described_in_the_section_of_the_group() -> None:
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    for name, group in commands.items():
        inner = set(getattr(group, "commands", {}))
        described = set(re.findall(rf"^\| `{name} (\w+)", SECTIONS[name], flags=re.MULTILINE))
        assert described == inner, name


def test_every_command_has_a_section_and_every_section_a_command() -> None:
    assert set(SECTIONS) == set(options())


def test_every_option_is_described_where_it_belongs_and_exists() -> None:
    described = {name: set(re.findall(r"`(--[a-z-]+)", text)) for name, text in SECTIONS.items()}
    described["restore"].discard("--help")
    assert described == options()
