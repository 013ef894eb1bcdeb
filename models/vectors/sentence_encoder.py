"""A sentence-transformers model as an Embedder. Importing this module loads torch."""

import logging
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

import numpy as np
import torch
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer
from sentence_transformers.util import batch_to_device
from transformers.utils import logging as transformers_logging

from models.progress import Progress, silent
from models.vectors.portions import portions
from models.vectors.space_map import SpaceMap, unit
from models.vectors.word_layer import WordLayer
from models.vectors.word_layer.tap import Tap

BATCH = 64
LONGEST = 16_000
ALIKE = 32
"""Texts up to this many characters share a batch whatever their length."""


class SentenceEncoder:
    """Unit vectors from a sentence-transformers model that is on this machine.

    A text longer than the model's window (256 word pieces for MiniLM, 512 for e5) counts with its beginning only.
    Texts are batched by length and in a fixed order, so that the order of the input changes no vector, and the
    company a text is in changes it by rounding only. Each core works on a batch of its own: threads that share one
    batch wait for each other, and under load are several times slower.

    half: compute in bfloat16. prompt: put before every text; the model's own default when None.
    space_map: join the vectors with their image in another space (see models.vectors.space_map).
    word_layer: what an early layer of the model gives stands beside them (see models.vectors.word_layer).
    """

    def __init__(
        self,
        folder: Path,
        name: str,
        reason: str,
        *,
        half: bool = False,
        prompt: str | None = None,
        space_map: SpaceMap | None = None,
        word_layer: WordLayer | None = None,
    ) -> None:
        precision = torch.bfloat16 if half else torch.float32
        with _quiet():
            self._model = SentenceTransformer(str(folder), local_files_only=True, model_kwargs={"dtype": precision})
        self._prompt = prompt if prompt is not None else self._default_prompt()
        self._on_cpu = self._model.device.type == "cpu"
        self._tokenising = Lock()
        self._map = space_map
        self._words = (word_layer, Tap(self._model, word_layer.layer)) if word_layer else None
        self.name = (
            name
            + (f" + map {space_map.version}" if space_map else "")
            + (f" + words {word_layer.version}" if word_layer else "")
            + (", bf16" if half else "")
        )
        self.reason = reason
        self.dim = space_map.dim if space_map else int(self._model.get_embedding_dimension() or 0)
        self.dim += word_layer.dim if word_layer else 0

    def encode(self, texts: Sequence[str], progress: Progress = silent) -> NDArray[np.float32]:
        cleaned = [clean(text) for text in texts]
        vectors = np.empty((len(texts), self.dim), dtype=np.float32)
        done = 0
        with ThreadPoolExecutor(
            max_workers=cores() if self._on_cpu else 1, initializer=torch.set_num_threads, initargs=(1,)
        ) as pool:
            made = pool.map(lambda rows: (rows, self._encode_batch([cleaned[row] for row in rows])), batches(cleaned))
            for rows, batch in made:
                vectors[rows] = batch
                done += len(rows)
                progress(done / len(texts), "Reading the answers")
        return vectors

    def _encode_batch(self, texts: list[str]) -> NDArray[np.float32]:
        with self._tokenising:
            features = self._model.preprocess(texts, prompt=self._prompt)
        with torch.inference_mode():
            made = self._model(batch_to_device(features, self._model.device))
        rows = unit(made["sentence_embedding"].float().cpu().numpy())
        whole = self._map.join(rows) if self._map else rows
        if self._words is None:
            return whole
        word_layer, tap = self._words
        return word_layer.beside(whole, tap.mean(made["attention_mask"]))

    def _default_prompt(self) -> str | None:
        return self._model.prompts.get(self._model.default_prompt_name or "")


def cores() -> int:
    """Return how many processor cores this process may use, at most 8."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(allowed, 8)


def batches(texts: Sequence[str]) -> Iterator[list[int]]:
    """Yield row numbers, longest texts first, at most 64 at a time, none less than half as long as the batch's first.

    The batches depend on which texts there are, not on their order, and not on whether one process embeds them all or
    several a portion each.
    """
    for portion in portions(texts):
        batch: list[int] = []
        for row in portion:
            if batch and (len(batch) == BATCH or len(texts[batch[0]]) > max(2 * len(texts[row]), ALIKE)):
                yield batch
                batch = []
            batch.append(row)
        yield batch


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
