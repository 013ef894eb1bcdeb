"""Fixtures that several test files share."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from playwright.sync_api import Browser, sync_playwright

import models.embed
from data.people import Account
from data.studies import Home, Studies
from models.engine import Engine
from survey import cli
from survey.access import accounts, passwords
from survey.access.guard import current_account
from tests import every_kind, journey
from tests.fakes import FakeEmbedder

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords with next to no work: for tests whose promise is not the strength of the hash."""
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture(scope="session")
def weights_dir(pytestconfig: pytest.Config) -> Path:
    """A folder for unpacked text models that outlives the test run, so that the next one need not unpack again."""
    assert pytestconfig.cache is not None
    return pytestconfig.cache.mkdir("weights")


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """One local worker for all tests of this process; it starts with the first job."""
    engine = Engine()
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser; where there is none the test is skipped, but fails where SAMTAL_NEEDS_BROWSER is set (.ci/run)."""
    with sync_playwright() as playwright:
        found = journey.chromium(playwright)
        if found is None:
            lacking = "There is no Chromium on this machine: apt-get install chromium."
            (pytest.fail if os.environ.get("SAMTAL_NEEDS_BROWSER") else pytest.skip)(lacking)
        yield found
        found.close()


@pytest.fixture(scope="module")
def tea_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with a study, `tea`, that asks a question of every kind."""
    home = Home(tmp_path_factory.mktemp("home"))
    Studies(home).create("tea", "Tea", every_kind.DOCUMENT)
    return home


@pytest.fixture(scope="module")
def tea_server(tea_home: Home) -> Iterator[journey.Served]:
    """A respondents' server for `tea_home`."""
    with journey.served(tea_home.root, SAMTAL_SURFACE="respond") as here:
        yield here


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in this process with the stand-in embedder; returns exit code, standard output and error."""
    monkeypatch.setenv("SAMTAL_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(models.embed, "load_embedder", lambda spec, weights: FakeEmbedder())

    def run_command(*arguments: object) -> tuple[int, str, str]:
        code = cli.main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run_command


@pytest.fixture
def cookie(home: Home) -> str:
    """The session cookie of the first account of the test's `home`."""
    link = accounts.setup_link(home, "") or ""
    return accounts.set_up(home, link.split("=")[1], "liv@example.org", "Liv <b>Berg</b>", "a calm winter morning")


@pytest.fixture
def person(home: Home, cookie: str) -> Account:
    """The first account of the test's `home`."""
    account = current_account(home, cookie)
    assert account is not None
    return account
