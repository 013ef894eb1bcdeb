"""Texts in, unit vectors out: one protocol, a registry of backends, and the bookkeeping around them.

Importing this module is cheap; torch is loaded only when a backend is.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from platformdirs import user_cache_path

from models import packaged_weights
from models.errors import EmbedderUnavailable
from models.progress import Progress, silent

NOTHING_KNOWN: Mapping[str, NDArray[np.float32]] = MappingProxyType({})


class Embedder(Protocol):
    """Turns texts into unit vectors; a text's vector does not depend on the texts beside it.

    name: identifies weights and processing; vectors are cached under it.
    dim: length of a vector.
    reason: one sentence that says why this embedder was chosen, or what it stands in for.
    """

    name: str
    dim: int
    reason: str

    def encode(self, texts: Sequence[str], progress: Progress = silent) -> NDArray[np.float32]:
        """Return float32 (len(texts), dim), every row of length 1."""
        ...


def load_minilm(weights_dir: Path) -> Embedder:
    """Return all-MiniLM-L6-v2 from its pip package; raises EmbedderUnavailable when it is absent or altered."""
    from models.sentence_encoder import SentenceEncoder

    folder = packaged_weights.minilm_folder()
    return SentenceEncoder(str(folder), name="all-MiniLM-L6-v2", reason="MiniLM was asked for; it reads English only.")


BACKENDS: dict[str, Callable[[Path], Embedder]] = {"minilm": load_minilm}


def load_embedder(spec: str = "auto", weights_dir: Path | None = None) -> Embedder:
    """Return the embedder called `spec`; raises EmbedderUnavailable with a sentence that says what to do."""
    return _load(spec, weights_dir or default_weights_dir())


def default_weights_dir() -> Path:
    """Return the folder where unpacked weights are kept when nobody names another."""
    return user_cache_path("samtal", appauthor=False) / "weights"


@lru_cache(maxsize=4)
def _load(spec: str, weights_dir: Path) -> Embedder:
    if spec == "auto":
        return BACKENDS["minilm"](weights_dir)
    if spec not in BACKENDS:
        raise EmbedderUnavailable(f"There is no text model called '{spec}'.")
    return BACKENDS[spec](weights_dir)


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
    rows = np.empty((len(places), embedder.dim), dtype=np.float32)
    new = [text for text in places if text not in known]
    for text in places.keys() & known.keys():
        rows[places[text]] = known[text]
    if new:
        rows[[places[text] for text in new]] = embedder.encode(new, progress)
    return rows[[places[text] for text in texts]]
