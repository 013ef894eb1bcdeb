"""Kinds in which options are weighed against each other: best–worst, allocation."""

from survey.conversation import Waiting
from survey.definition import say
from survey.definition.kinds import Allocation, BestWorst
from survey.views.widgets.parts import Look, options

STEPS = 20
"""So many presses give all points to one option, when there are points enough."""


def bestworst(waiting: Waiting, language: str) -> Look:
    """The set as a list, one best and one worst; the second of the two picks answers."""
    question = waiting.question
    assert isinstance(question, BestWorst)
    best, worst = question.ends(language)
    answered = waiting.so_far if isinstance(waiting.so_far, list) else []
    return {
        "look": "bestworst",
        "options": options(waiting, language, waiting.set),
        "set": list(waiting.set),
        "best": best,
        "worst": worst,
        "value": answered[waiting.part] if waiting.part < len(answered) else None,
        "rule": say(language, "pick_best_worst"),
    }


def allocation(waiting: Waiting, language: str) -> Look:
    """A stepper an option, and how many points are left."""
    question = waiting.question
    assert isinstance(question, Allocation)
    return {
        "look": "divide",
        "options": options(waiting, language),
        "total": question.total,
        "step": max(1, question.total // STEPS),
        "rule": say(language, "share_out", total=question.total),
    }
