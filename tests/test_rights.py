"""What respondents may do with own answers: see everything that is kept, take it along, delete it; and until when."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import anyio
import numpy as np
import pytest
from limits import parse as limit

from data.fieldwork import Fieldwork
from data.studies import Home, Studies, StudyFile
from data.vectors import VectorCache
from models.engine import Engine
from models.texts.naming import _quoted
from survey import api, cli
from survey.access.throttle import Guesses, TooMany
from survey.analysis.segmentation import SegmentationRuns
from survey.analysis.stored import collect, pack
from survey.conversation.probes import probe_text
from survey.definition import words
from survey.erasure import _unquoted, erase, purge, scrub
from survey.own.rights import NothingHere, as_json, delete, own_answers
from survey.settings import Settings
from tests.fabricated import segmentation

DOCUMENT = {
    "title": {"default": "Tea", "sv": "Te"},
    "elements": [
        {
            "type": "comment",
            "name": "why",
            "title": {"default": "Why tea?", "sv": "Varför te?"},
            "samtal": {"laddering": {"turns": 2}},
        },
        {
            "type": "radiogroup",
            "name": "kind",
            "title": {"default": "Which kind? ({why})", "sv": "Vilken sort? ({why})"},
            "choices": [{"value": "g", "text": {"default": "Green", "sv": "Grönt"}}, "b"],
        },
    ],
}
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path)
    Studies(home).create("tea", "Working title", DOCUMENT)
    return home


def answered(file: StudyFile, why: str, at: datetime = NOW, **known: object) -> tuple[str, str]:
    """Store one respondent's conversation in Swedish; returns id and token."""
    response, token = file.responses.begin(1, "sv", at=at, descriptors=known)
    file.responses.consent(response, "samtal-1", "sv", at=at)
    follow = {"follow": {"level": "attribute", "reason": "", "probe": "attribute.1", "by": "rules", "text": None}}
    file.responses.record(response, "why", 0, why, at=at, detail=follow)
    file.responses.record(response, "why", 1, "Det lugnar mig", at=at)
    file.responses.record(response, "kind", 0, "b", at=at)
    file.responses.record(response, "kind", 0, "g", at=at + timedelta(minutes=1))
    file.responses.complete(response, at=at)
    return response, token


def test_the_respondent_sees_answers_as_they_were_asked_and_what_was_agreed_to(home: Home) -> None:
    with Studies(home).file("tea") as file:
        _response, token = answered(file, "Lugn och ro", plan="gold")
    own = own_answers(home, "tea", token)
    assert [(answer.asked, answer.answered) for answer in own.answers] == [
        ("Varför te?", "Lugn och ro"),
        (probe_text("attribute.1", "sv"), "Det lugnar mig"),
        ("Vilken sort? (Lugn och ro)", "Grönt"),
    ]
    assert (own.title, own.status, own.started) == ("Te", "complete", NOW)
    assert own.descriptors == {"plan": "gold"}
    (consent,) = own.consents
    assert (consent.version, consent.language, consent.at) == ("samtal-1", "sv", NOW)
    assert consent.text == words("sv")["consent"]
    assert own_answers(home, "tea", token, "en").answers[2].answered == "Green"


def test_the_file_to_take_along_holds_every_revision(home: Home) -> None:
    with Studies(home).file("tea") as file:
        _response, token = answered(file, "Lugn och ro")
    taken = json.loads(as_json(own_answers(home, "tea", token)))
    kinds = [(change["value"], change["revision"]) for change in taken["changes"] if change["question"] == "kind"]
    assert kinds == [("b", 1), ("g", 2)]
    assert taken["consents"][0]["at"] == NOW.isoformat()
    assert taken["changes"][0]["noted"]["follow"]["level"] == "attribute"
    assert taken["kept_until"] is None
    assert token not in as_json(own_answers(home, "tea", token))


def test_what_a_hidden_field_caught_is_told_too(home: Home) -> None:
    with Studies(home).file("tea") as file:
        _response, token = file.responses.begin(1, "en", trap="http://buy.example")
    assert json.loads(as_json(own_answers(home, "tea", token)))["trap"] == "http://buy.example"


def test_a_skipped_answer_and_one_that_no_longer_counts_say_so(home: Home) -> None:
    with Studies(home).file("tea") as file:
        response, token = file.responses.begin(1, "en")
        file.responses.record(response, "why", 0, None)
        file.responses.record(response, "kind", 0, "b")
        file.responses.set_inactive(response, {("kind", 0)})
    first, second = own_answers(home, "tea", token).answers
    assert (first.answered, first.counts) == (None, True)
    assert (second.answered, second.counts) == ("b", False)


