"""Terms of finished analyses go with the last person who said them."""

import json
from pathlib import Path
from typing import Any

import pytest

from data.studies import Home, Studies, StudyFile
from survey.analysis.stored import collect, pack
from survey.analysis.unsaid import without_unsaid
from survey.erasure import erase
from tests.fabricated import segmentation


def document(*terms: str) -> dict[str, Any]:
    stored = [{"text": term, "share": 0.5, "share_total": 0.2, "weight": 0.1} for term in terms]
    return {"segments": [{"name": "One", "terms": stored}], "evidence": {"share": 0.5}}


def left(terms: list[str], said: list[str]) -> list[str]:
    return [term["text"] for term in without_unsaid(document(*terms), said)["segments"][0]["terms"]]


@pytest.mark.parametrize(
    ("terms", "said", "kept"),
    [
        (["price", "Kimmo"], ["A fair PRICE"], ["price"]),
        (["ann"], ["bananas, says Joanna"], []),
        (["Anna"], ["Anna's shop"], ["Anna"]),
        (["not expensive", "inte dyrt"], ["It isn’t expensive", "Ej dyrt"], ["not expensive", "inte dyrt"]),
        (["price of Kimmo"], ["the price of tea"], []),
        (["hyvä hinta"], ["HYVÄ", "hinta"], ["hyvä hinta"]),
        (["hyvä"], ["hyva\u0308 on"], ["hyvä"]),
        (["grønt"], ["alt er gr&oslash;nt"], ["grønt"]),
        (["mother-in-law's"], ["my mother-in-law’s tea"], ["mother-in-law's"]),
        (["price"], [], []),
    ],
)
def test_a_term_stays_as_long_as_all_its_words_are_said(terms: list[str], said: list[str], kept: list[str]) -> None:
    assert left(terms, said) == kept


def test_all_else_in_a_result_stays_as_it_is() -> None:
    assert without_unsaid(document("price"), ["price"]) == document("price")
    assert without_unsaid(document("Kimmo"), ["price"]) == document()


def test_no_more_answers_are_read_than_it_takes() -> None:
    answers = iter(["a fair price", "tea", "quick", "more tea"])
    without_unsaid(document("price", "quick"), answers)
    assert list(answers) == ["more tea"]


def said_by(file: StudyFile, *answers: str) -> list[str]:
    ids = [file.responses.begin(1, "en")[0] for _ in answers]
    for response, answer in zip(ids, answers, strict=True):
        file.responses.record(response, "why", 0, answer)
    return ids


def test_a_word_goes_with_the_last_one_of_those_who_said_it(tmp_path: Path) -> None:
    home = Home(tmp_path)
    Studies(home).create("tea", "Tea", {"elements": [{"type": "comment", "name": "why"}]})
    with Studies(home).file("tea") as file:
        ids = said_by(file, "cheap says Kimmo", "cheap, so Kimmo", "cheap tea", "cheap indeed")
        collected = collect(file, ["why"])
        stored, arrays = pack(segmentation([row[0] for row in collected.answers], k=1), collected)
        stored["segmentation"]["segments"][0]["terms"] = document("cheap", "Kimmo")["segments"][0]["terms"]
        run = file.runs.create({"questions": ["why"]}, "test")
        file.runs.finish(run, stored, arrays)
        held = []
        for gone in ids[:2]:
            erase(home, file, [gone])
            terms = file.runs.document(run)["segmentation"]["segments"][0]["terms"]
            held.append([term["text"] for term in terms])
        assert held == [["cheap", "Kimmo"], ["cheap"]]
        assert "Kimmo" not in json.dumps(file.runs.document(run))
