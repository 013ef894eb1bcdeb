"""Codes of the links of chains: what a person starts from, what it brings, and why that matters."""

from collections.abc import Mapping

import numpy as np

from models.codes.frames import Frame
from models.coding import GIVEN, Coding, code_answers
from models.embed import Embedder
from models.laddering import Laddering, ladder
from models.population import Question
from models.results import Ints
from models.texts.cleaning import as_text

VALUE = "value"
BENEFITS, VALUES = "benefits", "values"


def ladder_question(
    question: Question, labels: Ints, frames: Mapping[str, Frame], embedder: Embedder, language: str = "en"
) -> Laddering | None:
    """Return the ladders of an open question with chains, links coded; None without chains or frames to code them.

    labels: int (n,), 1..k, 0 = no segment. frames: by id; links on the level of values are coded with the frame
    "values", others with "benefits", and those of unknown level with the one whose code is surer.
    """
    coding_frames = {id: frames[id] for id in (BENEFITS, VALUES) if id in frames}
    if not any(question.chains) or not coding_frames:
        return None
    levels = question.levels or tuple(("",) * len(chain) for chain in question.chains)
    texts = [as_text(link) for chain in question.chains for link in chain]
    codings = {id: code_answers(texts, frame, embedder) for id, frame in coding_frames.items()}
    codes = iter(
        _codes(at, level, codings, coding_frames) for at, level in enumerate(level for one in levels for level in one)
    )
    chains = [[next(codes) for _ in chain] for chain in question.chains]
    names = {code.id: code.label(language) for frame in coding_frames.values() for code in frame.codes}
    return ladder(chains, levels, labels, names, question.name)


def _codes(at: int, level: str, codings: Mapping[str, Coding], frames: Mapping[str, Frame]) -> tuple[str, ...]:
    """Return the likeliest code of a link, () when none is likely."""
    wanted = [id for id in codings if not level or (id == VALUES) == (level == VALUE)] or list(codings)
    best = ("", 0.0)
    for id in wanted:
        frame, coding = frames[id], codings[id]
        leaves = [place for place, code in enumerate(coding.codes) if code not in frame.parents]
        likeliest = leaves[int(np.argmax(coding.probabilities[at, leaves]))]
        probability = float(coding.probabilities[at, likeliest])
        if probability > best[1] and not frame.code(coding.codes[likeliest]).rest:
            best = (coding.codes[likeliest], probability)
    return (best[0],) if best[1] >= GIVEN else ()
