"""Questions answered with a number: number, slider, rating."""

import math
import re
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, StrictInt, StrictStr, field_validator, model_validator
from pydantic_core import PydanticCustomError

from survey.definition.base import Formula, Question, ReplyRejected, Strict
from survey.definition.context import Context
from survey.definition.kinds.rules import check_number
from survey.definition.languages import number_text
from survey.definition.shown import Shown, Value
from survey.definition.text import Localised

LARGEST = 10**15
_GROUPED = {"en": r",", "da": r"\.", "nb": r"\.", "sv": r"(?!)", "fi": r"(?!)"}
_BLANKS = re.compile(r"[\s\u00a0\u202f'’]")


def number_from(typed: object, language: str) -> int | float | None:
    """Return the number that was sent or typed, whole ones as int; None when it is none.

    >>> [number_from(text, "sv") for text in ("3,5", "3.5", "20 000", "4,0", "3,5,1", "many")]
    [3.5, 3.5, 20000, 4, None, None]
    >>> number_from("1,500", "en"), number_from("1.500", "da"), number_from("3,5", "en")
    (1500, 1500, 3.5)
    """
    if isinstance(typed, bool):
        return None
    if isinstance(typed, int):
        return typed if abs(typed) <= LARGEST else None
    if isinstance(typed, float):
        return _tidy(typed)
    return _spelt(typed, language) if isinstance(typed, str) else None


def _spelt(typed: str, language: str) -> int | float | None:
    text = _BLANKS.sub("", typed.replace("−", "-"))
    group = _GROUPED.get(language, _GROUPED["en"])
    if re.fullmatch(rf"[+-]?[0-9]{{1,3}}(?:{group}[0-9]{{3}})+(?:[.,][0-9]{{1,15}})?", text):
        text = re.sub(rf"{group}(?=[0-9]{{3}}(?![0-9]))", "", text)
    text = text.replace(",", ".")
    return _tidy(float(text)) if re.fullmatch(r"[+-]?[0-9]{1,16}(?:\.[0-9]{1,15})?", text) else None


def _tidy(number: int | float) -> int | float | None:
    if not math.isfinite(number) or abs(number) > LARGEST:
        return None
    return int(number) if float(number).is_integer() else number


def on_grid(number: int | float, start: int | float, step: int | float) -> int | float | None:
    """Return a number that is a whole count of steps from the start, rid of its last decimals, or None when it is not.

    >>> on_grid(0.1 + 0.2, 0, 0.1), on_grid(0.35, 0, 0.1)
    (0.3, None)
    """
    steps = (number - start) / step
    return _tidy(round(start + round(steps) * step, 10)) if math.isclose(steps, round(steps), abs_tol=1e-6) else None


def _limit(value: Any) -> Any:
    number = number_from(value, "en")
    return value if number is None else number


Limit = Annotated[float | int, BeforeValidator(_limit)]


class Number(Question):
    """A number typed into the chat box."""

    kind: ClassVar[str] = "number"
    open: ClassVar[bool] = True
    encoder: ClassVar[str] = "number"
    type: Literal["text"]
    inputType: Literal["number", "range"]
    min: Limit | None = None
    max: Limit | None = None
    step: Limit | None = Field(default=None, gt=0)
    minValueExpression: Formula | None = None
    maxValueExpression: Formula | None = None
    placeholder: Localised | None = None
    maxLength: StrictInt | None = None

    @model_validator(mode="after")
    def _some_room(self) -> "Number":
        if self.min is not None and self.max is not None and self.min > self.max:
            raise PydanticCustomError("range", "needs 'max' at or above 'min'", {})
        return self

    def read(self, reply: object, shown: Shown | None = None, so_far: Value | None = None) -> Value:
        number = number_from(reply, shown.language if shown else "en")
        if number is None:
            raise ReplyRejected("not_number")
        language = shown.language if shown else "en"
        if self.min is not None and number < self.min:
            raise ReplyRejected("too_low", limit=number_text(language, self.min))
        if self.max is not None and number > self.max:
            raise ReplyRejected("too_high", limit=number_text(language, self.max))
        if self.step is not None:
            number = on_grid(number, self.min or 0, self.step)
        if number is None:
            raise ReplyRejected("not_on_grid", step=number_text(language, self.step or 0))
        check_number(self.validators, number)
        return number

    def verify(self, value: Value, context: Context) -> None:
        super().verify(value, context)
        low, high = (
            number_from(limit.evaluate(context), "en") if limit else None
            for limit in (self.minValueExpression, self.maxValueExpression)
        )
        if low is not None and isinstance(value, int | float) and value < low:
            raise ReplyRejected("too_low", limit=number_text(context.language, low))
        if high is not None and isinstance(value, int | float) and value > high:
            raise ReplyRejected("too_high", limit=number_text(context.language, high))

    def show(self, value: Value, language: str) -> str:
        return number_text(language, value) if isinstance(value, int | float) else str(value)


