"""Open answers as numbers for one basis: what they say in the words of its code frames, and in their own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit

from models.codes.frames import Frame
from models.coding import Coding, code_answers
from models.features import Block
from models.groups.canonical import canonical_rows
from models.groups.reduce import principal_space
from models.leaning import FRAMES_OF, heard_on, learn_leaning, pieces_of
from models.population import LEAD_BASES, Basis, Question
from models.progress import Progress, silent
from models.results import Floats
from models.texts.cleaning import as_text, is_blank, to_embed
from models.texts.languages import detect_languages
from models.texts.meaning import without_language
from models.vectors.remembering import Remembering

OWN_WORDS, OWN_WEIGHT = 10, 1.0
"""What is said in words of its own: so many principal components of the vectors, and their weight beside the codes.

Chosen among 5 to 40 components at .25 to 2 on the demo study, whose wishes the packaged codes do not cover (adjusted
mutual information with what is known of them .64, against .49 for codes alone), public answers about airlines and happy
moments, and simulated people who say an independent wish and value in one answer. More components group about as well
and are found again less often. Components after the codes were regressed out lose. Unit length or smoothing over
neighbours gains a little more, but then groups are found where there are none.
"""

SUREST = 0.02
"""Probabilities of codes are held this far from 0 and 1 before their log odds are taken."""

SPOKEN_OF: Mapping[Basis, tuple[str, str]] = {
    "benefit": ("what people want from a product", "Ask what they look for in it."),
    "psychographic": ("values or ways of life", "Ask why it matters to them."),
}
"""What the answers of a basis are about, and what to ask when they are not."""

MOST_SPEAK = 0.5
"""Where a smaller part of those who answered speaks of a basis, the solution says so."""

LEAST_SPEAKING = 0.1
"""Where a smaller part of those who answered speaks of a basis, open answers form no segments on it."""

_TEXTS_AT_A_TIME = 4096

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Heard:
    """What the answers to one open question say.

    texts: one per person, "" without an answer. on: what each person says of each basis, "" for nothing. codings: by
    id of the frame, of what was said on the basis that the frame speaks of. embedder: knows the vectors of all that.
    """

    texts: tuple[str, ...]
    on: Mapping[Basis, tuple[str, ...]]
    codings: Mapping[str, Coding]
    embedder: Remembering

    def whole(self) -> NDArray[np.float32]:
        """Return the vectors of the whole answers, float32 (n, d), 0 for blanks."""
        there = np.flatnonzero(self.answered)
        out = np.zeros((len(self.texts), self.embedder.dim), dtype=np.float32)
        _fill(out, there, [to_embed(self.texts[row]) for row in there.tolist()], self.embedder)
        return out

    def about(self, basis: Basis, out: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return unit vectors of what those who speak of a basis say of it, the language taken out, in out (m, d)."""
        said = [text for text in self.on[basis] if text]
        read = [to_embed(text) for text in said]
        self.embedder.learn(read)
        _fill(out, np.arange(len(read)), read, self.embedder)
        return without_language(out, detect_languages(said), out)

    def speaking(self, basis: Basis) -> NDArray[np.bool_]:
        """Return who says something of a basis, bool (n,)."""
        return np.array([bool(text) for text in self.on[basis]], dtype=bool)

    def part_speaking(self, basis: Basis) -> float:
        """Return the part of those who answered that says something of a basis, 0-1."""
        return float(self.speaking(basis).sum() / max(1, self.answered.sum()))

    @property
    def answered(self) -> NDArray[np.bool_]:
        """Who said anything at all, bool (n,)."""
        return np.array([not is_blank(text) for text in self.texts], dtype=bool)


def hear(
    question: Question,
    frames: Mapping[str, Frame],
    embedder: Remembering,
    progress: Progress = silent,
) -> Heard:
    """Return what the answers to an open question say on each basis that it forms, coded with the frames of each."""
    texts = tuple(as_text(value) for value in question.answers.values)
    there = [text for text in texts if not is_blank(text)]
    progress(0.0, f"Reading what is said to '{question.name}'")
    embedder.learn([to_embed(text) for text in there], lambda fraction, words: progress(0.5 * fraction, words))
    leaning = None
    if set(question.bases) & set(LEAD_BASES):
        leaning = learn_leaning(frames, sorted(set(detect_languages(there))), embedder)
    progress(0.6, f"Sorting what is said to '{question.name}'")
    said = _said(question, texts)
    pieces = pieces_of(said, leaning, embedder)
    on = {basis: tuple(heard_on(pieces, said, basis)) for basis in question.bases}
    coded = [(name, basis) for basis in question.bases for name in FRAMES_OF.get(basis, ()) if name in frames]
    codings = {}
    for at, (name, basis) in enumerate(coded):
        progress(0.7 + 0.3 * at / len(coded), f"Coding what is said to '{question.name}'")
        codings[name] = code_answers(on[basis], frames[name], embedder)
    progress(1.0, f"Coding what is said to '{question.name}'")
    return Heard(texts, on, codings, embedder)


