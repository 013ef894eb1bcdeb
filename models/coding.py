"""Open answers coded with a code frame: probabilities, the idea that is the evidence, and learning from corrections."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit
from scipy.stats import norm

from models.codes.frames import Code, Frame
from models.codes.learning import Correction, learn
from models.codes.scores import Encode, Scored, Spoken, score, spoken, texts_to_embed
from models.codes.taught import reads, score_taught, taught_languages, texts_to_read
from models.embed import NOTHING_KNOWN, Embedder
from models.errors import ModelError
from models.progress import Progress, silent
from models.texts.cleaning import as_text, excerpt, is_blank, to_embed
from models.texts.languages import detect_languages
from models.texts.nothing_said import cannot_be_coded, says_nothing
from models.vectors.remembering import Remembering

CODES_AN_ANSWER = 1.3
"""Codes that an answer usually has; sets where a code's cut is expected in a frame of so many codes."""
BELOW_USUAL, CUT_WEIGHT = 0.2, 200
"""A code's cut lies at most so far below the expected one, and is drawn towards it as by so many answers."""
BEHIND = 1.25
"""How far behind an answer's strongest code another one may stay and still be given."""
TAUGHT_CUT, LEAST_MARGIN = 0.3, -3.0
"""Share of an answer from which a code that exemplars teach is given; how far below its cut a code may fall.

Chosen on answers of our own about eight trades, apart from those that the benchmark measures with.
"""
SLOPE = 2.0
GIVEN, DOUBTFUL = 0.5, 0.3
LEAST_LIKELY = 1e-6
FEW_OF_A_LANGUAGE = 15
SHOWN = 60

Probabilities = NDArray[np.float64]


@dataclass(frozen=True)
class Coded:
    """One code of one answer, with the part of the answer that speaks for it."""

    code: str
    probability: float
    evidence: str


@dataclass(frozen=True)
class Coding:
    """How answers were coded.

    codes: ids, in the frame's order. probabilities: (n, codes), 0 for blank answers. evidence: for each
    answer the idea that speaks most for each code, "" where nothing is said and for codes that stand for the rest.
    """

    codes: tuple[str, ...]
    probabilities: Probabilities
    evidence: tuple[tuple[str, ...], ...]
    languages: tuple[str, ...]
    embedder: str

    def given(self, row: int) -> tuple[Coded, ...]:
        """Return the codes of one answer that are more likely than not, the likeliest first; () is an abstention."""
        order = np.argsort(-self.probabilities[row], kind="stable")
        return tuple(
            Coded(self.codes[at], float(self.probabilities[row, at]), self.evidence[row][at])
            for at in order.tolist()
            if self.probabilities[row, at] >= GIVEN
        )

    @property
    def doubtful(self) -> NDArray[np.bool_]:
        """Answers without a code that nearly got one: those a person should look at first, bool (n,)."""
        best = self.probabilities.max(axis=1)
        return (best >= DOUBTFUL) & (best < GIVEN)


