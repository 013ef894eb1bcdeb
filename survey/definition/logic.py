"""The rules of a survey beside its questions: skips, early ends, quotas, computed values, what is said at the end."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StrictInt, StrictStr, model_validator

from survey.definition.base import Formula, Strict
from survey.definition.expressions import Expression
from survey.definition.text import Localised

TRIGGERS = ("complete", "skip")


@dataclass(frozen=True)
class Skip:
    """From the answer that makes `when` hold, the conversation goes on with the question `to`, if that comes later.

    Looked at after each answer to a question that `when` names.
    """

    when: Expression
    to: str


@dataclass(frozen=True)
class Ending:
    """The answer that makes `when` hold is the last. Looked at after each answer to a question that `when` names.

    screened: the respondent does not belong to those asked; otherwise the conversation is complete. text: said
    instead of the general thanks, or None.
    """

    when: Expression
    text: Localised | None
    screened: bool


@dataclass(frozen=True)
class Quota:
    """A cell of respondents for whom `when` holds; full when `limit` of them have completed the survey.

    message: said to one who belongs to a full cell, or None.
    """

    name: str
    when: Expression
    limit: int
    message: Localised | None


@dataclass(frozen=True)
class Calculated:
    """A value that expressions and texts may name; stored with the answers when `stored`."""

    name: str
    expression: Expression
    stored: bool


class CompleteTrigger(Strict):
    """SurveyJS's early end."""

    type: Literal["complete", "completetrigger"]
    expression: Formula
    name: str | None = None


class SkipTrigger(Strict):
    """SurveyJS's jump ahead."""

    type: Literal["skip", "skiptrigger"]
    expression: Formula
    gotoName: StrictStr
    name: str | None = None


Trigger = Annotated[CompleteTrigger | SkipTrigger, Field(discriminator="type")]


class CalculatedValue(Strict):
    """SurveyJS's computed value."""

    name: StrictStr = Field(min_length=1, max_length=64)
    expression: Formula
    includeIntoResult: bool = False


def _markup(value: Any) -> Any:
    from survey.definition.text import without_markup

    if isinstance(value, str):
        return without_markup(value) or None
    if isinstance(value, Mapping):
        plain = {key: without_markup(text) if isinstance(text, str) else text for key, text in value.items()}
        return {key: text for key, text in plain.items() if text} or None
    return value


Plain = Annotated[Localised | None, BeforeValidator(_markup)]


class ConditionalThanks(Strict):
    """What is said at the end when a condition holds."""

    expression: Formula | None = None
    html: Plain = None


class ScreenOut(Strict):
    """An early end for those whom the survey is not for."""

    when: Formula = Field(alias="if")
    text: Localised | None = None


class QuotaCell(Strict):
    """One cell of a quota."""

    name: StrictStr = Field(min_length=1, max_length=64)
    when: Formula = Field(alias="if")
    limit: StrictInt = Field(ge=0, le=10_000_000)
    text: Localised | None = None


class Consent(Strict):
    """What the respondent agrees to before the first question; `version` is stored with the answer."""

    text: Localised
    version: StrictStr = Field(min_length=1, max_length=64)


class SurveyNotes(Strict):
    """Our own additions to a survey, under `samtal:`.

    descriptors: names that an invitation may bring with it, for expressions and texts to use.
    """

    consent: Consent | None = None
    thanks: Localised | None = None
    pageOrder: Literal["initial", "random"] = "initial"
    screenOut: tuple[ScreenOut, ...] = ()
    quotas: tuple[QuotaCell, ...] = ()
    descriptors: tuple[StrictStr, ...] = ()

    @model_validator(mode="after")
    def _quotas_differ(self) -> "SurveyNotes":
        from pydantic_core import PydanticCustomError

        names = [cell.name for cell in self.quotas]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise PydanticCustomError("twice", "has two quotas called '{name}'", {"name": twice})
        return self
