"""The respondent's page: what it shows and stores of a conversation."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from benchmarks.server import ROOT, Server
from benchmarks.websocket_client import Tab, open_tab
from data.studies import Home, Studies
from survey.definition import LANGUAGES, words
from survey.views.replies import reply_from
from tests import every_kind

TITLES = {"default": "Why tea?", "sv": "Varför te?", "nb": "Hvorfor te?", "da": "Hvorfor te?", "fi": "Miksi teetä?"}
DOCUMENT = {
    "title": {"default": "Tea & $more*", "sv": "Te"},
    "elements": [
        {"type": "comment", "name": "why", "title": TITLES, "isRequired": True},
        {
            "type": "radiogroup",
            "name": "kind",
            "title": dict.fromkeys(TITLES, "?"),
            "choices": ["a", {"value": "b", "text": "$5 _b_"}],
        },
        {"type": "dropdown", "name": "where", "title": dict.fromkeys(TITLES, "?"), "choices": ["x", "y"]},
        {"type": "rating", "name": "again", "title": dict.fromkeys(TITLES, "?"), "rateMin": 0, "rateMax": 10},
    ],
}
BROKEN = {"elements": [{"type": "matrix", "name": "x", "title": "y"}]}
HOSTILE = [
    "<script>alert(1)</script><b>bold</b>",
    "![picture](https://example.org/pixel.png) [link](javascript:alert(1))",
    "مرحبا بالعالم \u202eabc",
    "x" * 20_000,
]
Visit = Callable[[Tab], Coroutine[Any, Any, None]]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("home"))
    for slug, document in (("tea", DOCUMENT), ("every", every_kind.DOCUMENT), ("closed", DOCUMENT), ("odd", DOCUMENT)):
        Studies(home).create(slug, "Tea", document)
    Studies(home).set_open("closed", False)
    with Studies(home).file("odd") as file:
        file.publish(BROKEN)
    return home


@pytest.fixture(scope="module")
def server(home: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    env = {"SAMTAL_HOME": str(home.root), "SAMTAL_SURFACE": "respond"}
    with Server(ROOT / "app.py", tmp_path_factory.mktemp("log") / "log", env) as server:
        yield server


@pytest.fixture
def visit(server: Server) -> Callable[..., None]:
    """Open the chat as a link would, and do something there."""

    def run(doing: Visit, query: str = "study=tea", agree: bool = True) -> None:
        async def person() -> None:
            async with open_tab(server.port, "chat", query) as tab:
                if agree:
                    await tab.do("agree")
                await doing(tab)

        asyncio.run(person())

    return run


def stored(home: Home, tab: Tab, study: str = "tea") -> dict[str, object]:
    with Studies(home).file(study) as file:
        row = file.responses.find(tab.resume_token or "")
        assert row is not None
        return {answer.question: answer.value for answer in file.responses.kept(row.id).answers}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_whole_conversation_in_each_language(visit: Callable[..., None], home: Home, language: str) -> None:
    async def person(tab: Tab) -> None:
        assert tab.shown["language"] == language
        assert tab.texts[0] == TITLES.get(language, TITLES["default"])
        for value in ("Lämmin — varm", "b", "y", 10):
            await tab.answer(value)
        assert tab.texts[-1] == words(language)["thanks"]
        assert stored(home, tab) == {"why": "Lämmin — varm", "kind": "b", "where": "y", "again": 10}

    visit(person, f"study=tea&lang={language}")


@pytest.mark.parametrize("answer", HOSTILE)
def test_an_answer_is_shown_and_stored_as_it_was_typed(visit: Callable[..., None], home: Home, answer: str) -> None:
    async def person(tab: Tab) -> None:
        await tab.say(answer)
        assert tab.texts[1] == answer
        assert stored(home, tab) == {"why": answer}

    visit(person)


def test_every_kind_is_answered_by_what_its_widget_sends(visit: Callable[..., None], home: Home) -> None:
    sent = {**every_kind.ANSWERS, "cups": "3.5"}

    async def person(tab: Tab) -> None:
        while tab.shown["reply"]:
            asked = tab.shown["reply"]
            if asked["question"] == "shop":
                best, worst = (option["value"] for option in asked["options"][:2])
                await tab.answer({"best": best, "worst": worst, "set": asked["set"]})
            elif asked["question"] == "agree":
                await tab.answer(asked["options"][1]["value"])
            elif asked["question"] == "else":
                await tab.skip()
            else:
                await tab.answer(sent[asked["question"]])
            assert tab.shown["notes"] == []
        answers = stored(home, tab, "every")
        assert len(answers.pop("shop")) == 2  # type: ignore[arg-type]
        assert answers == every_kind.ANSWERS

    visit(person, "study=every")


def test_a_reply_that_cannot_be_taken_is_noted_and_the_same_question_waits(
    visit: Callable[..., None], home: Home
) -> None:
    async def person(tab: Tab) -> None:
        waiting = tab.shown["reply"]["id"]
        for reply, key in (("   ", "empty"), ("y" * 20_001, "too_long"), (7, "empty"), ({"a": []}, "empty")):
            await tab.answer(reply)
            assert tab.shown["notes"][0][:10] == words("en")[key][:10]
            assert tab.shown["reply"]["id"] == waiting, "the page would throw away what was typed"
        assert stored(home, tab) == {}
        await tab.say("Because")
        assert (tab.texts[1], tab.shown["notes"]) == ("Because", [])

    visit(person)


def test_refusing_ends_politely_and_stores_nothing(visit: Callable[..., None], home: Home) -> None:
    with Studies(home).file("tea") as file:
        before = file.responses.counts().started

    async def person(tab: Tab) -> None:
        await tab.do("decline")
        assert tab.texts == [words("en")["declined"]]

    visit(person, agree=False)
    with Studies(home).file("tea") as file:
        assert file.responses.counts().started == before


def test_the_link_leads_back_also_in_another_language(visit: Callable[..., None], home: Home, server: Server) -> None:
    async def person(tab: Tab) -> None:
        await tab.say("Because")
        token = tab.resume_token
        async with open_tab(server.port, "chat", f"study=tea&resume={token}&lang=sv") as again:
            assert again.texts[:3] == ["Varför te?", "Because", "?"]
            await again.do("link")
            assert again.shown["link"]["url"].endswith(f"/chat?study=tea&resume={token}")
            assert again.shown["link"]["qr"].startswith("data:image/svg+xml,")
            await again.skip()
            assert again.shown["link"] is None
            assert stored(home, again) == {"why": "Because", "kind": None}

    visit(person)


def test_two_tabs_at_once_lose_and_double_nothing(visit: Callable[..., None], home: Home, server: Server) -> None:
    async def person(tab: Tab) -> None:
        async with open_tab(server.port, "chat", f"study=tea&resume={tab.resume_token}") as other:
            await asyncio.gather(tab.answer("One"), other.answer("One"))
            await tab.answer("a")
            await other.answer("b")  # the other tab still shows the question that has been answered meanwhile
            with Studies(home).file("tea") as file:
                row = file.responses.find(tab.resume_token or "")
                assert row is not None
                answers = file.responses.kept(row.id).answers
            assert [answer.question for answer in answers] == ["why", "kind"]
            assert answers[0].revision == 1
            assert tab.resume_token == other.resume_token

    visit(person)


def test_going_back_and_changing_an_earlier_answer(visit: Callable[..., None], home: Home) -> None:
    async def person(tab: Tab) -> None:
        await tab.say("Because")
        await tab.answer("a")
        await tab.do("back")
        asked = tab.shown["reply"]
        assert (asked["question"], asked["value"], tab.shown["keep"]) == ("kind", "a", True)
        await tab.do("keep")
        assert tab.shown["reply"]["question"] == "where"
        assert [bubble.get("edit") for bubble in tab.shown["bubbles"] if bubble["who"] == "you"] == ["why", "kind"]
        await tab.do("edit", question="why")
        assert tab.shown["reply"]["value"] == "Because"
        await tab.say("Because it is warm")
        assert tab.shown["reply"]["question"] == "where"
        assert stored(home, tab) == {"why": "Because it is warm", "kind": "a"}

    visit(person)


def test_progress_never_goes_back_and_the_bar_is_full_at_the_end(visit: Callable[..., None]) -> None:
    async def person(tab: Tab) -> None:
        far = []
        for value in ("Because", "a", "x"):
            far.append(tab.shown["progress"]["fraction"])
            await tab.answer(value)
        assert tab.shown["progress"]["text"] == "Question 4 of 4"
        assert far == sorted(far)
        assert far[0] == 0

    visit(person)


@pytest.mark.parametrize(
    ("query", "key", "again"),
    [
        ("", "no_study", False),
        ("study=../../etc/passwd", "no_study", False),
        ("study=tea&resume=guess", "no_response", True),
        ("study=tea&invite=guess", "no_invitation", False),
        ("study=closed", "closed", False),
        ("study=odd", "problem", False),
    ],
)
def test_a_link_that_leads_nowhere_says_so_kindly(
    visit: Callable[..., None], query: str, key: str, again: bool
) -> None:
    async def person(tab: Tab) -> None:
        assert tab.texts == [words("fi")[key]]
        assert tab.shown["title"] == words("fi")[f"{key}_title"]
        assert tab.shown["again"] == again

    visit(person, f"{query}&lang=fi", agree=False)


def test_a_new_begin_is_offered_for_a_dead_link(visit: Callable[..., None]) -> None:
    async def person(tab: Tab) -> None:
        await tab.do("begin")
        assert tab.shown["stage"] == "consent"

    visit(person, "study=tea&resume=guess", agree=False)


def test_an_answer_that_cannot_be_stored_is_not_acknowledged(visit: Callable[..., None], home: Home) -> None:
    async def person(tab: Tab) -> None:
        with unwritable(home):
            await tab.say("Because")
        assert tab.texts == ["Why tea?", words("en")["not_saved"]]
        await tab.say("Because")
        assert stored(home, tab) == {"why": "Because"}

    visit(person)


@contextmanager
def unwritable(home: Home) -> Iterator[None]:
    """Fail on answers as a broken disk would."""
    with Studies(home).file("tea") as file:
        file.db.execute("ALTER TABLE answers RENAME TO hidden")
    yield
    with Studies(home).file("tea") as file:
        file.db.execute("ALTER TABLE hidden RENAME TO answers")


@pytest.mark.parametrize("said", [None, [], "agree", {}, {"do": None}, {"do": "drop"}, {"do": {"agree": 1}}])
def test_what_is_no_reply_is_none(said: object) -> None:
    assert reply_from(said) is None


@pytest.mark.parametrize(
    "said",
    [
        {"do": "answer"},
        {"do": "answer", "question": ["why"], "turn": "1", "value": {"x": [None]}},
        {"do": "skip", "question": 7, "turn": True},
        {"do": "edit", "question": "none"},
        {"do": "speak", "language": {"sv": 1}},
        {"do": "back"},
        {"do": "keep"},
    ],
)
def test_nothing_that_a_page_sends_breaks_it(visit: Callable[..., None], home: Home, said: dict[str, Any]) -> None:
    async def person(tab: Tab) -> None:
        await tab.do(said["do"], **{key: value for key, value in said.items() if key != "do"})
        assert tab.texts[0] == "Why tea?"
        assert stored(home, tab) == {}

    visit(person)
