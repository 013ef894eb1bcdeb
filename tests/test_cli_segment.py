"""`segment` as a person meets it: files in, three files out, one sentence when something is wrong."""

import codecs
import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import models.embed
from models.errors import EmbedderUnavailable
from survey.report import writers
from tests.conftest import Run
from tests.fakes import FakeEmbedder

ROOT = Path(__file__).parent.parent
TOPICS = (
    "the price is too high every month",
    "coverage is bad in the countryside",
    "helpful staff answered my question quickly",
)
ANSWERS = [f"{topic} {extra}" for extra in ("today", "again", "really", "I think") * 5 for topic in TOPICS]
FILES = {"segments.csv", "result.json", "report.html"}
HARD = [
    "الشبكة ضعيفة جدا في الريف",
    "billigt\noch bra\r\n\r\nmen långsamt",
    "😀👩‍👩‍👧‍👦",
    "word " * 4000,
    '"quoted", and; separated',
    "=HYPERLINK(1)",
    "<script>alert(1)</script>",
]


def save(path: Path, answers: list[str], **columns: list[str]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([*columns, "text"])
        writer.writerows(zip(*columns.values(), answers, strict=True))
    return path


def results(out: Path) -> tuple[list[dict[str, str]], dict, str]:
    assert {path.name for path in out.iterdir()} == FILES
    with (out / "segments.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    result = json.loads((out / "result.json").read_text(encoding="utf-8"))
    return rows, result, (out / "report.html").read_text(encoding="utf-8")


# What comes out


def test_the_three_files_hold_what_they_promise(run: Run, tmp_path: Path) -> None:
    answers = [*ANSWERS, "", "  "]
    file = save(tmp_path / "answers.csv", answers, person=[f"p{row}" for row in range(len(answers))])
    code, out, error = run("segment", file, "--out", tmp_path / "out", "--text", "text", "--id", "person", "--k", 3)
    assert (code, error) == (0, "")
    rows, result, report = results(tmp_path / "out")

    assert list(rows[0]) == ["row", "id", "segment", "name", "confidence"]
    assert [row["row"] for row in rows] == [str(row) for row in range(len(answers))]
    assert [row["id"] for row in rows] == [f"p{row}" for row in range(len(answers))]
    assert [row["segment"] for row in rows[-2:]] == ["0", "0"]
    assert {row["name"] for row in rows[-2:]} == {""}
    assert all(0 <= float(row["confidence"]) <= 1 for row in rows)

    assert list(result) == [
        *("k", "verdict", "stability", "null", "coverage", "seed", "embedder", "seconds", "segments"),
    ]
    assert result["k"] == len(result["segments"]) == 3
    assert result["verdict"] in ("natural", "reproducible", "constructive", "none")
    assert (result["coverage"], result["seed"], result["embedder"]) == (1.0, 0, "fake-words")
    for number, entry in enumerate(result["segments"], start=1):
        assert list(entry) == ["segment", "name", "size", "share", "terms", "quotes", "who"]
        assert entry["who"] == []
        assert entry["segment"] == number
        assert entry["size"] == sum(row["segment"] == str(number) for row in rows)
        assert entry["share"] == pytest.approx(entry["size"] / len(ANSWERS), abs=1e-4)
        assert {row["name"] for row in rows if row["segment"] == str(number)} == {entry["name"]}
        assert set(entry["quotes"]) <= set(ANSWERS)
        assert entry["name"] in report
        assert entry["name"] in out
    sizes = [entry["size"] for entry in result["segments"]]
    assert sizes == sorted(sizes, reverse=True)


def test_without_an_id_there_is_no_id_column(run: Run, tmp_path: Path) -> None:
    assert run("segment", save(tmp_path / "a.csv", ANSWERS), "--out", tmp_path / "out")[0] == 0
    assert (tmp_path / "out" / "segments.csv").read_text().startswith("row,segment,name,confidence\n0,")


def test_the_same_file_and_seed_give_the_same_segments(run: Run, tmp_path: Path) -> None:
    file = save(tmp_path / "a.csv", ANSWERS)
    tables = []
    for name in ("one", "two"):
        assert run("segment", file, "--out", tmp_path / name, "--seed", 7)[0] == 0
        tables.append((tmp_path / name / "segments.csv").read_bytes())
    assert tables[0] == tables[1]


def test_several_text_columns_are_read_together(run: Run, tmp_path: Path) -> None:
    file = save(tmp_path / "a.csv", ANSWERS, likes=[*ANSWERS[:-1], ""], rest=["x"] * len(ANSWERS))
    code, _, error = run("segment", file, "--out", tmp_path / "out", "--text", "likes", "--text", "text")
    assert (code, error) == (0, "")
    assert all(row["segment"] != "0" for row in results(tmp_path / "out")[0])


@pytest.mark.parametrize("answers", [ANSWERS[:1], ANSWERS[:10], ["same words"] * 30, HARD])
def test_few_or_hard_answers_give_a_hedged_result(run: Run, tmp_path: Path, answers: list[str]) -> None:
    code, _, error = run("segment", save(tmp_path / "a.csv", answers), "--out", tmp_path / "out")
    assert (code, error) == (0, "")
    rows, result, _ = results(tmp_path / "out")
    assert len(rows) == len(answers)
    assert result["verdict"] in ("none", "constructive")
    if len(answers) < 20:
        assert result["k"] == 1
        assert result["verdict"] == "none"
        assert result["stability"] is None


@pytest.mark.parametrize("form", ["bom", "latin-1", "gzip", "xlsx", "parquet", "utf-16"])
def test_every_kind_of_file_gives_the_same_segments(run: Run, tmp_path: Path, form: str) -> None:
    answers = [answer.replace("high", "hög för mig å") for answer in ANSWERS]
    frame = pd.DataFrame({"id": range(len(answers)), "text": answers})
    text = frame.to_csv(index=False, sep=";")
    name = {"gzip": "a.csv.gz", "xlsx": "a.xlsx", "parquet": "a.parquet"}.get(form, "a.csv")
    path = tmp_path / name
    match form:
        case "bom":
            path.write_bytes(codecs.BOM_UTF8 + text.encode())
        case "latin-1" | "utf-16":
            path.write_bytes(text.encode(form))
        case "gzip":
            frame.to_csv(path, index=False)
        case "xlsx":
            frame.to_excel(path, index=False)
        case "parquet":
            frame.to_parquet(path)
    code, out, error = run("segment", path, "--out", tmp_path / "out", "--id", "id")
    assert (code, error) == (0, "")
    rows, _, report = results(tmp_path / "out")
    assert [row["id"] for row in rows] == [str(number) for number in range(len(answers))]
    assert "hög" in report
    assert ("Windows-1252" in out) == (form == "latin-1")


# What people get wrong


@pytest.mark.parametrize(
    ("content", "arguments", "said"),
    [
        (None, [], "There is no file"),
        ("", [], "is empty"),
        ("text\n", [], "no rows"),
        ("text\na\n", ["--text", "texts"], "did you mean 'text'"),
        ("text\na\n", ["--id", "person"], "There is no column 'person'"),
        ("id,text\n1,\n2, \n", ["--text", "text"], "no answers in 'text'"),
        ('text\n""\n" "\n', [], "blank"),
        (b"id,text\n1,\x81\x8d\n", [], "cannot be read"),
        (b"\x00\x01\x02\x03" * 30, [], "not a text file"),
        ("a,b\nI like it a lot,I hate it a lot\n", [], "'a', 'b'"),
        ("id,n\n1,2\n", [], "form segments with --closed"),
        ("id,text\n1,good, cheap\n", [], "Line 2"),
        ("text\na\n", ["--k", "many"], "'auto', a number"),
        ("text\na\n", ["--k", "0"], "'auto', a number"),
        ("text\na\n", ["--k", "8-3"], "'auto', a number"),
        ("text\na\n", ["--k", "3-"], "'auto', a number"),
        ("text\na\n", ["--min-share", "5"], "5 % is 0.05"),
        ("text\na\n", ["--min-share", "nan"], "5 % is 0.05"),
        ("text\na\n", ["--seed", "-1"], "seed"),
        ("text\na\n", ["--seed", "x"], "--seed"),
        ("text\na\n", ["--bogus"], "--bogus"),
    ],
)
def test_mistakes_end_with_code_2_and_one_sentence(
    run: Run, tmp_path: Path, content: str | bytes | None, arguments: list[str], said: str
) -> None:
    file = tmp_path / "answers.csv"
    if content is not None:
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    code, out, error = run("segment", file, "--out", tmp_path / "out" / "deep", *arguments)
    assert code == 2
    assert out == ""
    assert said in error
    assert len(error.splitlines()) == 1
    assert "Traceback" not in error
    assert not (tmp_path / "out").exists()


def test_a_missing_option_and_a_missing_command_are_said(run: Run, tmp_path: Path) -> None:
    assert run("segment", tmp_path / "a.csv")[::2] == (2, "Missing option '--out'. See python -m survey.cli --help.\n")
    assert run("segments")[0] == 2
    assert "segment" in run()[1]


def test_an_unknown_text_model_is_said(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(spec: str, weights: Path) -> FakeEmbedder:
        raise EmbedderUnavailable(f"There is no text model called '{spec}'.")

    monkeypatch.setattr(models.embed, "load_embedder", refuse)
    code, _, error = run("segment", save(tmp_path / "a.csv", ANSWERS), "--out", tmp_path / "out", "--embedder", "no")
    assert (code, error) == (2, "There is no text model called 'no'.\n")
    assert not (tmp_path / "out").exists()


# The folder appears whole or not at all


def test_a_folder_that_cannot_be_used_is_refused_before_the_work(run: Run, tmp_path: Path) -> None:
    file = save(tmp_path / "a.csv", ANSWERS)
    for out in (file, file / "deep"):
        code, _, error = run("segment", file, "--out", out)
        assert code == 2
        assert "is a file" in error


@pytest.mark.parametrize("problem", [OSError(28, "No space left on device"), KeyboardInterrupt()])
@pytest.mark.parametrize("state", ["absent", "empty", "earlier"])
def test_a_late_failure_leaves_the_folder_as_it_was(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, problem: BaseException, state: str
) -> None:
    file, out = save(tmp_path / "a.csv", ANSWERS), tmp_path / "results" / "out"
    if state != "absent":
        out.mkdir(parents=True)
    if state == "earlier":
        (out / "notes.txt").write_text("mine")
        (out / "report.html").write_text("earlier")
    before = {path.name: path.read_bytes() for path in out.iterdir()} if out.exists() else None
    replace, moves = Path.replace, []

    def fail_late(path: Path, target: Path) -> Path:
        moves.append(path)
        if len(moves) == (1 if state == "absent" else 3):
            raise problem
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", fail_late)
    code, _, error = run("segment", file, "--out", out)
    assert code == (2 if isinstance(problem, OSError) else 130)
    assert len(error.splitlines()) == 1
    after = {path.name: path.read_bytes() for path in out.iterdir()} if out.exists() else None
    assert after == before
    assert [path.name for path in out.parent.iterdir()] == ([] if before is None else ["out"])


def test_a_failing_writer_writes_nothing(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(_context: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setitem(writers.WRITERS, "result.json", stop)
    code, _, error = run("segment", save(tmp_path / "a.csv", ANSWERS), "--out", tmp_path / "out")
    assert (code, error) == (130, "Stopped; nothing was written.\n")
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


def test_a_second_run_replaces_its_files_and_leaves_others_alone(run: Run, tmp_path: Path) -> None:
    file, out = save(tmp_path / "a.csv", ANSWERS), tmp_path / "out"
    out.mkdir()
    (out / "notes.txt").write_text("mine")
    (out / "report.html").write_text("earlier")
    assert run("segment", file, "--out", out)[0] == 0
    assert (out / "notes.txt").read_text() == "mine"
    assert (out / "report.html").read_text() != "earlier"
    assert {path.name for path in out.iterdir()} == FILES | {"notes.txt"}


# The other commands


def test_backup_and_restore_go_through_the_library(run: Run, tmp_path: Path) -> None:
    code, _, error = run("backup", tmp_path / "b.zip")
    assert code == 2
    assert "nothing to back up" in error
    code, _, error = run("restore", tmp_path / "b.zip")
    assert code == 2
    assert "There is no file" in error


# The real thing, in a process of its own


def command(home: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "survey.cli", *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "SAMTAL_HOME": str(home), "HF_HUB_OFFLINE": "1"},
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_help_needs_no_heavy_library() -> None:
    code = (
        "import sys; from survey import cli; cli.main(['--help']); "
        "assert not {'numpy', 'pandas', 'torch', 'sklearn', 'streamlit', 'altair'} & set(sys.modules), 'too much'"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_real_run_with_a_real_text_model(tmp_path: Path) -> None:
    file = save(tmp_path / "answers.csv", [*ANSWERS, *HARD])
    done = command(tmp_path / "home", "segment", file, "--out", tmp_path / "out", "--embedder", "minilm")
    assert (done.returncode, done.stderr) == (0, "")
    rows, result, _ = results(tmp_path / "out")
    assert len(rows) == len(ANSWERS) + len(HARD)
    assert "MiniLM" in result["embedder"]
    done = command(tmp_path / "home", "segment", file, "--out", tmp_path / "out", "--embedder", "nobody/nothing")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
