"""Fits the map that ships with Samtal, in about half an hour on two idle cores:

    apt-cache dumpavail > packages.txt      (Debian 12, main)
    python -m models.vectors.space_map.fit --wordnet /usr/share/wordnet --packages packages.txt --weights FOLDER

Embeds English sentences with both packaged models and fits a residual network from one space to the other. Elsewhere
the arrays differ from those that ship: by rounding on another processor, by a little when the archive has changed.
"""

import argparse
import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.functional import normalize

from models.vectors.packaged_weights import e5_folder, minilm_folder
from models.vectors.sentence_encoder import SentenceEncoder, half_is_fast
from models.vectors.space_map import SHIPPED, SpaceMap
from models.vectors.space_map.sentences import read_synopses, read_wordnet

VERSION = "2"
SOURCE = (
    "Definitions and examples of WordNet 3.0, Copyright 2006 by Princeton University, WordNet 3.0 licence; "
    "one-line package descriptions of Debian 12 main, under the free licences of their packages"
)
WORDNET_SENTENCES = 80_000
SYNOPSES = 30_000
HIDDEN = 1_024
EPOCHS = 12
BATCH = 512
SEED = 0
RELATIONS = 10.0
"""Weight of the second part of the loss (on SIB-200 the Nordic languages gain .02 to .03 by it)."""

log = logging.getLogger(__name__)

Matrix = NDArray[np.float32]


class Residual(torch.nn.Module):
    """Linear, beside one hidden layer."""

    def __init__(self, inputs: int, outputs: int, hidden: int = HIDDEN) -> None:
        super().__init__()
        self.skip = torch.nn.Linear(inputs, outputs)
        self.inner = torch.nn.Linear(inputs, hidden)
        self.outer = torch.nn.Linear(hidden, outputs, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.skip(x) + self.outer(torch.nn.functional.gelu(self.inner(x), approximate="tanh"))


def fit_map(e5: Matrix, minilm: Matrix, epochs: int = EPOCHS) -> SpaceMap:
    """Return the map whose vectors are near the true ones, and as far from each other as the true ones are.

    The loss is 1 - cosine(mapped, true), plus 10 times the squared error of the cosines between sentences.
    e5: (n, d) and minilm: (n, m), unit vectors of the same sentences, row by row.
    """
    torch.manual_seed(SEED)
    mean, scale = e5.mean(axis=0), float(e5.std())
    x, target = torch.from_numpy((e5 - mean) / np.float32(scale)), torch.from_numpy(minilm)
    network = Residual(e5.shape[1], minilm.shape[1])
    optimiser = torch.optim.AdamW(network.parameters(), lr=1e-3, weight_decay=1e-4)
    steps = epochs * -(-len(x) // BATCH)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    for epoch in range(epochs):
        total = 0.0
        for rows in torch.randperm(len(x)).split(BATCH):
            mapped, true = normalize(network(x[rows])), target[rows]
            near = (mapped * true).sum(dim=1).mean()
            loss = 1 - near + RELATIONS * ((mapped @ mapped.T - true @ true.T) ** 2).mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            total += near.item() * len(rows)
        log.info("epoch %d: mean cosine %.4f", epoch + 1, total / len(x))
    space_map = _as_arrays(network, mean, scale)
    return replace(space_map, mapped_mean=space_map.map(e5).mean(axis=0))


def _as_arrays(network: Residual, mean: Matrix, scale: float) -> SpaceMap:
    def array(tensor: torch.Tensor) -> Matrix:
        return np.ascontiguousarray(tensor.detach().numpy().T.astype(np.float16).astype(np.float32))

    return SpaceMap(
        mean=mean.astype(np.float32),
        scale=scale,
        skip=array(network.skip.weight),
        inner=array(network.inner.weight),
        inner_bias=array(network.inner.bias),
        outer=array(network.outer.weight),
        bias=array(network.skip.bias),
        mapped_mean=np.zeros(network.skip.out_features, dtype=np.float32),
        version=VERSION,
    )


def save(space_map: SpaceMap, path: Path) -> None:
    """Write the arrays as float16 (means and scale as float32), with their source, in about 2 MB."""
    arrays = {name: getattr(space_map, name).astype(np.float16) for name in HALF}
    arrays |= {name: np.asarray(getattr(space_map, name), dtype=np.float32) for name in WHOLE}
    arrays |= {"version": np.array(space_map.version), "source": np.array(SOURCE)}
    np.savez_compressed(path, allow_pickle=False, **arrays)


HALF = ("skip", "inner", "inner_bias", "outer", "bias")
WHOLE = ("mean", "mapped_mean", "scale")


def choose_sentences(definitions: Sequence[str], synopses: Sequence[str]) -> list[str]:
    """Return at most 80,000 WordNet sentences, drawn at random with a fixed seed, and the first 30,000 synopses."""
    drawn = np.random.default_rng(SEED).permutation(len(definitions))[:WORDNET_SENTENCES]
    return [definitions[row] for row in drawn] + list(synopses[:SYNOPSES])


def main() -> None:
    parser = argparse.ArgumentParser(description="Fit the map that ships with Samtal.")
    parser.add_argument("--wordnet", type=Path, required=True, help="folder with WordNet's data.noun, data.verb, …")
    parser.add_argument("--packages", type=Path, required=True, help="what apt-cache dumpavail writes")
    parser.add_argument("--weights", type=Path, required=True, help="folder for the unpacked e5 weights")
    parser.add_argument("--out", type=Path, default=SHIPPED)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")

    sentences = choose_sentences(read_wordnet(options.wordnet), read_synopses(options.packages))
    log.info("%d sentences", len(sentences))
    e5 = SentenceEncoder(e5_folder(options.weights), "e5", "", half=half_is_fast(), prompt="query: ")
    minilm = SentenceEncoder(minilm_folder(), "minilm", "", half=half_is_fast())
    space_map = fit_map(e5.encode(sentences), minilm.encode(sentences))
    save(space_map, options.out)
    log.info("written to %s", options.out)


if __name__ == "__main__":
    main()
