"""Open answers as numbers for one basis: what they say in the words of its code frames, and what no frame explains."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.codes.frames import Frame
from models.coding import Coding, code_answers
from models.features import Block
from models.population import Basis, Question
from models.progress import Progress, silent
from models.texts.cleaning import as_text, is_blank, to_embed
from models.texts.languages import detect_languages
from models.texts.meaning import without_language
from models.vectors.remembering import Remembering

FRAMES_OF: Mapping[Basis, tuple[str, ...]] = {"benefit": ("benefits",), "psychographic": ("values", "lifestyle")}
"""Code frames that speak of a basis."""

REMAINDER_DIMS = 5
REMAINDER_WEIGHT = 0.25
"""What no frame explains: so many principal components, with so much of the weight of the codes."""

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Heard:
    """What one open question's answers say.

    texts: one per person, "" without an answer. vectors: float (n, d), the language taken out, unit rows, 0 for
    blanks. codings: by id of the frame, one row a person.
    """

    texts: tuple[str, ...]
    languages: tuple[str, ...]
    raw: NDArray[np.float32]
    vectors: Matrix
    codings: Mapping[str, Coding]

    @property
    def answered(self) -> NDArray[np.bool_]:
        """Whether somebody said anything, bool (n,)."""
        return np.array([not is_blank(text) for text in self.texts], dtype=bool)


def hear(question: Question, frames: Mapping[str, Frame], embedder: Remembering, progress: Progress = silent) -> Heard:
    """Return the answers to an open question coded with every frame that is given."""
    texts = tuple(as_text(value) for value in question.answers.values)
    there = [row for row, text in enumerate(texts) if not is_blank(text)]
    languages = np.full(len(texts), "", dtype=object)
    raw = np.zeros((len(texts), embedder.dim), dtype=np.float32)
    vectors = np.zeros((len(texts), embedder.dim))
    if there:
        languages[there] = detect_languages([texts[row] for row in there])
        raw[there] = embedder.encode([to_embed(texts[row]) for row in there], progress)
        vectors[there] = without_language(raw[there], languages[there].tolist())
    codings = {name: code_answers(texts, frame, embedder, progress=progress) for name, frame in frames.items()}
    return Heard(texts, tuple(languages.tolist()), raw, vectors, codings)


def open_block(question: Question, heard: Heard, basis: Basis, frames: Mapping[str, Frame]) -> Block:
    """Return one open question as a block of one basis: concept scores, and the remainder at a smaller weight."""
    answered = heard.answered
    names, scores = _concepts(heard, [frames[name] for name in FRAMES_OF.get(basis, ()) if name in frames])
    rest = _remainder(heard, [scores, *(coding.probabilities for coding in heard.codings.values())])
    parts = [_inertia_one(scores, answered), np.sqrt(REMAINDER_WEIGHT) * _inertia_one(rest, answered)]
    columns = (*names, *(f"other words {number}" for number in range(1, rest.shape[1] + 1)))
    matrix = np.hstack(parts)
    silent_people = int((~answered).sum())
    notes = (f"{silent_people} people said nothing to '{question.name}'; the mean stands in.",) if silent_people else ()
    return Block(question.name, "text", matrix, columns, answered, np.zeros(len(matrix), dtype=bool), notes)


def _concepts(heard: Heard, frames: Sequence[Frame]) -> tuple[list[str], Matrix]:
    names: list[str] = []
    parts: list[Matrix] = [np.zeros((len(heard.texts), 0))]
    for frame in frames:
        coding = heard.codings[frame.id]
        leaves = [at for at, code in enumerate(coding.codes) if code not in frame.parents and not frame.code(code).rest]
        names += [frame.code(coding.codes[at]).label() for at in leaves]
        parts.append(coding.probabilities[:, leaves])
    return names, np.hstack(parts)


def _remainder(heard: Heard, explained: Sequence[Matrix]) -> Matrix:
    """Return the leading directions of the vectors after the codes of all frames were regressed out, (n, few)."""
    answered = heard.answered
    if answered.sum() < 2:
        return np.zeros((len(heard.texts), 0))
    known = np.hstack(explained)[answered]
    known = known - known.mean(axis=0)
    y = heard.vectors[answered] - heard.vectors[answered].mean(axis=0)
    if known.shape[1] and len(known) > known.shape[1]:
        y = y - known @ np.linalg.lstsq(known, y, rcond=None)[0]
    left, sizes, _ = np.linalg.svd(y, full_matrices=False)
    kept = min(REMAINDER_DIMS, int((sizes > 1e-9).sum()))
    out = np.zeros((len(heard.texts), kept))
    out[answered] = left[:, :kept] * sizes[:kept]
    return out


def _inertia_one(matrix: Matrix, answered: NDArray[np.bool_]) -> Matrix:
    """Return the columns centred over those who answered, 0 elsewhere, the main direction with variance 1."""
    if not matrix.shape[1] or not answered.any():
        return matrix
    centred = np.where(answered[:, None], matrix - matrix[answered].mean(axis=0), 0.0)
    scale = np.linalg.norm(centred, 2) / np.sqrt(len(centred))
    return centred / scale if scale > 1e-12 else centred
