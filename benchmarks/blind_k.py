"""How well are labels recovered when nobody says how many there are? `python -m benchmarks.blind_k [--quick]`.

Small surveys of 60, 200 and 600 answers are drawn from five labelled sets (METHODS 3). Samtal, BERTopic as installed
with its defaults, and k-means with the silhouette get the same vectors, of texts without links and handles, one
survey after the other. Samtal reads the wording of the texts beside them; BERTopic groups by the vectors and reads the
texts for its labels. Some surveys are segmented with further seeds, to see how much chance decides. Text models are
measured side by side on as many processes as there are cores, so the seconds are those of a busy machine; `speed`
measures a quiet one.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from itertools import combinations, repeat
from multiprocessing import get_context
from typing import Any

import numpy as np
import pandas as pd
from bertopic import BERTopic
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score, silhouette_score

from benchmarks.labelled_sets import SIZES, Draw, draws, labelled_sets, segmented
from benchmarks.tables import records
from models.evidence import HANDY
from models.results import Ints
from models.segment import SegmentSettings, segment_vectors

EMBEDDERS = ("minilm", "multilingual", "english")
BAR_AMI, BAR_K, BAR_RATIO, BAR_SEEDS = 0.60, 1.4, 1.25, 0.9
REPEATS, SEED = 10, 0
OTHER_SEEDS, SEEDED = (1, 2), 3
"""Further seeds of Samtal, on so many surveys of each set and size."""

BERTOPIC = "BERTopic, defaults"
UNBIASED, TOLD = "Samtal, no number preferred", "Samtal, told the number"
VECTORS = "Samtal, vectors alone"


def samtal(draw: Draw, seed: int = 0) -> Ints:
    return segmented(draw.texts, draw.vectors, SegmentSettings(seed=seed)).labels


def samtal_unbiased(draw: Draw) -> Ints:
    return segmented(draw.texts, draw.vectors, SegmentSettings(handiness=0.0)).labels


def samtal_told(draw: Draw) -> Ints:
    """Samtal's groups when the number of labels is given: what the vectors and the search allow."""
    few = SegmentSettings(k=draw.k, pairs=2, other_pairs=2, null_sets=4, null_pairs=1)
    return segmented(draw.texts, draw.vectors, few).labels


def samtal_vectors(draw: Draw) -> Ints:
    """Samtal without a look at the wording: the vectors alone."""
    return segment_vectors(draw.vectors, SegmentSettings()).labels


def bertopic(draw: Draw) -> Ints:
    """Topics of BERTopic() as it comes; its outliers, -1, stay a group of their own."""
    topics, _ = BERTopic().fit_transform(draw.texts, embeddings=draw.vectors)
    return np.asarray(topics, dtype=np.int64)


def k_means(draw: Draw) -> Ints:
    """k-means on five principal components, 2 to 12 groups, the best silhouette."""
    flat = PCA(5, random_state=0).fit_transform(draw.vectors)
    tried = [KMeans(k, n_init=10, random_state=0).fit_predict(flat) for k in range(2, 13)]
    return np.asarray(max(tried, key=lambda labels: silhouette_score(flat, labels)), dtype=np.int64)


METHODS: dict[str, Callable[[Draw], Ints]] = {
    "Samtal": samtal,
    UNBIASED: samtal_unbiased,
    TOLD: samtal_told,
    VECTORS: samtal_vectors,
    BERTOPIC: bertopic,
    "k-means, silhouette": k_means,
}


