"""Fixtures that several test files share."""

from pathlib import Path

import pytest
from argon2 import PasswordHasher

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
