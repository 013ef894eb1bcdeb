"""How long answers are kept, and what goes with a study that is deleted."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from data.db import stamp
from data.people import Account
from data.studies import Home, Studies
from survey.conversation import session
from survey.distribution import Distribution
from survey.errors import AppError
from tests.given_out import DOCUMENT, complete

pytestmark = pytest.mark.usefixtures("cheap_passwords")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path)
    Studies(home).create("tea", "Tea", DOCUMENT)
    return home


@pytest.fixture
def work(home: Home, person: Account) -> Distribution:
    return Distribution(home, person)


def test_the_time_that_respondents_were_told_can_be_shortened_but_not_prolonged(work: Distribution, home: Home) -> None:
    work.set_retention("tea", 90)
    work.set_retention("tea", 365)
    complete(home)
    for days in (366, None):
        with pytest.raises(AppError, match="365 days"):
            work.set_retention("tea", days)
    work.set_retention("tea", 30)
    assert work.study("tea").fieldwork.retention_days == 30


def test_a_shorter_time_deletes_nothing_unless_it_is_said_how_many(work: Distribution, home: Home) -> None:
    complete(home)
    with Studies(home).file("tea") as file:
        long_ago = stamp(datetime.now(UTC) - timedelta(days=40))
        file.db.execute("UPDATE responses SET started = ?", [long_ago])
    due = work.expiring("tea", 30)
    assert due > 0
    assert work.expiring("tea", None) == work.expiring("tea", 60) == 0
    with pytest.raises(AppError, match="would be deleted at once"):
        work.set_retention("tea", 30)
    with Studies(home).file("tea") as file:
        assert file.responses.counts().started == due
    work.set_retention("tea", 30, deleting=due)
    assert work.study("tea").fieldwork.retention_days == 30
    with Studies(home).file("tea") as file:
        assert file.responses.counts().started == 0


def test_a_study_goes_with_everything_when_its_title_is_given_and_nothing_is_going_on(
    work: Distribution, home: Home
) -> None:
    response, token = complete(home)[0]
    with Studies(home).file("tea") as file:
        run = file.runs.create({}, "somebody")
    for title, problem in (("", "not the title"), ("Coffee", "not the title"), ("Tea", "being analysed")):
        with pytest.raises(AppError, match=problem):
            work.delete("tea", title)
    with Studies(home).file("tea") as file:
        assert file.responses.get(response).status == "complete"
        file.runs.cancel(run)
    work.delete("tea", " Tea ")
    assert Studies(home).list() == []
    with pytest.raises(session.UnknownStudy):
        session.resume(home, "tea", token)
