"""Fixtures that several test files share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from models.engine import Engine
from survey.access import passwords


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
