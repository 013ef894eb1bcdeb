"""A sentence-transformers model as an Embedder. Importing this module loads torch."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer

from models.progress import Progress, silent

BATCH = 64
LONGEST = 16_000


class SentenceEncoder:
    """Unit vectors from a sentence-transformers folder. A text longer than the model's window is cut at its end."""

    def __init__(self, folder: str, name: str, reason: str) -> None:
        self.name = name
        self.reason = reason
        self._model = SentenceTransformer(folder, device="cpu", local_files_only=True)
        self.dim = int(self._model.get_embedding_dimension() or 0)

    def encode(self, texts: Sequence[str], progress: Progress = silent) -> NDArray[np.float32]:
        cleaned = [clean(text) for text in texts]
        order = sorted(range(len(texts)), key=lambda row: (-len(cleaned[row]), cleaned[row]))
        vectors = np.empty((len(texts), self.dim), dtype=np.float32)
        for start in range(0, len(order), BATCH):
            rows = order[start : start + BATCH]
            with torch.inference_mode():
                batch = self._model.encode([cleaned[row] for row in rows], batch_size=BATCH, normalize_embeddings=True)
            vectors[rows] = batch
            progress(min(1.0, (start + BATCH) / len(order)), "Reading the answers")
        return vectors


def clean(text: str) -> str:
    """Return the text as a tokeniser can take it: no NUL, no lone surrogate, single blanks, at most 16,000 characters.

    >>> clean("a\\x00b\\n c\\ud800")
    'a b c?'
    """
    encodable = text[: 4 * LONGEST].replace("\x00", " ").encode("utf-8", "replace").decode("utf-8")
    return " ".join(encodable.split())[:LONGEST]
