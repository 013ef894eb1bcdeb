"""A run by bases: checked, run elsewhere, stored with the people it is about, and forgotten with them."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data.studies import Home, Studies, StudyFile
from data.vectors import VectorCache
from models.engine import Engine
from survey.analysis.population import collect_population
from survey.analysis.segmentation import SegmentationRuns
from survey.analysis.settings import SegmentationSettings, check, offered_bases
from survey.analysis.spoken import embedded, strings
from survey.analysis.stored_bases import pack_bases
from survey.analysis.tracking import pair_of_runs
from survey.analysis.typing_study import material
from survey.definition import parse
from survey.erasure import _uncited, erase
from survey.errors import AppError
from survey.frames import packaged_documents
from tests.fabricated_bases import solutions
from tests.fakes import FakeEmbedder

LONG = 120.0
STATEMENTS = ["I like order", "I like new things", "Others come first"]
DOCUMENT: dict[str, Any] = {
    "elements": [
        {"type": "comment", "name": "why", "title": "What matters, and why?"},
        {
            "type": "matrix",
            "name": "agree",
            "title": "Do you agree?",
            "columns": [1, 2, 3, 4, 5],
            "rows": STATEMENTS,
            "samtal": {"basis": "psychographic"},
        },
        {
            "type": "checkbox",
            "name": "wants",
            "title": "What do you want?",
            "choices": ["Price", "Coverage", "Help"],
            "samtal": {"basis": "benefit"},
        },
        {"type": "radiogroup", "name": "where", "title": "Where do you live?", "choices": ["Town", "Country"]},
    ]
}
SAYINGS = (
    ("a low price and a fair bill", "Price", (5, 1, 3)),
    ("coverage out in the forest", "Coverage", (1, 5, 3)),
    ("kind people who answer fast", "Help", (2, 2, 5)),
)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    Studies(home).create("tea", "Tea", DOCUMENT)
    return home


def answered(home: Home, people: int) -> list[str]:
    """Store people of three sorts and return their ids; every tenth says nothing at all."""
    ids: list[str] = []
    with Studies(home).file("tea") as file:
        for at in range(people):
            response = file.responses.begin(1, "en")[0]
            ids.append(response)
            if at % 10 == 9:
                continue
            words, pick, marks = SAYINGS[at % 3]
            file.responses.record(response, "why", 0, f"{words} number{at}")
            file.responses.record(response, "agree", 0, dict(zip(STATEMENTS, marks, strict=True)))
            file.responses.record(response, "wants", 0, [pick])
            file.responses.record(response, "where", 0, "Town" if at % 2 else "Country")
    return ids


def service(home: Home, engine: Engine) -> SegmentationRuns:
    return SegmentationRuns(home, engine, name_job="tests.jobs:name", bases_job="tests.jobs:segment_population")


def stored(file: StudyFile) -> str:
    """Store a made-up run by bases and return its id."""
    people = collect_population(file)
    run = file.runs.create({"bases": ["benefit"], "questions": ["why"]}, "test")
    answers = [str(value or "") for value in people.population.questions[0].answers.values]
    file.runs.finish(run, *pack_bases(solutions(answers), people))
    return run


def test_a_run_by_bases_ends_with_everybody_who_said_something_placed_on_each(home: Home, engine: Engine) -> None:
    ids = answered(home, 60)
    runs = service(home, engine)
    run = runs.start("tea", {"bases": ["psychographic", "benefit"], "k": 3, "seed": 4})
    row = runs.wait("tea", run, LONG)
    assert (row.status, row.reason) == ("done", "")
    assert row.settings == {
        **{"questions": ["why", "wants", "agree"], "bases": ["benefit", "psychographic"]},
        **{"k": 3, "min_share": None, "seed": 4},
    }
    found = runs.bases("tea", run)
    assert found.responses == tuple(ids)
    assert found.titles["agree"] == "Do you agree?"
    assert [one.basis for one in found.solutions.solutions] == ["benefit", "psychographic"]
    for one in found.solutions.solutions:
        assert (one.labels > 0).tolist() == [at % 10 != 9 for at in range(60)]
        assert one.k == 3
    with Studies(home).file("tea") as file:
        erase(home, file, [ids[0]])
    gone, kept = (f"{words} number{at}" for at, (words, _pick, _marks) in enumerate(SAYINGS[:2]))
    known = VectorCache(home.vectors_path).get(FakeEmbedder.name, embedded([gone, kept]))
    assert {kept, "forest"} <= known.keys()
    assert {gone, "number0"}.isdisjoint(known)


def test_a_run_takes_own_means_out_when_asked_and_later_looks_see_marks_as_it_did(home: Home, engine: Engine) -> None:
    answered(home, 60)
    runs = service(home, engine)
    ids = []
    for more in ({}, {"centred": True}):
        ids.append(runs.start("tea", {"bases": ["psychographic"], "k": 3, **more}))
        assert runs.wait("tea", ids[-1], LONG).status == "done"
    plain, centred = (runs.bases("tea", run) for run in ids)
    assert (plain.centred, centred.centred) == ((), ("agree",))
    told = [" ".join(run.solutions.on("psychographic").notes) for run in (plain, centred)]
    assert "habit of marking high or low taken out" in told[0]
    assert "Each person's own mean over the items of 'agree' was taken out." in told[1]
    agree = {**DOCUMENT["elements"][1], "samtal": {"basis": "psychographic", "centred": True}}
    with Studies(home).file("tea") as file:
        file.publish({"elements": [DOCUMENT["elements"][0], agree, *DOCUMENT["elements"][2:]]})
        before, after = (pair_of_runs(file, run, run, "psychographic").before for run in ids)
        asked = [material(file, run, "psychographic").questions for run in ids]
    seen = [next(one.ipsatise for one in wave.questions if one.kind == "battery") for wave in (before, after)]
    assert seen == [False, True]
    assert [one.ipsatise for questions in asked for one in questions if one.kind == "battery"] == [False, True]


def test_when_all_have_deleted_their_answers_no_vector_of_their_words_is_left(home: Home, engine: Engine) -> None:
    ids = answered(home, 60)
    runs = service(home, engine)
    run = runs.start("tea", {"bases": ["psychographic", "benefit"], "k": 3})
    assert runs.wait("tea", run, LONG).status == "done"
    with Studies(home).file("tea") as file:
        erase(home, file, ids)
    with closing(sqlite3.connect(home.vectors_path)) as db:
        (kept,) = db.execute("SELECT count(*) FROM vectors").fetchone()
    of_frames = VectorCache(home.vectors_path).get(FakeEmbedder.name, embedded(strings(packaged_documents())))
    assert kept == len(of_frames)


def test_a_run_without_open_answers_needs_no_text_model(home: Home, engine: Engine) -> None:
    answered(home, 60)
    with Studies(home).file("tea") as file:
        file.publish({"elements": [DOCUMENT["elements"][1]]})
    runs = SegmentationRuns(home, engine, name_job="tests.jobs:never")
    run = runs.start("tea", {"bases": "psychographic", "k": 2})
    row = runs.wait("tea", run, LONG)
    assert (row.status, row.reason) == ("done", "")
    assert runs.bases("tea", run).solutions.embedder == "none"


def refused(settings: dict[str, Any], document: dict[str, Any] = DOCUMENT) -> str:
    with pytest.raises(AppError) as error:
        check(settings, parse(document))
    return str(error.value)


def test_settings_by_bases_are_checked_and_say_what_to_add() -> None:
    survey = parse(DOCUMENT)
    assert check({"bases": "benefit"}, survey) == SegmentationSettings(("why", "wants"), bases=("benefit",))
    assert offered_bases(survey)["firm"] == ()
    assert "No question of this survey says where people live" in refused({"bases": ["benefit", "place"]})
    assert "Add a question on the region, or mark a question with 'basis: place'" in refused({"bases": ["place"]})
    assert "There is no basis 'income'" in refused({"bases": ["income"]})
    assert "either by bases or by the topics" in refused({"bases": ["benefit"], "questions": ["why"]})


def test_a_run_by_a_basis_that_nobody_has_answered_is_refused(home: Home, engine: Engine) -> None:
    with Studies(home).file("tea") as file:
        file.responses.record(file.responses.begin(1, "en")[0], "wants", 0, ["Price"])
    with pytest.raises(AppError, match="no answers that say what people value"):
        service(home, engine).start("tea", {"bases": ["benefit", "psychographic"]})


def test_who_deletes_their_answers_is_no_longer_quoted_in_segments_by_bases(home: Home) -> None:
    ids = answered(home, 9)
    with Studies(home).file("tea") as file:
        run = stored(file)
        before, arrays = file.runs.load(run)
        first = before["solutions"]["fields"]["solutions"][0]["portraits"][0]
        assert (first["quotes"][0]["row"], first["codes"][0]["quote"]["row"]) == (0, 0)
        erase(home, file, [ids[0]])
        after, kept = file.runs.load(run)
        assert "number0" not in json.dumps(after)
        assert "number2" in json.dumps(after)
        found = service_result(home, run)
    portrait = found.solutions.on("benefit").portraits[0]
    assert [quote.row for quote in portrait.quotes] == [quote["row"] for quote in first["quotes"][1:]]
    assert portrait.codes[0].quote is None
    assert found.responses == ("", *ids[1:])
    assert all(np.array_equal(kept[name], arrays[name], equal_nan=True) for name in arrays)


@pytest.mark.parametrize(
    ("sentence", "left"),
    [
        ("In their words: “Cheap, “very” cheap, and so on”. Yes.", "In their words: “…”. Yes."),
        ("In their words: “Cheap, “very” cheap…”", "In their words: “…”"),
        ("Lead with “Cheap” (1 %), “Cheap, “very” cheap, and so on”", "Lead with “Cheap” (1 %), “…”"),
        ("Cheap, “very” dear", "Cheap, “very” dear"),
    ],
)
def test_a_sentence_that_quotes_somebody_who_is_gone_keeps_a_gap(sentence: str, left: str) -> None:
    assert _uncited(sentence, "Cheap, “very” cheap, and so on") == left


def service_result(home: Home, run: str) -> Any:
    runs = SegmentationRuns(home, Engine())
    found = runs.bases("tea", run)
    runs.close()
    return found


def test_words_and_ideas_of_an_answer_are_among_what_may_have_been_embedded() -> None:
    assert embedded(["Cheap, but slow. See www.example.org"]) >= {"Cheap", "cheap", "slow", "Cheap, but slow."}