def code_answers(
    answers: Sequence[str],
    frame: Frame,
    embedder: Embedder,
    *,
    corrections: Sequence[Correction] = (),
    background: Mapping[str, Sequence[str]] | None = None,
    known: Mapping[str, NDArray[np.float32]] = NOTHING_KNOWN,
    about: Mapping[str, float] | None = None,
    progress: Progress = silent,
) -> Coding:
    """Return the codes of every answer, several or none each; the order of the answers changes nothing.

    Answers that say nothing or hold no words (models/texts/nothing_said.py) have none but the code for the rest,
    unless the frame has one for them.

    corrections: answers with the codes they should have had; texts that are not among the answers count as well, and
    parents follow from their children. That an answer which says nothing has no code teaches nothing.
    background: neutral sentences by language, such as the exemplars of other frames; used while answers are few.
    known: vectors by text. about: by answer, the probability that it speaks of what the frame is for at all
    (`models.leaning.speaking`); every code is so many times as likely, and an answer that is not named is about it.
    Raises ModelError when a correction names a code that the frame does not have, or a parent without any of its
    children, and when two of one text differ.
    """
    leaves = tuple(code for code in frame.codes if code.id not in frame.parents)
    _refuse(corrections, frame)
    texts = [as_text(answer) for answer in answers]
    silent, rest = _silent(frame), {code.id for code in leaves if code.rest}
    right = {
        given.text: given.codes
        for given in corrections
        if not is_blank(given.text) and not (silent(given.text) and given.codes <= rest)
    }
    distinct = sorted({text for text in texts if not silent(text)} | right.keys())
    found = dict(zip(distinct, detect_languages(distinct), strict=True))
    if not distinct:
        return _spread(texts, {}, frame, np.zeros((0, len(frame.codes))), (), found, embedder)
    vectors = embedder if isinstance(embedder, Remembering) else Remembering(embedder, known)
    taught = tuple(code for code in leaves if not code.rest or code.exemplars)
    if taught_languages(taught):
        scoring, ordered, scored = taught, *_by_exemplars(distinct, found, taught, vectors, progress)
        cut = np.maximum(scored.scores - np.log(TAUGHT_CUT), LEAST_MARGIN)[:, [not code.rest for code in taught]]
    else:
        scoring = tuple(code for code in leaves if not code.rest or code.description)
        ordered, scored = _by_description(distinct, found, scoring, background or {}, vectors, progress)
        cut = _margins(scored.scores[:, [not code.rest for code in scoring]])
    if about:
        cut = _as_part_of(cut, np.array([about.get(text, 1.0) for text in ordered]))
    place = {text: at for at, text in enumerate(ordered)}
    rows = np.array([place[text] for text in right], dtype=np.int64)
    truth = np.array([code.id in codes for codes in right.values() for code in leaves], dtype=bool)
    truth = truth.reshape(len(rows), len(leaves))
    learnt = learn(cut, scored.vectors, rows, truth[:, [not code.rest for code in leaves]], SLOPE)
    probabilities = _with_rest(learnt, leaves)
    probabilities[rows] = truth
    return _spread(
        texts,
        place,
        frame,
        _with_parents(probabilities, leaves, frame),
        _evidence(scored, scoring, frame),
        found,
        embedder,
    )


def _silent(frame: Frame) -> Callable[[str], bool]:
    """Return what tells answers that say nothing; only blank ones where a code of the frame is meant for the others."""
    named = (name for code in frame.codes for name in (code.id, *code.name.values(), *code.description.values()))
    exemplars = (text for code in frame.codes for texts in code.exemplars.values() for text in texts)
    return is_blank if any(says_nothing(text) for text in (*named, *exemplars)) else cannot_be_coded


def _refuse(corrections: Sequence[Correction], frame: Frame) -> None:
    known, said = {code.id for code in frame.codes}, dict[str, frozenset[str]]()
    for given in corrections:
        if unknown := sorted(given.codes - known):
            raise ModelError(
                f"A correction names the code '{unknown[0]}', which is not in the frame: "
                f"use {', '.join(sorted(known))}."
            )
        for parent in sorted(given.codes & frame.parents):
            children = [code.id for code in frame.codes if code.parent == parent]
            if not given.codes & set(children):
                raise ModelError(
                    f"A correction names the code '{parent}' alone, which stands for other codes: "
                    f"name at least one of {', '.join(children)}."
                )
        if said.setdefault(given.text, given.codes) != given.codes:
            raise ModelError(
                f"Two corrections of the answer “{excerpt(given.text, SHOWN)}” name different codes: keep one of them."
            )


def _by_exemplars(
    texts: Sequence[str], languages: Mapping[str, str], codes: Sequence[Code], vectors: Remembering, progress: Progress
) -> tuple[list[str], Scored]:
    """Return the texts in the order of their scores, and the scores."""
    parts = reads(texts, languages, codes)
    vectors.learn([to_embed(text) for text in texts_to_read(parts, codes)], progress)
    return [text for part in parts for text in part.texts], score_taught(parts, codes, _encode(vectors))


def _by_description(
    texts: Sequence[str],
    languages: Mapping[str, str],
    codes: Sequence[Code],
    background: Mapping[str, Sequence[str]],
    vectors: Remembering,
    progress: Progress,
) -> tuple[list[str], Scored]:
    """Return the texts in the order of their scores, and the scores."""
    parts = _parts(texts, languages, codes, background)
    vectors.learn([to_embed(text) for part in parts for text in texts_to_embed(part, codes)], progress)
    return [text for part in parts for text in part.texts[: part.own]], score(parts, codes, _encode(vectors))


def _encode(vectors: Remembering) -> Encode:
    return lambda some: vectors.encode([to_embed(text) for text in some])


