"""Talking to a survey in tests: what was asked, answered and is waited for."""

from typing import Any

from survey.conversation import (
    Agree,
    Answer,
    Reply,
    State,
    Waiting,
    World,
    current,
    start,
    step,
)
from survey.definition import Survey, parse

BATTERY = {"type": "matrix", "name": "care", "title": "Care?", "columns": [1, 2, 3], "rows": ["price", "taste", "look"]}
BEST = {"type": "bestworst", "name": "pick", "title": "Pick", "choices": list("abcdef"), "setSize": 4, "sets": 3}
LADDER = {"type": "comment", "name": "like", "title": "What?", "isRequired": True, "samtal": {"laddering": 2}}
BRANCHING = {
    "elements": [
        {"type": "boolean", "name": "drinks", "title": "Tea?", "isRequired": True},
        {"type": "checkbox", "name": "kinds", "title": "Which?", "choices": ["a", "b", "c"],
         "visibleIf": "{drinks} = true"},
        {"type": "ranking", "name": "order", "title": "Order", "choicesFromQuestion": "kinds",
         "choicesFromQuestionMode": "selected", "visibleIf": "{drinks} = true"},
        {"type": "comment", "name": "why", "title": "Why {kinds}?", "visibleIf": "{kinds} contains 'a'"},
        {"type": "text", "name": "else", "title": "Anything else?"},
    ]
}  # fmt: skip


def survey(*elements: dict[str, Any], **more: Any) -> Survey:
    return parse({"elements": list(elements), **more})


def talk(about: Survey, *replies: Reply, seed: int = 7, world: World | None = None) -> State:
    state, _ = start(about, "en", seed)
    for reply in (Agree(), *replies):
        state, _ = step(about, state, reply, world)
    return state


def waiting(about: Survey, state: State) -> Waiting:
    found = current(about, state)
    assert found is not None
    return found


def name(about: Survey, state: State) -> str:
    return waiting(about, state).question.name


def values(state: State) -> dict[str, Any]:
    return {answer.question: answer.value for answer in state.answers if answer.turn == 0}


def row(item: str, value: int | None) -> Answer:
    return Answer("care", {"row": item, "value": value})
