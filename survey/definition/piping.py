"""Answers in texts: `{name}` shows what was answered as the respondent reads it."""

import re

from survey.definition.context import Context, locate

UNANSWERED = "…"
MAX_PIPED = 200
_BRACES = re.compile(r"\{([^{}\n]{1,200})\}")


def piped_names(text: str) -> list[str]:
    """Return what stands in braces in a text.

    >>> piped_names("You chose {plan}. Why?")
    ['plan']
    """
    return [match[1].strip() for match in _BRACES.finditer(text)]


def pipe(text: str, context: Context) -> str:
    """Return a text with the answers in the place of their names; never raises.

    A name that stands for nothing stays as it is written, and what is not answered is shown as an ellipsis. Answers
    are shortened to 200 characters and put in one line.

    >>> pipe("Why {plan}, {name}? {unknown}", Context({"plan": "flex"}, {"name": "Ada"}))
    'Why flex, Ada? {unknown}'
    """
    return _BRACES.sub(lambda match: _shown(match[1].strip(), match[0], context), text)


def _shown(path: str, written: str, context: Context) -> str:
    found = locate(path.removeprefix("#"), context.knows)
    if found is None and path != "item" and not path.endswith("-Comment"):
        return written
    text = context.display(found[0]) if found and not found[1] else _step(path, found, context)
    line = " ".join(text.split()) if text else ""
    if not line:
        return UNANSWERED
    return line if len(line) <= MAX_PIPED else line[: MAX_PIPED - 1].rstrip() + "…"


def _step(path: str, found: tuple[str, tuple[str | int, ...]] | None, context: Context) -> str | None:
    value = context.value(path)
    question = context.survey.question(found[0]) if context.survey and found else None
    if value is None:
        return None
    if question is None:
        return str(value)
    return question.part_label(value, context.language)
