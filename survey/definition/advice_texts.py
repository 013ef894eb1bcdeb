"""Doubts about the texts of a survey: braces, languages, and what is too much for a phone."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from survey.definition.advice_rules import Doubt
from survey.definition.conditions import Reasoner
from survey.definition.context import COMMENT, ITEM, Context, locate
from survey.definition.document import Survey
from survey.definition.kinds import (
    BestWorst,
    Html,
    Matrix,
    Optioned,
    Radiogroup,
)
from survey.definition.languages import LANGUAGES, interface_language
from survey.definition.piping import piped_names
from survey.definition.problems import Path, Problem, place_in
from survey.definition.references import known, suggestion
from survey.definition.text import DEFAULT, Localised
from survey.definition.walking import texts

LONG_TITLE, LONG_OPTION, MANY_OPTIONS, MANY_ROWS, MANY_COLUMNS, MANY_SETS = 300, 90, 12, 15, 7, 15


def pipes(survey: Survey, _document: Mapping[str, Any]) -> Iterator[Doubt]:
    """Braces in texts that stand for nothing, or for what is not answered yet."""
    reason = Reasoner(survey)
    for path, text in texts(survey):
        if path[:2] == ("samtal", "consent"):
            continue
        here = next((one for one in survey.placed if one.path == path[: len(one.path)]), None)
        for name in dict.fromkeys(name for words in text.root.values() for name in piped_names(words)):
            base = name.removeprefix("#").removesuffix(COMMENT)
            found = locate(base, survey.names.__contains__)
            if (
                here
                and found
                and reason.fixed
                and reason.position.get(found[0], -1) >= reason.position[here.question.name]
            ):
                yield "warning", Problem(path, f"shows the answer to '{found[0]}', which is not given yet")
            if name != ITEM and found is None:
                message = f"shows '{{{name}}}' as it is written, since there is no question of that name"
                hint = suggestion(base, survey.names) or f"The survey has {known(survey.names)}."
                yield "warning", Problem(path, message, hint)


def translations(survey: Survey, document: Mapping[str, Any]) -> Iterator[Doubt]:
    """Texts that are missing in a language that the survey has other texts in."""
    own = interface_language(survey.locale) or survey.locale
    found = [(path, text) for path, text in texts(survey) if _written_by_author(path, document)]
    spoken = {code for _, text in found for code in text.root if code not in (DEFAULT, own)}
    for code in sorted(spoken - set(LANGUAGES)):
        yield (
            "warning",
            Problem(
                (),
                f"has texts in '{code}', which respondents cannot choose",
                f"The languages are {', '.join(LANGUAGES)}.",
            ),
        )
    wished = [code for code in LANGUAGES if code in spoken]
    for path, text in found:
        missing = [code for code in wished if not text.has(code)]
        if missing:
            yield "warning", Problem(path, f"has no text in {known(missing)}; there respondents read it in {own}")
    for code in wished:
        if code not in survey.languages:
            lacking = [
                one.question.name for one in survey.placed if one.question.asks and not one.question.title.has(code)
            ]
            message = f"is not offered in {code}: titles are missing for {known(lacking)}"
            yield "warning", Problem((), message, "A language is offered when every title is worded in it.")


def _written_by_author(path: Path, document: Mapping[str, Any]) -> bool:
    """Return whether a text stands in the document as words: not filled in from a name, and not a bare number."""
    place = place_in(document, path)
    here: Any = document
    for step in place:
        here = here[step]
    short_form = path[-1] == "text" and place[-1:] == path[-2:-1] and not isinstance(here, Mapping)
    if not short_form and place[-1:] != path[-1:]:
        return False
    words = here.values() if isinstance(here, Mapping) else [here]
    return any(isinstance(word, str) and any(c.isalpha() for c in word) for word in words)


def lengths(survey: Survey, _document: Mapping[str, Any]) -> Iterator[Doubt]:
    """What is too much for a phone."""
    for one in survey.placed:
        question = one.question
        if not isinstance(question, Html) and _longest(question.title) > LONG_TITLE:
            yield (
                "warning",
                Problem(
                    (*one.path, "title"), f"is longer than {LONG_TITLE} characters; on a phone it fills the screen"
                ),
            )
        if isinstance(question, Optioned):
            for at, option in enumerate(question.choices):
                if _longest(option.text) > LONG_OPTION:
                    yield (
                        "note",
                        Problem(
                            (*one.path, "choices", at), f"is longer than {LONG_OPTION} characters, much for a button"
                        ),
                    )
        for fits, message in _SIZES:
            if not fits(question):
                yield "note", Problem(one.path, message)


def _longest(text: Localised) -> int:
    return max(len(words) for words in text.root.values())


_SIZES: tuple[tuple[Callable[[Any], bool], str], ...] = (
    (
        lambda one: not isinstance(one, Radiogroup) or len(one.values) <= MANY_OPTIONS,
        f"has more than {MANY_OPTIONS} options in view; a dropdown takes less room",
    ),
    (
        lambda one: not isinstance(one, Matrix) or len(one.rows) <= MANY_ROWS,
        f"has more than {MANY_ROWS} rows, each a screen on a phone; people tire",
    ),
    (
        lambda one: not isinstance(one, Matrix) or len(one.scale) <= MANY_COLUMNS,
        f"has more than {MANY_COLUMNS} columns, much for a phone",
    ),
    (
        lambda one: not isinstance(one, BestWorst) or len(one.shown(Context()).sets) <= MANY_SETS,
        f"has more than {MANY_SETS} sets; people tire. Fewer items or 'sets' help",
    ),
)
