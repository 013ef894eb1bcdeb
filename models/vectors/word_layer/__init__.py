"""The words of a text as an early layer of its model reads them, beside the vector of the whole text.

The last layer is trained to say what a text is about; an early one still tells which words it is made of, and how
near they are to others. With it, answers are coded a little better than by the vector of the text alone, and grouped a
little better by MiniLM, alike by the others. The means and the directions come from English sentences only (see fit.py)
and serve every language that the model reads.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from models.vectors.space_map import Matrix, unit

SHIPPED = Path(__file__).with_name("word_layers.npz")
WEIGHT = 0.5
"""Length of the words' part when the text's vector has length 1 (measured on labelled answers: .4 and .6 alike)."""


@dataclass(frozen=True)
class WordLayer:
    """How one model's early layer is read; all float32.

    layer: which one, the first is 1. mean: (d,) of its vectors over the fitting sentences. directions: (d, q), those
    along which they differ most. version: changes with the arrays.
    """

    layer: int
    mean: Matrix
    directions: Matrix
    version: str

    @property
    def dim(self) -> int:
        """How many numbers a vector grows by."""
        return int(self.directions.shape[1])

    def beside(self, whole: Matrix, words: Matrix) -> Matrix:
        """Return unit rows (n, m + q): the vector of the whole text, then, weighing less, the centred one of its words.

        whole: (n, m) unit rows. words: (n, d), the layer's vectors, averaged over the pieces of each text.
        """
        return unit(np.hstack([whole, WEIGHT * unit((words - self.mean) @ self.directions)]))


@lru_cache
def load_word_layer(model: str, path: Path = SHIPPED) -> WordLayer:
    """Return how the early layer of a packaged model is read; raises KeyError for a model without one."""
    with np.load(path, allow_pickle=False) as arrays:
        return WordLayer(
            layer=int(arrays[f"{model} layer"]),
            mean=arrays[f"{model} mean"].astype(np.float32),
            directions=arrays[f"{model} directions"].astype(np.float32),
            version=str(arrays["version"]),
        )
