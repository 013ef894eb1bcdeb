"""Does the verdict tell noise from groups? `python -m benchmarks.honesty [--quick]`.

Noise: a Gaussian with the covariance of real vectors, and real vectors with every column shuffled. Groups: the
surveys of blind_k, where people's labels say that there are several kinds of answers.
"""

import json
import sys
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.labelled_sets import SIZES, LabelledSet, draws, labelled_sets
from models.results import Clustering
from models.segment import segment_vectors

EMBEDDER = "minilm"
ABOVE = ("natural", "reproducible")
VERDICTS = ("natural", "reproducible", "constructive", "none")
BAR_NOISE, BAR_REAL = 0.05, 0.5
TRIES, REPEATS, SEED = 34, 5, 0

Noise = Callable[[NDArray[np.float32], int, np.random.Generator], NDArray[np.float64]]


def gaussian(vectors: NDArray[np.float32], rows: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Rows from a normal distribution with the mean and covariance of `vectors`."""
    mean, covariance = vectors.mean(axis=0), np.cov(vectors.T)
    return rng.multivariate_normal(mean, covariance, size=rows, method="eigh")


def shuffled(vectors: NDArray[np.float32], rows: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Rows of `vectors` with every column in an order of its own."""
    chosen = vectors[rng.choice(len(vectors), rows, replace=False)]
    return rng.permuted(chosen, axis=0).astype(np.float64)


NOISES: dict[str, Noise] = {"Gaussian with real covariance": gaussian, "shuffled columns": shuffled}


def figures(quick: bool) -> dict[str, Any]:
    """Return the share of each verdict on noise and on real surveys; quick: few tries."""
    tries, repeats = (2, 1) if quick else (TRIES, REPEATS)
    sets = labelled_sets(EMBEDDER)
    noise = pd.DataFrame([row for name, make in NOISES.items() for row in noise_rows(name, make, sets, tries)])
    real = pd.DataFrame(list(real_rows(sets, repeats)))
    worst = noise.groupby("data")["above"].mean()
    return {
        "about": f"Verdicts on {len(noise)} data sets without groups and {len(real)} surveys with several kinds of "
        f"answers; {SIZES} rows, vectors by {EMBEDDER}, number of groups found. 'natural' and 'reproducible' claim "
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
                "bar": "real surveys: most are above constructive",
                "measured": f"{real['above'].mean():.1%}",
                "met": bool(real["above"].mean() > BAR_REAL),
            },
        ],
        "verdicts on noise": _shares(noise, "data"),
        "verdicts on real surveys, by number of answers": _shares(real, "rows"),
        "verdicts on real surveys, by set": _shares(real, "data"),
    }


def noise_rows(name: str, make: Noise, sets: tuple[LabelledSet, ...], tries: int) -> Iterator[dict[str, Any]]:
    """Yield one row per try, sizes and sets in turn."""
    rng = np.random.default_rng(SEED)
    for rows in SIZES:
        for attempt in range(tries):
            yield _row(name, rows, segment_vectors(make(sets[attempt % len(sets)].vectors, rows, rng)))


def real_rows(sets: tuple[LabelledSet, ...], repeats: int) -> Iterator[dict[str, Any]]:
    """Yield one row per survey."""
    for source in sets:
        for draw in draws(source, repeats, SEED):
            yield _row(source.name, draw.size, segment_vectors(draw.vectors))


def _row(name: str, rows: int, found: Clustering) -> dict[str, Any]:
    verdict = found.evidence.verdict
    return {"data": name, "rows": rows, "verdict": verdict, "above": verdict in ABOVE, "k": found.k}


def _shares(table: pd.DataFrame, column: str) -> list[dict[str, Any]]:
    shares = pd.crosstab(table[column], table["verdict"], normalize="index").reindex(
        columns=list(VERDICTS), fill_value=0.0
    )
    shares.insert(0, "tries", table[column].value_counts())
    return [{str(key): value for key, value in row.items()} for row in shares.reset_index().to_dict("records")]


if __name__ == "__main__":
    print(json.dumps(figures("--quick" in sys.argv[1:]), indent=1, ensure_ascii=False))
