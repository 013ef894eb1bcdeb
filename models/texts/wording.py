"""How answers are worded, as numbers beside the vectors of what they mean.

A text model sees what an answer is about and blurs single words; customers often name the very thing that sets them
apart. Runs of letters, weighted by how rare they are (TF-IDF), tell what answers share word for word, whatever the
inflection; their leading directions (latent semantic analysis, Deerwester et al. 1990) stand beside the vectors.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.linalg import eigh
from sklearn.feature_extraction.text import TfidfVectorizer
from threadpoolctl import threadpool_limits

from models.groups.reduce import language_means
from models.progress import Progress, silent
from models.results import Floats
from models.texts.stopwords import stop_words
from models.texts.tokens import clauses

WEIGHT = 0.5
"""Spread of the wording beside the spread of the vectors.

Chosen from 0 to 1 on 60 surveys as benchmarks/blind_k.py draws them, and held on 90 of another seed: .4 suits the
better text model, .6 the one that reads all Nordic languages; from .8 on, groups of words replace groups of meaning.
Told the number of groups, adjusted mutual information rises by .01 with the one and .03 with the other.
"""
DIRECTIONS = 50
LETTERS = (3, 5)
"""Runs of so many letters, within words: compounds and endings of Nordic words need no lemmas."""
AGREED = 2
"""Runs in fewer answers than this say nothing about what answers share."""
MOST_READ = 2000
"""Directions are found from at most so many different answers."""

_ROWS_AT_A_TIME = 4096


def beside_meaning(
    vectors: Floats, texts: Sequence[str], languages: Sequence[str], progress: Progress = silent
) -> Floats:
    """Return the vectors (n, d) with how their texts are worded in further columns, float32 (n, d + up to 50).

    texts, languages: of each row; "" is an unknown language. The same rows in another order give the same columns.
    Where no two answers share any wording, or all mean the same, the vectors come back as they are.
    """
    wording = _directions(texts, languages, progress)
    spread, apart = _spread(vectors, languages), _spread(wording, languages)
    if not spread or not apart:
        return vectors
    scale = float(f"{WEIGHT * np.sqrt(spread / apart):.6g}")  # sums in another order of the rows change no digit of it
    return np.hstack([np.asarray(vectors, dtype=np.float32), wording * np.float32(scale)])


def _directions(texts: Sequence[str], languages: Sequence[str], progress: Progress) -> NDArray[np.float32]:
    """Return the leading directions of the wording, float32 (n, at most DIRECTIONS), each language's mean still in."""
    said = sorted(dict(sorted(zip(texts, languages, strict=True))).items())
    every = np.linspace(0, len(said) - 1, min(len(said), MOST_READ)).round().astype(int)
    read = [said[at] for at in every.tolist()]
    reader = TfidfVectorizer(
        analyzer="char_wb", ngram_range=LETTERS, min_df=AGREED, sublinear_tf=True, lowercase=False, dtype=np.float32
    )
    try:
        rows = reader.fit_transform([_content(text, language) for text, language in read])
    except ValueError:  # no run of letters is in two answers
        return np.zeros((len(texts), 0), dtype=np.float32)
    loadings = _loadings(rows, [language for _, language in read])
    out = np.empty((len(texts), loadings.shape[1]), dtype=np.float32)
    for part in _parts(len(texts)):
        progress(part.start / len(texts), "Reading how answers are worded")
        content = [_content(text, language) for text, language in zip(texts[part], languages[part], strict=True)]
        out[part] = reader.transform(content) @ loadings
    return out


def _loadings(rows: sparse.csr_matrix, languages: Sequence[str]) -> NDArray[np.float32]:
    """Return the leading directions (runs, q) of rows (n, runs) around the means of their languages."""
    n = len(languages)
    tongues = np.array(languages)
    shared = np.zeros((n, n))
    for language in sorted(set(languages)):
        mine = (tongues == language).astype(np.float64)
        shared += np.outer(mine, mine) / mine.sum()
    centring = np.eye(n) - shared
    with threadpool_limits(1):  # the same sums in the same order on every number of cores
        alike = centring @ (rows @ rows.T).toarray() @ centring
        values, left = eigh(alike, subset_by_index=[max(0, n - DIRECTIONS), n - 1])
        there = values > 1e-6 * max(float(values[-1]), 1e-12)
        left = centring @ left[:, there] / np.sqrt(values[there])
    return np.asarray(rows.T @ left, dtype=np.float32)


def _spread(rows: Floats, languages: Sequence[str]) -> float:
    """Return the variance of rows (n, d) around the means of their languages, over all columns."""
    if not rows.shape[1]:
        return 0.0
    means = language_means(rows, np.ones(len(rows)), np.array(languages))
    total = 0.0
    for part in _parts(len(rows)):
        shared = np.array([means.get(language, means[""]) for language in languages[part]])
        total += float(((np.asarray(rows[part], dtype=np.float64) - shared) ** 2).sum())
    return total / len(rows)


def _content(text: str, language: str) -> str:
    """Return the words of a text that say something, in small letters."""
    stops = stop_words(language or "en")
    words = (word.lower() for clause in clauses(text) for word in clause)
    return " ".join(word for word in words if word not in stops)


def _parts(rows: int) -> Iterator[slice]:
    yield from (slice(low, low + _ROWS_AT_A_TIME) for low in range(0, rows, _ROWS_AT_A_TIME))
