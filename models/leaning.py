"""Which basis a piece of an answer speaks of: what people want from a product, or what they value and how they live.

A logistic model learns it from the exemplars of the code frames, benefits against values and lifestyle. How common
each is among the answers to one question is estimated from those answers (Saerens, Latinne & Decaestecker 2002), so
that a question about wishes is not half read as one about values.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit
from sklearn.linear_model import LogisticRegression

from models.codes.frames import Frame
from models.groups.reduce import unit
from models.population import Basis
from models.progress import Progress, silent
from models.texts.cleaning import as_text, to_embed
from models.texts.ideas import split_ideas
from models.texts.languages import detect_languages
from models.texts.nothing_said import says_nothing
from models.vectors.remembering import Remembering

FRAMES_OF: Mapping[Basis, tuple[str, ...]] = {"benefit": ("benefits",), "psychographic": ("values", "lifestyle")}
"""Code frames that speak of a basis."""

LEVELS: Mapping[str, float] = {"attribute": 0.0, "consequence": 0.0, "value": 1.0}
"""Probability that a link of a laddering chain speaks of values, where the interviewer told its level."""

SPEAKS, MAY_SPEAK = 0.6, 0.4
"""A piece belongs to a basis from the first probability on; who has no such piece is heard from the second on.

Chosen among .3, .5 and .6 on simulated people who say an independent wish and value in one answer: agreement of
segments with wishes .53 and with values .39 (adjusted Rand index), against .50 and .19 without sorting the pieces.
"""

RAREST = 0.02
"""Least share of the pieces that either basis is taken to have."""

STRENGTH = 1.0
"""Inverse regularisation of the logistic model; .3 to 3 sorted wishes from values equally well (85 and 92 %)."""

Vectors = NDArray[np.float64]

_TEXTS_AT_A_TIME = 4096


@dataclass(frozen=True)
class Piece:
    """A part of what somebody said. psychographic: probability that it speaks of values or lifestyle."""

    person: int
    text: str
    psychographic: float

    def speaks_of(self, basis: Basis) -> float:
        """Return the probability that it speaks of a basis; 1 for bases that no code frame speaks of."""
        if basis not in FRAMES_OF:
            return 1.0
        return self.psychographic if basis == "psychographic" else 1 - self.psychographic


@dataclass(frozen=True)
class Leaning:
    """Tells wishes from values by the vectors of texts. means: of each language, and of all under ""."""

    model: LogisticRegression
    means: Mapping[str, Vectors]

    def of(self, vectors: Vectors, languages: Sequence[str]) -> Vectors:
        """Return the log odds that texts speak of values or lifestyle, (n,), where both are equally common."""
        centred = unit(vectors - np.array([self.means.get(language, self.means[""]) for language in languages]))
        return np.asarray(self.model.decision_function(centred), dtype=np.float64)


def learn_leaning(frames: Mapping[str, Frame], languages: Sequence[str], embedder: Remembering) -> Leaning | None:
    """Return what tells wishes from values; None unless frames of both are given, with exemplars.

    languages: those of the answers; their exemplars are learnt from, the English ones where a frame has none in them.
    """
    sides = {basis: [frames[name] for name in names if name in frames] for basis, names in FRAMES_OF.items()}
    if not all(sides.values()):
        return None
    offered = {language for frame in frames.values() for language in frame.languages}
    used = sorted(set(languages) & offered) or sorted({"en"} & offered) or sorted(offered)
    rows = [
        (text, language, basis == "psychographic")
        for basis, some in sides.items()
        for frame in some
        for code in frame.codes
        for language in used
        for text in code.exemplars.get(language, ())
    ]
    truth = np.array([psychographic for _, _, psychographic in rows])
    if not truth.any() or truth.all():
        return None
    vectors = np.asarray(embedder.encode([to_embed(text) for text, _, _ in rows]), dtype=np.float64)
    spoken = np.array([language for _, language, _ in rows])
    means = {language: vectors[spoken == language].mean(axis=0) for language in used} | {"": vectors.mean(axis=0)}
    centred = unit(vectors - np.array([means[language] for language in spoken.tolist()]))
    model = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=2000).fit(centred, truth)
    return Leaning(model, means)


def pieces_of(said: Sequence[Sequence[tuple[str, str]]], leaning: Leaning | None, embedder: Remembering) -> list[Piece]:
    """Return the pieces of what everybody said, in order. said: links of text and level ("" is unknown) per person.

    Pieces that say nothing are left out. Without `leaning` every piece is as much of one basis as of the other.
    """
    found = [
        (person, piece, level)
        for person, links in enumerate(said)
        for text, level in links
        for piece in smallest_ideas(as_text(text))
        if not says_nothing(piece)
    ]
    if leaning is None:
        return [Piece(person, text, LEVELS.get(level, 0.5)) for person, text, level in found]
    unknown = sorted({text for _, text, level in found if level not in LEVELS})
    odds: dict[str, float] = {}
    if unknown:
        embedder.learn([to_embed(text) for text in unknown])
        languages = detect_languages(unknown)
        for low in range(0, len(unknown), _TEXTS_AT_A_TIME):
            some, spoken = unknown[low : low + _TEXTS_AT_A_TIME], languages[low : low + _TEXTS_AT_A_TIME]
            vectors = np.asarray(embedder.encode([to_embed(text) for text in some]), dtype=np.float64)
            odds |= zip(some, leaning.of(vectors, spoken).tolist(), strict=True)
    shift = _shift(np.array([odds[text] for _, text, level in found if level not in LEVELS]))
    return [
        Piece(person, text, LEVELS[level] if level in LEVELS else float(expit(odds[text] + shift)))
        for person, text, level in found
    ]


def speaking(
    answers: Sequence[str],
    basis: Basis,
    frames: Mapping[str, Frame],
    embedder: Remembering,
    progress: Progress = silent,
) -> dict[str, float]:
    """Return for each answer the probability that some piece of it speaks of a basis; {} where nothing tells.

    frames: as in `learn_leaning`. Answers that say nothing are left out.
    """
    texts = sorted({as_text(answer) for answer in answers})
    embedder.learn([to_embed(idea) for text in texts for idea in smallest_ideas(text)], progress)
    leaning = learn_leaning(frames, sorted(set(detect_languages(texts))), embedder)
    if leaning is None:
        return {}
    found: dict[str, float] = {}
    for piece in pieces_of([[(text, "")] for text in texts], leaning, embedder):
        text = texts[piece.person]
        found[text] = max(found.get(text, 0.0), piece.speaks_of(basis))
    return found


def smallest_ideas(text: str) -> tuple[str, ...]:
    """Return the ideas of an answer that hold no other one, in order.

    >>> smallest_ideas("Cheap, but slow. I like it")
    ('Cheap', 'but slow.', 'I like it')
    """
    ideas = split_ideas(text)
    return tuple(idea for idea in ideas if not any(other != idea and other in idea for other in ideas)) or ideas


def heard_on(pieces: Sequence[Piece], said: Sequence[Sequence[tuple[str, str]]], basis: Basis) -> list[str]:
    """Return what each person says of a basis, "" for nothing; said: what the pieces are of.

    Who says nothing else is heard as it was said: its vectors are known, those of its pieces in a row are not.
    """
    own: list[list[Piece]] = [[] for _ in said]
    for piece in pieces:
        own[piece.person].append(piece)
    return [_heard(some, [as_text(text) for text, _ in links], basis) for some, links in zip(own, said, strict=True)]


def _heard(pieces: Sequence[Piece], texts: Sequence[str], basis: Basis) -> str:
    sure = [piece.text for piece in pieces if piece.speaks_of(basis) >= SPEAKS]
    heard = sure or [piece.text for piece in pieces if piece.speaks_of(basis) >= MAY_SPEAK]
    everything = 0 < len(heard) == len(pieces) == sum(len(smallest_ideas(text)) for text in texts)
    return ". ".join(texts if everything else heard)


def _shift(odds: Vectors) -> float:
    """Return what to add to log odds that were learnt from equally many of both, for how common each is here."""
    if not len(odds):
        return 0.0
    share = 0.5
    for _ in range(50):
        share = float(np.clip(expit(odds + logit(share)).mean(), RAREST, 1 - RAREST))
    return float(logit(share))
