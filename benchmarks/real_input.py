"""What the command line makes of real answers: five public sets, from file to segments, against labels people gave.

`python -m benchmarks.real_input [--quick]` prints the figures. Labels are read after the fact and only here; AMI is
adjusted mutual information, 0 for chance and 1 for the same grouping.
"""

import json
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from sklearn.metrics import adjusted_mutual_info_score

from benchmarks.public_data import PUBLIC_DATA

SETS = ("banking77", "airline_tweets_reasons", "agnews4", "sib200_nordic", "proctoring_two_coders")
QUESTIONS = 5
FEW_ROWS = 400
TOPIC_OVER_LANGUAGE = 5


@dataclass(frozen=True)
class Run:
    """One run of the command line. table: segments.csv; result: result.json; seconds: the whole process."""

    table: pd.DataFrame
    result: dict[str, Any]
    seconds: float


def figures(quick: bool) -> dict[str, Any]:
    """Return what was found in every set; quick: 400 rows of each, and one question of proctoring."""
    frames = {name: _rows(name, quick) for name in SETS}
    runs = {name: segment(frame) for name, frame in frames.items()}
    nordic, found = frames["sib200_nordic"], runs["sib200_nordic"].table["segment"]
    topic, language = _ami(nordic["label"], found), _ami(nordic["lang"], found)
    questions = _questions(frames["proctoring_two_coders"], 1 if quick else QUESTIONS)
    coverage = min(run.result["coverage"] for run in runs.values())
    proctoring = runs["proctoring_two_coders"].table["segment"]
    return {
        "about": f"`survey.cli segment` on public answers, nothing told but the file and its text column;"
        f" {'400 rows of each set' if quick else 'all rows'}. AMI: adjusted mutual information with the labels people"
        " gave, 0 for chance, 1 for the same groups.",
        "bars": [
            {
                "bar": f"sib200_nordic: AMI with topic at least {TOPIC_OVER_LANGUAGE} × AMI with language",
                "measured": f"{topic:.3f} with topic, {language:.3f} with language",
                "met": topic > 0 and topic >= TOPIC_OVER_LANGUAGE * language,
            },
            {"bar": "everybody with an answer is placed", "measured": coverage, "met": coverage == 1.0},
        ],
        "sets": [_line(name, frames[name], run) for name, run in runs.items()],
        "five languages in one file": {
            "AMI with topic": topic,
            "AMI with language": language,
            "largest share of one language in a segment": _purest(nordic["lang"], found),
        },
        "proctoring, all questions in one file": {
            "AMI with the question": _ami(frames["proctoring_two_coders"]["question"], proctoring),
            "AMI with the primary coder's first code": _ami(
                _first_code(frames["proctoring_two_coders"]["label"]), proctoring
            ),
        },
        "proctoring, question by question": questions,
        "names": [
            {"answers": name, "segments": "; ".join(f"{_name(s)} ({s['share']:.0%})" for s in run.result["segments"])}
            for name, run in runs.items()
        ],
    }


def segment(frame: pd.DataFrame) -> Run:
    """Return what the command line makes of the column `text`; raises CalledProcessError when it fails."""
    with tempfile.TemporaryDirectory() as folder:
        file, out = Path(folder) / "answers.csv", Path(folder) / "out"
        frame.to_csv(file, index=False)
        command = [sys.executable, "-m", "survey.cli", "segment", str(file), "--text", "text", "--out", str(out)]
        started = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        seconds = time.perf_counter() - started
        result = json.loads((out / "result.json").read_text(encoding="utf-8"))
        return Run(pd.read_csv(out / "segments.csv"), result, seconds)


def _rows(name: str, quick: bool) -> pd.DataFrame:
    frame = pd.read_csv(PUBLIC_DATA / f"{name}.csv.gz", keep_default_na=False)
    return frame.sample(min(FEW_ROWS, len(frame)), random_state=0).reset_index(drop=True) if quick else frame


def _line(name: str, frame: pd.DataFrame, run: Run) -> dict[str, Any]:
    labels = _first_code(frame["label"]) if "secondary" in frame else frame["label"]
    return {
        "answers": name,
        "rows": len(frame),
        "k": run.result["k"],
        "labels": int(labels[labels != ""].nunique()),
        "verdict": run.result["verdict"],
        "stability": run.result["stability"],
        "null": run.result["null"],
        "coverage": run.result["coverage"],
        "AMI": _ami(labels, run.table["segment"]),
        "seconds": round(run.seconds, 1),
    }


def _questions(frame: pd.DataFrame, most: int) -> list[dict[str, Any]]:
    """Return one line for each of the questions with most answers, beside how far two human coders agree."""
    lines = []
    for qid in frame["qid"].value_counts(sort=True).index[:most]:
        answers = frame[frame["qid"] == qid].reset_index(drop=True)
        run = segment(answers)
        first, second = _first_code(answers["label"]), _first_code(answers["secondary"])
        both = second != ""
        lines.append(
            {
                "question": answers["question"].iloc[0],
                "answers": len(answers),
                "k": run.result["k"],
                "verdict": run.result["verdict"],
                "AMI with first code": _ami(first, run.table["segment"]),
                "coded by two": int(both.sum()),
                "AMI of the two coders": _ami(first[both], second[both]) if both.any() else "",
            }
        )
    return lines


def _first_code(codes: pd.Series) -> pd.Series:
    """Return the first code of each list, without its sub-code."""
    return codes.str.split("|").str[0].str.split("->").str[0]


def _ami(labels: pd.Series, segments: pd.Series) -> float:
    """Return the AMI over rows that have a label; 0 when there are none."""
    known = labels != ""
    return float(adjusted_mutual_info_score(labels[known], segments[known])) if known.any() else 0.0


def _purest(languages: pd.Series, segments: pd.Series) -> float:
    return float(pd.crosstab(segments, languages, normalize="index").to_numpy().max())


def _name(segment: dict[str, Any]) -> str:
    return "(a quote)" if segment["name"].startswith("“") else segment["name"]


if __name__ == "__main__":
    print(json.dumps(figures("--quick" in sys.argv[1:]), indent=1, ensure_ascii=False))
