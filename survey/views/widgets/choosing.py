"""Kinds answered by choosing among options: radiogroup, dropdown, boolean, checkbox, ranking."""

from survey.conversation import Waiting
from survey.definition import say
from survey.definition.kinds import Boolean, Checkbox, Ranking, Selecting
from survey.definition.kinds.choices import OTHER
from survey.definition.shown import Value
from survey.views.widgets.parts import Look, limits, options


def _own(question: Selecting, waiting: Waiting, language: str) -> tuple[list[Value], str | None]:
    """Return the options without the one that stands for the respondent's own words, and the text of that one."""
    shown = list(waiting.shown.options)
    if not question.showOtherItem or OTHER not in shown:
        return shown, None
    return [value for value in shown if value != OTHER], question.label(OTHER, language)


def radiogroup(waiting: Waiting, language: str) -> Look:
    """One tap answers; "other" opens a field."""
    assert isinstance(waiting.question, Selecting)
    values, other = _own(waiting.question, waiting, language)
    return {"look": "pick", "layout": "stack", "options": options(waiting, language, values), "other": other}


def dropdown(waiting: Waiting, language: str) -> Look:
    """The phone's own list."""
    return {**radiogroup(waiting, language), "look": "list"}


def boolean(waiting: Waiting, language: str) -> Look:
    """Two big buttons, the one that agrees first."""
    assert isinstance(waiting.question, Boolean)
    return {"look": "pick", "layout": "pair", "options": options(waiting, language)}


def checkbox(waiting: Waiting, language: str) -> Look:
    """A list to tick, with what may be chosen together."""
    question = waiting.question
    assert isinstance(question, Checkbox)
    values, other = _own(question, waiting, language)
    choices = options(waiting, language, values)
    count, most = len(waiting.shown.options), question.maxSelectedChoices
    return {
        "look": "several",
        "options": [{**choice, "alone": question.exclusive(choice["value"])} for choice in choices],
        "other": other,
        "most": most if 0 < most < count else None,
        "rule": limits(language, question.minSelectedChoices, most, count),
    }


def ranking(waiting: Waiting, language: str) -> Look:
    """Tap in order, tap again to undo."""
    question = waiting.question
    assert isinstance(question, Ranking)
    count = len(waiting.shown.options)
    if not question.selectToRankEnabled:
        least, most, rule = count, count, say(language, "rank_all")
    else:
        most = min(question.maxSelectedChoices or count, count)
        least = min(max(1, question.minSelectedChoices), most)
        rule = say(language, "rank_some", number=most)
    return {"look": "rank", "options": options(waiting, language), "least": least, "most": most, "rule": rule}
