"""A question answered with a day."""

import re
from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, StrictInt, model_validator
from pydantic_core import PydanticCustomError

from survey.definition.base import Formula, Question, ReplyRejected
from survey.definition.context import Context
from survey.definition.languages import date_text
from survey.definition.shown import Shown, Value
from survey.definition.text import Localised

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_NORDIC = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})")


def day_from(given: object) -> date | None:
    """Return the day that was sent or typed, as 2026-03-09 or 9.3.2026; None when it is none.

    >>> day_from("9.3.2026"), day_from("2026-02-30")
    (datetime.date(2026, 3, 9), None)
    """
    if isinstance(given, date):
        return given.date() if isinstance(given, datetime) else given
    if not isinstance(given, str):
        return None
    text = given.strip()
    iso, nordic = _ISO.fullmatch(text), _NORDIC.fullmatch(text)
    parts = iso.groups() if iso else nordic.groups()[::-1] if nordic else None
    try:
        return date(*map(int, parts)) if parts else None
    except ValueError:
        return None


def _day(value: Any) -> date:
    found = day_from(value)
    if found is None:
        raise PydanticCustomError("day", "must be a day in the form YYYY-MM-DD", {})
    return found


Day = Annotated[date, BeforeValidator(_day)]


class Date(Question):
    """A day, stored as YYYY-MM-DD."""

    kind: ClassVar[str] = "date"
    encoder: ClassVar[str] = "date"
    type: Literal["text"]
    inputType: Literal["date"]
    min: Day | None = None
    max: Day | None = None
    minValueExpression: Formula | None = None
    maxValueExpression: Formula | None = None
    placeholder: Localised | None = None
    maxLength: StrictInt | None = None

    @model_validator(mode="after")
    def _some_days(self) -> "Date":
        if self.min and self.max and self.min > self.max:
            raise PydanticCustomError("range", "needs 'max' at or after 'min'", {})
        return self

    def read(self, reply: object, shown: Shown | None = None, so_far: Value | None = None) -> Value:
        day, language = day_from(reply), shown.language if shown else "en"
        if day is None:
            raise ReplyRejected("not_date")
        if self.min and day < self.min:
            raise ReplyRejected("too_early", limit=date_text(language, self.min))
        if self.max and day > self.max:
            raise ReplyRejected("too_late", limit=date_text(language, self.max))
        return day.isoformat()

    def verify(self, value: Value, context: Context) -> None:
        super().verify(value, context)
        day = day_from(value)
        first, last = (
            day_from(limit.evaluate(context)) if limit else None
            for limit in (self.minValueExpression, self.maxValueExpression)
        )
        if day and first and day < first:
            raise ReplyRejected("too_early", limit=date_text(context.language, first))
        if day and last and day > last:
            raise ReplyRejected("too_late", limit=date_text(context.language, last))

    def show(self, value: Value, language: str) -> str:
        day = day_from(value)
        return date_text(language, day) if day else str(value)
