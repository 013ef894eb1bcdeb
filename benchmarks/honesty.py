"""Does the verdict on open answers tell noise from groups? `python -m benchmarks.honesty [--quick]`.

Noise: a Gaussian with the covariance of real answers, and real answers with every column shuffled; of vectors alone,
and of vectors and wording side by side. Beside them, without a bar, answers of words drawn at random: short ones that
happen to name the same thing are alike. Groups: three to eight real labels' mean vectors with little noise around
them; and the surveys of blind_k, where the labels say that there are several kinds of answers, well separated or not.
Few answers: 1, 10 and 30 rows of noise.
"""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.labelled_sets import SETS, SIZES, LabelledSet, draws, encoder_of, labelled_sets, segmented, worded
from benchmarks.tables import records
from models.groups.segment_settings import DEFAULTS
from models.results import Clustering, Floats
from models.segment import segment_vectors
from models.texts.cleaning import to_embed
from models.words import TOO_FEW

EMBEDDER = "minilm"
ABOVE = ("natural", "reproducible")
VERDICTS = ("natural", "reproducible", "constructive", "none")
BAR_NOISE, BAR_GROUPS, BAR_REAL = 0.05, 0.9, 0.5
TRIES, REPEATS, SEED = 67, 5, 0
"""Data sets of each size, surveys of each set and size, seed."""

FEW_ROWS = (1, 10, 30)
NARROW = 0.5
"""Spread around a label's mean in well separated groups, as a part of the real one."""


@dataclass(frozen=True)
class Read:
    """How answers are read: columns float (n, d); the first `meaning` are their vectors, the others their wording."""

    columns: Floats
    meaning: int


Noise = Callable[[Floats, int, np.random.Generator], NDArray[np.float64]]


