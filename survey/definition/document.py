"""The survey document: a subset of the SurveyJS vocabulary, with our own additions under `samtal:`."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field, StrictStr, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from survey.definition.languages import LANGUAGES, interface_language, words
from survey.definition.problems import Line, sentence
from survey.definition.questions import TYPES, Element, Question, Strict
from survey.definition.text import DEFAULT, Localised
from survey.errors import AppError

DEFAULT_CONSENT_VERSION = "samtal-1"
FORMAT_HINT = "docs/survey-format.md describes what a survey may hold."


class Consent(Strict):
    """What the respondent agrees to before the first question; `version` is stored with the answer."""

    text: Localised
    version: StrictStr = Field(min_length=1, max_length=64)


class SurveyNotes(Strict):
    """Our own additions to a survey, under `samtal:`."""

    consent: Consent | None = None
    thanks: Localised | None = None


class Page(Strict):
    """A group of questions; the chat asks them one at a time, in order."""

    name: str | None = None
    title: Localised | None = None
    elements: list[Element] = Field(min_length=1)


class Survey(Strict):
    """A whole survey. `locale` is the language of its `default` texts."""

    title: Localised | None = None
    description: Localised | None = None
    locale: str = "en"
    pages: list[Page] = Field(min_length=1)
    samtal: SurveyNotes = SurveyNotes()

    @model_validator(mode="before")
    @classmethod
    def _elements_without_pages(cls, value: Any) -> Any:
        if not isinstance(value, Mapping) or "pages" in value:
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
        names = [question.name for question in self.questions]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise PydanticCustomError("twice", "has two questions called '{name}'", {"name": twice})
        if interface_language(self.locale) is None:
            raise PydanticCustomError("locale", "needs a 'locale' out of {codes}", {"codes": ", ".join(LANGUAGES)})
        return self

    @property
    def questions(self) -> tuple[Question, ...]:
        """All questions in the order they are asked."""
        return tuple(question for page in self.pages for question in page.elements)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages a respondent may choose: its own, and each in which every question is worded."""
        own = interface_language(self.locale)
        titles = [question.title for question in self.questions]
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

    def thanks(self, language: str) -> str:
        """Return what is said when the last question is answered."""
        return self.samtal.thanks.text(language) if self.samtal.thanks else words(language)["thanks"]

    def question(self, name: str) -> Question | None:
        """Return the question of that name, or None."""
        return next((question for question in self.questions if question.name == name), None)


def parse(document: Mapping[str, Any], source: str = "the survey", line: Line = lambda _path: None) -> Survey:
    """Return the survey that a document describes.

    source: what to call the document in an error. line: from a path of keys and indices to a line number, if known.
    Raises AppError naming the source, the line, the element and what is wrong with it.
    """
    try:
        return Survey.model_validate(document)
    except ValidationError as error:
        raise AppError(sentence(error, document, source, line), FORMAT_HINT) from error


def one_question(title: str, name: str = "answer", locale: str = "en") -> dict[str, Any]:
    """Return the document of a survey that is one required open question.

    >>> parse(one_question("What do you value most?")).questions[0].title.text("en")
    'What do you value most?'
    """
    question = {"type": "comment", "name": name, "title": {DEFAULT: title}, "isRequired": True}
    return {"locale": locale, "pages": [{"elements": [question]}]}
