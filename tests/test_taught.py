"""What exemplars teach: codes for themselves, whatever the other answers say, in whatever language."""

import csv
from collections.abc import Mapping, Sequence
from importlib.resources import files
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest

from models.codes.frames import Frame, read_frame
from models.codes.scores import ENOUGH_ANSWERS
from models.codes.taught import ENOUGH_EXEMPLARS, reads, taught_languages, teach
from models.coding import Coding, code_answers
from models.embed import load_embedder
from models.texts.cleaning import to_embed
from survey.frames import packaged_frame
from tests.fakes import FakeEmbedder

DEMO = Path(str(files("data"))) / "packaged" / "demo"
WORDS = {
    "price": ("price", "cheap", "costs", "money", "discount", "bill"),
    "staff": ("staff", "friendly", "rude", "helpful", "waiter", "advice"),
    "place": ("place", "cosy", "music", "view", "noisy", "candles"),
}


def said(words: Sequence[str]) -> list[str]:
    return [f"{one} {other} here" for one, other in permutations(words, 2)]


def frame(languages: Mapping[str, Mapping[str, Sequence[str]]], number: int = ENOUGH_EXEMPLARS) -> Frame:
    codes = [
        {"id": code, "exemplars": {language: said(words[code])[:number] for language, words in languages.items()}}
        for code in WORDS
    ]
    return read_frame({"codes": codes})


def code(answers: Sequence[str], of: Frame) -> Coding:
    return code_answers(answers, of, FakeEmbedder())


def likeliest(coding: Coding) -> list[str]:
    return [coding.codes[at] for at in coding.probabilities.argmax(axis=1).tolist()]


def test_one_answer_is_coded_as_it_is_among_others() -> None:
    answers = [f"{word} {word} matters" for words in WORDS.values() for word in words]
    together = code(answers, frame({"en": WORDS}))
    assert len(answers) < ENOUGH_ANSWERS
    for row, answer in enumerate(answers):
        alone = code([answer], frame({"en": WORDS}))
        np.testing.assert_allclose(alone.probabilities[0], together.probabilities[row], atol=1e-9)
    wanted = [code for code, words in WORDS.items() for _ in words]
    assert np.mean(np.array(likeliest(together)) == wanted) > 0.8


def test_where_all_want_the_same_all_get_its_code_and_no_other() -> None:
    answers = [f"{one} and {other}" for one in WORDS["staff"] for other in WORDS["staff"]]
    answers += [f"{answer}, {extra}" for answer in answers for extra in ("really", "as always", "every time")]
    coding = code(answers, frame({"en": WORDS}))
    assert len(answers) >= ENOUGH_ANSWERS
    shares = dict(zip(coding.codes, (coding.probabilities >= 0.5).mean(axis=0), strict=True))
    assert shares["staff"] > 0.95
    assert shares["price"] < 0.05
    assert shares["place"] < 0.05


def test_codes_are_taught_from_so_many_exemplars_on() -> None:
    assert taught_languages(frame({"en": WORDS, "sv": WORDS}).codes) == ("en", "sv")
    assert taught_languages(frame({"en": WORDS}).codes) == ("en",)
    assert taught_languages(frame({"en": WORDS}, ENOUGH_EXEMPLARS - 1).codes) == ()
    assert likeliest(code(["cheap price, money"], frame({"en": WORDS}, ENOUGH_EXEMPLARS - 1))) == ["price"]


def test_answers_are_read_with_exemplars_of_their_language_and_others_with_what_there_is() -> None:
    codes = frame({"en": WORDS, "sv": WORDS}).codes
    languages = {"a": "sv", "b": "sv", "c": "en", "d": "", "e": "de"}
    read = [(part.language, part.reader, part.texts) for part in reads(tuple("abcde"), languages, codes)]
    assert read == [("de", "en", ("e",)), ("en", "en", ("c",)), ("sv", "sv", ("a", "b", "d"))]
    only = frame({"fi": WORDS}).codes
    assert [(part.language, part.reader) for part in reads(("a", "d"), {"a": "sv", "d": ""}, only)] == [
        ("fi", "fi"),
        ("sv", "fi"),
    ]


def test_clear_exemplars_make_surer_than_muddled_ones() -> None:
    rng = np.random.default_rng(0)
    middles = np.eye(3, 24)
    clear, muddled = (
        [middle + noise * rng.standard_normal((12, 24)) / np.sqrt(24) for middle in middles] for noise in (0.5, 4.0)
    )
    spreads = []
    for groups in (clear, muddled):
        taught = teach([group / np.linalg.norm(group, axis=1, keepdims=True) for group in groups])
        spreads.append(taught.odds(middles, taught.centre).std(axis=1).mean())
    assert spreads[0] > 2 * spreads[1]


@pytest.mark.slow
def test_coverage_is_reliability_and_a_low_bill_is_price_in_five_languages(weights_dir: Path) -> None:
    """The invented answers of the demo are apart from the exemplars; a hundred of each wish, in five languages."""
    groups = {row["respondent"]: row["group"] for row in _rows("truth.csv")}
    people = [row for row in _rows("respondents.csv") if groups[row["respondent"]] in ("coverage", "price")]
    frame = packaged_frame("benefits")
    coding = code_answers([row["matters"] for row in people], frame, load_embedder("multilingual", weights_dir))
    found, wanted = likeliest(coding), {"coverage": "reliability", "price": "price"}
    exemplars = {to_embed(text) for one in frame.codes for given in one.exemplars.values() for text in given}
    assert not exemplars & {to_embed(row["matters"]) for row in people}
    for language in ("en", "sv", "nb", "da", "fi"):
        rows = [at for at, row in enumerate(people) if row["language"] == language]
        right = [found[at] == wanted[groups[people[at]["respondent"]]] for at in rows]
        assert np.mean(right) > 0.6, language


def _rows(name: str) -> list[dict[str, str]]:
    with (DEMO / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
