"""Makes respondents.csv and truth.csv from the answers in answers/*.yaml: `python -m data.packaged.demo.build`.

The words are written by hand. Only what people tick, when they answer and how far they get is drawn at random (seeded):
it leans on the group of the answer, weakly, and never contradicts what the answer itself says.
"""

import csv
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

FOLDER = Path(__file__).parent
SEED = 2026
SEPARATOR = "||"
QUESTIONS = ("matters", "why", "plan", "recommend", "years", "age", "household")
COLUMNS = ("respondent", "language", "status", "days_before", "clock", "seconds", *QUESTIONS)
STOPS_EARLY = 0.04

Weights = Mapping[str, float]

BASE: dict[str, Weights] = {
    "age": {"18-24": 12, "25-34": 18, "35-49": 27, "50-64": 24, "65+": 19},
    "household": {"alone": 26, "couple": 32, "children": 32, "shared": 10},
    "plan": {"prepaid": 8, "small": 30, "large": 32, "unlimited": 18, "family": 12},
    "years": {"under1": 14, "1-2": 21, "3-5": 27, "6-10": 20, "over10": 18},
}
LEANS: dict[str, Weights] = {
    "coverage": {"50-64": 1.5, "65+": 1.3, "over10": 1.3},
    "price": {"18-24": 1.4, "prepaid": 2, "small": 1.6, "unlimited": 0.5, "under1": 1.6},
    "speed": {"18-24": 2, "25-34": 1.7, "65+": 0.2, "unlimited": 2.8, "large": 1.4, "small": 0.4},
    "service": {"50-64": 1.3, "65+": 1.9, "over10": 1.7},
    "family": {"18-24": 0.2, "35-49": 2.2, "65+": 0.5, "children": 8, "family": 4},
    "trust": {"50-64": 1.4},
    "18-24": {"children": 0.15, "shared": 4, "over10": 0.1, "6-10": 0.5},
    "25-34": {"shared": 1.5, "over10": 0.5},
    "50-64": {"children": 0.5, "shared": 0.3},
    "65+": {"children": 0.03, "shared": 0.2, "unlimited": 0.3, "over10": 1.8},
    "alone": {"family": 0.1},
    "shared": {"family": 0.2},
    "children": {"family": 2},
}
RECOMMEND = {"coverage": 7.2, "price": 6.4, "speed": 7.3, "service": 5.8, "family": 7.6, "trust": 6.6}
RECOMMEND_REST, RECOMMEND_SPREAD = 7.2, 2.2
HOURS: Weights = {
    **{"7": 3, "8": 5, "9": 4, "12": 7, "13": 4, "15": 4},
    **{"16": 6, "17": 7, "19": 9, "20": 11, "21": 8, "22": 3},
}
DAYS: Weights = {  # days before the set-up: an invitation two weeks ago, a reminder one week ago
    **{"14": 22, "13": 14, "12": 9, "11": 6, "10": 4, "9": 3, "8": 3},
    **{"7": 15, "6": 9, "5": 6, "4": 4, "3": 2, "2": 2, "1": 1},
}


@dataclass(frozen=True)
class Answer:
    """One respondent's own words, the latent group they were written for, and facts the words imply."""

    group: str
    language: str
    matters: str
    why: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


def answers(folder: Path = FOLDER / "answers") -> Iterator[Answer]:
    """Yield every written answer, language by language; raises ValueError when a fact names no known choice."""
    for path in sorted(folder.glob("*.yaml")):
        for group, block in yaml.safe_load(path.read_text("utf-8")).items():
            for line in block.strip().splitlines():
                matters, why, facts = [*(part.strip() for part in line.split(SEPARATOR)), "", ""][:3]
                known = dict(fact.split("=") for fact in facts.split())
                for question, choice in known.items():
                    if choice not in BASE[question]:
                        raise ValueError(f"In {path.name} the fact '{question}={choice}' is no choice of the survey.")
                yield Answer(group, path.stem, matters, why, known)


def respondent(answer: Answer, rng: random.Random) -> dict[str, str]:
    """Return one row of respondents.csv without its number: the answer, drawn ticks, and when it was given."""
    ticks: dict[str, str] = {}
    for question, weights in BASE.items():
        leaning = [LEANS.get(name, {}) for name in (answer.group, *ticks.values())]
        drawn = _draw({choice: _product(choice, weight, leaning) for choice, weight in weights.items()}, rng)
        ticks[question] = answer.facts.get(question, drawn)
    score = rng.gauss(RECOMMEND.get(answer.group, RECOMMEND_REST), RECOMMEND_SPREAD)
    ticks["recommend"] = str(min(max(round(score), 0), 10))
    ticks |= {"matters": answer.matters, "why": answer.why}
    reached = rng.randint(1, len(QUESTIONS) - 1) if rng.random() < STOPS_EARLY else len(QUESTIONS)
    typing = 0.3 * len(answer.matters + answer.why)
    return {
        "language": answer.language,
        "status": "complete" if reached == len(QUESTIONS) else "partial",
        "days_before": _draw(DAYS, rng),
        "clock": f"{int(_draw(HOURS, rng)):02}:{rng.randrange(60):02}:{rng.randrange(60):02}",
        "seconds": str(round((typing + 40) * rng.uniform(0.7, 1.8))),
        **{question: ticks[question] if at < reached else "" for at, question in enumerate(QUESTIONS)},
    }


def respondents(seed: int = SEED) -> tuple[list[dict[str, str]], list[str]]:
    """Return the rows of respondents.csv, earliest first, and beside each the group it was written for."""
    rng = random.Random(seed)  # noqa: S311 (a demo, not a secret)
    pairs = [(respondent(answer, rng), answer.group) for answer in answers()]
    pairs.sort(key=lambda pair: (-int(pair[0]["days_before"]), pair[0]["clock"], pair[0]["matters"]))
    rows = [{"respondent": str(number), **row} for number, (row, _) in enumerate(pairs, 1)]
    return rows, [group for _, group in pairs]


def write(folder: Path = FOLDER) -> None:
    """Write respondents.csv and truth.csv into `folder`."""
    rows, groups = respondents()
    truth = [{"respondent": row["respondent"], "group": group} for row, group in zip(rows, groups, strict=True)]
    for name, columns, lines in (("respondents", COLUMNS, rows), ("truth", ("respondent", "group"), truth)):
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(lines)


def _draw(weights: Weights, rng: random.Random) -> str:
    return rng.choices(list(weights), list(weights.values()))[0]


def _product(choice: str, weight: float, leaning: list[Weights]) -> float:
    for lean in leaning:
        weight *= lean.get(choice, 1)
    return weight


if __name__ == "__main__":
    write()
