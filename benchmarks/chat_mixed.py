"""Two hundred people in one survey of mixed questions, on one core: how long do they wait, and is anything lost?

The server process may use one core only, the clients the others. Every respondent opens the page, all wait for each
other, then each thinks for about five seconds before every answer. A wait is the time from sending an answer to the end
of the rerun that shows the next message; ours is on the disk by then. The ten-line echo chat of `chat_load` is
measured in the same run, on the same core, with as many people at the same pace.
"""

import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.chat_load import ECHO
from benchmarks.server import ROOT, Server
from benchmarks.websocket_client import Tab, open_tab
from data.studies import Home, Studies
from survey.definition import parse

RESPONDENTS, THINKING = 200, 5.0
BAR_MS, BAR_RATIO = 100.0, 1.5
TEXT = "Coverage where I live, and a bill that I can understand without calling anybody."
BRANDS = ["Alva", "Brisk", "Cirrus", "Dal", "Ekko", "Fjell"]
SCALE = [1, 2, 3, 4, 5]
ELEMENTS: list[dict[str, Any]] = [
    {"type": "radiogroup", "name": "brand", "title": "Which one do you use?", "choices": BRANDS},
    {"type": "comment", "name": "why", "title": "Why {brand}?", "samtal": {"laddering": {"turns": 2}}},
    {"type": "rating", "name": "recommend", "title": "Would you recommend it?", "rateMin": 0, "rateMax": 10},
    {"type": "checkbox", "name": "known", "title": "Which others do you know?", "choices": BRANDS},
    {"type": "ranking", "name": "order", "title": "In which order?", "choices": BRANDS[:4]},
    {"type": "matrix", "name": "agree", "title": "Do you agree?", "rows": ["a", "b", "c", "d"], "columns": SCALE},
    {"type": "bestworst", "name": "best", "title": "Best and worst?", "choices": BRANDS, "setSize": 3, "sets": 4},
    {"type": "allocation", "name": "points", "title": "Share 100 points", "choices": BRANDS[:3]},
    {"type": "boolean", "name": "moving", "title": "Have you changed this year?"},
    {"type": "comment", "name": "reason", "title": "What made you change?", "visibleIf": "{moving} = true"},
    {"type": "slider", "name": "pay", "title": "What would you pay?", "min": 0, "max": 100, "step": 5},
    {"type": "text", "name": "age", "title": "How old are you?", "inputType": "number", "min": 16, "max": 99},
]


@dataclass
class Side:
    """One of the two servers as respondents see it, and what came of it. acknowledged: replies the page took."""

    name: str
    port: int
    page: str = ""
    query: str = ""
    waits: list[float] = field(default_factory=list)
    acknowledged: int = 0
    refused: int = 0


def figures(quick: bool) -> dict[str, Any]:
    """Return waits in milliseconds for our page and for the echo, and how many answers were lost or doubled."""
    respondents, thinking, answers = (20, 1.0, 20) if quick else (RESPONDENTS, THINKING, 20)
    with tempfile.TemporaryDirectory() as folder, OneCore() as core:
        home = Home(Path(folder) / "home")
        survey = {"title": "Load", "pages": [{"elements": ELEMENTS}]}
        parse(survey)
        Studies(home).create("load", "Load", survey)
        echo = Path(folder) / "echo.py"
        echo.write_text(ECHO, encoding="utf-8")
        env = {"SAMTAL_HOME": str(home.root), "SAMTAL_SURFACE": "respond"}
        log = Path(folder) / "log"
        sides = []
        for name, script, page, query in (
            ("chat page", ROOT / "app.py", "chat", "study=load"),
            ("echo", echo, "", ""),
        ):
            with Server(script, log, env) as server:
                core(server)
                side = Side(name, server.port, page, query)
                asyncio.run(crowd(side, respondents, thinking, answers))
                sides.append(side)
        stored, doubled = stored_answers(home)
    ours, theirs = sides
    ours_p95, echo_p95 = (float(np.percentile(side.waits, 95)) * 1000 for side in sides)
    return {
        "about": f"{respondents} respondents at once, {thinking:g} s of thought before each answer, "
        f"{len({element['type'] for element in ELEMENTS})} kinds of questions with branching and laddering, one server "
        "process on one core, answers on disk before the next message; then as many in a ten-line echo chat.",
        "bars": [
            {
                "bar": f"p95 below {BAR_MS:g} ms, or at most {BAR_RATIO} of the echo chat's",
                "measured": f"{ours_p95:.0f} ms, {ours_p95 / echo_p95:.2f} of the echo's",
                "met": ours_p95 < BAR_MS or ours_p95 <= BAR_RATIO * echo_p95,
            },
            {"bar": "answers lost", "measured": ours.acknowledged - stored, "met": stored >= ours.acknowledged},
            {"bar": "answers doubled", "measured": doubled, "met": doubled == 0 and stored <= ours.acknowledged},
        ],
        "answers a second": respondents / thinking,
        "answers acknowledged": ours.acknowledged,
        "replies refused": ours.refused,
        "waits": [row(side) for side in (ours, theirs)],
    }


