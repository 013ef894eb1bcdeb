"""Vectors by text, kept as a few matrices: what hundreds of thousands of them travel and rest in."""

import os
import tempfile
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from models.errors import ModelError

Matrix = NDArray[np.float32]


class VectorTable(Mapping[str, Matrix]):
    """Vectors by text, read-only.

    texts: distinct. matrices: float32 (rows, d) each, one row a text, in the order of the texts. Between processes it
    goes as these arrays, where a dict would go as hundreds of thousands.

    >>> table = VectorTable(["calm", "cheap"], np.eye(2, dtype=np.float32))
    >>> table.rest()
    >>> table["cheap"]
    array([0., 1.], dtype=float32)
    """

    def __init__(self, texts: Sequence[str], *matrices: Matrix) -> None:
        self.texts = tuple(texts)
        self._rows: _Rows = _InMemory(matrices)
        self._places: dict[str, int] | None = None

    @classmethod
    def of(cls, vectors: Mapping[str, Matrix]) -> "VectorTable":
        """Return the same vectors as a table; a table comes back as it is."""
        if isinstance(vectors, VectorTable):
            return vectors
        return cls(tuple(vectors), np.array(list(vectors.values()), dtype=np.float32))

    @property
    def matrices(self) -> tuple[Matrix, ...]:
        """The vectors as matrices; one that is read anew while they rest in a file."""
        return self._rows.matrices()

    def rest(self) -> None:
        """Move the vectors into a temporary file without a name, from which each is read when it is asked for.

        They take no memory from then on. Raises ModelError when the disk has no room for them; then they stay.
        """
        if self.texts and isinstance(self._rows, _InMemory):
            try:
                self._rows = _InFile(self._rows.matrices())
            except OSError as error:
                raise ModelError(
                    f"There is no room for the vectors of {len(self.texts):,} texts in {tempfile.gettempdir()} "
                    f"({error.strerror or error}): free some, or name a folder with more in the variable TMPDIR."
                ) from error

    def __getitem__(self, text: str) -> Matrix:
        return self._rows[self._index()[text]]

    def __contains__(self, text: object) -> bool:
        return text in self._index()

    def __iter__(self) -> Iterator[str]:
        return iter(self.texts)

    def __len__(self) -> int:
        return len(self.texts)

    def __reduce__(self) -> tuple[type["VectorTable"], tuple[tuple[str, ...] | Matrix, ...]]:
        return VectorTable, (self.texts, *self.matrices)

    def _index(self) -> dict[str, int]:
        if self._places is None:
            self._places = {text: place for place, text in enumerate(self.texts)}
        return self._places


class _Rows(Protocol):
    def __getitem__(self, place: int) -> Matrix: ...

    def matrices(self) -> tuple[Matrix, ...]: ...


class _InMemory:
    def __init__(self, matrices: tuple[Matrix, ...]) -> None:
        self._matrices = matrices
        self._starts = tuple(accumulate(map(len, matrices), initial=0))[:-1]

    def __getitem__(self, place: int) -> Matrix:
        which = bisect_right(self._starts, place) - 1
        return self._matrices[which][place - self._starts[which]]

    def matrices(self) -> tuple[Matrix, ...]:
        return self._matrices


class _InFile:
    def __init__(self, matrices: tuple[Matrix, ...]) -> None:
        self._dim = matrices[0].shape[1]
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 (it is gone when nobody holds it any more)
        for matrix in matrices:
            self._file.write(np.ascontiguousarray(matrix, dtype=np.float32).data)
        self._file.flush()

    def __getitem__(self, place: int) -> Matrix:
        size = np.dtype(np.float32).itemsize * self._dim
        return np.frombuffer(os.pread(self._file.fileno(), size, place * size), dtype=np.float32)

    def matrices(self) -> tuple[Matrix, ...]:
        self._file.seek(0)
        return (np.fromfile(self._file, dtype=np.float32).reshape(-1, self._dim),)