def figures(quick: bool) -> dict[str, Any]:
    """Return scores per method and embedder; quick: one survey per set and size, one embedder."""
    repeats, embedders = (1, EMBEDDERS[:1]) if quick else (REPEATS, EMBEDDERS)
    with ProcessPoolExecutor(min(len(embedders), os.cpu_count() or 1), get_context("spawn")) as pool:
        measured = list(pool.map(measure, embedders, repeat(repeats), repeat(SEED)))
    scores = pd.DataFrame([row for rows in measured for row in rows])
    means = scores.groupby(["embedder", "method"], sort=False)[["AMI", "ARI", "k error", "outliers", "seconds"]].mean()
    return {
        "about": f"{len(scores) // len(METHODS) // len(embedders)} surveys per embedder: five sets, {SIZES} answers, "
        f"{repeats} draws each, seed {SEED}; 3 to 8 labels, their number unknown to the methods. AMI: adjusted mutual "
        "information with the labels. k error: mean absolute error in the number of groups (outliers are no group). "
        f"Samtal mildly prefers about {HANDY} groups, near the mean of the numbers drawn; the second row goes without, "
        "the third is told the number, the fourth takes the vectors alone, as the rivals do. "
        f"Across seeds: mean adjusted Rand index between Samtal's groups of the same survey with seeds 0, "
        f"{', '.join(map(str, OTHER_SEEDS))}, on the first {min(repeats, SEEDED)} surveys of each set and size.",
        "bars": [bar for embedder in embedders for bar in bars(embedder, scores)],
        "means": records(means),
        "AMI by number of answers": _by(scores, "answers"),
        "AMI by set": _by(scores, "set"),
        "across seeds, by number of answers": _by(scores, "answers", "across seeds"),
    }


def measure(embedder: str, repeats: int, seed: int) -> list[dict[str, Any]]:
    """Return one row per survey and method."""
    rows = []
    for source in labelled_sets(embedder):
        for at, draw in enumerate(draws(source, repeats, seed)):
            for name, method in METHODS.items():
                started = time.perf_counter()
                found = method(draw)
                seconds = time.perf_counter() - started
                seeded = name == "Samtal" and at % repeats < SEEDED
                groups = len(set(found.tolist()) - {-1})
                rows.append(
                    {
                        "embedder": embedder,
                        "set": source.name,
                        "answers": draw.size,
                        "method": name,
                        "AMI": adjusted_mutual_info_score(draw.labels, found),
                        "ARI": adjusted_rand_score(draw.labels, found),
                        "k error": float(abs(groups - draw.k)),
                        "outliers": float((found == -1).mean()),
                        "seconds": seconds,
                        "across seeds": across_seeds(draw, found) if seeded else np.nan,
                    }
                )
    return rows


def across_seeds(draw: Draw, found: Ints) -> float:
    """Return the mean adjusted Rand index between Samtal's groups with seed 0, `found`, and with the other seeds."""
    groups = [found, *(samtal(draw, seed) for seed in OTHER_SEEDS)]
    return float(np.mean([adjusted_rand_score(one, other) for one, other in combinations(groups, 2)]))


def bars(embedder: str, scores: pd.DataFrame) -> list[dict[str, Any]]:
    columns = ["AMI", "k error", "outliers", "across seeds"]
    means = scores[scores["embedder"] == embedder].groupby("method")[columns].mean()
    ours, peers = means.loc["Samtal"], means.drop(index=["Samtal", UNBIASED, TOLD])
    theirs, best = float(peers["AMI"].to_dict()[BERTOPIC]), peers["AMI"].idxmax()
    measured = [
        (f"AMI at least {BAR_AMI}", ours["AMI"], ours["AMI"] >= BAR_AMI),
        (f"error in k at most {BAR_K}", ours["k error"], ours["k error"] <= BAR_K),
        (
            f"AMI at least {BAR_RATIO} x BERTopic's",
            f"{ours['AMI'] / theirs:.3f} x ({ours['AMI']:.3f} against {theirs:.3f})",
            ours["AMI"] >= BAR_RATIO * theirs,
        ),
        (
            "AMI ahead of BERTopic, of k-means with silhouette and of our vectors alone",
            f"{ours['AMI']:.3f} against {peers['AMI'].max():.3f} ({best})",
            ours["AMI"] > peers["AMI"].max(),
        ),
        ("everybody placed", f"{1 - ours['outliers']:.0%}", ours["outliers"] == 0),
        (f"agreement across seeds at least {BAR_SEEDS}", ours["across seeds"], ours["across seeds"] >= BAR_SEEDS),
    ]
    return [{"bar": f"{embedder}: {bar}", "measured": value, "met": bool(met)} for bar, value, met in measured]


def _by(scores: pd.DataFrame, column: str, value: str = "AMI") -> list[dict[str, Any]]:
    table = scores.pivot_table(value, ["embedder", "method"], column, sort=False)
    table.columns = table.columns.astype(str)
    return records(table)


if __name__ == "__main__":
    print(json.dumps(figures("--quick" in sys.argv[1:]), indent=1, ensure_ascii=False))
