"""Kinds answered on a scale: rating, slider, matrix."""

from survey.conversation import Waiting
from survey.definition.kinds import Matrix, Rating, Slider
from survey.definition.languages import number_text
from survey.definition.text import Localised
from survey.views.widgets.parts import Look, layout, options


def _ends(low: Localised | None, high: Localised | None, language: str) -> list[str]:
    return [end.text(language) if end else "" for end in (low, high)]


def rating(waiting: Waiting, language: str) -> Look:
    """One tap on a step; the ends are named below, and in the names of their buttons."""
    question = waiting.question
    assert isinstance(question, Rating)
    steps = options(waiting, language, question.steps)
    ends = _ends(question.minRateDescription, question.maxRateDescription, language)
    for step, end in zip((steps[0], steps[-1]), ends, strict=True):
        if end:
            step["name"] = f"{step['text']}: {end}"
    shown = [f"{step['text']} = {end}" if end else "" for step, end in zip((steps[0], steps[-1]), ends, strict=True)]
    beside = layout(steps)
    return {
        "look": "pick",
        "layout": beside,
        "options": steps,
        "ends": shown if any(ends) and beside == "scale" else None,
    }


def slider(waiting: Waiting, language: str) -> Look:
    """A line with its value above it; nothing counts as answered until it is moved or confirmed."""
    question = waiting.question
    assert isinstance(question, Slider)
    low, high, step = question.min, question.max, question.step
    middle = low + step * round((high - low) / step / 2)
    ends = _ends(question.minRateDescription, question.maxRateDescription, language)
    named = [
        f"{number_text(language, end)} = {name}" if name else number_text(language, end)
        for end, name in zip((low, high), ends, strict=True)
    ]
    return {"look": "slide", "least": low, "most": high, "step": step, "start": middle, "ends": named}


def matrix(waiting: Waiting, language: str) -> Look:
    """One row at a time, one tap each."""
    question = waiting.question
    assert isinstance(question, Matrix)
    row = waiting.item
    columns = [
        {"value": {"row": row, "value": value}, "text": question.scale_label(value, language)}
        for value in question.scale
    ]
    before = waiting.so_far.get(str(row)) if isinstance(waiting.so_far, dict) else None
    return {
        "look": "pick",
        "layout": layout(columns),
        "options": columns,
        "value": None if before is None else {"row": row, "value": before},
        "item": question.label(row, language) if row is not None else "",
    }
