"""How well are labels recovered when nobody says how many there are? `python -m benchmarks.blind_k [--quick]`.

Small surveys of 60, 200 and 600 answers are drawn from five labelled sets (METHODS 3). Samtal, BERTopic as installed
with its defaults, and k-means with the silhouette get the same vectors, of texts without links and handles, one
survey after the other.
"""

import json
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from bertopic import BERTopic
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score, silhouette_score

from benchmarks.labelled_sets import SIZES, Draw, draws, labelled_sets
from models.evidence import HANDY
from models.results import Ints
from models.segment import SegmentSettings, segment_vectors

EMBEDDERS = ("minilm", "multilingual")
BAR_AMI, BAR_K = 0.55, 1.6
REPEATS, SEED = 10, 0
UNBIASED = "Samtal, no number preferred"


def samtal(draw: Draw) -> Ints:
    return segment_vectors(draw.vectors, SegmentSettings()).labels


def samtal_unbiased(draw: Draw) -> Ints:
    return segment_vectors(draw.vectors, SegmentSettings(handiness=0.0)).labels


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
    "BERTopic, defaults": bertopic,
    "k-means, silhouette": k_means,
}


def figures(quick: bool) -> dict[str, Any]:
    """Return scores per method and embedder; quick: one survey per set and size, one embedder."""
    repeats, embedders = (1, EMBEDDERS[:1]) if quick else (REPEATS, EMBEDDERS)
    scores = pd.DataFrame([row for embedder in embedders for row in measure(embedder, repeats, SEED)])
    means = scores.groupby(["embedder", "method"], sort=False)[["AMI", "ARI", "k error", "outliers", "seconds"]].mean()
    return {
        "about": f"{len(scores) // len(METHODS) // len(embedders)} surveys per embedder: five sets, {SIZES} answers, "
        f"{repeats} draws each, seed {SEED}; 3 to 8 labels, their number unknown to the methods. AMI: adjusted mutual "
        "information with the labels. k error: mean absolute error in the number of groups (outliers are no group). "
        f"Samtal mildly prefers about {HANDY} groups, near the mean of the numbers drawn; the second row goes without.",
        "bars": [bar for embedder in embedders for bar in bars(embedder, scores)],
        "means": _records(means.reset_index()),
        "AMI by number of answers": _by(scores, "answers"),
        "AMI by set": _by(scores, "set"),
    }


def measure(embedder: str, repeats: int, seed: int) -> list[dict[str, Any]]:
    """Return one row per survey and method."""
    rows = []
    for source in labelled_sets(embedder):
        for draw in draws(source, repeats, seed):
            for name, method in METHODS.items():
                started = time.perf_counter()
                found = method(draw)
                seconds = time.perf_counter() - started
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
                    }
                )
    return rows


def bars(embedder: str, scores: pd.DataFrame) -> list[dict[str, Any]]:
    means = scores[scores["embedder"] == embedder].groupby("method")[["AMI", "k error"]].mean()
    ours, peers = means.loc["Samtal"], means.drop(index=["Samtal", UNBIASED])
    best = peers["AMI"].idxmax()
    return [
        {"bar": f"{embedder}: AMI at least {BAR_AMI}", "measured": ours["AMI"], "met": bool(ours["AMI"] >= BAR_AMI)},
        {
            "bar": f"{embedder}: error in k at most {BAR_K}",
            "measured": ours["k error"],
            "met": bool(ours["k error"] <= BAR_K),
        },
        {
            "bar": f"{embedder}: AMI ahead of BERTopic and of k-means with silhouette",
            "measured": f"{ours['AMI']:.3f} against {peers['AMI'].max():.3f} ({best})",
            "met": bool(ours["AMI"] > peers["AMI"].max()),
        },
    ]


def _by(scores: pd.DataFrame, column: str) -> list[dict[str, Any]]:
    table = scores.pivot_table("AMI", ["embedder", "method"], column, sort=False)
    table.columns = table.columns.astype(str)
    return _records(table.reset_index())


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]


if __name__ == "__main__":
    print(json.dumps(figures("--quick" in sys.argv[1:]), indent=1, ensure_ascii=False))
