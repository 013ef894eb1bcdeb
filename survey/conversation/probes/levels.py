"""From exemplar answers to a line between the levels: ridge regression on the vectors of all languages' exemplars.

The result for the packaged model and the packaged exemplars lies beside them, so that a server need not read hundreds
of sentences when it starts. After a change of an exemplar: `python -m survey.conversation.probes.fit`; until then they
are read at start.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

from models.vectors.packaged_weights import E5_SHA256
from survey.conversation.probes.cues import Scores
from survey.conversation.probes.wording import LEVELS, wording
from survey.definition.languages import LANGUAGES

if TYPE_CHECKING:
    import numpy as np

Encode = Callable[[Sequence[str]], "np.ndarray"]

BATCH = 16
SHRINKAGE = 6.0
PACKAGED = ("packaged", "probes", "levels.npz")


@dataclass(frozen=True, eq=False)
class Levels:
    """Where the exemplars lie: their centre (one number per dimension), and a column of weights for each level."""

    centre: "np.ndarray"
    weights: "np.ndarray"

    def scores(self, vector: "np.ndarray") -> Scores:
        """Return how near a vector is to attributes, consequences and values, about -0.5 to 1 each."""
        a, c, v = (_unit((vector - self.centre)[None, :]) @ self.weights)[0]
        return float(a), float(c), float(v)


def fit_levels(encode: Encode) -> Levels:
    """Return the line between the levels for an encoder, which is given all exemplars."""
    import numpy as np

    known = _exemplars()
    words = [text for _, text in known]
    vectors = np.vstack([encode(words[start : start + BATCH]) for start in range(0, len(words), BATCH)])
    centre = vectors.mean(axis=0)
    rows = _unit(vectors - centre)
    wanted = np.array([[float(level == of) for of in LEVELS] for level, _ in known]) - 1 / len(LEVELS)
    weights = np.linalg.solve(rows.T @ rows + SHRINKAGE * np.eye(rows.shape[1]), rows.T @ wanted)
    return Levels(centre.astype(np.float32), weights.astype(np.float32))


def packaged_levels(encode: Encode) -> Levels:
    """Return the packaged line when it was made from today's exemplars, else the one that they give now."""
    import numpy as np

    with files("data").joinpath(*PACKAGED).open("rb") as file, np.load(file) as found:
        if str(found["made_from"]) == made_from():
            return Levels(found["centre"], found["weights"])
    return fit_levels(encode)


def made_from() -> str:
    """Return a fingerprint of the model, the exemplars and the settings."""
    parts = [E5_SHA256, str(SHRINKAGE), *(f"{level}\t{text}" for level, text in _exemplars())]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _exemplars() -> list[tuple[str, str]]:
    return [(level, text) for language in LANGUAGES for level in LEVELS for text in wording(language).exemplars[level]]


def _unit(rows: "np.ndarray") -> "np.ndarray":
    import numpy as np

    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
