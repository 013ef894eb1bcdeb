"""How a researcher gives a study out: terms, invitations and the prize draw; every function asks who is asking."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from data.db import transaction
from data.fieldwork import ClosedBy, Fieldwork
from data.invitations import InvitationCounts
from data.people import Account
from data.responses import Counts
from data.studies import Home, Studies, Study, StudyFile
from survey.access.guard import require
from survey.access.roles import Permission
from survey.definition import Survey, parse
from survey.erasure import purge
from survey.errors import AppError
from survey.invitation_file import MOST_PEOPLE, People, csv_file, links_csv
from survey.sharing import chat_link, read_origins
from survey.wording import count

LARGEST_CAP = 1_000_000
LONGEST_RETENTION = 3650
LONGEST_PRIZE = 200


@dataclass(frozen=True)
class Distributed:
    """How a study is given out, and what has come of it.

    closed_by: what keeps it from taking answers now. addresses: how many were left for the prize draw.
    """

    study: Study
    survey: Survey
    fieldwork: Fieldwork
    closed_by: ClosedBy | None
    counts: Counts
    invitations: InvitationCounts
    addresses: int


class Distribution:
    """The distribution of studies by one account; None may do nothing.

    Its functions raise NotAllowed without the permission to collect, and NotFound for a study that is not there,
    besides what is said at each.
    """

    def __init__(self, home: Home, account: Account | None) -> None:
        self.home = home
        self.account = account
        self._studies = Studies(home)

    def may(self, permission: Permission) -> Account:
        """Return the account when it has this permission; raises NotAllowed otherwise."""
        return require(self.account, permission)

    def study(self, slug: str) -> Distributed:
        """Return how a study is given out."""
        self.may("collect")
        with self._studies.file(slug) as file:
            return Distributed(
                study=file.study,
                survey=parse(file.survey()[1]),
                fieldwork=file.fieldwork,
                closed_by=file.closed_by,
                counts=file.responses.counts(),
                invitations=file.invitations.counts(),
                addresses=file.contacts.count(),
            )

    def set_open(self, slug: str, is_open: bool) -> Study:
        """Let the study take answers as far as date and cap allow it, or stop it."""
        self.may("collect")
        return self._studies.set_open(slug, is_open)

    def set_limits(self, slug: str, closes: datetime | None, cap: int | None) -> None:
        """Set until when (a moment that knows its zone) and how many complete responses the study takes.

        The cap keeps people from beginning and from coming back; who is answering when it is reached may finish, and
        so the number of complete responses may end a little above it. Raises AppError for a cap that is none.
        """
        if cap is not None and not 1 <= cap <= LARGEST_CAP:
            raise AppError(f"The most responses must be a number from 1 to {LARGEST_CAP:,}, got {cap:,}.")
        self._change(slug, closes=closes, cap=cap)

    def expiring(self, slug: str, days: int | None) -> int:
        """Return how many responses would be deleted now if they were kept for so many days."""
        self.may("collect")
        with self._studies.file(slug) as file:
            return _due(file, days)

    def set_retention(self, slug: str, days: int | None, deleting: int = 0) -> None:
        """Set after how many days a response is deleted, None for not before the study itself.

        deleting: how many responses may go, and then do, because they are older already. Respondents are told the day,
        so that it may come sooner once somebody has answered, but not later; raises AppError.
        """
        self.may("collect")
        if days is not None and not 1 <= days <= LONGEST_RETENTION:
            raise AppError(f"Answers can be kept for 1 to {LONGEST_RETENTION:,} days, got {days:,}.")
        with self._studies.file(slug) as file, transaction(file.db):
            told = file.fieldwork.retention_days
            if told is not None and (days is None or days > told) and file.responses.counts().started:
                raise AppError(
                    "Since people have answered, their answers cannot be kept for longer than the "
                    f"{count(told, 'day')} that are set now.",
                    "A shorter time is possible.",
                )
            if (due := _due(file, days)) > deleting:
                raise AppError(f"{count(due, 'response')} would be deleted at once: say that this is meant.")
            file.set_fieldwork(replace(file.fieldwork, retention_days=days))
        if due:
            purge(self.home, slug)

    def set_invited_only(self, slug: str, invited_only: bool) -> None:
        """Set whether only personal invitations begin a conversation, and the open link does not."""
        self._change(slug, invited_only=invited_only)

    def set_embedding(self, slug: str, sites: str) -> None:
        """Set which sites may show the chat inside their pages (see survey.sharing.read_origins)."""
        self._change(slug, embed_origins=read_origins(sites))

    def set_prize(self, slug: str, prize: str) -> None:
        """Set what can be won by those who leave an address after the last question; "" for no draw."""
        prize = " ".join(prize.split())
        if len(prize) > LONGEST_PRIZE:
            raise AppError(f"Say in at most {LONGEST_PRIZE} characters what can be won.")
        self._change(slug, prize=prize)

    def invite(self, slug: str, base: str, number: int) -> bytes:
        """Make this many invitations that know nothing; returns the CSV file of links, which is not kept anywhere."""
        if not 1 <= number <= MOST_PEOPLE:
            raise AppError(f"From 1 to {MOST_PEOPLE:,} invitations can be made at once, got {number:,}.")
        people = People(("number",), tuple((str(at),) for at in range(1, number + 1)))
        return self.invite_people(slug, base, people, ())

    def invite_people(self, slug: str, base: str, people: People, kept: Sequence[str]) -> bytes:
        """Make an invitation for each of these people; returns the CSV file of links, which is not kept anywhere.

        kept: the columns whose cells are stored with the answers (see People.descriptors, also for its AppError).
        """
        self.may("collect")
        with self._studies.file(slug) as file:
            survey = parse(file.survey()[1])
            known = people.descriptors(kept, survey.names - set(survey.samtal.descriptors))
            tokens = file.invitations.create_many(known)
        return links_csv(people, [chat_link(base, slug, invite=token) for token in tokens])

    def withdraw(self, slug: str) -> int:
        """Delete the invitations that nobody has used; returns how many there were."""
        self.may("collect")
        with self._studies.file(slug) as file:
            return file.invitations.withdraw()

    def addresses(self, slug: str) -> bytes:
        """Return the addresses that were left for the prize draw, as a CSV file in an order that says nothing."""
        self.may("collect")
        with self._studies.file(slug) as file:
            return csv_file(["address"], ([address] for address in file.contacts.list()))

    def draw(self, slug: str, winners: int) -> list[str]:
        """Return the addresses of winners, drawn by the operating system's random numbers; each can win once.

        Raises AppError when there are fewer addresses than that.
        """
        self.may("collect")
        with self._studies.file(slug) as file:
            addresses = file.contacts.list()
        if not 1 <= winners <= len(addresses):
            raise AppError(f"From 1 to {len(addresses):,} winners can be drawn, got {winners:,}.")
        return secrets.SystemRandom().sample(addresses, winners)

    def remove_address(self, slug: str, address: str) -> bool:
        """Delete one address for good, for somebody who asks for it; False when it is not there."""
        self.may("collect")
        with self._studies.file(slug) as file:
            return file.contacts.remove(address)

    def clear_addresses(self, slug: str) -> int:
        """Delete all addresses for good, after the draw; returns how many there were."""
        self.may("collect")
        with self._studies.file(slug) as file:
            return file.contacts.clear()

    def delete(self, slug: str, title: str) -> None:
        """Delete a study for good: responses, results, invitations, addresses, and what is cached of its texts.

        title: of the study, as a sign that it is meant. Raises AppError for another one, and while it is analysed.
        """
        self.may("collect")
        with self._studies.file(slug) as file:
            meant = " ".join(title.split()) == " ".join(file.study.title.split())
            busy = any(run.active for run in file.runs.list(None))
        if not meant:
            raise AppError("That is not the title of this study.", "Write it as it stands at the top of the page.")
        if busy:
            raise AppError("This study is being analysed.", "Stop the analysis, or wait until it has ended.")
        self._studies.delete(slug)

    def _change(self, slug: str, **values: object) -> None:
        self.may("collect")
        with self._studies.file(slug) as file, transaction(file.db):
            file.set_fieldwork(replace(file.fieldwork, **values))  # type: ignore[arg-type]


def last_day(day: date, zone: str) -> datetime:
    """Return the end of a day in a time zone, as a moment in UTC: when a study closes that is open on that day.

    >>> last_day(date(2026, 12, 1), "Europe/Stockholm").isoformat()
    '2026-12-01T23:00:00+00:00'
    """
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone)).astimezone(UTC)


def _due(file: StudyFile, days: int | None) -> int:
    return 0 if days is None else len(file.holdings.started_by(datetime.now(UTC) - timedelta(days=days)))