async def crowd(side: Side, respondents: int, thinking: float, answers: int) -> None:
    """Let everybody answer at the same time; an own conversation each, at most `answers` replies."""
    everyone = asyncio.Barrier(respondents)

    async def respondent(number: int) -> None:
        luck = np.random.default_rng(number)
        async with open_tab(side.port, side.page, side.query) as tab:
            if side.page:
                await tab.do("agree")
            await everyone.wait()
            for _ in range(answers):
                await asyncio.sleep(luck.uniform(0.5, 1.5) * thinking)
                if not await reply(side, tab, luck):
                    break
            await everyone.wait()

    await asyncio.gather(*map(respondent, range(respondents)))


async def reply(side: Side, tab: Tab, luck: np.random.Generator) -> bool:
    """Say what answers the question that waits; False when there is none."""
    asked = tab.shown.get("reply")
    if side.page and asked is None:
        return False
    value = REPLIES[asked["look"]](asked, luck) if asked else TEXT
    started = time.perf_counter()
    await (tab.answer(value) if asked else tab.say(str(value)))
    side.waits.append(time.perf_counter() - started)
    taken = not tab.shown.get("notes")
    side.acknowledged += taken
    side.refused += not taken
    return True


def _picked(asked: Mapping[str, Any], luck: np.random.Generator) -> Any:
    return asked["options"][int(luck.integers(len(asked["options"])))]["value"]


def _several(asked: Mapping[str, Any], luck: np.random.Generator) -> Any:
    return [option["value"] for option in asked["options"] if luck.random() < 0.5] or [_picked(asked, luck)]


def _ranked(asked: Mapping[str, Any], luck: np.random.Generator) -> Any:
    return [asked["options"][int(j)]["value"] for j in luck.permutation(len(asked["options"]))]


def _best_worst(asked: Mapping[str, Any], luck: np.random.Generator) -> Any:
    best, worst = luck.choice(len(asked["set"]), 2, replace=False)
    return {"set": asked["set"], "best": asked["set"][int(best)], "worst": asked["set"][int(worst)]}


def _divided(asked: Mapping[str, Any], luck: np.random.Generator) -> Any:
    parts = luck.multinomial(asked["total"], np.full(len(asked["options"]), 1 / len(asked["options"])))
    return {str(option["value"]): int(part) for option, part in zip(asked["options"], parts, strict=True)}


REPLIES: dict[str, Callable[[Mapping[str, Any], np.random.Generator], Any]] = {
    "pick": _picked,
    "several": _several,
    "rank": _ranked,
    "bestworst": _best_worst,
    "divide": _divided,
    "slide": lambda asked, _luck: asked["start"],
    "write": lambda asked, _luck: "41" if asked["type"] == "number" else TEXT,
}
"""What a respondent says, by the look of what waits."""


class OneCore:
    """While the block runs, servers given to it may use the first core only, and this process only the others."""

    def __enter__(self) -> Callable[[Server], None]:
        self.all = os.sched_getaffinity(0)
        first, *others = sorted(self.all)
        os.sched_setaffinity(0, others or {first})

        def pin(server: Server) -> None:
            if server.process is not None:
                for thread in Path(f"/proc/{server.process.pid}/task").iterdir():
                    os.sched_setaffinity(int(thread.name), {first})

        return pin

    def __exit__(self, *_error: object) -> None:
        os.sched_setaffinity(0, self.all)


def stored_answers(home: Home) -> tuple[int, int]:
    """Return how many replies are in the study's file, and how many of them say twice the same."""
    with Studies(home).file("load") as file:
        stored = int(file.db.execute("SELECT count(*) FROM answers").fetchone()[0])
        twice = file.db.execute(
            "SELECT count(*) FROM answers a JOIN answers b ON b.response_id = a.response_id"
            " AND b.question = a.question AND b.turn = a.turn AND b.value = a.value AND b.id > a.id"
        ).fetchone()[0]
    return stored, int(twice)


def row(side: Side) -> dict[str, Any]:
    waits = np.array(side.waits) * 1000
    points = {f"p{point} ms": float(np.percentile(waits, point)) for point in (50, 95, 99)}
    return {"page": side.name, "answers": len(waits), **points}


if __name__ == "__main__":
    print(json.dumps(figures("--quick" in sys.argv), indent=1))
