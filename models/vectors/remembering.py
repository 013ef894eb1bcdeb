"""An embedder that embeds each text once and tells which vectors are new."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from models.embed import Embedder, embed
from models.progress import Progress, silent
from models.vectors.table import VectorTable

Vectors = NDArray[np.float32]


class Remembering:
    """Another embedder with a memory.

    known: vectors by text from earlier runs of the same embedder.
    """

    def __init__(self, embedder: Embedder, known: Mapping[str, Vectors]) -> None:
        self._embedder = embedder
        self._known = known
        self.name, self.dim, self.reason = embedder.name, embedder.dim, embedder.reason
        self._new: dict[str, Vectors] = {}
        self._made: list[Vectors] = []

    @property
    def new(self) -> VectorTable:
        """Return the vectors that were not known, as they came in."""
        return VectorTable(tuple(self._new), *self._made)

    def encode(self, texts: Sequence[str], progress: Progress = silent) -> Vectors:
        """Return float32 (len(texts), dim), every row of length 1."""
        self.learn(texts, progress)
        rows = np.empty((len(texts), self.dim), dtype=np.float32)
        for row, text in enumerate(texts):
            rows[row] = self._new[text] if text in self._new else self._known[text]
        return rows

    def learn(self, texts: Sequence[str], progress: Progress = silent) -> None:
        """Embed what is not known yet."""
        unknown = [text for text in dict.fromkeys(texts) if text not in self._known and text not in self._new]
        if unknown:
            made = embed(unknown, self._embedder, progress=progress)
            self._made.append(made)
            self._new.update(zip(unknown, made, strict=True))
