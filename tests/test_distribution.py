"""How a study is given out: who may, limits, invitations from a file, and the prize draw."""

import csv
import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from data.errors import DataError
from data.fieldwork import Fieldwork
from data.people import Account
from data.studies import Home, Studies
from survey.conversation import Agree, session
from survey.distribution import Distribution, last_day
from survey.errors import AppError, NotAllowed
from survey.invitation_file import People, read_people
from survey.own.prize_draw import NoAddress, enter, prize_of
from tests.given_out import DOCUMENT, complete

BASE = "https://samtal.example"
PEOPLE = People(("name", "plan"), (("Liv", "gold"), ("=cmd()", "silver"), ("Åse", "")))

pytestmark = pytest.mark.usefixtures("cheap_passwords")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path)
    Studies(home).create("tea", "Tea", DOCUMENT)
    return home


@pytest.fixture
def work(home: Home, person: Account) -> Distribution:
    return Distribution(home, person)


def rows(links: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(links.decode("utf-8-sig"), newline="")))


def token_of(link: str) -> str:
    return link.split("invite=")[1]


# --- who may


@pytest.mark.parametrize("role", [None, "respondent", ""])
def test_nobody_distributes_without_a_role_that_allows_it(
    work: Distribution, person: Account, role: str | None
) -> None:
    stranger = Distribution(work.home, None if role is None else replace(person, role=role))
    attempts: list[Callable[[], object]] = [
        lambda: stranger.study("tea"),
        lambda: stranger.set_open("tea", False),
        lambda: stranger.set_limits("tea", None, 1),
        lambda: stranger.expiring("tea", 1),
        lambda: stranger.set_retention("tea", 1),
        lambda: stranger.set_invited_only("tea", True),
        lambda: stranger.set_embedding("tea", "https://example.org"),
        lambda: stranger.set_prize("tea", "A car"),
        lambda: stranger.invite("tea", BASE, 1),
        lambda: stranger.invite_people("tea", BASE, PEOPLE, ()),
        lambda: stranger.withdraw("tea"),
        lambda: stranger.addresses("tea"),
        lambda: stranger.draw("tea", 1),
        lambda: stranger.remove_address("tea", "liv@example.org"),
        lambda: stranger.clear_addresses("tea"),
        lambda: stranger.delete("tea", "Tea"),
    ]
    public = {name for name in vars(Distribution) if not name.startswith("_") and name != "may"}
    assert len(attempts) == len(public)
    for attempt in attempts:
        with pytest.raises(NotAllowed):
            attempt()
    with Studies(work.home).file("tea") as file:
        assert file.fieldwork == Fieldwork()
        assert file.invitations.counts().made == 0


# --- limits


def test_a_study_takes_answers_until_its_last_day_is_over(work: Distribution, home: Home) -> None:
    work.set_limits("tea", datetime.now(UTC) + timedelta(minutes=1), None)
    assert work.study("tea").closed_by is None
    work.set_limits("tea", datetime.now(UTC) - timedelta(seconds=1), None)
    assert work.study("tea").closed_by == "date"
    with pytest.raises(session.StudyClosed):
        session.begin(home, "tea")
    assert last_day(date(2026, 3, 28), "Europe/Oslo") == datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert last_day(date(2026, 3, 29), "Europe/Oslo") == datetime(2026, 3, 29, 22, tzinfo=UTC)


def test_a_study_takes_as_many_complete_responses_as_were_wanted(work: Distribution, home: Home) -> None:
    work.set_limits("tea", None, 2)
    with Studies(home).file("tea") as file:
        file.responses.begin(1, "en")
    complete(home, 1)
    assert work.study("tea").closed_by is None
    waiting = session.begin(home, "tea")
    complete(home, 1)
    assert work.study("tea").closed_by == "cap"
    with pytest.raises(session.StudyClosed):
        session.begin(home, "tea")
    with pytest.raises(session.StudyClosed):
        session.reply(home, waiting, Agree())
    assert work.study("tea").counts.started == 3
    work.set_limits("tea", None, 3)
    assert work.study("tea").closed_by is None


def test_closing_by_hand_comes_before_date_and_cap(work: Distribution) -> None:
    work.set_limits("tea", datetime.now(UTC) - timedelta(days=1), None)
    work.set_open("tea", False)
    assert work.study("tea").closed_by == "switch"
    assert not work.set_open("tea", True).open


