"""Simulated people of known kinds who answer an open question, marks, choices, and questions that tell nothing.

What a kind is like: a topic it mostly speaks of, its own mean on each mark, its own odds for each choice. Everybody has
a habit of marking high or low; some questions are left out; some have nothing to do with the kinds.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.features import Answers
from models.results import Ints

Matrix = NDArray[np.float64]
Rng = np.random.Generator

SIZES = (200, 600)
SEPARATIONS: Mapping[str, float] = {"faint": 0.75, "clear": 1.1, "strong": 1.5}
"""Standard deviation of the kinds' means on a mark, where 1 is the spread of people of one kind."""

SAYS_TOPIC: Mapping[str, float] = {"faint": 0.55, "clear": 0.7, "strong": 0.85}
"""Share of a kind who speak of its topic; the others speak of any."""

LEFT_OUT, HABIT = 0.08, 0.35
LEAST_SHARE = 0.08
LEVELS = (1, 2, 3, 4, 5)
CUTS = (-1.3, -0.5, 0.3, 1.1)
DIMS, TOPIC_DIMS = 128, 12


@dataclass(frozen=True)
class Topics:
    """Sentences about topics, as vectors. vectors: (m, d); topic: int (m,). name: where they come from."""

    name: str
    vectors: NDArray[np.floating]
    topic: Ints


@dataclass(frozen=True)
class People:
    """One simulated population. kind: int (n,), the truth. questions: with some that tell nothing among them."""

    kind: Ints
    questions: tuple[Answers, ...]
    separation: str
    source: str

    @property
    def k(self) -> int:
        """How many kinds there are."""
        return int(self.kind.max()) + 1


def simulated_topics(rng: Rng, topics: int = 12, each: int = 120) -> Topics:
    """Return vectors like those of short answers: a few strong directions, a long tail, topics that overlap."""
    spread = np.arange(1, DIMS + 1) ** -0.5
    means = np.zeros((topics, DIMS))
    means[:, :TOPIC_DIMS] = rng.normal(0, 1.0, (topics, TOPIC_DIMS)) * spread[:TOPIC_DIMS]
    topic = np.repeat(np.arange(topics), each)
    rotation = np.linalg.qr(rng.normal(size=(DIMS, DIMS)))[0]
    x = (means[topic] + 0.7 * rng.normal(size=(len(topic), DIMS)) * spread) @ rotation
    return Topics("simulated vectors", x / np.linalg.norm(x, axis=1, keepdims=True), topic)


def draw(source: Topics, n: int, separation: str, rng: Rng) -> People:
    """Return n people of three to six kinds of unequal size.

    separation: key of SEPARATIONS. About a third of the questions tell nothing of the kinds.
    """
    k = int(rng.integers(3, 7))
    share = np.maximum(rng.dirichlet(np.full(k, 3.0)), LEAST_SHARE)
    kind = np.sort(rng.choice(k, n, p=share / share.sum()))
    kind = np.unique(kind, return_inverse=True)[1].astype(np.int64)
    far = SEPARATIONS[separation]
    flat = np.zeros(n, dtype=np.int64)
    questions = [_open(source, kind, SAYS_TOPIC[separation], rng)]
    questions += [_battery(f"marks {j}", kind, far, int(rng.integers(4, 8)), rng) for j in range(rng.integers(1, 3))]
    questions += [_choice(f"choice {j}", kind, far, int(rng.integers(3, 6)), rng) for j in range(rng.integers(1, 4))]
    questions += [_several("several", kind, far, int(rng.integers(5, 9)), rng)]
    questions += [_battery("idle marks", flat, 0.0, int(rng.integers(3, 6)), rng)]
    questions += [_choice(f"idle choice {j}", flat, far, int(rng.integers(2, 5)), rng) for j in range(2)]
    order = rng.permutation(n)
    left = tuple(_with_gaps(question, order, rng) for question in questions)
    return People(kind[order], left, separation, source.name)


def nobody(recipe: str, n: int, rng: Rng) -> tuple[Answers, ...]:
    """Return the answers of n people who are all of one kind, some of them left out. recipe: key of RECIPES."""
    flat = np.zeros(n, dtype=np.int64)
    made = [_ONE_KIND[kind](f"{kind} {j}", flat, rng) for j, kind in enumerate(RECIPES[recipe])]
    return tuple(_with_gaps(question, rng.permutation(n), rng) for question in made)


