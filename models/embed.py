"""Texts in, unit vectors out: the Embedder protocol, how to get one, and the bookkeeping around it.

Importing this module is cheap; torch is loaded only when a text model is. Nothing here uses the network, unless the
environment says HF_HUB_OFFLINE=0 and a model of the Hugging Face hub is named that is not on this machine yet.
"""

import os
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from platformdirs import user_cache_path

from models.progress import Progress, silent

NOTHING_KNOWN: Mapping[str, NDArray[np.float32]] = MappingProxyType({})


class Embedder(Protocol):
    """Turns texts into unit vectors; a text's vector does not depend on the texts beside it, save for rounding.

    name: identifies weights and processing; vectors are cached under it.
    dim: length of a vector.
    reason: one sentence or two on why this embedder is used, or what it stands in for.
    """

    name: str
    dim: int
    reason: str

    def encode(self, texts: Sequence[str], progress: Progress = silent) -> NDArray[np.float32]:
        """Return float32 (len(texts), dim), every row of length 1."""
        ...


def load_embedder(spec: str = "auto", weights_dir: Path | None = None) -> Embedder:
    """Return the text model called `spec`, loaded once per process.

    spec: auto, multilingual, minilm, english, a folder with a sentence-transformers model, or a model's name on the
    hub.
    weights_dir: where unpacked weights are kept; a folder in the user's cache when None.
    Raises EmbedderUnavailable, in a sentence that says what to do.
    """
    return _load(spec, weights_dir or user_cache_path("samtal", appauthor=False) / "weights")


@lru_cache(maxsize=4)
def _load(spec: str, weights_dir: Path) -> Embedder:
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    from models.vectors.backends import BACKENDS, load_named

    backend = BACKENDS.get(spec)
    return backend(weights_dir) if backend else load_named(spec)


def embed(
    texts: Sequence[str],
    embedder: Embedder,
    known: Mapping[str, NDArray[np.float32]] = NOTHING_KNOWN,
    progress: Progress = silent,
) -> NDArray[np.float32]:
    """Return float32 (len(texts), dim): one unit row per text, in order; each new text is embedded once.

    known: vectors of earlier runs of the same embedder, by text; they are taken as they are.
    """
    places = {text: place for place, text in enumerate(dict.fromkeys(texts))}
    new = [text for text in places if text not in known]
    if len(new) == len(texts) and new:
        return np.asarray(embedder.encode(new, progress), dtype=np.float32)
    rows = np.empty((len(places), embedder.dim), dtype=np.float32)
    for text in places.keys() & known.keys():
        rows[places[text]] = known[text]
    if new:
        rows[[places[text] for text in new]] = embedder.encode(new, progress)
    return rows if len(rows) == len(texts) else rows[[places[text] for text in texts]]