@pytest.mark.parametrize(
    ("study", "token"), [("tea", "wrong"), ("tea", ""), ("none", "wrong"), ("../tea", "x"), ("tea", "\ud800")]
)
def test_a_link_that_leads_nowhere_shows_and_deletes_nothing(home: Home, study: str, token: str) -> None:
    with Studies(home).file("tea") as file:
        answered(file, "Lugn och ro")
    with pytest.raises(NothingHere):
        own_answers(home, study, token)
    with pytest.raises(NothingHere):
        delete(home, study, token)
    with Studies(home).file("tea") as file:
        assert file.responses.counts().complete == 1


def test_deleting_takes_everything_of_one_person_and_nothing_of_others(home: Home) -> None:
    VectorCache(home.vectors_path).put("m", {text: np.ones(3) for text in ("Lugn och  ro 7", "Lugn och ro 7", "Värme")})
    with Studies(home).file("tea") as file:
        invitation = file.invitations.create({"plan": "goldplan"})
        response, token = answered(file, "Lugn och  ro 7", plan="goldplan")
        file.invitations.redeem(invitation, response)
        file.contacts.enter(response)
        _other, kept = answered(file, "Värme")
    delete(home, "tea", token)
    with pytest.raises(NothingHere):
        own_answers(home, "tea", token)
    assert own_answers(home, "tea", kept).answers[0].answered == "Värme"
    assert set(VectorCache(home.vectors_path).get("m", ["Lugn och  ro 7", "Lugn och ro 7", "Värme"])) == {"Värme"}
    with Studies(home).file("tea") as file:
        content = file.path.read_bytes() + Path(f"{file.path}-wal").read_bytes()
        assert b"Lugn och" not in content
        assert b"goldplan" not in content
        assert response.encode() not in content
        assert b"V\xc3\xa4rme" in content


def run_over(file: StudyFile) -> str:
    collected = collect(file, ["why"])
    run = file.runs.create({"questions": ["why"]}, "test")
    file.runs.finish(run, *pack(segmentation([row[0] for row in collected.answers], k=2), collected))
    return run


def test_finished_analyses_lose_the_words_of_who_deletes_and_keep_the_rest(home: Home) -> None:
    with Studies(home).file("tea") as file:
        tokens = [answered(file, f"svar nummer {number}")[1] for number in range(8)]
        run = run_over(file)
        before, arrays = file.runs.load(run)
    quoted = [quote["row"] for part in before["segmentation"]["segments"] for quote in part["quotes"]]
    gone = quoted[0]
    delete(home, "tea", tokens[gone])
    with Studies(home).file("tea") as file:
        after, kept = file.runs.load(run)
        assert f"svar nummer {gone}" not in json.dumps(after)
        assert file.runs.get(run).status == "done"
        assert scrub(file) == 0
    left = [quote["row"] for part in after["segmentation"]["segments"] for quote in part["quotes"]]
    assert left == quoted[1:]
    assert after["responses"][gone] == ""
    assert [one for row, one in enumerate(after["responses"]) if row != gone] == [
        one for row, one in enumerate(before["responses"]) if row != gone
    ]
    assert after["segmentation"]["evidence"] == before["segmentation"]["evidence"]
    np.testing.assert_array_equal(kept["labels"], arrays["labels"])


def test_who_deletes_while_an_analysis_goes_on_is_not_quoted_when_it_ends(home: Home) -> None:
    with Studies(home).file("tea") as file:
        tokens = [answered(file, f"svar nummer {number}")[1] for number in range(4)]
        collected = collect(file, ["why"])
        run = file.runs.create({"questions": ["why"]}, "test")
    delete(home, "tea", tokens[0])
    service = SegmentationRuns(home, Engine(), "minilm")
    found = segmentation([row[0] for row in collected.answers], k=1)
    service._store("tea", run, pack(found, collected))
    service.close()
    with Studies(home).file("tea") as file:
        document = json.dumps(file.runs.document(run))
    assert "svar nummer 0" not in document
    assert "svar nummer 1" in document


def test_answers_are_kept_until_their_retention_is_over(home: Home) -> None:
    with Studies(home).file("tea") as file:
        file.set_fieldwork(Fieldwork(retention_days=30))
        _old, gone = answered(file, "gammalt", NOW - timedelta(days=30))
        _new, kept = answered(file, "nytt", NOW - timedelta(days=29))
        file.invitations.create({"plan": "gold"})
        file.contacts.add("liv@example.org", NOW - timedelta(days=60))
        file.contacts.add("ida@example.org", NOW)
    assert own_answers(home, "tea", kept, now=NOW).kept_until == NOW + timedelta(days=1)
    with pytest.raises(NothingHere, match="over"):
        own_answers(home, "tea", gone, now=NOW)
    assert purge(home, now=NOW) == {"tea": 1}
    assert purge(home, now=NOW) == {"tea": 0}
    with Studies(home).file("tea") as file:
        assert [row.id for row in file.responses.all()] == [_new]
        assert file.contacts.list() == ["ida@example.org"]
        assert file.invitations.counts().made == 1


