"""From vectors to a few directions: language means out, principal components, unit length."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh

from models.results import Floats

MIN_LANGUAGE_ROWS = 20
"""A language needs so many answers before its own mean is subtracted; with fewer the mean of all is used."""

_ROWS_AT_A_TIME = 10_000


@dataclass(frozen=True)
class Space:
    """The principal components of a set of rows.

    centers: mean subtracted per language, (d,) each; "" is the mean of all. basis: (d, p), orthonormal columns,
    leading direction first. variances: (p,), variance along each. total_variance: over all d.
    """

    centers: dict[str, NDArray[np.float64]]
    basis: NDArray[np.float64]
    variances: NDArray[np.float64]
    total_variance: float

    def centred(self, vectors: Floats, languages: NDArray[np.str_] | None = None) -> NDArray[np.float64]:
        """Rows (n, d) without the mean of their languages."""
        return np.asarray(vectors - _rowwise(self.centers, languages, len(vectors)), dtype=np.float64)

    def project(self, vectors: Floats, languages: NDArray[np.str_] | None = None) -> NDArray[np.float64]:
        """Coordinates (n, p) of rows (n, d) along the components."""
        scores = np.asarray(vectors @ self.basis.astype(vectors.dtype), dtype=np.float64)
        shift = {name: mean @ self.basis for name, mean in self.centers.items()}
        if languages is None:
            return scores - shift[""]
        return scores - np.array([shift.get(str(name), shift[""]) for name in languages])


def principal_space(
    vectors: Floats, weights: NDArray[np.float64], languages: NDArray[np.str_] | None, dims: int
) -> Space:
    """Weighted principal components after each language's mean is taken out (METHODS 2: vectors carry a language).

    vectors: (m, d). weights: (m,). dims: at most so many components; directions without variance are left out, but
    there is always at least one component.
    """
    centers = language_means(vectors, weights, languages)
    m, d = vectors.shape
    root = np.sqrt(weights / weights.sum())

    def scaled(part: slice) -> Floats:
        tongues = None if languages is None else languages[part]
        centred = vectors[part] - _rowwise(centers, tongues, len(root[part])).astype(vectors.dtype)
        return centred * root[part, None].astype(vectors.dtype)

    spread = sum(float((scaled(part).astype(np.float64) ** 2).sum()) for part in _parts(m))
    if d <= m:
        square = np.zeros((d, d))
        for part in _parts(m):
            rows = scaled(part)
            square += rows.T @ rows
        values, basis = _leading(square, dims)
    else:
        wide = scaled(slice(None))
        values, left = _leading(np.asarray(wide @ wide.T, dtype=np.float64), dims)
        basis = np.asarray(wide.T, dtype=np.float64) @ left / np.sqrt(np.maximum(values, 1e-300))
    scale = sum(float((vectors[part].astype(np.float64) ** 2).sum(axis=1) @ root[part] ** 2) for part in _parts(m))
    keep = values > max(1e-6 * values[0], 1e-12 * scale, 1e-300)
    keep[0] = True
    basis, values = basis[:, keep], values[keep]
    if not np.isfinite(basis).all() or values[0] <= 1e-300:
        basis, values = np.eye(d, 1), np.zeros(1)
    sign = np.sign(basis[np.abs(basis).argmax(axis=0), np.arange(basis.shape[1])])
    return Space(centers, basis * np.where(sign == 0, 1, sign), np.maximum(values, 0), spread)


def language_means(
    vectors: Floats, weights: NDArray[np.float64], languages: NDArray[np.str_] | None
) -> dict[str, NDArray[np.float64]]:
    """Mean of all rows under "", and of every named language with at least MIN_LANGUAGE_ROWS answers."""
    means = {"": _mean(vectors, weights)}
    if languages is not None:
        for name in sorted({str(language) for language in languages} - {""}):
            mine = languages == name
            if weights[mine].sum() >= MIN_LANGUAGE_ROWS:
                means[name] = _mean(vectors, np.where(mine, weights, 0.0))
    return means


def unit(z: NDArray[np.floating]) -> NDArray[np.float64]:
    """Rows at length 1; a row of zeros stays."""
    z = np.asarray(z, dtype=np.float64)
    length = np.linalg.norm(z, axis=1, keepdims=True)
    return z / np.where(length > 0, length, 1)


def _mean(vectors: Floats, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    sums = sum(weights[part] @ vectors[part] for part in _parts(len(vectors)))
    return np.asarray(sums / weights.sum(), dtype=np.float64)


def _parts(rows: int) -> Iterator[slice]:
    """Slices of so many rows as can be copied without a thought."""
    yield from (slice(low, low + _ROWS_AT_A_TIME) for low in range(0, max(rows, 1), _ROWS_AT_A_TIME))


def _rowwise(
    centers: dict[str, NDArray[np.float64]], languages: NDArray[np.str_] | None, rows: int
) -> NDArray[np.float64]:
    if languages is None or len(centers) == 1:
        return np.broadcast_to(centers[""], (rows, len(centers[""])))
    return np.array([centers.get(str(name), centers[""]) for name in languages])


def _leading(matrix: NDArray[np.float64], dims: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    size = len(matrix)
    values, vectors = eigh(matrix, subset_by_index=[max(0, size - dims), size - 1])
    return values[::-1], vectors[:, ::-1]
