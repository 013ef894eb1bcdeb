"""Answers out of a study for a segmentation, and a finished segmentation as a run of the study keeps it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from data.responses import FULL, SCREENED
from data.studies import StudyFile
from models.results import Segmentation
from models.results_io import from_dict, to_dict
from models.texts.cleaning import joined, to_embed


@dataclass(frozen=True)
class Collected:
    """Open answers of a study as they stood at one moment: one entry per response, "" where there is none.

    responses: ids. answers: one text per question. until: the moment, as Responses.last_answer counts.
    """

    responses: tuple[str, ...]
    answers: tuple[tuple[str, ...], ...]
    until: int

    @property
    def texts(self) -> set[str]:
        """All different texts, as they are embedded and their vectors cached."""
        return {to_embed(text) for row in self.answers for text in row} - {""}


def collect(file: StudyFile, questions: Sequence[str], until: int | None = None) -> Collected:
    """Return the answers to these questions, as they are now or as they stood at `until`.

    Who was screened out or came to a full quota cell is left out of the answers as they are now.
    """
    moment = file.responses.last_answer() if until is None else until
    frame = file.responses.frame(moment)
    if until is None:
        frame = frame[~frame["status"].isin((SCREENED, FULL))]
    columns = [frame[name] if name in frame else pd.Series([None] * len(frame), dtype=object) for name in questions]
    texts = [["" if value is None else str(value) for value in column] for column in columns]
    return Collected(tuple(frame["response"]), tuple(zip(*texts, strict=True)), moment)


def pack(segmentation: Segmentation, collected: Collected) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Return what Runs.finish stores: JSON and arrays, with the responses that the rows belong to."""
    document, arrays = to_dict(segmentation)
    return {"segmentation": document, "responses": list(collected.responses), "until": collected.until}, arrays


def unpack(document: dict[str, Any], arrays: dict[str, np.ndarray]) -> Segmentation:
    """Return the segmentation that `pack` packed."""
    return from_dict(document["segmentation"], arrays)


def table(file: StudyFile, run_id: str) -> pd.DataFrame:
    """Return a finished run person by person, with the answers as they stood when it was made.

    Columns: response, segment (0 = no answer), confidence, x, y, language (detected), answer (several questions: one
    after the other). Responses deleted since are left out. Raises NotFound.
    """
    document, arrays = file.runs.load(run_id)
    segmentation = unpack(document, arrays)
    collected = collect(file, file.runs.get(run_id).settings["questions"], document["until"])
    texts = dict(zip(collected.responses, collected.answers, strict=True))
    frame = pd.DataFrame(
        {
            "response": document["responses"],
            "segment": segmentation.labels,
            "confidence": segmentation.confidence,
            "x": segmentation.coordinates[:, 0],
            "y": segmentation.coordinates[:, 1],
            "language": list(segmentation.languages),
            "answer": [joined(texts.get(response, ())) for response in document["responses"]],
        }
    )
    return frame[frame["response"].isin(list(texts))].reset_index(drop=True)