def _parts(
    texts: Sequence[str], languages: Mapping[str, str], codes: Sequence[Code], background: Mapping[str, Sequence[str]]
) -> list[Spoken]:
    """Return the answers by language; those of rare languages that the frame has no words in are one part, ""."""
    told = {language for code in codes for language in (*code.exemplars, *code.description)} | set(background)
    counts: dict[str, int] = {}
    for text in texts:
        counts[languages[text]] = counts.get(languages[text], 0) + 1
    own = {language for language, count in counts.items() if language in told or count >= FEW_OF_A_LANGUAGE}
    grouped: dict[str, list[str]] = {}
    for text in texts:
        grouped.setdefault(languages[text] if languages[text] in own else "", []).append(text)
    return [spoken(grouped[language], language, codes, background) for language in sorted(grouped)]


def _margins(scores: Probabilities) -> Probabilities:
    """Return by how much each score passes its code's cut; less for codes far behind the answer's strongest one."""
    usual = float(norm.isf(min(CODES_AN_ANSWER / scores.shape[1], 0.5)))
    cuts = np.array([_cut(column, usual) for column in scores.T])
    beyond = scores - cuts
    best = beyond.max(axis=1, keepdims=True)
    return np.where(beyond == best, beyond, np.minimum(beyond, beyond - best + BEHIND))


def _cut(column: NDArray[np.float64], usual: float) -> float:
    """Return where a code's scores fall apart into low and high ones (Otsu 1979), held to what is usual."""
    ordered = np.sort(column)
    n = len(ordered)
    if n < 2:
        return usual
    below = np.arange(1, n)
    sums = np.cumsum(ordered)
    gap = sums[:-1] / below - (sums[-1] - sums[:-1]) / (n - below)
    found = max(float(ordered[int((below * (n - below) * gap**2).argmax())]), usual - BELOW_USUAL)
    return (n * found + CUT_WEIGHT * usual) / (n + CUT_WEIGHT)


def _as_part_of(margins: Probabilities, about: NDArray[np.float64]) -> Probabilities:
    """Return the margins (n, m) at which every code is so many times as likely; about: (n,), 0-1."""
    likely = expit(SLOPE * margins) * about[:, None]
    return logit(np.clip(likely, LEAST_LIKELY, 1 - LEAST_LIKELY)) / SLOPE


def _with_rest(named: Probabilities, leaves: Sequence[Code]) -> Probabilities:
    """Return the probabilities of all leaves; a code for the rest is as likely as that nothing else is given."""
    columns = iter(named.T)
    nothing = 1 - named.max(axis=1)
    return np.column_stack([nothing if code.rest else next(columns) for code in leaves])


def _with_parents(probabilities: Probabilities, leaves: Sequence[Code], frame: Frame) -> Probabilities:
    """Return the probabilities of all codes of the frame; a parent is as likely as the likeliest of its children."""
    of = {code.id: probabilities[:, at] for at, code in enumerate(leaves)}
    for parent in frame.parents:
        of[parent] = np.max([of[code.id] for code in leaves if code.parent == parent], axis=0)
    return np.column_stack([of[code.id] for code in frame.codes])


def _evidence(scored: Scored, scoring: Sequence[Code], frame: Frame) -> tuple[tuple[str, ...], ...]:
    column = {code.id: at for at, code in enumerate(scoring) if not code.rest}
    best = scored.best_idea
    return tuple(
        tuple(ideas[best[row, column[code.id]]] if code.id in column else "" for code in frame.codes)
        for row, ideas in enumerate(scored.ideas)
    )


def _spread(
    texts: Sequence[str],
    place: Mapping[str, int],
    frame: Frame,
    probabilities: Probabilities,
    evidence: Sequence[tuple[str, ...]],
    languages: Mapping[str, str],
    embedder: Embedder,
) -> Coding:
    """Return the result with one row per answer, repeated and blank ones too."""
    nothing = ("",) * len(frame.codes)
    leaves = [code for code in frame.codes if code.id not in frame.parents]
    rest = _with_parents(np.array([[float(code.rest) for code in leaves]]), leaves, frame)[0]
    there = [place.get(text) for text in texts]
    rows = [
        probabilities[at] if at is not None else np.zeros(len(rest)) if is_blank(text) else rest
        for at, text in zip(there, texts, strict=True)
    ]
    return Coding(
        codes=tuple(code.id for code in frame.codes),
        probabilities=np.array(rows).reshape(len(texts), len(frame.codes)),
        evidence=tuple(nothing if at is None else evidence[at] for at in there),
        languages=tuple(languages.get(text, "") for text in texts),
        embedder=embedder.name,
    )
