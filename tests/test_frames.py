"""Code frames: what a file may say, what is refused, and that the packaged ones are whole and even."""

from importlib.resources import files
from itertools import combinations
from pathlib import Path

import pytest
import yaml

from models.codes.frames import Frame, FrameError, load_frame, read_frame

FOLDER = Path(str(files("data"))) / "packaged" / "frames"
LANGUAGES = {"en", "sv", "nb", "da", "fi"}
PACKAGED = ("benefits", "values", "lifestyle")
ANSWERS = Path(__file__).parent / "benefit_answers.yaml"


@pytest.fixture(params=PACKAGED)
def frame(request: pytest.FixtureRequest) -> Frame:
    return load_frame(FOLDER / f"{request.param}.yaml")


def test_packaged_frames_speak_five_languages_throughout(frame: Frame) -> None:
    assert set(frame.name) == LANGUAGES
    for code in frame.codes:
        assert set(code.name) == set(code.description) == LANGUAGES, code.id
        assert set(code.exemplars) == (set() if code.id in frame.parents else LANGUAGES), code.id
        assert len(set(code.description.values())) == 5, code.id


def test_codes_have_as_many_exemplars_in_every_language_and_like_each_other(frame: Frame) -> None:
    counts = {len(given) for code in frame.codes for given in code.exemplars.values()}
    assert len(counts) == 1
    assert 8 <= counts.pop() <= 24


def test_no_exemplar_stands_twice(frame: Frame) -> None:
    for language in LANGUAGES:
        said = [text.lower() for code in frame.codes for text in code.exemplars.get(language, ())]
        assert len(said) == len(set(said)), language


def test_exemplars_are_short_and_say_different_things(frame: Frame) -> None:
    for code in frame.codes:
        for sentences in code.exemplars.values():
            assert all(len(sentence) <= 120 for sentence in sentences), code.id
            for one, other in combinations([set(sentence.lower().split()) for sentence in sentences], 2):
                assert len(one & other) <= 0.5 * len(one | other), (code.id, one, other)


def test_names_differ_within_a_frame(frame: Frame) -> None:
    for language in LANGUAGES:
        names = [code.label(language) for code in frame.codes]
        assert len(names) == len(set(names)), language


def test_packaged_frames_hold_what_they_promise() -> None:
    values = load_frame(FOLDER / "values.yaml")
    assert len(values.parents) == 4
    assert len(values.codes) - len(values.parents) == 10
    benefits = {code.id for code in load_frame(FOLDER / "benefits.yaml").codes}
    assert {"price", "quality", "reliability", "service", "ease", "features", "design", "status"} <= benefits
    assert {"health", "sustainability", "privacy", "speed"} <= benefits


def test_the_benefits_that_can_be_asked_for_in_lists_can_be_coded_too() -> None:
    library = yaml.safe_load((FOLDER.parent / "library" / "benefits.yaml").read_text(encoding="utf-8"))
    listed = {item["code"] for benefits in library["lists"] for item in benefits["items"]}
    assert listed <= {code.id for code in load_frame(FOLDER / "benefits.yaml").codes}


def test_the_benefit_answers_are_sixty_meanings_and_no_exemplar() -> None:
    answers = yaml.safe_load(ANSWERS.read_text(encoding="utf-8"))
    frame = load_frame(FOLDER / "benefits.yaml")
    counts: dict[str, int] = {}
    for answer in answers:
        assert set(answer) == {"code", *LANGUAGES}
        counts[answer["code"]] = counts.get(answer["code"], 0) + 1
        assert all(answer[language] not in frame.code(answer["code"]).exemplars[language] for language in LANGUAGES)
    assert sorted(counts.values()) == [5] * 12
    assert set(counts) <= {code.id for code in frame.codes}
    assert all(len({answer[language] for answer in answers}) == 60 for language in LANGUAGES)


def test_a_frame_may_be_one_line_a_code(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("price: What it costs\nfood_taste: The food\nother: {rest: true}\n", encoding="utf-8")
    frame = load_frame(path)
    assert frame.id == "mine"
    assert [code.id for code in frame.codes] == ["price", "food_taste", "other"]
    assert frame.code("food_taste").label("sv") == "Food taste"
    assert [code.rest for code in frame.codes] == [False, False, True]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "holds no codes"),
        ("- price\n", "holds no codes"),
        ("codes: []", "list them under 'codes'"),
        ("price: a: b", "line 1"),
        ("yes: it is\n", "no id"),
        ("codes: [{name: x}]", "Code 1 of 'f.yaml' has no id"),
        ("codes: [{id: a, discription: x}]", "Code 'a' of 'f.yaml' has an unknown key 'discription'"),
        ("codes: [{id: a}, {id: a}]", "'a' stands twice"),
        ("codes: [{id: a, parent: b}]", "the parent 'b'"),
        ("codes: [{id: a}, {id: b, parent: a}, {id: c, parent: b}]", "Code 'c'"),
        (
            "codes: [{id: a, exemplars: {en: [x]}}, {id: b, exemplars: {en: [x]}}]",
            "'x' stands in the codes 'a' and 'b'",
        ),
        ("codes: [{id: a, exemplars: {en: x}}]", "exemplars of code 'a'"),
        ("codes: [{id: a, exemplars: {en: [1]}}]", "exemplars of code 'a'"),
        ("codes: [{id: a, description: {en: 3}}]", "the description of code 'a'"),
        ("codes: [{id: a, rest: maybe}]", "'rest' must be true or false"),
        ("codes: [{id: a, rest: true}, {id: b, rest: true}]", "a, b"),
        ("codes: [{id: a, rest: true}]", "at least one code"),
    ],
)
def test_a_frame_that_cannot_be_used_is_refused_by_file_and_code(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "f.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FrameError, match=r"f\.yaml") as caught:
        load_frame(path)
    assert said in str(caught.value)


def test_a_missing_file_and_another_encoding_are_said(tmp_path: Path) -> None:
    with pytest.raises(FrameError, match="There is no code frame"):
        load_frame(tmp_path / "none.yaml")
    (tmp_path / "l.yaml").write_bytes("pris: för dyrt".encode("latin-1"))
    with pytest.raises(FrameError, match="UTF-8"):
        load_frame(tmp_path / "l.yaml")


def test_a_document_in_memory_is_read_as_well() -> None:
    assert read_frame({"a": "x", "b": {"description": {"en": "y", "sv": "z"}}}).languages == ("en", "sv")
