"""Straightlining and other regular patterns in batteries and in runs of scales."""

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from survey.conversation.quality.records import Flag, Respondent, Study
from survey.definition import Question
from survey.definition.kinds.matrix import Matrix

Finding = tuple[str, Flag]

FEWEST_ITEMS = 5
MANY_ITEMS = 8
FEWEST_SCALES = 6
SCALES = ("rating", "slider")


def straightlining(study: Study) -> Iterator[Finding]:
    """Yield batteries of five or more items in which every answer is the same, and those in a regular zigzag."""
    for respondent in study.respondents:
        for battery, places in _batteries(study, respondent):
            if len(set(places)) == 1:
                points = 30 if len(places) >= MANY_ITEMS else 20
                yield respondent.id, Flag("straightlining", points, battery.name, {"items": len(places)})
            elif len(places) >= MANY_ITEMS and battery.rowOrder == "initial" and is_zigzag(places):
                yield respondent.id, Flag("zigzag", 20, battery.name, {"items": len(places)})


def same_scales(study: Study) -> Iterator[Finding]:
    """Yield six or more scales with the same steps, asked one after the other, that all got the same answer."""
    for respondent in study.respondents:
        questions = [question for question in study.asked(respondent).questions if question.asks]
        for scale, run in groupby(questions, key=_scale):
            values = [(question.name, respondent.answers.get((question.name, 0))) for question in run]
            given = [(name, value) for name, value in values if value is not None]
            if scale and len(given) >= FEWEST_SCALES and len({str(value) for _, value in given}) == 1:
                yield respondent.id, Flag("straightlining_scales", 25, given[0][0], {"items": len(given)})


def is_zigzag(places: Sequence[int]) -> bool:
    """Say whether places on a scale repeat two by two, or step by one up and down all the way.

    >>> is_zigzag([0, 4, 0, 4, 0, 4]), is_zigzag([0, 1, 2, 3, 4, 3, 2]), is_zigzag([0, 1, 3, 3, 4, 3, 2])
    (True, True, False)
    """
    alternating = all(one == other for one, other in zip(places, places[2:], strict=False))
    return alternating or all(abs(one - other) == 1 for one, other in pairwise(places))


def _batteries(study: Study, respondent: Respondent) -> Iterator[tuple[Matrix, list[int]]]:
    """Yield batteries with enough answered items, and where on the scale the answers are, in the order of the rows."""
    for question in study.asked(respondent).questions:
        value = respondent.answers.get((question.name, 0))
        if not isinstance(question, Matrix) or not isinstance(value, dict):
            continue
        scale = {str(column): place for place, column in enumerate(question.scale)}
        given = {str(row): str(column) for row, column in value.items()}
        places = [scale[given[str(row)]] for row in question.values if given.get(str(row)) in scale]
        if len(places) >= FEWEST_ITEMS:
            yield question, places


def _scale(question: Question) -> tuple[object, ...] | None:
    if question.kind not in SCALES:
        return None
    keys = ("rateMin", "rateMax", "rateStep", "min", "max", "step")
    return (question.kind, *(getattr(question, key, None) for key in keys))