def _one_cloud(name: str, kind: Ints, rng: Rng) -> Answers:
    """Vectors of one bell-shaped cloud with a few strong directions."""
    x = rng.normal(size=(len(kind), DIMS)) * np.arange(1, DIMS + 1) ** -0.5 + 0.5
    vectors = x / np.linalg.norm(x, axis=1, keepdims=True)
    return Answers(name, "text", [f"sentence {row}" for row in range(len(kind))], vectors=vectors)


_ONE_KIND: Mapping[str, Callable[[str, Ints, Rng], Answers]] = {
    "marks": lambda name, kind, rng: _battery(name, kind, 0.0, int(rng.integers(3, 8)), rng),
    "choice": lambda name, kind, rng: _choice(name, kind, 1.0, int(rng.integers(2, 6)), rng),
    "several": lambda name, kind, rng: _several(name, kind, 1.0, int(rng.integers(4, 9)), rng),
    "open": _one_cloud,
}
RECIPES: Mapping[str, tuple[str, ...]] = {
    "choices": ("choice", "choice", "choice", "several", "choice"),
    "marks": ("marks", "marks", "marks"),
    "marks and choices": ("marks", "choice", "choice", "several", "marks"),
    "open answers, marks and choices": ("open", "marks", "choice", "choice", "several"),
}
"""Questions that people of one kind answer."""


def _open(source: Topics, kind: Ints, says: float, rng: Rng) -> Answers:
    own = rng.choice(np.unique(source.topic), int(kind.max()) + 1, replace=False)
    on_topic = rng.random(len(kind)) < says
    any_of_them = rng.choice(own, len(kind))
    spoken = np.where(on_topic, own[kind], any_of_them)
    rows = [int(rng.choice(np.flatnonzero(source.topic == topic))) for topic in spoken]
    return Answers("open", "text", [f"sentence {row}" for row in rows], vectors=np.asarray(source.vectors[rows]))


def _battery(name: str, kind: Ints, far: float, items: int, rng: Rng) -> Answers:
    """Marks on items that also share a dimension of their own, and each person's habit."""
    n = len(kind)
    means = rng.normal(0, far, (int(kind.max()) + 1, items))
    shared = rng.normal(size=(n, 1)) * rng.uniform(0, 0.5, items)
    latent = means[kind] + shared + HABIT * rng.normal(size=(n, 1)) + rng.normal(size=(n, items))
    marks = 1 + np.digitize(latent + rng.normal(0, 0.4, items), CUTS)
    names = [f"{name} item {j}" for j in range(items)]
    return Answers(name, "battery", [dict(zip(names, map(int, row), strict=True)) for row in marks], LEVELS)


def _choice(name: str, kind: Ints, far: float, options: int, rng: Rng) -> Answers:
    logits = rng.normal(0, 1.2 * far, (int(kind.max()) + 1, options))
    odds = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    picked = (rng.random((len(kind), 1)) > np.cumsum(odds[kind], axis=1)[:, :-1]).sum(axis=1)
    return Answers(name, "nominal", [f"{name} option {j}" for j in picked])


def _several(name: str, kind: Ints, far: float, options: int, rng: Rng) -> Answers:
    logits = rng.normal(0, 1.2 * far, (int(kind.max()) + 1, options)) - 0.5
    picked = rng.random((len(kind), options)) < 1 / (1 + np.exp(-logits[kind]))
    names = tuple(f"{name} option {j}" for j in range(options))
    return Answers(name, "multi", [[names[j] for j in np.flatnonzero(row)] for row in picked], names)


def _with_gaps(question: Answers, order: Ints, rng: Rng) -> Answers:
    """The answers in another order of people, some of them left out."""
    gone = rng.random(len(order)) < LEFT_OUT
    values: list[Any] = [None if out else question.values[row] for row, out in zip(order, gone, strict=True)]
    vectors = None if question.vectors is None else question.vectors[order]
    return Answers(question.name, question.kind, values, question.options, question.items, vectors)
