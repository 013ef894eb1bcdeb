"""An answer acknowledged is an answer stored: the server is killed while many people answer, and nothing is gone."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed

from benchmarks.server import ROOT, Server
from benchmarks.websocket_client import Tab, open_tab
from data.studies import Home, Studies

QUESTIONS = [f"Question number {number}: what matters to you?" for number in range(1, 7)]


@dataclass
class Person:
    """One respondent: what was said, and how much of it the page has acknowledged with its next message."""

    number: int
    token: str | None = None
    said: list[str] = field(default_factory=list)
    acknowledged: int = 0

    def answer(self, turn: int) -> str:
        """Return what this person answers to a question."""
        return f"Person {self.number} values thing {turn} — så är det, näin se on 🙂"


class Crowd:
    """Everybody who answers at the same time; kills the server when enough answers were acknowledged."""

    def __init__(self, people: list[Person], server: Server, kill_after: int) -> None:
        self.people = people
        self.server = server
        self.left = kill_after
        self.begun = asyncio.Barrier(len(people))

    async def answer_all(self) -> None:
        """Let everybody answer until the server is gone."""
        await asyncio.gather(*map(self._answer, self.people))

    async def _answer(self, person: Person) -> None:
        try:
            async with open_tab(self.server.port, "chat", "study=crowd") as tab:
                await tab.do("agree")
                person.token = tab.resume_token
                await self.begun.wait()
                for turn in range(len(QUESTIONS)):
                    await asyncio.sleep((person.number * 7 + turn * 5) % 13 / 30)
                    await self._say(person, tab, turn)
        except (ConnectionClosed, OSError):
            return

    async def _say(self, person: Person, tab: Tab, turn: int) -> None:
        person.said.append(person.answer(turn))
        try:
            await tab.say(person.said[-1])
        finally:
            if len(tab.arriving) > 2 * (turn + 1):
                person.acknowledged = turn + 1
                self.left -= 1
        if self.left <= 0:
            self.server.kill()


def create_study(home: Home) -> None:
    elements = [
        {"type": "comment", "name": f"q{number}", "title": title, "isRequired": True}
        for number, title in enumerate(QUESTIONS)
    ]
    Studies(home).create("crowd", "Crowd", {"elements": elements})


async def resume_and_finish(people: list[Person], port: int) -> None:
    """Open everybody's resume link, see that all is there, and answer the rest."""
    at_once = asyncio.Semaphore(20)

    async def one(person: Person) -> None:
        async with at_once, open_tab(port, "chat", f"study=crowd&resume={person.token}") as tab:
            answered = [text for text in tab.texts if text.startswith("Person ")]
            assert answered == person.said[: len(answered)]
            assert len(answered) >= person.acknowledged
            if len(answered) < len(QUESTIONS):
                assert QUESTIONS[len(answered)] in tab.texts
            for turn in range(len(answered), len(QUESTIONS)):
                await tab.say(person.answer(turn))
            assert tab.texts[-1].startswith("Thank you")

    await asyncio.gather(*map(one, people))


@pytest.mark.parametrize("crowd", [30, pytest.param(200, marks=pytest.mark.slow)])
def test_a_killed_server_loses_no_acknowledged_answer(tmp_path: Path, crowd: int) -> None:
    home = Home(tmp_path / "home")
    create_study(home)
    people = [Person(number) for number in range(crowd)]
    env = {"SAMTAL_HOME": str(home.root), "SAMTAL_SURFACE": "respond"}
    server = Server(ROOT / "app.py", tmp_path / "log", env)
    with server:
        asyncio.run(Crowd(people, server, kill_after=crowd * len(QUESTIONS) // 2).answer_all())
    assert all(person.token for person in people)
    assert any(0 < person.acknowledged < len(QUESTIONS) for person in people)

    with Studies(home).file("crowd") as file:
        for person in people:
            row = file.responses.find(person.token or "")
            assert row is not None
            stored = [answer.value for answer in file.responses.kept(row.id).answers]
            assert stored == person.said[: len(stored)]
            assert len(stored) >= person.acknowledged

    with server:
        asyncio.run(resume_and_finish(people, server.port))
    with Studies(home).file("crowd") as file:
        assert file.responses.counts().complete == crowd
        assert file.db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


def test_a_double_click_begins_one_conversation(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    create_study(home)

    async def click_twice(port: int) -> str | None:
        async with open_tab(port, "chat", "study=crowd") as tab:
            await tab.do("agree", times=2)
            await tab.say("Only once")
            return tab.resume_token

    env = {"SAMTAL_HOME": str(home.root), "SAMTAL_SURFACE": "respond"}
    with Server(ROOT / "app.py", tmp_path / "log", env) as server:
        tokens = [asyncio.run(click_twice(server.port)) for _ in range(5)]
    assert len(set(tokens)) == 5
    with Studies(home).file("crowd") as file:
        assert file.responses.counts().started == 5
