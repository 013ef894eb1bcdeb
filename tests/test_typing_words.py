"""Typing tools from tables whose answers are words: the same words are read again in the tables of new people."""

import csv
from pathlib import Path

import pytest

from models.golden.tool_io import from_json
from survey import cli
from survey.definition import check_file

AGREE = ("Strongly disagree", "Disagree", "Neutral", "Agree", "Strongly agree")
TASTE = ("I hate it!-5", "-3", "-1", "0", "+2", "I love it!+5")
COLUMNS = ("--closed", "like", "--closed", "taste", "--closed", "works")
PEOPLE = 120


def people() -> list[dict[str, str]]:
    """Three segments as other programs write them: 1.0, 2.0 and 3.0, NA for who has none."""
    rows = []
    for at in range(PEOPLE):
        segment, step = at % 3, at // 3 % 2
        rows.append(
            {
                "like": AGREE[min(2 * segment + step, 4)],
                "taste": TASTE[2 * segment + step],
                "works": "work" if (segment == 0) == bool(at % 7) else "Not.work",
                "segment": "NA" if at % 40 == 0 else f"{segment + 1}.0",
            }
        )
    return rows


def save(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture
def tool(tmp_path: Path) -> Path:
    save(tmp_path / "answers.csv", people())
    out = tmp_path / "tool.json"
    assert (
        cli.main(["typing", "fit", str(tmp_path / "answers.csv"), *COLUMNS, "--questions", "3", "--out", str(out)]) == 0
    )
    return out


def test_segments_keep_their_numbers_and_na_is_none(tool: Path) -> None:
    made = from_json(tool.read_text(encoding="utf-8"))
    assert made.segments == (1, 2, 3)
    assert made.people == PEOPLE - 3


def test_answers_in_words_are_read_again(tool: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Also when only some words of a scale, or one of two, stand in the new table."""
    save(tmp_path / "new.csv", [row for row in people() if row["segment"] == "3.0" and row["works"] == "Not.work"])
    assert cli.main(["type", str(tmp_path / "new.csv"), "--tool", str(tool), "--out", str(tmp_path / "typed.csv")]) == 0
    assert "no answers that the tool knows" not in capsys.readouterr().out
    with (tmp_path / "typed.csv").open(newline="", encoding="utf-8") as file:
        assert {row["segment"] for row in csv.DictReader(file)} == {"3"}


def test_the_chat_asks_with_the_words_of_the_table(tool: Path, tmp_path: Path) -> None:
    out = tmp_path / "golden.yaml"
    assert cli.main(["typing", "survey", str(tool), "--out", str(out)]) == 0
    assert check_file(out) == []
    assert all(word in out.read_text(encoding="utf-8") for word in ("Not.work", "Strongly agree", "I love it!+5"))
