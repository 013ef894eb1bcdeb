"""Kinds answered by typing: comment, text, email, number, date."""

from survey.conversation import Waiting
from survey.definition.kinds import Date, Number, OpenQuestion
from survey.definition.languages import number_text
from survey.views.widgets.parts import Look


def _written(kind: str, waiting: Waiting, language: str) -> Look:
    question = waiting.question
    assert isinstance(question, OpenQuestion | Number)
    own = question.placeholder.text(language) if question.placeholder and waiting.turn == 0 else None
    return {"look": "write", "type": kind, "placeholder": own}


def comment(waiting: Waiting, language: str) -> Look:
    """A field that grows with what is written."""
    return _written("long", waiting, language)


def text(waiting: Waiting, language: str) -> Look:
    """A field of one line."""
    return _written("long" if waiting.turn else "line", waiting, language)


def email(waiting: Waiting, language: str) -> Look:
    """A field that brings up the keyboard for addresses."""
    return _written("email", waiting, language)


def number(waiting: Waiting, language: str) -> Look:
    """A field that brings up the keyboard for numbers; the number is typed as the language writes it."""
    before = waiting.so_far if waiting.so_far is not None else waiting.default
    shown = number_text(language, before) if isinstance(before, int | float) else None
    return {**_written("number", waiting, language), "value": shown}


def date(waiting: Waiting, language: str) -> Look:
    """The browser's own calendar."""
    question = waiting.question
    assert isinstance(question, Date)
    least, most = (day.isoformat() if day else None for day in (question.min, question.max))
    return {"look": "date", "least": least, "most": most}