def open_block(question: Question, heard: Heard, basis: Basis, frames: Mapping[str, Frame]) -> Block:
    """Return one open question as a block of one basis: scores on codes, and the leading directions of what is said.

    People who say nothing of the basis count as not having answered, and stand at the mean.
    """
    there = heard.speaking(basis)
    if not there.any():
        return Block(question.name, "text", np.zeros((len(there), 0)), (), there, np.zeros(len(there), dtype=bool))
    names, scores = _concepts(heard, [frames[name] for name in FRAMES_OF.get(basis, ()) if name in frames])
    rows = canonical_rows(_beside(scores[there], heard, basis))
    coded, said = rows.vectors[:, : len(names)], rows.vectors[:, len(names) :]
    words = principal_space(said, rows.weights, None, OWN_WORDS).project(said)
    found = np.hstack([_inertia_one(coded, rows.weights), np.sqrt(OWN_WEIGHT) * _inertia_one(words, rows.weights)])
    matrix = np.zeros((len(there), found.shape[1]))
    matrix[there] = found[rows.back]
    names = [*names, *(f"own words {number}" for number in range(1, words.shape[1] + 1))]
    return Block(question.name, "text", matrix, tuple(names), there, np.zeros(len(matrix), dtype=bool))


def _said(question: Question, texts: Sequence[str]) -> list[list[tuple[str, str]]]:
    """Return the links of what each person said; those of a chain are known by their levels."""
    if not question.chains:
        return [[(text, "")] for text in texts]
    levels = question.levels or tuple(("",) * len(chain) for chain in question.chains)
    return [
        list(zip(map(as_text, chain), level, strict=True)) if chain else [(text, "")]
        for text, chain, level in zip(texts, question.chains, levels, strict=True)
    ]


def _beside(scores: Matrix, heard: Heard, basis: Basis) -> NDArray[np.float32]:
    """Return scores on codes (m, codes) and what is said of a basis side by side, float32 (m, codes + d)."""
    rows = np.empty((len(scores), scores.shape[1] + heard.embedder.dim), dtype=np.float32)
    rows[:, : scores.shape[1]] = scores
    heard.about(basis, rows[:, scores.shape[1] :])
    return rows


def _fill(out: NDArray[np.float32], rows: NDArray[np.int64], texts: Sequence[str], embedder: Remembering) -> None:
    """Put the vectors of texts into these rows, a few at a time."""
    for low in range(0, len(texts), _TEXTS_AT_A_TIME):
        some = slice(low, low + _TEXTS_AT_A_TIME)
        out[rows[some]] = embedder.encode(texts[some])


def _concepts(heard: Heard, frames: Sequence[Frame]) -> tuple[list[str], Matrix]:
    """Return the names of the codes and the log odds of each, (n, codes); parents and the rest are left out."""
    names: list[str] = []
    parts: list[Matrix] = [np.zeros((len(heard.texts), 0))]
    for frame in frames:
        coding = heard.codings[frame.id]
        leaves = [at for at, code in enumerate(coding.codes) if code not in frame.parents and not frame.code(code).rest]
        names += [frame.code(coding.codes[at]).label() for at in leaves]
        parts.append(logit(np.clip(coding.probabilities[:, leaves], SUREST, 1 - SUREST)))
    return names, np.hstack(parts)


def _inertia_one(rows: Floats, weights: NDArray[np.float64]) -> Matrix:
    """Return the columns centred, the main direction with variance 1. weights: people per row."""
    matrix = np.asarray(rows, dtype=np.float64)
    centred = matrix - weights @ matrix / weights.sum() if len(matrix) else matrix
    scale = np.linalg.norm(np.sqrt(weights)[:, None] * centred, 2) / np.sqrt(weights.sum()) if centred.size else 0.0
    return centred / scale if scale > 1e-12 else centred


def part_heard(block: Block, there: NDArray[np.bool_]) -> float:
    """Return the weight of an open question: the part of the people there who are heard on it.

    Without it a question that few answer would pull them as far as if everybody had answered, and "answered" would
    become a segment. On the demo study it raises agreement with the wishes behind the answers from .45 to .63.
    """
    return float(block.answered.sum() / max(1, there.sum()))


def little_said(title: str, heard: Heard, basis: Basis) -> str:
    """Return a sentence that says so when many answers have nothing to do with a basis; "" otherwise."""
    part, said = heard.part_speaking(basis), int(heard.speaking(basis).sum())
    if part >= MOST_SPEAK or basis not in SPOKEN_OF:
        return ""
    of, hint = SPOKEN_OF[basis]
    answers = int(heard.answered.sum())
    if part >= LEAST_SPEAKING:
        return f"{said:,} of {answers:,} answers to '{title}' speak of {of}; the others say nothing of it."
    who = "None" if not said else f"Only {said:,}"
    speak = "speaks" if said == 1 else "speak"
    return f"{who} of the {answers:,} answers to '{title}' {speak} of {of}: too little to go on. {hint}"


def without_answers(block: Block) -> Block:
    """Return the block with nobody having answered."""
    return replace(block, matrix=np.zeros_like(block.matrix), answered=np.zeros_like(block.answered))