@pytest.mark.parametrize("cap", [0, -5, 10**9])
def test_a_cap_that_is_none_is_refused(work: Distribution, cap: int) -> None:
    with pytest.raises(AppError):
        work.set_limits("tea", None, cap)


def test_settings_do_not_disturb_each_other(work: Distribution) -> None:
    closes = datetime(2030, 1, 1, tzinfo=UTC)
    work.set_limits("tea", closes, 10)
    work.set_retention("tea", 30)
    work.set_embedding("tea", "https://example.org")
    work.set_prize("tea", "  Two   cinema tickets ")
    work.set_invited_only("tea", True)
    assert work.study("tea").fieldwork == Fieldwork(
        closes, 10, 30, True, ("https://example.org",), "Two cinema tickets"
    )


# --- invitations


def test_a_file_of_people_becomes_a_file_of_links_of_which_only_hashes_are_kept(work: Distribution, home: Home) -> None:
    links = work.invite_people("tea", BASE, PEOPLE, ["plan"])
    header, *lines = rows(links)
    assert header == ["name", "plan", "link"]
    assert [line[0] for line in lines] == ["Liv", "'=cmd()", "Åse"]
    assert all(line[2].startswith("https://samtal.example/chat?study=tea&invite=") for line in lines)
    with Studies(home).file("tea") as file:
        found = [file.invitations.find(token_of(line[2])) for line in lines]
        assert [one.descriptors for one in found if one] == [{"plan": "gold"}, {"plan": "silver"}, {}]
        content = file.path.read_bytes() + Path(f"{file.path}-wal").read_bytes()
    assert b"Liv" not in content
    assert not any(token_of(line[2]).encode() in content for line in lines)


def test_an_invitation_begins_a_conversation_that_knows_the_descriptors(work: Distribution, home: Home) -> None:
    token = token_of(rows(work.invite_people("tea", BASE, PEOPLE, ["plan"]))[1][2])
    chat = session.begin(home, "tea", invitation=token)
    assert work.study("tea").invitations.used == 0
    begun = session.reply(home, chat, Agree())
    assert work.study("tea").invitations.used == 1
    with Studies(home).file("tea") as file:
        assert file.responses.get(begun.response or "").descriptors == {"plan": "gold"}
    assert session.resume(home, "tea", begun.token or "").response == begun.response
    with pytest.raises(session.InvitationUsed):
        session.begin(home, "tea", invitation=token)


def test_two_tabs_with_one_invitation_begin_one_conversation(work: Distribution, home: Home) -> None:
    token = token_of(rows(work.invite("tea", BASE, 1))[1][1])
    first, second = (session.begin(home, "tea", invitation=token) for _ in range(2))
    session.reply(home, first, Agree())
    with pytest.raises(session.InvitationUsed):
        session.reply(home, second, Agree())
    assert work.study("tea").counts.started == 1


def test_many_at_once_with_one_invitation_begin_one_conversation(work: Distribution, home: Home) -> None:
    token = token_of(rows(work.invite("tea", BASE, 1))[1][1])
    waiting = [session.begin(home, "tea", invitation=token) for _ in range(8)]

    def agree(chat: session.Chat) -> bool:
        try:
            return session.reply(home, chat, Agree()).token is not None
        except session.InvitationUsed:
            return False

    with ThreadPoolExecutor(8) as people:
        assert sum(people.map(agree, waiting)) == 1
    assert work.study("tea").counts.started == 1


def test_a_study_for_the_invited_takes_nobody_else(work: Distribution, home: Home) -> None:
    work.set_invited_only("tea", True)
    with pytest.raises(session.InvitedOnly):
        session.begin(home, "tea")
    with pytest.raises(session.UnknownInvitation):
        session.begin(home, "tea", invitation="guessed")
    token = token_of(rows(work.invite("tea", BASE, 1))[1][1])
    assert session.reply(home, session.begin(home, "tea", invitation=token), Agree()).token


def test_withdrawn_invitations_do_not_work(work: Distribution, home: Home) -> None:
    token = token_of(rows(work.invite("tea", BASE, 3))[1][1])
    assert work.withdraw("tea") == 3
    with pytest.raises(session.UnknownInvitation):
        session.begin(home, "tea", invitation=token)


