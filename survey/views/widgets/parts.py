"""What several widgets share."""

from collections.abc import Iterable
from typing import Any

from survey.conversation import Waiting
from survey.definition import say
from survey.definition.shown import Value

Look = dict[str, Any]
"""What the page's script draws; `look` names the function in replies.js, the rest is what that needs."""

SHORT = 3
"""Labels of at most so many characters stand beside each other, longer ones below each other."""


def options(waiting: Waiting, language: str, values: Iterable[Value] | None = None) -> list[Look]:
    """Return the options shown, or those given, each with its value and text."""
    shown = waiting.shown.options if values is None else values
    return [{"value": value, "text": waiting.question.label(value, language)} for value in shown]


def layout(choices: list[Look]) -> str:
    """Return whether the options stand beside or below each other."""
    return "scale" if all(len(choice["text"]) <= SHORT for choice in choices) else "stack"


def limits(language: str, least: int, most: int, count: int) -> str:
    """Return how many of `count` options may be chosen, "" when any number may; 0 as `most` is no limit.

    >>> limits("en", 2, 2, 6), limits("en", 1, 0, 6), limits("en", 2, 4, 6), limits("en", 0, 3, 6)
    ('Choose 2', '', 'Choose 2 to 4', 'Choose at most 3')
    """
    least, top = min(least, count), min(most, count) if most else count
    if least == top:
        return say(language, "choose_exactly", number=top)
    if least > 1 and top < count:
        return say(language, "choose_between", low=least, high=top)
    if least > 1:
        return say(language, "choose_least", number=least)
    return say(language, "choose_most", number=top) if top < count else ""


def lines(*texts: str) -> str:
    """Return those of the texts that say something, one below the other."""
    return "\n".join(filter(None, texts))
