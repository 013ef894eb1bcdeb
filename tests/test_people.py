"""Accounts, sessions and set-up links as the catalogue keeps them."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from data.errors import DataError
from data.people import People
from data.studies import Home

SOON = datetime.now(UTC) + timedelta(hours=1)
PAST = datetime.now(UTC) - timedelta(seconds=1)


@pytest.fixture
def people(tmp_path: Path) -> Iterator[People]:
    with Home(tmp_path / "home").open_catalogue() as db:
        yield People(db)


def test_an_address_has_one_account_whatever_its_case(people: People) -> None:
    account = people.create_account("Anna@example.com", "Anna", "researcher", "hash")
    assert people.by_email(" anna@EXAMPLE.com") == account
    assert people.by_email("bo@example.com") is None
    assert people.count() == 1
    assert "hash" not in repr(account)
    with pytest.raises(DataError, match="already"):
        people.create_account("ANNA@example.com", "Other", "researcher", "hash")


def test_a_session_lasts_until_it_expires_or_ends(people: People) -> None:
    account = people.create_account("anna@example.com", "Anna", "researcher", "hash")
    people.start_session(account.id, "current", SOON)
    people.start_session(account.id, "old", PAST)
    assert people.session("current") == account
    assert people.session("old") is None
    assert people.session("unknown") is None
    people.end_session("current")
    people.end_session("current")
    assert people.session("current") is None
    with pytest.raises(DataError, match="no account"):
        people.start_session(99, "x", SOON)


def test_times_of_any_zone_compare(people: People) -> None:
    account = people.create_account("anna@example.com", "Anna", "researcher", "hash")
    people.start_session(account.id, "a", SOON.astimezone().replace(microsecond=1))
    assert people.session("a") == account
    with pytest.raises(ValueError, match="aware"):
        people.start_session(account.id, "b", datetime(2099, 1, 1))


def test_a_setup_link_works_once_and_not_too_late(people: People, tmp_path: Path) -> None:
    people.put_setup("late", PAST)
    people.put_setup("good", SOON)
    assert people.setup_valid("good")
    assert not people.setup_valid("late")
    assert not people.use_setup("late")

    def use(_: int) -> bool:
        with Home(tmp_path / "home").open_catalogue() as db:
            return People(db).use_setup("good")

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(use, range(6))) == [False] * 5 + [True]
    assert not people.setup_valid("good")
