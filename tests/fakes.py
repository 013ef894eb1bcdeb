"""Stand-ins that tests share; none of them needs torch or a model file."""

import re
import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.progress import Progress, silent


class FakeEmbedder:
    """A deterministic bag of hashed words: texts that share words get similar unit vectors.

    The same text has the same vector in every process and whatever its company. `calls` holds the texts of every
    `encode` call, so that a test can see what was embedded.
    """

    name = "fake-words"
    reason = "A stand-in for tests."

    def __init__(self, dim: int = 64) -> None:
        self.dim = dim
        self.calls: list[list[str]] = []

    def encode(self, texts: Sequence[str], progress: Progress = silent) -> NDArray[np.float32]:
        self.calls.append(list(texts))
        rows = np.array([self._vector(text) for text in texts], dtype=np.float32).reshape(len(texts), self.dim)
        progress(1.0, "Reading the answers")
        return rows

    def _vector(self, text: str) -> NDArray[np.float64]:
        words = re.findall(r"\w+", text.lower()) or [text]
        total = np.sum([self._word(word) for word in words], axis=0)
        return total / np.linalg.norm(total)

    def _word(self, word: str) -> NDArray[np.float64]:
        seed = zlib.crc32(word.encode("utf-8", "replace"))
        return np.random.default_rng(seed).standard_normal(self.dim)
