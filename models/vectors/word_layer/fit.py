"""Fits the means and directions that ship with Samtal, in a few minutes on two idle cores:

    python -m models.vectors.word_layer.fit --wordnet /usr/share/wordnet --weights FOLDER

Reads English sentences with an early layer of each packaged model (the English one needs `make english`). Elsewhere the
arrays differ from those that ship by rounding.
"""

import argparse
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer

from models.vectors.packaged_weights import e5_folder, minilm_folder, mpnet_folder
from models.vectors.sentence_encoder import batches
from models.vectors.space_map.sentences import read_wordnet
from models.vectors.word_layer import SHIPPED, WordLayer
from models.vectors.word_layer.tap import Tap

VERSION = "1"
SOURCE = "Definitions and examples of WordNet 3.0, Copyright 2006 by Princeton University, WordNet 3.0 licence"
LAYERS = {"minilm": 3, "e5": 2, "mpnet": 3}
"""Measured on labelled answers: later layers say what the sentence vector says, the very first say less."""

DIRECTIONS = 128
"""About nine tenths of what the layer's vectors differ by."""

SENTENCES = 10_000
SEED = 0

log = logging.getLogger(__name__)


def fit_word_layer(layer: int, words: NDArray[np.float32], directions: int = DIRECTIONS) -> WordLayer:
    """Return the mean and the leading principal directions of a layer's vectors (n, d) of many sentences."""
    mean = words.mean(axis=0)
    spread = np.linalg.svd(words - mean, full_matrices=False)[2][:directions]
    return WordLayer(layer, mean, np.ascontiguousarray(spread.T), VERSION)


def read_words(folder: Path, prompt: str | None, layer: int, sentences: Sequence[str]) -> NDArray[np.float32]:
    """Return what a layer of the model in `folder` gives for sentences (n, d), averaged over their word pieces."""
    model = SentenceTransformer(str(folder), local_files_only=True)
    tap = Tap(model, layer)
    words = np.empty((len(sentences), int(model.get_embedding_dimension() or 0)), dtype=np.float32)
    for rows in batches(sentences):
        features = model.preprocess([sentences[row] for row in rows], prompt=prompt)
        with torch.inference_mode():
            words[rows] = tap.mean(model(features)["attention_mask"])
    return words


def save(word_layers: Mapping[str, WordLayer], path: Path) -> None:
    """Write the arrays by model, directions as float16 and means as float32, with their source, in about 0.5 MB."""
    arrays: dict[str, NDArray[np.generic]] = {"version": np.array(VERSION), "source": np.array(SOURCE)}
    for model, found in word_layers.items():
        arrays[f"{model} layer"] = np.array(found.layer)
        arrays[f"{model} mean"] = found.mean.astype(np.float32)
        arrays[f"{model} directions"] = found.directions.astype(np.float16)
    np.savez_compressed(path, allow_pickle=False, **arrays)


def main() -> None:
    parser = argparse.ArgumentParser(description="Fit the means and directions that ship with Samtal.")
    parser.add_argument("--wordnet", type=Path, required=True, help="folder with WordNet's data.noun, data.verb, …")
    parser.add_argument("--weights", type=Path, required=True, help="folder for the unpacked weights")
    parser.add_argument("--out", type=Path, default=SHIPPED)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")

    known = read_wordnet(options.wordnet)
    sentences = [known[row] for row in np.random.default_rng(SEED).permutation(len(known))[:SENTENCES]]
    folders = {
        "minilm": (minilm_folder(), None),
        "e5": (e5_folder(options.weights), "query: "),
        "mpnet": (mpnet_folder(options.weights), None),
    }
    found = {}
    for model, (folder, prompt) in folders.items():
        found[model] = fit_word_layer(LAYERS[model], read_words(folder, prompt, LAYERS[model], sentences))
        log.info("%s: %d sentences, layer %d", model, len(sentences), LAYERS[model])
    save(found, options.out)
    log.info("written to %s", options.out)


if __name__ == "__main__":
    main()
