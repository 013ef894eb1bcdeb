"""The survey document: a subset of the SurveyJS vocabulary, with our own additions under `samtal:`."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar

from pydantic import Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from survey.definition.base import Question, Strict
from survey.definition.context import Context
from survey.definition.expressions import Expression
from survey.definition.kinds import TYPES, Computed, Optioned
from survey.definition.languages import LANGUAGES, interface_language, words
from survey.definition.logic import (
    Calculated,
    CalculatedValue,
    CompleteTrigger,
    ConditionalThanks,
    Ending,
    Plain,
    Quota,
    Skip,
    SkipTrigger,
    SurveyNotes,
    Trigger,
)
from survey.definition.piping import pipe
from survey.definition.problems import Line, sentence, structural
from survey.definition.references import reference_problems
from survey.definition.shown import Value
from survey.definition.structure import Order, Page, Placed, placed, shuffled
from survey.definition.text import DEFAULT, Localised
from survey.errors import AppError

DEFAULT_CONSENT_VERSION = "samtal-1"
FORMAT_HINT = "docs/survey-format.md describes what a survey may hold."


class Survey(Strict):
    """A whole survey. `locale` is the language of its `default` texts."""

    place: ClassVar[str] = "survey"
    title: Localised | None = None
    description: Localised | None = None
    locale: str = "en"
    pages: list[Page] = Field(min_length=1)
    questionOrder: Order = "initial"
    calculatedValues: tuple[CalculatedValue, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    completedHtml: Plain = None
    completedHtmlOnCondition: tuple[ConditionalThanks, ...] = ()
    samtal: SurveyNotes = SurveyNotes()

    @model_validator(mode="before")
    @classmethod
    def _one_form(cls, value: Any) -> Any:
        """Bring the short forms of a survey, and SurveyJS's older names, into the one form."""
        if not isinstance(value, Mapping):
            return value
        newer = {"questionsOrder": "questionOrder", "questions": "elements"}
        value = {newer.get(key, key): entry for key, entry in value.items()}
        if "pages" in value:
            return value
        rest = {key: entry for key, entry in value.items() if key != "elements"}
        if "elements" in value:
            return {**rest, "pages": [{"elements": value["elements"]}]}
        if value.get("type") in TYPES:
            question = {"name": "question1", **{key: entry for key, entry in value.items() if key != "locale"}}
            return {"locale": value.get("locale", "en"), "pages": [{"elements": [question]}]}
        return value

    @model_validator(mode="after")
    def _consistent(self) -> "Survey":
        if not self.questions:
            raise PydanticCustomError("no_questions", "needs at least one question", {})
        if interface_language(self.locale) is None:
            raise PydanticCustomError("locale", "needs a 'locale' out of {codes}", {"codes": ", ".join(LANGUAGES)})
        return self

    @cached_property
    def placed(self) -> tuple[Placed, ...]:
        """All questions where they stand, in the order of the document."""
        found: dict[str, Placed] = {}
        for one in placed(self.pages):
            question = one.question
            source = found.get(question.choicesFromQuestion or "") if isinstance(question, Optioned) else None
            if isinstance(question, Optioned) and source and isinstance(source.question, Optioned):
                one = Placed(question.carrying(source.question.options), *list(vars(one).values())[1:])
            found[question.name if question.name not in found else f"{question.name}\n{len(found)}"] = one
        return tuple(found.values())

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """All elements of all pages and panels, messages and computed values included, in the document's order."""
        return tuple(one.question for one in self.placed)

    @cached_property
    def _by_name(self) -> dict[str, Placed]:
        return {one.question.name: one for one in self.placed}

    @cached_property
    def _formulas(self) -> dict[str, Expression]:
        computed = {one.name: one.expression for one in self.questions if isinstance(one, Computed)}
        return computed | {one.name: one.expression for one in self.calculatedValues}

    @cached_property
    def names(self) -> frozenset[str]:
        """Everything that expressions and texts may name: questions, calculated values, descriptors."""
        return frozenset(self._by_name) | frozenset(self._formulas) | frozenset(self.samtal.descriptors)

    def question(self, name: str) -> Question | None:
        """Return the question of that name, or None."""
        found = self._by_name.get(name)
        return found.question if found else None

    def formula(self, name: str) -> Expression | None:
        """Return the expression of a computed or calculated value, or None."""
        return self._formulas.get(name)

    def context(
        self,
        answers: Mapping[str, Value] | None = None,
        descriptors: Mapping[str, Value] | None = None,
        language: str | None = None,
        seed: int = 0,
        **more: Any,
    ) -> Context:
        """Return a context about this survey, for conditions, texts and orders; `more` as in Context."""
        own = language or self.language()
        return Context(answers or {}, descriptors or {}, own, seed, survey=self, **more)

    def visible(self, name: str, context: Context) -> bool:
        """Return whether a question is asked (or a message shown): its conditions hold, and it has options left."""
        found = self._by_name.get(name)
        if found is None or found.never or not all(condition.holds(context) for condition in found.conditions):
            return False
        return not found.question.values or bool(found.question.shown(context).options)

    def required(self, name: str, context: Context) -> bool:
        """Return whether a question cannot be skipped."""
        question = self.question(name)
        if question is None:
            return False
        return question.isRequired or (question.requiredIf is not None and question.requiredIf.holds(context))

    def order(self, seed: int) -> tuple[Question, ...]:
        """Return all elements in one respondent's order, pages and blocks shuffled as the survey says."""
        names = shuffled(self.pages, self.questionOrder, self.samtal.pageOrder, Context(seed=seed).random)
        return tuple(self._by_name[name].question for name in names)

    @cached_property
    def skips(self) -> tuple[Skip, ...]:
        """The jumps ahead. A page as goal stands for its first question."""
        firsts = {page.name: one.question.name for one in reversed(self.placed) for page in [self.pages[one.page]]}
        return tuple(
            Skip(one.expression, one.gotoName if one.gotoName in self._by_name else firsts.get(one.gotoName, ""))
            for one in self.triggers
            if isinstance(one, SkipTrigger)
        )

    @cached_property
    def endings(self) -> tuple[Ending, ...]:
        """The early ends, screen-outs first."""
        screened = tuple(Ending(one.when, one.text, True) for one in self.samtal.screenOut)
        early = (one for one in self.triggers if isinstance(one, CompleteTrigger))
        return (*screened, *(Ending(one.expression, None, False) for one in early))

    @cached_property
    def quotas(self) -> tuple[Quota, ...]:
        """The cells that may be full."""
        return tuple(Quota(one.name, one.when, one.limit, one.text) for one in self.samtal.quotas)

    @cached_property
    def calculated(self) -> tuple[Calculated, ...]:
        """The calculated values, those of expression elements included; these and `includeIntoResult` are stored."""
        elements = tuple(
            Calculated(one.name, one.expression, True) for one in self.questions if isinstance(one, Computed)
        )
        values = (Calculated(one.name, one.expression, one.includeIntoResult) for one in self.calculatedValues)
        return (*elements, *values)

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages a respondent may choose: its own, and each in which every question is worded."""
        own = interface_language(self.locale)
        titles = [question.title for question in self.questions if not isinstance(question, Computed)]
        return tuple(code for code in LANGUAGES if code == own or all(title.has(code) for title in titles))

    def language(self, *wishes: str | None) -> str:
        """Return the first of the wished languages that the survey speaks, else its own."""
        spoken = self.languages
        found = (interface_language(wish) for wish in wishes)
        return next((code for code in found if code in spoken), interface_language(self.locale) or spoken[0])

    def consent(self, language: str) -> tuple[str, str]:
        """Return the consent text in `language` and its version; a general one when the survey has none."""
        own = self.samtal.consent
        return (own.text.text(language), own.version) if own else (words(language)["consent"], DEFAULT_CONSENT_VERSION)

    def thanks(self, language: str, context: Context | None = None) -> str:
        """Return what is said at the end; `context` decides among conditional texts and fills in answers."""
        fitting = (
            one.html
            for one in self.completedHtmlOnCondition
            if context and one.expression and one.expression.holds(context)
        )
        own = next((text for text in fitting if text), None) or self.samtal.thanks or self.completedHtml
        text = own.text(language) if own else words(language)["thanks"]
        return pipe(text, context) if context else text


def parse(document: Mapping[str, Any], source: str = "the survey", line: Line = lambda _path: None) -> Survey:
    """Return the survey that a document describes.

    source: what to call the document in an error. line: from a path of keys and indices to a line number, if known.
    Raises AppError naming the source, the line, the element and what is wrong with it.
    """
    try:
        survey = Survey.model_validate(document)
    except ValidationError as error:
        raise AppError(sentence(structural(error, document), document, source, line), FORMAT_HINT) from error
    problems = reference_problems(survey)
    if problems:
        raise AppError(sentence(problems, document, source, line), problems[0].hint or FORMAT_HINT)
    return survey


def one_question(title: str, name: str = "answer", locale: str = "en") -> dict[str, Any]:
    """Return the document of a survey that is one required open question.

    >>> parse(one_question("What do you value most?")).questions[0].title.text("en")
    'What do you value most?'
    """
    question = {"type": "comment", "name": name, "title": {DEFAULT: title}, "isRequired": True}
    return {"locale": locale, "pages": [{"elements": [question]}]}
