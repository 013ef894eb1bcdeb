"""`code` as a person meets it: a table of answers in, a table of codes out, one sentence when something is wrong."""

import csv
from pathlib import Path

import pytest

from survey.frames import PACKAGED, everyday_sentences, find_frame
from tests.conftest import Run

FRAME = 'price: "price, cheap, expensive"\nstaff: "staff, friendly, rude"\n'
ANSWERS = [
    *[f"the price is {word} {extra}" for word in ("cheap", "expensive") for extra in ("now", "again", "really")],
    *[f"the staff are {word} {extra}" for word in ("friendly", "rude") for extra in ("now", "again", "really")],
]


@pytest.fixture
def run(run: Run, tmp_path: Path) -> Run:
    """Runs `code` on answers.csv; returns exit code, output and error."""
    (tmp_path / "frame.yaml").write_text(FRAME, encoding="utf-8")
    save(tmp_path / "answers.csv", ["text"], [[answer] for answer in [*ANSWERS, "", "=price, cheap, expensive"]])

    def run_command(*arguments: object, frame: object = tmp_path / "frame.yaml") -> tuple[int, str, str]:
        return run("code", tmp_path / "answers.csv", "--frame", frame, *arguments)

    return run_command


def save(path: Path, header: list[str], rows: list[list[object]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_every_row_has_its_codes_with_probability_and_evidence(run: Run, tmp_path: Path) -> None:
    code, out, error = run("--out", tmp_path / "codes.csv")
    assert (code, error) == (0, "")
    rows = read(tmp_path / "codes.csv")
    assert list(rows[0]) == ["row", "code", "probability", "evidence"]
    assert {row["row"] for row in rows} == {str(number) for number in range(len(ANSWERS) + 2)}
    assert {row["code"] for row in rows} <= {"price", "staff", ""}
    for row in rows:
        assert 0 <= float(row["probability"]) <= 1
        assert (float(row["probability"]) >= 0.5) == (row["code"] != "")
        answer = [*ANSWERS, "", "=price, cheap, expensive"][int(row["row"])]
        assert row["evidence"].removeprefix("'") in answer
        assert not row["evidence"].startswith("=")
    assert [row["code"] for row in rows if row["row"] == str(len(ANSWERS))] == [""]
    assert "13 answers coded" in out
    assert "codes.csv" in out


def test_the_same_answers_give_the_same_table_and_replace_an_earlier_one(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "codes.csv"
    out.write_text("earlier")
    assert run("--out", out)[0] == 0
    first = out.read_bytes()
    assert run("--out", out, "--text", "text")[0] == 0
    assert out.read_bytes() == first


def test_corrections_are_kept_and_said(run: Run, tmp_path: Path) -> None:
    learn = save(tmp_path / "learn.csv", ["row", "code"], [[0, "staff"], [0, "price"], [6, ""]])
    code, out, error = run("--out", tmp_path / "codes.csv", "--learn", learn)
    assert (code, error) == (0, "")
    assert "2 corrected answers" in out
    codes = [(row["row"], row["code"]) for row in read(tmp_path / "codes.csv")]
    assert {entry for entry in codes if entry[0] in ("0", "6")} == {("0", "staff"), ("0", "price"), ("6", "")}


def test_its_own_table_can_be_handed_back(run: Run, tmp_path: Path) -> None:
    assert run("--out", tmp_path / "one.csv")[0] == 0
    assert run("--out", tmp_path / "two.csv", "--learn", tmp_path / "one.csv")[0] == 0
    given = [[(row["row"], row["code"]) for row in read(tmp_path / name)] for name in ("one.csv", "two.csv")]
    assert set(given[0]) == set(given[1])


def test_a_packaged_frame_is_known_by_its_name(run: Run, tmp_path: Path) -> None:
    assert all(find_frame(name).id == name for name in PACKAGED)
    assert set(everyday_sentences()) == {"en", "sv", "nb", "da", "fi"}
    code, out, _ = run("--out", tmp_path / "codes.csv", frame="benefits")
    assert code == 0
    assert "'Benefits'" in out


def test_answers_about_something_else_get_no_code_of_a_packaged_frame(run: Run, tmp_path: Path) -> None:
    wishes = everyday_sentences()["en"]
    values = [text for code in find_frame("values").codes for text in code.exemplars.get("en", ())]
    save(tmp_path / "answers.csv", ["text"], [[text] for text in [*wishes, *values]])
    code, out, _ = run("--out", tmp_path / "codes.csv", frame="values")
    assert code == 0
    assert "speak of what people want from a product rather than of values" in out
    coded = {int(row["row"]) for row in read(tmp_path / "codes.csv") if row["code"]}
    about_values = {row for row in coded if row >= len(wishes)}
    assert about_values
    assert len(coded - about_values) / len(wishes) < 0.2 * len(about_values) / len(values)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--text", "texts"], "did you mean 'text'"),
        (["--frame", "benefit"], "benefits, values, lifestyle"),
        (["--frame", "none.yaml"], "There is no code frame 'none.yaml'"),
        (["--learn", "none.csv"], "There is no file"),
    ],
)
def test_mistakes_end_with_code_2_one_sentence_and_no_table(
    run: Run, tmp_path: Path, arguments: list[str], said: str
) -> None:
    code, out, error = run("--out", tmp_path / "deep" / "codes.csv", *arguments)
    assert (code, out) == (2, "")
    assert said in error
    assert len(error.splitlines()) == 1
    assert not (tmp_path / "deep").exists()


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([[0, "prise"]], "Line 2 of 'learn.csv' names the code 'prise'"),
        ([[0, "price"], [99, "price"]], "Line 3 of 'learn.csv' names the row '99'"),
        ([["first", "price"]], "the row 'first'"),
    ],
)
def test_a_correction_that_fits_nothing_is_named_by_its_line(
    run: Run, tmp_path: Path, rows: list[list[object]], said: str
) -> None:
    learn = save(tmp_path / "learn.csv", ["row", "code"], rows)
    code, _, error = run("--out", tmp_path / "codes.csv", "--learn", learn)
    assert code == 2
    assert said in error
    assert not (tmp_path / "codes.csv").exists()


def test_blank_answers_and_a_folder_as_target_are_refused(run: Run, tmp_path: Path) -> None:
    code, _, error = run("--out", tmp_path)
    assert code == 2
    assert "is a folder" in error
    save(tmp_path / "answers.csv", ["id", "text"], [[1, " "], [2, "..."]])
    code, _, error = run("--out", tmp_path / "codes.csv", "--text", "text")
    assert code == 2
    assert "no answers" in error


def test_a_late_failure_leaves_an_earlier_table_alone(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "codes.csv").write_text("earlier")

    def full(path: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    code, _, error = run("--out", tmp_path / "codes.csv")
    assert code == 2
    assert "No space left" in error
    assert (tmp_path / "codes.csv").read_text() == "earlier"