def test_columns_that_say_who_somebody_is_are_not_offered_and_addresses_are_refused() -> None:
    header = "Namn;E-post;Telefon;plan;region;since;mobile\n"
    people = read_people((header + "Liv;liv@example.org;+46 70 123 45 67;gold;north;2019-03-01;1\n").encode(), "a.csv")
    assert people.describing() == ("plan", "region", "since")
    with pytest.raises(AppError, match="e-mail"):
        people.descriptors(["E-post"], [])


@pytest.mark.parametrize(
    ("columns", "problem"), [(["why"], "question"), (["none"], "no column"), (["a{b}"], "name"), (["1st"], "name")]
)
def test_descriptors_that_conditions_could_not_use_are_refused(columns: list[str], problem: str) -> None:
    people = People(("why", "a{b}", "1st", "plan"), (("x", "x", "x", "x"),))
    with pytest.raises(AppError, match=problem):
        people.descriptors(columns, ["why"])


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"plan\n",
        b"\x00\x01\x02",
        b"a,b\n1,2,3\n",
        b"plan\n" + b"x" * 301,
        b"plan\n" + b"gold\n" * 10_001,
        b"x" * (2**21 + 1),
        ",".join(f"c{n}" for n in range(41)).encode() + b"\n" + b",".join([b"1"] * 41),
    ],
)
def test_files_that_are_none_or_too_large_are_refused_in_a_sentence(raw: bytes) -> None:
    with pytest.raises((AppError, DataError)):
        read_people(raw, "people.csv")


@pytest.mark.parametrize("number", [0, -1, 10_001])
def test_a_number_of_invitations_out_of_range_is_refused(work: Distribution, number: int) -> None:
    with pytest.raises(AppError):
        work.invite("tea", BASE, number)


# --- prize draw


def test_an_entry_is_made_once_after_the_last_question(work: Distribution, home: Home) -> None:
    work.set_prize("tea", "Two cinema tickets")
    ((response, token),) = complete(home)
    with Studies(home).file("tea") as file:
        _partial, early = file.responses.begin(1, "en")
    assert prize_of(home, "tea", early) is None
    assert not enter(home, "tea", early, "early@example.org")
    assert prize_of(home, "tea", token) == "Two cinema tickets"
    assert enter(home, "tea", token, " liv@example.org ")
    assert prize_of(home, "tea", token) is None
    assert not enter(home, "tea", token, "second@example.org")
    assert rows(work.addresses("tea")) == [["address"], ["liv@example.org"]]
    with Studies(home).file("tea") as file:
        file.responses.delete(response)
    assert rows(work.addresses("tea")) == [["address"], ["liv@example.org"]]


@pytest.mark.parametrize(
    "address", ["", "liv", "@example.org", "liv@", "liv@example", "a b@c.de", "a@b@c.de", "x" * 300]
)
def test_what_is_no_address_is_not_taken(work: Distribution, home: Home, address: str) -> None:
    work.set_prize("tea", "A car")
    ((_response, token),) = complete(home)
    with pytest.raises(NoAddress):
        enter(home, "tea", token, address)
    assert prize_of(home, "tea", token) == "A car"


def test_without_a_prize_there_is_no_draw(home: Home) -> None:
    ((_response, token),) = complete(home)
    assert prize_of(home, "tea", token) is None
    assert not enter(home, "tea", token, "liv@example.org")
    assert prize_of(home, "none", token) is None


def test_addresses_cannot_run_as_formulas_in_a_spreadsheet(work: Distribution, home: Home) -> None:
    work.set_prize("tea", "A car")
    ((_response, token),) = complete(home)
    assert enter(home, "tea", token, "=cmd|x@example.org")
    assert rows(work.addresses("tea"))[1] == ["'=cmd|x@example.org"]


def test_winners_are_drawn_without_repeats_and_from_all(work: Distribution, home: Home) -> None:
    with Studies(home).file("tea") as file:
        for number in range(12):
            file.contacts.add(f"p{number}@example.org")
    assert len({*work.draw("tea", 12)}) == 12
    assert len({work.draw("tea", 1)[0] for _ in range(60)}) > 4
    for wrong in (0, 13):
        with pytest.raises(AppError):
            work.draw("tea", wrong)
    assert work.remove_address("tea", "P3@example.org")
    assert work.clear_addresses("tea") == 11