def gaussian(vectors: Floats, rows: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Rows from a normal distribution with the mean and covariance of `vectors`."""
    mean, covariance = vectors.mean(axis=0), np.cov(vectors.T)
    return rng.multivariate_normal(mean, covariance, size=rows, method="eigh")


def shuffled(vectors: Floats, rows: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Rows of `vectors` with every column in an order of its own."""
    chosen = vectors[rng.choice(len(vectors), rows, replace=False)]
    return rng.permuted(chosen, axis=0).astype(np.float64)


NOISES: dict[str, Noise] = {"Gaussian with real covariance": gaussian, "shuffled columns": shuffled}


def figures(quick: bool) -> dict[str, Any]:
    """Return the share of each verdict on noise and on real surveys; quick: few tries."""
    tries, repeats = (2, 1) if quick else (TRIES, REPEATS)
    sets = labelled_sets(EMBEDDER)
    read = [Read(worded(source.texts, source.vectors), source.vectors.shape[1]) for source in sets]
    kinds = {
        "vectors": [Read(source.vectors, source.vectors.shape[1]) for source in sets],
        "vectors and wording": read,
    }
    noise = pd.DataFrame(
        [
            row
            for kind, columns in kinds.items()
            for name, make in NOISES.items()
            for row in noise_rows(f"{name}, {kind}", make, columns, tries)
        ]
    )
    words = pd.DataFrame([row for wording in (False, True) for row in scrambled_rows(sets, wording, tries)])
    real = pd.DataFrame(list(real_rows(sets, repeats)))
    groups = pd.DataFrame(list(group_rows(sets, tries)))
    few = pd.DataFrame([row for name, make in NOISES.items() for row in noise_rows(name, make, read, tries, FEW_ROWS)])
    worst = noise.groupby("data", sort=False)["above"].mean()
    small = {rows: float(few.loc[few["rows"] == rows, "above"].mean()) for rows in FEW_ROWS}
    return {
        "about": f"Verdicts on {len(noise)} data sets without groups and {len(groups)} with well separated "
        f"groups, and on {len(real)} surveys with several kinds of answers; {SIZES} rows, vectors by {EMBEDDER}, "
        "number of groups found. 'natural' and 'reproducible' claim "
        "that there are groups.",
        "bars": [
            *(
                {
                    "bar": f"{name}: at most {BAR_NOISE:.0%} above constructive in {tries * len(SIZES)} tries",
                    "measured": f"{share:.1%}",
                    "met": bool(share <= BAR_NOISE),
                }
                for name, share in worst.items()
            ),
            {
                "bar": f"well separated groups: at least {BAR_GROUPS:.0%} above constructive in {len(groups)} tries",
                "measured": f"{groups['above'].mean():.1%}",
                "met": bool(groups["above"].mean() >= BAR_GROUPS),
            },
            *(
                {
                    "bar": f"{rows} answers, noise: at most {0 if rows < TOO_FEW else BAR_NOISE:.0%} above",
                    "measured": f"{share:.1%}",
                    "met": bool(share <= (0 if rows < TOO_FEW else BAR_NOISE)),
                }
                for rows, share in small.items()
            ),
            {
                "bar": "real surveys: most are above constructive",
                "measured": f"{real['above'].mean():.1%}",
                "met": bool(real["above"].mean() > BAR_REAL),
            },
        ],
        "verdicts on noise": _shares(noise, "data"),
        "noise above constructive, by set": records(noise.pivot_table("above", ["data", "rows"], "set", sort=False)),
        "verdicts on answers of words drawn at random": _shares(words, "data"),
        "verdicts on well separated groups": _shares(groups, "rows"),
        "verdicts on real surveys, by number of answers": _shares(real, "rows"),
        "verdicts on real surveys, by set": _shares(real, "data"),
    }


def noise_rows(
    name: str, make: Noise, read: Sequence[Read], tries: int, sizes: tuple[int, ...] = SIZES
) -> Iterator[dict[str, Any]]:
    """Yield one row per try, sizes and sets in turn."""
    rng = np.random.default_rng(SEED)
    for rows in sizes:
        for attempt in range(tries):
            at = attempt % len(read)
            nobody = make(read[at].columns, rows, rng)
            found = segment_vectors(nobody, wording=nobody.shape[1] - read[at].meaning)
            yield {**_row(name, rows, found), "set": SETS[at]}


def scrambled_rows(sets: tuple[LabelledSet, ...], wording: bool, tries: int) -> Iterator[dict[str, Any]]:
    """Yield one row per try: answers as long as real ones, of words drawn from all of these; wording: is it read?"""
    rng, encoder = np.random.default_rng(SEED), encoder_of(EMBEDDER)
    for rows in SIZES:
        for attempt in range(tries):
            source = sets[attempt % len(sets)]
            said = [source.texts[row].split() for row in rng.choice(len(source.texts), rows, replace=False)]
            words = np.array([word for text in said for word in text])
            texts = [" ".join(rng.choice(words, len(text))) for text in said]
            vectors = encoder.encode([to_embed(text) for text in texts])
            found = segmented(texts, vectors, DEFAULTS) if wording else segment_vectors(vectors)
            yield _row("vectors and wording" if wording else "vectors alone", rows, found)


def separated(source: LabelledSet, rows: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Rows around the means of 3 to 8 labels, as real answers lie around theirs but NARROW times as far."""
    names = np.unique(source.labels)
    chosen = rng.choice(names, int(rng.integers(3, min(9, len(names) + 1))), replace=False)
    means = np.array([source.vectors[source.labels == name].mean(axis=0) for name in chosen])
    label = np.concatenate([np.arange(len(chosen)), rng.integers(0, len(chosen), rows - len(chosen))])
    residual = (
        source.vectors
        - np.array([source.vectors[source.labels == name].mean(axis=0) for name in names])[
            np.searchsorted(names, source.labels)
        ]
    )
    return means[label] + NARROW * gaussian(residual, rows, rng)


def group_rows(sets: tuple[LabelledSet, ...], tries: int) -> Iterator[dict[str, Any]]:
    """Yield one row per try with well separated groups, sizes and sets in turn."""
    rng = np.random.default_rng(SEED)
    for rows in SIZES:
        for attempt in range(tries):
            source = sets[attempt % len(sets)]
            yield _row(source.name, rows, segment_vectors(separated(source, rows, rng)))


def real_rows(sets: tuple[LabelledSet, ...], repeats: int) -> Iterator[dict[str, Any]]:
    """Yield one row per survey."""
    for source in sets:
        for draw in draws(source, repeats, SEED):
            yield _row(source.name, draw.size, segmented(draw.texts, draw.vectors, DEFAULTS))


def _row(name: str, rows: int, found: Clustering) -> dict[str, Any]:
    verdict = found.evidence.verdict
    return {"data": name, "rows": rows, "verdict": verdict, "above": verdict in ABOVE, "k": found.k}


def _shares(table: pd.DataFrame, column: str) -> list[dict[str, Any]]:
    shares = pd.crosstab(table[column], table["verdict"], normalize="index").reindex(
        columns=list(VERDICTS), fill_value=0.0
    )
    shares.insert(0, "tries", table[column].value_counts())
    return records(shares)


if __name__ == "__main__":
    print(json.dumps(figures("--quick" in sys.argv[1:]), indent=1, ensure_ascii=False))