def test_a_server_purges_when_it_starts_and_again_while_it_runs(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "PURGE_EVERY", 0.02)
    left = []

    def started() -> int:
        with Studies(home).file("tea") as file:
            return file.responses.counts().started

    async def live() -> None:
        async with api.lifespan(Settings(home=home.root, surface="studio"))(None):
            left.append(started())
            with Studies(home).file("tea") as file:
                answered(file, "gammalt igen", datetime.now(UTC) - timedelta(days=2))
            with anyio.fail_after(20):
                while started():
                    await anyio.sleep(0.02)

    with Studies(home).file("tea") as file:
        file.set_fieldwork(Fieldwork(retention_days=1))
        answered(file, "gammalt", datetime.now(UTC) - timedelta(days=2))
    anyio.run(live)
    assert left == [0]


def test_without_a_retention_nothing_is_ever_purged(home: Home) -> None:
    with Studies(home).file("tea") as file:
        answered(file, "gammalt", NOW - timedelta(days=9999))
    assert purge(home, now=NOW) == {}
    with Studies(home).file("tea") as file:
        assert file.responses.counts().started == 1


def test_erasing_nobody_changes_nothing(home: Home) -> None:
    with Studies(home).file("tea") as file:
        answered(file, "Lugn")
        assert erase(home, file, []) == 0
        assert file.responses.counts().started == 1


def test_the_command_purges_and_says_how_much(home: Home, monkeypatch, capsys) -> None:
    monkeypatch.setenv("SAMTAL_HOME", str(home.root))
    with Studies(home).file("tea") as file:
        file.set_fieldwork(Fieldwork(retention_days=1))
        answered(file, "gammalt", datetime.now(UTC) - timedelta(days=2))
    assert cli.main(["purge"]) == 0
    assert "1 response" in capsys.readouterr().out
    assert cli.main(["purge", "--study", "none"]) == 2
    assert "no study" in capsys.readouterr().err


def test_an_address_that_tries_many_wrong_links_has_to_wait() -> None:
    guesses = Guesses(limit("3 per 10 minute"))
    for _ in range(3):
        with pytest.raises(NothingHere), guesses.watched("192.0.2.1", NothingHere):
            raise NothingHere("nothing")
    with pytest.raises(TooMany), guesses.watched("192.0.2.1", NothingHere):
        raise AssertionError("nothing is looked up any more")
    for address in ("192.0.2.2", "2001:db8::1", "testclient", "", None):
        with guesses.watched(address, NothingHere):
            pass


def test_a_whole_network_counts_as_one_and_this_machine_not_at_all() -> None:
    guesses = Guesses(limit("2 per 10 minute"))
    for address in ("2001:db8::1", "2001:db8::2", "127.0.0.1", "127.0.0.1", "127.0.0.1", "::1"):
        with pytest.raises(NothingHere), guesses.watched(address, NothingHere):
            raise NothingHere("nothing")
    with pytest.raises(TooMany), guesses.watched("2001:db8::3", NothingHere):
        pass
    with guesses.watched("2001:db8:0:1::1", NothingHere):
        pass


def test_right_links_are_not_counted() -> None:
    guesses = Guesses(limit("1 per 10 minute"))
    for _ in range(5):
        with guesses.watched("192.0.2.1", NothingHere):
            pass


def test_the_day_of_retention_is_a_whole_number_of_days_after_the_start() -> None:
    started = datetime(2026, 1, 31, 8, tzinfo=UTC)
    until = Fieldwork(retention_days=30).kept_until(started)
    assert until is not None
    assert until.date() == date(2026, 3, 2)
    assert Fieldwork().kept_until(started) is None


@pytest.mark.parametrize(
    "text", ["Skriv till #annaberg på insta", "Cafe\u0301 Berg i Ystad, Anna", "@anna_b är bäst, säger Anna Berg"]
)
def test_a_name_made_of_a_deleted_quote_goes_with_it(text: str) -> None:
    document = {"name": _quoted(text), "quotes": [{"row": 0, "text": text}]}
    left = str(_unquoted(document, {0}))
    assert "Anna" not in left
    assert "annaberg" not in left
