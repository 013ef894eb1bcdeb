"""Which function describes which kind, and what every description holds."""

from collections.abc import Callable

from survey.conversation import State, Waiting
from survey.definition import say
from survey.views.widgets import choosing, measuring, weighing, writing
from survey.views.widgets.parts import Look, lines

WIDGETS: dict[str, Callable[[Waiting, str], Look]] = {
    "comment": writing.comment,
    "text": writing.text,
    "email": writing.email,
    "number": writing.number,
    "date": writing.date,
    "radiogroup": choosing.radiogroup,
    "dropdown": choosing.dropdown,
    "boolean": choosing.boolean,
    "checkbox": choosing.checkbox,
    "ranking": choosing.ranking,
    "rating": measuring.rating,
    "slider": measuring.slider,
    "matrix": measuring.matrix,
    "bestworst": weighing.bestworst,
    "allocation": weighing.allocation,
}


def describe(waiting: Waiting, state: State, language: str) -> Look:
    """Return how the page asks what waits: plain data for replies.js.

    `id` stays the same while the same thing waits, so that the script keeps what is half answered.
    """
    question = waiting.question
    look = {"value": _before(waiting), **WIDGETS[question.kind](waiting, language)}
    return {
        **look,
        "id": f"{len(state.answers)}/{question.name}/{waiting.turn}/{waiting.part}/{waiting.editing}",
        "question": question.name,
        "turn": waiting.turn,
        "label": waiting.text,
        "hint": lines(waiting.description if waiting.part == 0 else "", look.get("rule", "")),
        "part": _part(waiting, look, language),
    }


def _before(waiting: Waiting) -> object:
    """Return the answer to begin from: the one that is edited, else what is offered."""
    return waiting.so_far if waiting.so_far is not None else waiting.default


def _part(waiting: Waiting, look: Look, language: str) -> Look | None:
    if waiting.parts < 2:
        return {"count": "", "text": look["item"]} if look.get("item") else None
    count = say(language, "part_of", number=waiting.part + 1, total=waiting.parts)
    return {"count": count, "text": look.get("item", "")}
