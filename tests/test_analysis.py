"""A segmentation of a study: checked, run elsewhere, stored for good, cancelled, failed with a reason."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from data.errors import NotFound
from data.runs import RunRow
from data.studies import Home, Studies
from data.vectors import VectorCache
from models.engine import Engine
from survey.analysis.population import describing
from survey.analysis.segmentation import AlreadyRunning, SegmentationRuns, recover
from survey.analysis.service import get_service
from survey.analysis.settings import SegmentationSettings, check
from survey.definition import parse
from survey.errors import AppError
from survey.settings import Settings
from tests.fakes import FakeEmbedder

ROOT = Path(__file__).resolve().parents[1]
LONG = 90.0
DOCUMENT = {
    "pages": [
        {
            "elements": [
                {"type": "comment", "name": "likes", "title": "What do you like?"},
                {"type": "text", "name": "wish", "title": "What do you wish for?"},
                {"type": "rating", "name": "nps", "title": "Would you recommend us?"},
            ]
        }
    ]
}
ANSWERS = ["a low price and a fair bill", "coverage in the forest", "", "kind people who answer", None] * 8


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    Studies(home).create("likes", "Likes", DOCUMENT)
    return home


def runs_of(home: Home, engine: Engine, segment: str = "segment") -> SegmentationRuns:
    return SegmentationRuns(home, engine, name_job="tests.jobs:name", segment_job=f"tests.jobs:{segment}")


def answer(home: Home, answers: list[str | None] = ANSWERS) -> list[str]:
    """Store one respondent for each of the answers; None is a respondent who was not asked."""
    with Studies(home).file("likes") as file:
        ids = [file.responses.begin(1, "en")[0] for _ in answers]
        for response, text in zip(ids, answers, strict=True):
            if text is not None:
                file.responses.record(response, "likes", 0, text)
    return ids


def until(runs: SegmentationRuns, run: str, condition: Callable[[RunRow], bool]) -> None:
    deadline = time.monotonic() + LONG
    while not condition(runs.status("likes", run)):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_run_ends_with_everybody_placed_and_is_stored_with_the_answers_as_they_were(
    home: Home, engine: Engine
) -> None:
    ids = answer(home)
    runs = runs_of(home, engine)
    run = runs.start("likes", {"question": "likes", "k": 3, "seed": 5})
    row = runs.wait("likes", run, LONG)
    assert (row.status, row.reason, row.fraction) == ("done", "", 1.0)
    assert row.settings == {"questions": ["likes"], "k": 3, "min_share": None, "seed": 5}
    result = runs.result("likes", run)
    assert [label > 0 for label in result.labels] == [bool(text) for text in ANSWERS]
    assert result.answered == 24
    with Studies(home).file("likes") as file:
        file.responses.record(ids[0], "likes", 0, "changed later")
        file.responses.delete(ids[1])
    table = runs.table("likes", run)
    assert table["response"].tolist() == [ids[0], *ids[2:]]
    assert table["answer"].tolist() == [text or "" for at, text in enumerate(ANSWERS) if at != 1]
    assert table["segment"].tolist() == [label for at, label in enumerate(result.labels) if at != 1]


def test_segments_by_topics_say_who_people_are_and_not_what_they_want(tmp_path: Path, engine: Engine) -> None:
    home = Home(tmp_path / "home")
    asked = [
        {"type": "comment", "name": "likes", "title": "What do you like?"},
        {"type": "radiogroup", "name": "plan", "title": "Which plan?", "choices": ["Small", "Large"]},
        {"type": "rating", "name": "cost", "title": "How much does it cost?", "samtal": {"basis": "benefit"}},
        {"type": "text", "name": "wish", "title": "What do you wish for?"},
    ]
    Studies(home).create("likes", "Likes", {"pages": [{"elements": asked}]})
    texts = ["the low price of the bill", "coverage in the forest"]
    with Studies(home).file("likes") as file:
        for at in range(60):
            response, _ = file.responses.begin(1, "en")
            if at % 9:
                file.responses.record(response, "likes", 0, f"{texts[at % 2]} {at % 5}")
            file.responses.record(response, "plan", 0, ["Small", "Large"][at % 2])
            file.responses.record(response, "cost", 0, 1 + 4 * (at % 2))
            file.responses.record(response, "wish", 0, "more of it")
    runs = runs_of(home, engine)
    run = runs.start("likes", {"question": "likes", "k": 2})
    assert runs.wait("likes", run, LONG).status == "done"
    found = runs.result("likes", run)
    assert {marker.question for segment in found.segments for marker in segment.who} == {"Which plan?"}
    for segment in found.segments:
        plans = {marker.answer: marker for marker in segment.who}
        own = "Small" if "price" in segment.quotes[0].text else "Large"
        assert (plans[own].value, plans[own].base) == (1.0, segment.size)


def test_who_deletes_answers_while_a_run_begins_describes_nobody(home: Home) -> None:
    ids = answer(home, ["price", "coverage"])
    with Studies(home).file("likes") as file:
        for response in ids:
            file.responses.record(response, "nps", 0, 7)
        until = file.responses.last_answer()
        file.responses.delete(ids[0])
        (asked,) = describing(file, ids, until)
    assert (asked.name, list(asked.answers.values)) == ("nps", [None, 7])


def test_vectors_are_cached_and_taken_from_the_cache(home: Home, engine: Engine) -> None:
    answer(home)
    runs = runs_of(home, engine)
    first = runs.start("likes", {"questions": ["likes"]})
    assert runs.wait("likes", first, LONG).status == "done"
    cache = VectorCache(home.vectors_path)
    texts = {text for text in ANSWERS if text}
    found = cache.get(FakeEmbedder.name, texts)
    assert found.keys() == texts
    cache.put(FakeEmbedder.name, {text: -vector for text, vector in found.items()})
    second = runs.start("likes", {"questions": ["likes"]})
    assert runs.wait("likes", second, LONG).status == "done"
    kept = cache.get(FakeEmbedder.name, texts)
    assert all((kept[text] == -found[text]).all() for text in texts)
    home.vectors_path.unlink()
    third = runs.start("likes", {"questions": ["likes"]})
    assert runs.wait("likes", third, LONG).status == "done"
    assert cache.get(FakeEmbedder.name, texts).keys() == texts


def test_one_segmentation_of_a_study_at_a_time_and_cancelling_makes_room(home: Home, engine: Engine) -> None:
    answer(home)
    slow = runs_of(home, engine, "slow_segment")
    run = slow.start("likes", {"question": "likes"})
    until(slow, run, lambda row: row.message.startswith("step"))
    with pytest.raises(AlreadyRunning):
        runs_of(home, engine).start("likes", {"question": "likes"})
    runs_of(home, engine).cancel("likes", run)
    assert slow.wait("likes", run, LONG).status == "cancelled"
    slow.cancel("likes", run)
    with pytest.raises(NotFound, match="it is cancelled"):
        slow.result("likes", run)
    quick = runs_of(home, engine)
    assert quick.wait("likes", quick.start("likes", {"question": "likes"}), LONG).status == "done"


@pytest.mark.parametrize(
    ("segment", "reason"),
    [("dying_segment", "worker process died"), ("segment", "None of the 2 rows holds an answer")],
)
def test_a_run_that_fails_says_why(home: Home, engine: Engine, segment: str, reason: str) -> None:
    answer(home, ["-", "..."])
    runs = runs_of(home, engine, segment)
    row = runs.wait("likes", runs.start("likes", {"question": "likes"}), LONG)
    assert row.status == "failed"
    assert reason in row.reason


def test_a_study_deleted_while_it_is_segmented_ends_the_run(home: Home, engine: Engine) -> None:
    answer(home)
    runs = runs_of(home, engine, "slow_segment")
    run = runs.start("likes", {"question": "likes"})
    until(runs, run, lambda row: row.status == "running")
    Studies(home).delete("likes")
    with pytest.raises(NotFound):
        runs.wait("likes", run, LONG)
    assert engine.submit("tests.steps:add", 1, 2).result(LONG) == 3


def test_a_study_without_answers_is_told_to_wait_for_some(home: Home, engine: Engine) -> None:
    answer(home, ["", None])
    with pytest.raises(AppError, match="no answers to segment yet"):
        runs_of(home, engine).start("likes", {"question": "likes"})
    with pytest.raises(NotFound):
        runs_of(home, engine).start("unknown", {})


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({}, "2 open questions"),
        ({"question": "nope"}, "no question 'nope'"),
        ({"questions": ["likes", "nps"]}, "not answered in free text"),
        ({"question": "likes", "k": 0}, "number of segments"),
        ({"question": "likes", "k": (5, 3)}, "number of segments"),
        ({"question": "likes", "k": True}, "number of segments"),
        ({"question": "likes", "k": "four"}, "number of segments"),
        ({"question": "likes", "min_share": 0.5}, "smallest share"),
        ({"question": "likes", "min_share": float("nan")}, "smallest share"),
        ({"question": "likes", "seed": -1}, "seed"),
        ({"question": "likes", "seed": 1.5}, "seed"),
        ({"question": "likes", "segments": 4}, "no setting 'segments'"),
        ({"question": "likes", "centred": "yes"}, "must be true, false or left out"),
        ({"question": "likes", "centred": True}, "no marks to centre"),
    ],
)
def test_settings_that_make_no_sense_are_refused_in_a_sentence(settings: dict[str, Any], sentence: str) -> None:
    with pytest.raises(AppError, match=sentence):
        check(settings, parse(DOCUMENT))


def test_settings_are_read_in_all_their_forms() -> None:
    survey = parse(DOCUMENT)
    full = check({"questions": ["wish", "likes", "wish"], "k": [3, 6], "min_share": 0, "seed": 7}, survey)
    assert full == SegmentationSettings(("wish", "likes"), (3, 6), 0.0, 7)
    assert full.numbers() == {"k": (3, 6), "min_share": 0.0, "seed": 7}
    assert check({"question": "likes", "k": "auto"}, survey).numbers() == {"seed": 0}
    assert check({"question": "likes", "k": (4, 4)}, survey).k == 4
    only = parse({"type": "comment", "name": "one", "title": "One?"})
    assert check({}, only).questions == ("one",)


def test_runs_of_a_killed_server_are_failed_when_one_starts_and_living_ones_are_left(
    home: Home, engine: Engine
) -> None:
    answer(home)
    script = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from data.studies import Home\n"
        "from models.engine import Engine\n"
        "from survey.analysis.segmentation import SegmentationRuns\n"
        "if __name__ == '__main__':\n"
        "    runs = SegmentationRuns(Home(Path(sys.argv[1])), Engine(), name_job='tests.jobs:name',"
        " segment_job='tests.jobs:slow_segment')\n"
        "    print(runs.start('likes', {'question': 'likes'}), flush=True)\n"
        "    time.sleep(600)\n"
    )
    server = subprocess.Popen(
        [sys.executable, "-c", script, str(home.root)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    run = server.stdout.readline().strip()
    runs = runs_of(home, engine)
    until(runs, run, lambda row: row.status == "running")
    recover(home)
    assert runs.status("likes", run).active
    with pytest.raises(AlreadyRunning):
        runs.start("likes", {"question": "likes"})
    os.kill(server.pid, signal.SIGKILL)
    server.wait()
    recover(home)
    with Studies(home).file("likes") as file:
        row = file.runs.get(run)
    assert (row.status, row.reason) == (
        "failed",
        "The server stopped before this run had ended. Start it again.",
    )
    assert runs.wait("likes", runs.start("likes", {"question": "likes"}), LONG).status == "done"


def test_one_service_is_shared_by_all_reruns_of_a_process(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    assert get_service(settings) is get_service(Settings(home=tmp_path))
