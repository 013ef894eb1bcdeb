"""Two text models read the same texts, and their vectors stand side by side."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.embed import Embedder
from models.progress import Progress, silent


class SideBySide:
    """An Embedder whose vectors are those of several embedders, each of length 1, joined and scaled to length 1.

    The inner product of two texts is thus the mean of the inner products by each model.
    """

    def __init__(self, parts: Sequence[Embedder], reason: str) -> None:
        self._parts = tuple(parts)
        self.name = " beside ".join(part.name for part in self._parts)
        self.dim = sum(part.dim for part in self._parts)
        self.reason = reason

    def encode(self, texts: Sequence[str], progress: Progress = silent) -> NDArray[np.float32]:
        share = 1 / len(self._parts)
        rows = [part.encode(texts, _later(progress, at * share, share)) for at, part in enumerate(self._parts)]
        return np.hstack(rows) * np.float32(np.sqrt(share))


def _later(progress: Progress, start: float, share: float) -> Progress:
    """Progress of a part of the work, told as progress of the whole."""
    return lambda fraction, message: progress(start + share * fraction, message)
