"""Vectors by text, kept as a few matrices: what hundreds of thousands of them travel and rest in."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray


class VectorTable(Mapping[str, NDArray[np.float32]]):
    """Vectors by text, read-only.

    texts: distinct. matrices: float32 (rows, d) each, one row a text, in the order of the texts. Between processes it
    goes as these arrays, where a dict would go as hundreds of thousands.
    """

    def __init__(self, texts: Sequence[str], *matrices: NDArray[np.float32]) -> None:
        self.texts = tuple(texts)
        self.matrices = matrices
        self._starts = tuple(accumulate(map(len, matrices), initial=0))[:-1]
        self._places: dict[str, int] | None = None

    @classmethod
    def of(cls, vectors: Mapping[str, NDArray[np.float32]]) -> "VectorTable":
        """Return the same vectors as a table; a table comes back as it is."""
        if isinstance(vectors, VectorTable):
            return vectors
        return cls(tuple(vectors), np.array(list(vectors.values()), dtype=np.float32))

    def __getitem__(self, text: str) -> NDArray[np.float32]:
        place = self._index()[text]
        which = bisect_right(self._starts, place) - 1
        return self.matrices[which][place - self._starts[which]]

    def __contains__(self, text: object) -> bool:
        return text in self._index()

    def __iter__(self) -> Iterator[str]:
        return iter(self.texts)

    def __len__(self) -> int:
        return len(self.texts)

    def __reduce__(self) -> tuple[type["VectorTable"], tuple[tuple[str, ...] | NDArray[np.float32], ...]]:
        return VectorTable, (self.texts, *self.matrices)

    def _index(self) -> dict[str, int]:
        if self._places is None:
            self._places = {text: place for place, text in enumerate(self.texts)}
        return self._places
