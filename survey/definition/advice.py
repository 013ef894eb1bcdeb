"""What is doubtful in a survey that can be read: one function for each kind of doubt, all of them in a registry."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal

from survey.definition.conditions import Reasoner
from survey.definition.context import COMMENT, ITEM, Context, locate
from survey.definition.document import Survey
from survey.definition.expressions import Binary, Items, Name, Node, Unary, nodes
from survey.definition.expressions import Literal as Written
from survey.definition.kinds import (
    BestWorst,
    Boolean,
    Checkbox,
    ChoiceQuestion,
    Html,
    Matrix,
    Optioned,
    Radiogroup,
    Rating,
)
from survey.definition.languages import LANGUAGES, interface_language
from survey.definition.piping import piped_names
from survey.definition.problems import Path, Problem, place_in
from survey.definition.references import known, suggestion
from survey.definition.text import DEFAULT, Localised
from survey.definition.values import equal
from survey.definition.walking import expressions, texts

Doubt = tuple[Literal["error", "warning", "note"], Problem]
LONG_TITLE, LONG_OPTION, MANY_OPTIONS, MANY_ROWS, MANY_COLUMNS, MANY_SETS = 300, 90, 12, 15, 7, 15
GATES = ("visibleIf", "enableIf")
COMPARED = frozenset({"=", "!=", "anyof", "noneof", "allof", "contains", "notcontains"})


def doubts(survey: Survey, document: Mapping[str, Any]) -> list[Doubt]:
    """Return every doubt about a survey whose references are all in order."""
    return [doubt for find in FINDERS for doubt in find(survey, document)]


def _conditions(survey: Survey, _document: Mapping[str, Any]) -> Iterator[Doubt]:
    """Conditions that never or always hold on their own."""
    reason = Reasoner(survey)
    for path, expression in expressions(survey):
        key = path[-1]
        if key not in (*GATES, "requiredIf", "if") and path[0] not in ("triggers", "completedHtmlOnCondition"):
            continue
        if ITEM in expression.names:
            continue
        if reason.never([expression.root]):
            message = f"can never hold: {expression.text}"
            yield "error", Problem(path, message, "Look for values that exclude each other or that no answer has.")
        elif reason.always(expression.root):
            severe = path[0] in ("triggers", "samtal")
            yield ("error" if severe else "note"), Problem(path, f"always holds: {expression.text}")


def _unreachable(survey: Survey, _document: Mapping[str, Any]) -> Iterator[Doubt]:
    """Questions that nobody can reach."""
    reason = Reasoner(survey)
    for one in survey.placed:
        name = one.question.name
        if one.never:
            yield "warning", Problem(one.path, "is never asked: 'visible' is false")
            continue
        own = [condition.root for condition in one.conditions]
        if any(reason.never([condition]) for condition in own):
            continue
        before = _ended_before(survey, reason, name)
        if own and reason.never(own, at=name):
            later = _later(survey, reason, one.conditions, name)
            why = f" ('{later}' is asked only afterwards)" if later else ""
            hint = "Compare its conditions with those of its page, its panels and the questions that it depends on."
            yield "error", Problem(one.path, f"can never be reached: its conditions never hold there{why}", hint)
        elif before and reason.never([*own, *before], at=name):
            yield "error", Problem(one.path, "can never be reached: the conversation has always ended before it")


def _ended_before(survey: Survey, reason: Reasoner, name: str) -> list[Node]:
    """Return the conditions that hold at a question because no early end has come before it."""
    if not reason.fixed:
        return []
    unanswered = Context(survey=survey)
    return [
        Unary("not", ending.when.root)
        for ending in survey.endings
        if all(used in reason.position and reason.position[used] < reason.position[name] for used in ending.when.names)
        and not ending.when.holds(unanswered)
    ]


def _later(survey: Survey, reason: Reasoner, conditions: tuple[Any, ...], name: str) -> str | None:
    used = (locate(path, survey.names.__contains__) for one in conditions for path in sorted(one.names))
    found = (place[0] for place in used if place)
    return next((other for other in found if reason.position.get(other, -1) >= reason.position[name]), None)


def _looks_ahead(survey: Survey, _document: Mapping[str, Any]) -> Iterator[Doubt]:
    """Conditions on questions that come later, in an order that is the same for everybody."""
    reason = Reasoner(survey)
    for one in survey.placed:
        later = _later(survey, reason, one.conditions, one.question.name) if reason.fixed else None
        if later and not reason.never([condition.root for condition in one.conditions], at=one.question.name):
            message = f"has a condition on '{later}', which is not answered yet when it is looked at"
            yield "warning", Problem(one.path, message, f"Move it behind '{later}'.")


def _values(survey: Survey, _document: Mapping[str, Any]) -> Iterator[Doubt]:
    """Comparisons with values that a question does not have."""
    for path, expression in expressions(survey):
        for node in nodes(expression.root):
            if not isinstance(node, Binary) or node.operator not in COMPARED:
                continue
            for name, written in ((node.left, node.right), (node.right, node.left)):
                if isinstance(name, Name):
                    yield from _missing_values(survey, path, name.path, written)


def _missing_values(survey: Survey, path: Path, name: str, written: Node) -> Iterator[Doubt]:
    found = locate(name.removeprefix("#"), survey.names.__contains__)
    question = survey.question(found[0]) if found else None
    if (
        found is None
        or question is None
        or not isinstance(question, ChoiceQuestion | Checkbox | Rating | Boolean | Matrix)
    ):
        return
    if isinstance(question, Matrix):
        possible = list(question.scale) if found[1] else []
    else:
        possible = [question.meaning(value) if isinstance(question, Boolean) else value for value in question.values]
    entries = written.parts if isinstance(written, Items) else (written,)
    for entry in entries:
        value = entry.value if isinstance(entry, Written) else None
        if value in (None, "") or not possible or any(equal(value, one) for one in possible):
            continue
        names = [str(one) for one in possible]
        message = f"compares '{found[0]}' with '{value}', which it does not have; it has {known(names)}"
        yield "warning", Problem(path, message, suggestion(str(value), names))


def _jumps(survey: Survey, _document: Mapping[str, Any]) -> Iterator[Doubt]:
    """Skips that lead back, or from where they never start."""
    position = Reasoner(survey).position
    places = [at for at, one in enumerate(survey.triggers) if one.type.startswith("skip")]
    for at, skip in zip(places, survey.skips, strict=True):
        found = [locate(path, survey.names.__contains__) for path in skip.when.names]
        starts = [position[place[0]] for place in found if place and place[0] in position]
        if starts and skip.to in position and position[skip.to] <= max(starts):
            message = f"leads back to '{skip.to}', and a conversation only goes ahead; it has no effect"
            yield "warning", Problem(("triggers", at, "gotoName"), message)


def _pipes(survey: Survey, _document: Mapping[str, Any]) -> Iterator[Doubt]:
    """Braces in texts that stand for nothing, or for what is not answered yet."""
    for path, text in texts(survey):
        if path[:2] == ("samtal", "consent"):
            continue
        for name in dict.fromkeys(name for words in text.root.values() for name in piped_names(words)):
            base = name.removeprefix("#").removesuffix(COMMENT)
            if name != ITEM and locate(base, survey.names.__contains__) is None:
                message = f"shows '{{{name}}}' as it is written, since there is no question of that name"
                hint = suggestion(base, survey.names) or f"The survey has {known(survey.names)}."
                yield "warning", Problem(path, message, hint)


def _translations(survey: Survey, document: Mapping[str, Any]) -> Iterator[Doubt]:
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


def _lengths(survey: Survey, _document: Mapping[str, Any]) -> Iterator[Doubt]:
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
FINDERS: tuple[Callable[[Survey, Mapping[str, Any]], Iterator[Doubt]], ...] = (
    _conditions,
    _unreachable,
    _looks_ahead,
    _values,
    _jumps,
    _pipes,
    _translations,
    _lengths,
)
