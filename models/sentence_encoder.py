"""A sentence-transformers model as an Embedder. Importing this module loads torch."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer
from transformers.utils import logging as transformers_logging

from models.progress import Progress, silent
from models.space_map import SpaceMap, unit

BATCH = 64
LONGEST = 16_000


class SentenceEncoder:
    """Unit vectors from a sentence-transformers model that is on this machine.

    A text longer than the model's window (256 word pieces for MiniLM, 512 for e5) counts with its beginning only.
    Texts are batched by length and in a fixed order, so that the order of the input changes no vector, and the
    company a text is in changes it by rounding only.

    half: compute in bfloat16. prompt: put before every text; the model's own default when None.
    """

    def __init__(self, folder: Path, name: str, reason: str, half: bool = False, prompt: str | None = None) -> None:
        self.name = f"{name} (bf16)" if half else name
        self.reason = reason
        self._prompt = prompt
        precision = torch.bfloat16 if half else torch.float32
        with _quiet():
            self._model = SentenceTransformer(str(folder), local_files_only=True, model_kwargs={"dtype": precision})
        self.dim = int(self._model.get_embedding_dimension() or 0)

    def encode(self, texts: Sequence[str], progress: Progress = silent) -> NDArray[np.float32]:
        cleaned = [clean(text) for text in texts]
        order = sorted(range(len(texts)), key=lambda row: (-len(cleaned[row]), cleaned[row]))
        vectors = np.empty((len(texts), self.dim), dtype=np.float32)
        for start in range(0, len(order), BATCH):
            rows = order[start : start + BATCH]
            batch = [cleaned[row] for row in rows]
            made = self._model.encode(batch, prompt=self._prompt, batch_size=BATCH, convert_to_tensor=True)
            vectors[rows] = made.float().cpu().numpy()
            progress(min(1.0, (start + BATCH) / len(order)), "Reading the answers")
        return unit(vectors)


class JoinedEncoder:
    """Vectors of multilingual-e5-small beside their image in MiniLM's space (see models.space_map)."""

    def __init__(self, e5: SentenceEncoder, space_map: SpaceMap) -> None:
        self.name = f"{e5.name} + map {space_map.version}"
        self.reason = e5.reason
        self.dim = space_map.dim
        self._e5 = e5
        self._map = space_map

    def encode(self, texts: Sequence[str], progress: Progress = silent) -> NDArray[np.float32]:
        return self._map.join(self._e5.encode(texts, progress))


def half_is_fast() -> bool:
    """Return whether this machine computes bfloat16 natively on its CPU (AVX512-BF16) and has no GPU to use."""
    return not torch.cuda.is_available() and bool(torch.cpu.get_capabilities().get("avx512_bf16"))


def clean(text: str) -> str:
    """Return the text as a tokeniser can take it: no NUL, no lone surrogate, single blanks, at most 16,000 characters.

    >>> clean("a\\x00b\\n c\\ud800")
    'a b c?'
    """
    encodable = text[: 4 * LONGEST].replace("\x00", " ").encode("utf-8", "replace").decode("utf-8")
    return " ".join(encodable.split())[:LONGEST]


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the libraries' loading bars and remarks off the terminal."""
    level, bars = transformers_logging.get_verbosity(), transformers_logging.is_progress_bar_enabled()
    remarks = logging.getLogger("sentence_transformers")
    remarks_level = remarks.level
    transformers_logging.set_verbosity(logging.ERROR)
    transformers_logging.disable_progress_bar()
    remarks.setLevel(logging.ERROR)
    try:
        yield
    finally:
        transformers_logging.set_verbosity(level)
        remarks.setLevel(remarks_level)
        if bars:
            transformers_logging.enable_progress_bar()
