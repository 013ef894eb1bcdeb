"""Codes of the links of chains: what a person starts from, what it brings, and why that matters."""

from collections.abc import Mapping
from dataclasses import dataclass

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


@dataclass(frozen=True)
class Links:
    """The links of everybody's chains in codes. names: what the codes are called."""

    question: str
    chains: tuple[tuple[tuple[str, ...], ...], ...]
    levels: tuple[tuple[str, ...], ...]
    names: Mapping[str, str]

    def ladders(self, labels: Ints) -> Laddering:
        """Return the ladders of everybody and of each segment; labels: int (n,), 1..k, 0 = no segment."""
        return ladder(self.chains, self.levels, labels, self.names, self.question)


def coded_links(
    question: Question, frames: Mapping[str, Frame], embedder: Embedder, language: str = "en"
) -> Links | None:
    """Return the coded links of an open question; None when it has no chains, or no frame is given to code them.

    frames: by id; links on the level of values are coded with the frame "values", others with "benefits", and those of
    unknown level with the one whose code is surer.
    """
    coding_frames = {id: frames[id] for id in (BENEFITS, VALUES) if id in frames}
    if not any(question.chains) or not coding_frames:
        return None
    levels = question.levels or tuple(("",) * len(chain) for chain in question.chains)
    texts = [as_text(link) for chain in question.chains for link in chain]
    codings = {id: code_answers(texts, frame, embedder) for id, frame in coding_frames.items()}
    of_links = (level for chain in levels for level in chain)
    codes = iter([_codes(at, level, codings, coding_frames) for at, level in enumerate(of_links)])
    chains = tuple(tuple(next(codes) for _ in chain) for chain in question.chains)
    names = {code.id: code.label(language) for frame in coding_frames.values() for code in frame.codes}
    return Links(question.name, chains, levels, names)


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
