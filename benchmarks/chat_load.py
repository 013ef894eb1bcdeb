"""How long a respondent waits for the next message, with a hundred others answering at the same time.

The bare chat page (a study with one open question) against a ten-line echo chat, each in a server process of its own
on this machine, both driven over the websocket from this third process, turn about. Every respondent opens the page,
all wait for each other, then each answers at a random moment of the same few seconds. A wait is the time from sending
the answer to the end of the rerun that shows the next message. Both servers have the same Streamlit settings, also
STREAMLIT_RUNNER_POST_SCRIPT_GC=false. Ours commits every answer to the disk before it draws; the echo stores nothing.
"""

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.server import ROOT, Server
from benchmarks.websocket_client import Tab, open_tab
from data.studies import Home, Studies
from survey.definition import one_question

RESPONDENTS = 100
SECONDS = 5.0
LONG = 8
BAR = 1.5
ECHO = """\
import streamlit as st

said = st.session_state.setdefault("said", [])
if text := st.chat_input("Your message"):
    said.append(("user", text))
    said.append(("assistant", f"You said: {text}"))
for name, text in said:
    with st.chat_message(name):
        st.write(text)
"""
Ready = Callable[[Tab], Coroutine[Any, Any, None]]


def figures(quick: bool) -> dict[str, Any]:
    """Return waits in milliseconds and their ratio, for one question and for eight."""
    rounds, respondents = (1, 20) if quick else (8, RESPONDENTS)
    seconds = SECONDS * respondents / RESPONDENTS
    one = compare(1, rounds, respondents, seconds)
    several = compare(LONG, 1 if quick else 2, respondents, seconds)
    ratio = float(one[0]["p95 ms"] / one[1]["p95 ms"])
    return {
        "about": f"Answer to next message at {respondents} simultaneous respondents, one server process each for the "
        "chat page and a ten-line echo chat, turn about in one run; post-script garbage collection off in both. "
        "Measured to the end of the rerun. Ours has the answer on disk by then; the echo keeps nothing.",
        "bars": [
            {"bar": f"p95, bare chat page / echo, at most {BAR}", "measured": round(ratio, 2), "met": ratio <= BAR}
        ],
        "respondents": respondents,
        "answers a second": respondents / seconds,
        "One open question": one,
        f"{LONG} open questions in a row": several,
    }


def compare(questions: int, rounds: int, respondents: int, seconds: float) -> list[dict[str, Any]]:
    """Return one row of waits for our page and one for the echo, from `rounds` rounds of each, turn about."""
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder) / "home")
        _create_study(home, questions)
        echo = Path(folder) / "echo.py"
        echo.write_text(ECHO, encoding="utf-8")
        env = {"SAMTAL_HOME": str(home.root), "SAMTAL_SURFACE": "respond"}
        log = Path(folder) / "log"
        with Server(ROOT / "app.py", log, env) as ours, Server(echo, log) as theirs:
            sides = [("chat page", ours.port, "chat", "study=load", _agree), ("echo", theirs.port, "", "", _nothing)]
            waits: dict[str, list[float]] = {side[0]: [] for side in sides}
            for turn in range(-1, rounds):
                for name, port, page, query, ready in sides if turn % 2 else reversed(sides):
                    found = asyncio.run(_round(port, page, query, ready, questions, respondents, seconds))
                    if turn >= 0:
                        waits[name] += found
        stored = _stored(home)
    if stored < questions * respondents * rounds:
        raise RuntimeError(f"Only {stored} answers were stored.")
    return [_row(name, np.array(found) * 1000) for name, found in waits.items()]


async def _round(
    port: int, page: str, query: str, ready: Ready, answers: int, respondents: int, seconds: float
) -> list[float]:
    everyone = asyncio.Barrier(respondents)

    async def respondent(number: int) -> list[float]:
        luck = np.random.default_rng(number)
        async with open_tab(port, page, query) as tab:
            await ready(tab)
            await everyone.wait()
            found = []
            for turn in range(answers):
                await asyncio.sleep(luck.uniform(0, seconds))
                started = time.perf_counter()
                await tab.say(f"Answer {turn} of {number}: coverage where I live, and a bill that I can understand.")
                found.append(time.perf_counter() - started)
            await everyone.wait()
            return found

    return [wait for waits in await asyncio.gather(*map(respondent, range(respondents))) for wait in waits]


async def _agree(tab: Tab) -> None:
    await tab.press("agree")


async def _nothing(_tab: Tab) -> None:
    return None


def _create_study(home: Home, questions: int) -> None:
    first = one_question("What do you value most, and why?")
    element = first["pages"][0]["elements"][0]
    elements = [{**element, "name": f"answer{number}"} for number in range(questions)]
    Studies(home).create("load", "Load", {**first, "pages": [{"elements": elements}]})


def _stored(home: Home) -> int:
    with Studies(home).file("load") as file:
        return int(file.db.execute("SELECT count(*) FROM answers").fetchone()[0])


def _row(name: str, waits: NDArray[np.float64]) -> dict[str, Any]:
    points = {f"p{point} ms": float(np.percentile(waits, point)) for point in (50, 95, 99)}
    return {"page": name, "answers": len(waits), **points}


if __name__ == "__main__":
    print(json.dumps(figures("--quick" in sys.argv), indent=1))