class Slider(Question):
    """A number picked on a line."""

    kind: ClassVar[str] = "slider"
    encoder: ClassVar[str] = "number"
    type: Literal["slider"]
    min: Limit = 0
    max: Limit = 100
    step: Limit = Field(default=1, gt=0)
    minRateDescription: Localised | None = None
    maxRateDescription: Localised | None = None

    @model_validator(mode="before")
    @classmethod
    def _single(cls, value: Any) -> Any:
        if isinstance(value, Mapping) and value.get("sliderType") == "range":
            raise PydanticCustomError("range", "is a slider for a range; only single values are supported", {})
        return value

    @model_validator(mode="after")
    def _some_room(self) -> "Slider":
        if self.min >= self.max or (self.max - self.min) / self.step > 10_000:
            raise PydanticCustomError("range", "needs 'max' above 'min', and at most 10,000 steps between", {})
        return self

    def read(self, reply: object, shown: Shown | None = None, so_far: Value | None = None) -> Value:
        number = number_from(reply, shown.language if shown else "en")
        inside = number is not None and self.min <= number <= self.max
        number = on_grid(number, self.min, self.step) if number is not None and inside else None
        if number is None:
            raise ReplyRejected("not_on_scale", low=self.min, high=self.max)
        check_number(self.validators, number)
        return number

    def show(self, value: Value, language: str) -> str:
        return number_text(language, value) if isinstance(value, int | float) else str(value)


class Rate(Strict):
    """One labelled step of a rating."""

    value: StrictInt | StrictStr | float
    text: Localised


def _rate(entry: Any) -> Any:
    return {"text": entry.get("value"), **entry} if isinstance(entry, Mapping) else {"value": entry, "text": entry}


class Rating(Question):
    """A step on a scale with described ends."""

    kind: ClassVar[str] = "rating"
    encoder: ClassVar[str] = "ordinal"
    type: Literal["rating"]
    rateMin: StrictInt = Field(default=1, ge=-100, le=100)
    rateMax: StrictInt = Field(default=5, ge=-100, le=100)
    rateStep: StrictInt = Field(default=1, ge=1, le=100)
    rateCount: StrictInt | None = Field(default=None, ge=2, le=21)
    rateValues: tuple[Annotated[Rate, BeforeValidator(_rate)], ...] = Field(default=(), max_length=21)
    minRateDescription: Localised | None = None
    maxRateDescription: Localised | None = None

    @field_validator("rateValues", mode="before")
    @classmethod
    def _none_given(cls, value: Any) -> Any:
        return () if value is None else value

    @model_validator(mode="before")
    @classmethod
    def _counted(cls, value: Any) -> Any:
        if isinstance(value, Mapping) and isinstance(value.get("rateCount"), int) and "rateMax" not in value:
            low, step = value.get("rateMin", 1), value.get("rateStep", 1)
            if isinstance(low, int) and isinstance(step, int):
                return {**value, "rateMax": low + step * (value["rateCount"] - 1)}
        return value

    @model_validator(mode="after")
    def _some_steps(self) -> "Rating":
        if not self.rateValues and not 1 <= len(range(self.rateMin, self.rateMax + 1, self.rateStep)) - 1 <= 20:
            raise PydanticCustomError("scale", "needs 'rateMax' between 1 and 20 above 'rateMin'")
        values = [str(rate.value) for rate in self.rateValues]
        if self.rateValues and len(set(values)) < max(2, len(values)):
            raise PydanticCustomError("scale", "needs at least two 'rateValues', each different", {})
        return self

    @property
    def steps(self) -> tuple[Value, ...]:
        """The values of the scale, in order."""
        if self.rateValues:
            return tuple(rate.value for rate in self.rateValues)
        return tuple(range(self.rateMin, self.rateMax + 1, self.rateStep))

    def read(self, reply: object, shown: Shown | None = None, so_far: Value | None = None) -> Value:
        number = number_from(reply, shown.language if shown else "en")
        for step in self.steps:
            if (number is not None and number == step) or (isinstance(step, str) and reply == step):
                return step
        raise ReplyRejected("not_on_scale", low=self.steps[0], high=self.steps[-1])

    def label(self, option: Value, language: str) -> str:
        return next((rate.text.text(language) for rate in self.rateValues if rate.value == option), str(option))

    def show(self, value: Value, language: str) -> str:
        return self.label(value, language)
