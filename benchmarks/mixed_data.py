"""Are known kinds of people found in answers of every sort at once? `python -m benchmarks.mixed_data [--quick]`.

Three to six kinds of unequal size answer an open question, marks, choices and a multiple choice; about a third of the
questions have nothing to do with the kinds, and answers are missing. Samtal gets the questions, the others the same
answers as one table (benchmarks/mixed_rivals.py). Each is told the number of kinds, and finds it its customary way.
People of one kind show how often Samtal claims groups where there are none.
"""

import json
import sys
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_rand_score

from benchmarks.mixed_people import RECIPES, SEPARATIONS, SIZES, People, Topics, draw, nobody, simulated_topics
from benchmarks.mixed_rivals import RIVALS, table
from benchmarks.public_data import PUBLIC_DATA
from data.studies import Home
from models.embed import load_embedder
from models.results import Ints
from models.solutions import DEFAULTS, SolveSettings, solve
from models.texts.cleaning import to_embed
from survey.settings import Settings

SEED, REPEATS = 3, 2
NOBODY, MOST_FALSE = 40, 0.05
SETS = ("banking77", "sib200_nordic")
TOPICS, EACH = 8, 60
OURS = "Samtal"
PAIRS = 10
SETTINGS = SolveSettings(pairs=20, null_pairs=1, starts=5, alternatives=False)


def figures(quick: bool) -> dict[str, Any]:
    """Return adjusted Rand indices with the known kinds, told their number and not; quick: one population of each."""
    real = [] if quick else _real_topics()
    sources = [*real, simulated_topics(np.random.default_rng([SEED, 0]))]
    populations = list(_populations(sources, 1 if quick else REPEATS))
    rows = [row for people in populations for row in _measured(people)]
    frame = pd.DataFrame(rows)
    told, blind = (frame[frame["told"] == way].groupby("method")["ari"].mean() for way in (True, False))
    best_told, best_blind = told.drop(OURS).max(), blind.drop(OURS).max()
    claims = {recipe: _claims(recipe, 2 if quick else NOBODY) for recipe in RECIPES}
    names = ", ".join(source.name for source in sources)
    missing = "" if quick or real else " The public sets are missing: open answers are simulated vectors only."
    return {
        "about": f"{len(populations)} populations of {SIZES[0]} or {SIZES[1]} people, {', '.join(SEPARATIONS)} "
        f"separation; open answers from {names}.{missing} Adjusted Rand index with the known kinds, mean. Samtal with "
        f"{PAIRS} bootstrap pairs ({SETTINGS.pairs} on people of one kind) instead of {DEFAULTS.pairs}.",
        "bars": [
            {
                "bar": f"ahead of every other on average, {way}",
                "measured": f"{ours:.3f} against {other:.3f}",
                "met": bool(ours > other),
            }
            for way, ours, other in (
                ("told the number", told[OURS], best_told),
                ("finding the number", blind[OURS], best_blind),
            )
        ]
        + [
            {
                "bar": f"people of one kind, {recipe}: at most {MOST_FALSE:.0%}",
                "measured": f"{share:.1%}",
                "met": share <= MOST_FALSE,
            }
            for recipe, share in claims.items()
        ],
        "by separation": _pivot(frame, "separation"),
        "by people": _pivot(frame, "people"),
        "by open answers": _pivot(frame, "source"),
        "number of kinds, found": [
            {"method": name, "mean absolute error": float(part["off"].mean())}
            for name, part in frame[~frame["told"]].groupby("method", sort=False)
        ],
        "verdicts of Samtal": _verdicts(frame),
    }


def _populations(sources: Sequence[Topics], repeats: int) -> Iterator[People]:
    for at, source in enumerate(sources):
        for repeat in range(repeats):
            for level, separation in enumerate(SEPARATIONS):
                for n in SIZES:
                    yield draw(source, n, separation, np.random.default_rng([SEED, at, repeat, level, n]))


def _measured(people: People) -> Iterator[dict[str, Any]]:
    """One row per method and way."""
    answers = table(people.questions)
    for k in (people.k, None):
        solution = solve(people.questions, replace(SETTINGS, k=k, pairs=PAIRS))
        yield _row(people, OURS, k, solution.labels, solution.evidence.verdict)
        for name, method in RIVALS.items():
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                yield _row(people, name, k, method(answers, k))


def _claims(recipe: str, tries: int) -> float:
    """Share of populations of one kind for which groups are claimed."""
    claims = 0
    for seed in range(tries):
        rng = np.random.default_rng([SEED, 7, list(RECIPES).index(recipe), seed])
        found = solve(nobody(recipe, (100, 300)[seed % 2], rng), SETTINGS)
        claims += found.evidence.verdict in ("natural", "reproducible")
    return claims / tries


def _row(people: People, method: str, k: int | None, labels: Ints, verdict: str = "") -> dict[str, Any]:
    return {
        "method": method,
        "told": k is not None,
        "separation": people.separation,
        "people": len(people.kind),
        "source": people.source,
        "ari": float(adjusted_rand_score(people.kind, labels)),
        "off": abs(len(np.unique(labels)) - people.k),
        "verdict": verdict,
    }


def _pivot(frame: pd.DataFrame, by: str) -> list[dict[str, Any]]:
    rows = []
    for name in dict.fromkeys(frame["method"]):
        row: dict[str, Any] = {"method": name}
        for way, words in ((True, "told"), (False, "found")):
            part = frame[(frame["method"] == name) & (frame["told"] == way)]
            for value in dict.fromkeys(frame[by]):
                row[f"{value}, {words}"] = float(part[part[by] == value]["ari"].mean())
        rows.append(row)
    return rows


def _verdicts(frame: pd.DataFrame) -> list[dict[str, Any]]:
    part = frame[(frame["method"] == OURS) & ~frame["told"]]
    table_of = part.groupby(["separation", "verdict"], sort=False).size().unstack(fill_value=0)
    return [
        {"separation": name, **{str(key): int(value) for key, value in row.items()}}
        for name, row in table_of.iterrows()
    ]


def _real_topics() -> list[Topics]:
    """Sentences of the public sets that are there, embedded by the default text model."""
    found = []
    for name in SETS:
        path = PUBLIC_DATA / f"{name}.csv.gz"
        if not path.exists():
            continue
        frame = pd.read_csv(path).dropna(subset=["text", "label"])
        if "lang" in frame:
            frame = frame[frame["lang"] == "en"]
        sizes = frame["label"].value_counts()
        rng = np.random.default_rng([SEED, 99])
        kept = rng.choice(
            np.sort(sizes[sizes >= EACH // 2].index.to_numpy(dtype=str)), min(TOPICS, len(sizes)), replace=False
        )
        some = pd.concat([frame[frame["label"] == label].head(EACH) for label in kept])
        encoder = load_embedder("auto", Home(Settings.from_env().home).weights_path)
        vectors = encoder.encode([to_embed(text) for text in some["text"]])
        found.append(Topics(name, vectors, pd.factorize(some["label"])[0].astype(np.int64)))
    return found


if __name__ == "__main__":
    print(json.dumps(figures("--quick" in sys.argv[1:]), indent=1, ensure_ascii=False))
