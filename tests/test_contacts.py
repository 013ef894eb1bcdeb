"""What a study keeps about people besides answers: personal invitations, and addresses for a prize draw."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from data.errors import DataError, NotFound
from data.invitations import AlreadyUsed
from data.studies import Home, Studies, StudyFile
from survey.definition import one_question

MONDAY = datetime(2026, 11, 16, 8, tzinfo=UTC)
SUNDAY = datetime(2026, 11, 22, 22, tzinfo=UTC)


@pytest.fixture
def file(tmp_path: Path) -> Iterator[StudyFile]:
    studies = Studies(Home(tmp_path))
    studies.create("tea", "Tea", one_question("Why tea?"))
    with studies.file("tea") as file:
        yield file


def begin(file: StudyFile) -> str:
    return file.responses.begin(1, "en")[0]


def content(file: StudyFile) -> bytes:
    return file.path.read_bytes() + Path(f"{file.path}-wal").read_bytes()


# --- invitations


def test_an_invitation_begins_one_response_and_says_what_is_known(file: StudyFile) -> None:
    token = file.invitations.create({"plan": "gold", "age": 41})
    first, second = begin(file), begin(file)
    assert file.invitations.redeem(token, first) == {"plan": "gold", "age": 41}
    assert file.invitations.redeem(token, first) == {"plan": "gold", "age": 41}
    with pytest.raises(AlreadyUsed):
        file.invitations.redeem(token, second)
    with pytest.raises(NotFound):
        file.invitations.redeem("no such token", second)


def test_tokens_are_secrets_that_are_not_stored(file: StudyFile) -> None:
    tokens = file.invitations.create_many([{}] * 50)
    assert len({*tokens}) == 50
    assert min(map(len, tokens)) >= 32
    assert not any(token.encode() in content(file) for token in tokens)


def test_either_all_invitations_are_made_or_none(file: StudyFile) -> None:
    with pytest.raises(DataError):
        file.invitations.create_many([{"plan": "gold"}, {"plan": object()}])
    assert file.invitations.counts().made == 0


def test_made_and_used_ones_are_counted_and_unused_ones_can_be_withdrawn(file: StudyFile) -> None:
    kept, *withdrawn = file.invitations.create_many([{}] * 3)
    file.invitations.redeem(kept, begin(file))
    counts = file.invitations.counts()
    assert (counts.made, counts.used, counts.unused) == (3, 1, 2)
    assert file.invitations.withdraw(made_before=date(2020, 1, 1)) == 0
    assert file.invitations.withdraw() == 2
    assert file.invitations.find(withdrawn[0]) is None
    assert file.invitations.counts().used == 1


def test_with_its_response_an_invitation_loses_what_it_knew_but_stays_used(file: StudyFile) -> None:
    token, other = file.invitations.create_many([{"plan": "gold-plated"}, {"plan": "silver"}])
    response = begin(file)
    file.invitations.redeem(token, response)
    file.responses.delete(response)
    found = file.invitations.find(token)
    assert found is not None
    assert (found.used, found.descriptors) == (True, {})
    with pytest.raises(AlreadyUsed):
        file.invitations.redeem(token, begin(file))
    assert b"gold-plated" not in content(file)
    assert file.invitations.redeem(other, begin(file)) == {"plan": "silver"}


# --- addresses


def test_an_address_leads_to_no_response_and_says_no_more_than_its_week(file: StudyFile) -> None:
    file.contacts.add("liv@example.org", MONDAY)
    file.contacts.add("ida@example.org", SUNDAY)
    columns = [row[1] for row in file.db.execute("PRAGMA table_info(contacts)")]
    assert columns == ["position", "address", "week"]
    assert not list(file.db.execute("PRAGMA foreign_key_list(contacts)"))
    assert {row[0] for row in file.db.execute("SELECT week FROM contacts")} == {"2026-11-16"}
    entries = [row[1] for row in file.db.execute("PRAGMA table_info(draw_entries)")]
    assert entries == ["response_id"]


def test_the_order_of_addresses_says_nothing_about_when_they_came(file: StudyFile) -> None:
    came = [f"person{number}@example.org" for number in range(60)]
    for address in came:
        file.contacts.add(address)
    kept = file.contacts.list()
    assert sorted(kept) == sorted(came)
    earlier = sum(int(a[6:].split("@")[0]) < int(b[6:].split("@")[0]) for a, b in pairwise(kept))
    assert 10 < earlier < 50


def test_an_address_counts_once_whatever_its_case(file: StudyFile) -> None:
    for address in ("Liv@example.org", "liv@EXAMPLE.org"):
        file.contacts.add(address)
    assert file.contacts.list() == ["Liv@example.org"]
    assert not file.contacts.remove("ida@example.org")
    assert file.contacts.remove("LIV@example.org")
    assert b"example.org" not in content(file)


def test_a_conversation_makes_one_entry(file: StudyFile) -> None:
    response = begin(file)
    assert not file.contacts.entered(response)
    assert [file.contacts.enter(response), file.contacts.enter(response)] == [True, False]
    assert file.contacts.entered(response)
    assert not file.contacts.enter("nobody")
    file.responses.delete(response)
    assert file.db.execute("SELECT count(*) FROM draw_entries").fetchone()[0] == 0


def test_old_addresses_go_when_their_week_was_over_on_the_day(file: StudyFile) -> None:
    file.contacts.add("liv@example.org", MONDAY)
    assert file.contacts.clear(weeks_before=date(2026, 11, 22)) == 0
    assert file.contacts.clear(weeks_before=date(2026, 11, 23)) == 1
    file.contacts.add("ida@example.org", SUNDAY)
    assert file.contacts.clear() == 1
    assert file.contacts.count() == 0
