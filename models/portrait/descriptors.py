"""Who the people of each segment are, by answers that formed none."""

from collections.abc import Sequence

import numpy as np

from models.population import Question
from models.portrait.columns import columns_of
from models.portrait.compare import compare, corrected, strongest
from models.results import Ints, Marker


def who_they_are(questions: Sequence[Question], labels: Ints, k: int) -> tuple[tuple[Marker, ...], ...]:
    """Return for each segment 1..k the answers in which it differs most from everybody else, strongest first.

    () where nobody can differ: one segment, or no question. questions: closed ones that had no part in the segments,
    each with an answer for every label. labels: int (n,), 0 without a segment. p-values are corrected for all answers
    tested (Benjamini & Hochberg 1995).
    """
    if k < 2 or not questions:
        return ()
    placed = labels > 0
    weights = (labels[:, None] == np.arange(1, k + 1)).astype(np.float64)
    columns = [column for question in questions for column in columns_of(question.answers, question.title)]
    compared = corrected([one for column in columns for one in compare(column, weights, placed)])
    return tuple(strongest(compared, segment) for segment in range(1, k + 1))
