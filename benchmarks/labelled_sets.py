"""Labelled answers and their vectors, and small surveys drawn from them: what blind_k and honesty share."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.public_data import PUBLIC_DATA
from data.studies import Home
from models.embed import Embedder, load_embedder
from models.results import Clustering, Floats, Ints
from models.segment import SegmentSettings, segment_vectors
from models.texts.cleaning import to_embed
from models.texts.languages import detect_languages
from models.texts.wording import beside_meaning
from survey.settings import Settings

SETS = ("banking77", "stackoverflow20", "agnews4", "airline_tweets_reasons", "sib200_nordic")
SIZES = (60, 200, 600)


@dataclass(frozen=True)
class LabelledSet:
    """Answers with the labels people gave them. labels: int (n,), numbered in order of appearance. vectors: (n, d)."""

    name: str
    texts: tuple[str, ...]
    labels: Ints
    vectors: NDArray[np.float32]


@dataclass(frozen=True)
class Draw:
    """One small survey. size: rows aimed at; k: labels in it; rows: where its answers stand in the set."""

    source: LabelledSet
    size: int
    k: int
    rows: Ints

    @property
    def vectors(self) -> NDArray[np.float32]:
        return self.source.vectors[self.rows]

    @property
    def labels(self) -> Ints:
        return self.source.labels[self.rows]

    @property
    def texts(self) -> list[str]:
        return [self.source.texts[row] for row in self.rows]


@lru_cache(maxsize=2)
def labelled_sets(embedder: str) -> tuple[LabelledSet, ...]:
    """Return the five sets with vectors by `embedder`, of the cleaned texts; of sib200_nordic the English rows."""
    encoder, found = encoder_of(embedder), []
    for name in SETS:
        frame = pd.read_csv(PUBLIC_DATA / f"{name}.csv.gz").dropna(subset=["text", "label"])
        if name == "sib200_nordic":
            frame = frame[frame["lang"] == "en"]
        texts = tuple(frame["text"])
        vectors = encoder.encode([to_embed(text) for text in texts])
        found.append(LabelledSet(name, texts, pd.factorize(frame["label"])[0].astype(np.int64), vectors))
    return tuple(found)


def encoder_of(embedder: str) -> Embedder:
    """Return the text model of that name."""
    return load_embedder(embedder, Home(Settings.from_env().home).weights_path)


def segmented(texts: Sequence[str], vectors: Floats, settings: SegmentSettings) -> Clustering:
    """Return the segments of answers whose vectors are known, as models.answers.segment_answers finds them."""
    read = worded(texts, vectors)
    return segment_vectors(read, settings, detect_languages(texts), wording=read.shape[1] - vectors.shape[1])


def worded(texts: Sequence[str], vectors: Floats) -> Floats:
    """Return vectors and wording side by side, as answers are grouped by."""
    return beside_meaning(vectors, [to_embed(text) for text in texts], detect_languages(texts))


def draws(source: LabelledSet, repeats: int, seed: int) -> Iterator[Draw]:
    """Yield surveys of 3 to 8 labels with unequal shares (Dirichlet(3), at least 6 %), `repeats` of each size."""
    rng = np.random.default_rng(seed)
    names = pd.unique(source.labels)
    for size in SIZES:
        for _ in range(repeats):
            k = int(rng.integers(3, min(9, len(names) + 1)))
            chosen = rng.choice(names, k, replace=False)
            share = np.maximum(rng.dirichlet(np.full(k, 3.0)), 0.06)
            share /= share.sum()
            rows: list[int] = []
            for name, part in zip(chosen, share, strict=True):
                pool = np.flatnonzero(source.labels == name)
                rows.extend(rng.choice(pool, min(len(pool), max(4, int(part * size))), replace=False))
            yield Draw(source, size, k, np.array(rows, dtype=np.int64))
