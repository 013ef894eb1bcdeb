"""Vectors by text, kept as one matrix: what hundreds of thousands of them travel and rest in."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray


class VectorTable(Mapping[str, NDArray[np.float32]]):
    """Vectors by text, read-only.

    texts: distinct. matrix: float32 (len(texts), d), one row a text. Between processes it goes as one array, where a
    dict would go as hundreds of thousands.
    """

    def __init__(self, texts: Sequence[str], matrix: NDArray[np.float32]) -> None:
        self.texts = tuple(texts)
        self.matrix = matrix
        self._places: dict[str, int] | None = None

    @classmethod
    def of(cls, vectors: Mapping[str, NDArray[np.float32]]) -> "VectorTable":
        """Return the same vectors as one matrix."""
        if isinstance(vectors, VectorTable):
            return vectors
        return cls(tuple(vectors), np.array(list(vectors.values()), dtype=np.float32))

    def __getitem__(self, text: str) -> NDArray[np.float32]:
        return self.matrix[self._index()[text]]

    def __contains__(self, text: object) -> bool:
        return text in self._index()

    def __iter__(self) -> Iterator[str]:
        return iter(self.texts)

    def __len__(self) -> int:
        return len(self.texts)

    def __reduce__(self) -> tuple[type["VectorTable"], tuple[tuple[str, ...], NDArray[np.float32]]]:
        return VectorTable, (self.texts, self.matrix)

    def _index(self) -> dict[str, int]:
        if self._places is None:
            self._places = {text: place for place, text in enumerate(self.texts)}
        return self._places
