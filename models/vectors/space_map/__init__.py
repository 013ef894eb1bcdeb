"""The learned map from multilingual-e5-small to the space of all-MiniLM-L6-v2, as plain numpy.

MiniLM groups English answers best and knows no other language; e5 carries meaning across languages and groups
worse. The map is fitted on English sentences only (see fit.py) and then serves every language that e5 reads.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]
Floats = NDArray[np.float32] | NDArray[np.float64]

SHIPPED = Path(__file__).with_name("space_map.npz")
ROWS_AT_ONCE = 2_048
MAPPED_WEIGHT = 2.0
"""Length of the mapped part when the e5 part has length 1 (measured on SIB-200: 1 groups worse, 3 no better)."""


@dataclass(frozen=True)
class SpaceMap:
    """A residual network, e5 -> MiniLM, and the fixed means that centre both spaces; all float32.

    x = (e5 - mean) / scale; mapped = unit(x @ skip + gelu(x @ inner + inner_bias) @ outer + bias).
    mean: (d,) of e5 vectors over the fitting sentences. mapped_mean: (m,) of mapped vectors over the same.
    skip (d, m), inner (d, h), inner_bias (h,), outer (h, m), bias (m,). version: changes with the arrays.
    """

    mean: Matrix
    scale: float
    skip: Matrix
    inner: Matrix
    inner_bias: Matrix
    outer: Matrix
    bias: Matrix
    mapped_mean: Matrix
    version: str

    @property
    def dim(self) -> int:
        """Length of a joined vector."""
        return len(self.mean) + len(self.mapped_mean)

    def map(self, vectors: Matrix) -> Matrix:
        """Return the unit MiniLM-like vectors (n, m) of unit e5 vectors (n, d)."""
        x = (vectors - self.mean) / np.float32(self.scale)
        return unit(x @ self.skip + gelu(x @ self.inner + self.inner_bias) @ self.outer + self.bias)

    def join(self, vectors: Matrix) -> Matrix:
        """Return unit rows (n, d + m): the centred e5 vector beside the centred mapped one, which weighs more.

        The means are those of the fitting sentences, never of the texts at hand: each row depends on itself alone.
        """
        parts = [vectors[start : start + ROWS_AT_ONCE] for start in range(0, len(vectors), ROWS_AT_ONCE)]
        joined = [self._join(part) for part in parts]
        return np.vstack(joined) if joined else np.empty((0, self.dim), dtype=np.float32)

    def _join(self, vectors: Matrix) -> Matrix:
        mapped = unit(self.map(vectors) - self.mapped_mean)
        return unit(np.hstack([unit(vectors - self.mean), MAPPED_WEIGHT * mapped]))


def unit(vectors: Floats) -> Matrix:
    """Return the rows scaled to length 1; a row of zeros stays as it is."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.maximum(lengths, 1e-12)).astype(np.float32)


def gelu(x: Floats) -> Floats:
    """Return the Gaussian error linear unit in its tanh form (Hendrycks & Gimpel 2016)."""
    return 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi).astype(np.float32) * (x + 0.044715 * x**3)))


@lru_cache(maxsize=1)
def load_space_map(path: Path = SHIPPED) -> SpaceMap:
    """Return the map that ships with Samtal."""
    with np.load(path, allow_pickle=False) as arrays:
        names = ("mean", "skip", "inner", "inner_bias", "outer", "bias", "mapped_mean")
        return SpaceMap(
            **{name: arrays[name].astype(np.float32) for name in names},
            scale=float(arrays["scale"]),
            version=str(arrays["version"]),
        )
