"""How long a respondent waits for the next message, with a hundred others answering at the same time.

The bare chat page (a study with one open question) against a ten-line echo chat, each in a server process of its own
on this machine, both driven over the websocket from this third process, turn about. Every respondent opens the page,
all wait for each other, then each answers at a random moment of the same few seconds; the moments are new in every
round, and the same for both sides of it. A wait is the time from sending the answer to the end of the rerun that shows
the next message. Both servers have the same Streamlit settings, also
STREAMLIT_RUNNER_POST_SCRIPT_GC=false. Ours commits every answer to the disk before it draws; the echo stores nothing.
A machine that does other things meanwhile stalls single rounds, so the bar compares each round with its neighbour and
takes the median; the figures of all rounds together stand beside it.
"""

import asyncio
import json
import os
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
LONG = 5
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
    rounds, respondents = (2, 20) if quick else (14, RESPONDENTS)
    seconds = SECONDS * respondents / RESPONDENTS
    one, ratios = compare(1, rounds, respondents, seconds)
    several, _ = compare(LONG, 1 if quick else 2, respondents, seconds)
    ratio = float(np.median(ratios))
    return {
        "about": f"Answer to next message at {respondents} simultaneous respondents, one server process each for the "
        "chat page and a ten-line echo chat, turn about in one run; post-script garbage collection off in both. "
        "Measured to the end of the rerun. Ours has the answer on disk by then; the echo keeps nothing.",
        "bars": [
            {"bar": f"p95, bare chat page / echo, at most {BAR}", "measured": round(ratio, 2), "met": ratio <= BAR}
        ],
        "respondents": respondents,
        "answers a second": respondents / seconds,
        "ratio of p95 in each round": [round(found, 2) for found in sorted(ratios)],
        "ratio of p95, all rounds together": round(float(one[0]["p95 ms"] / one[1]["p95 ms"]), 2),
        "One sync of the disk": [_row("4 kB written and synced", _syncs(20 if quick else 200), "syncs")],
        "One open question": one,
        f"{LONG} open questions in a row": several,
    }


def compare(questions: int, rounds: int, respondents: int, seconds: float) -> tuple[list[dict[str, Any]], list[float]]:
    """Return one row of waits for our page and one for the echo, and the ratio of their p95 in each round."""
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder) / "home")
        _create_study(home, questions)
        echo = Path(folder) / "echo.py"
        echo.write_text(ECHO, encoding="utf-8")
        env = {"SAMTAL_HOME": str(home.root), "SAMTAL_SURFACE": "respond"}
        log = Path(folder) / "log"
        with Server(ROOT / "app.py", log, env) as ours, Server(echo, log) as theirs:
            sides = [("chat page", ours.port, "chat", "study=load", _agree), ("echo", theirs.port, "", "", _nothing)]
            waits: dict[str, list[list[float]]] = {side[0]: [] for side in sides}
            for turn in range(-1, rounds):
                for name, port, page, query, ready in sides if turn % 2 else reversed(sides):
                    found = asyncio.run(_round(port, page, query, ready, questions, respondents, seconds, turn + 1))
                    if turn >= 0:
                        waits[name].append(found)
        stored = _stored(home)
    if stored < questions * respondents * rounds:
        raise RuntimeError(f"Only {stored} answers were stored.")
    ours_p95, theirs_p95 = (np.percentile(found, 95, axis=1) for found in waits.values())
    rows = [_row(name, np.array(found).ravel() * 1000) for name, found in waits.items()]
    return rows, [float(ratio) for ratio in ours_p95 / theirs_p95]


async def _round(
    port: int, page: str, query: str, ready: Ready, answers: int, respondents: int, seconds: float, seed: int
) -> list[float]:
    everyone = asyncio.Barrier(respondents)

    async def respondent(number: int) -> list[float]:
        luck = np.random.default_rng([seed, number])
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
    await tab.do("agree")


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


def _syncs(times: int) -> NDArray[np.float64]:
    """Return what the disk itself takes for one sync, in ms: ours cannot answer sooner."""
    found = []
    with tempfile.TemporaryFile() as file:
        for _ in range(times):
            file.write(bytes(4096))
            file.flush()
            started = time.perf_counter()
            os.fdatasync(file.fileno())
            found.append(1000 * (time.perf_counter() - started))
            time.sleep(0.02)
    return np.array(found)


def _row(name: str, waits: NDArray[np.float64], counted: str = "answers") -> dict[str, Any]:
    points = {f"p{point} ms": float(np.percentile(waits, point)) for point in (50, 95, 99)}
    return {"page": name, counted: len(waits), **points}


if __name__ == "__main__":
    print(json.dumps(figures("--quick" in sys.argv), indent=1))
