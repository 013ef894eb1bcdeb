"""The question types: what the document may say of each, which replies it takes, how an answer reads.

A new type is one class here and one entry in TYPES; its widget, encoder and words are registered by the same name.
"""

import unicodedata
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictInt,
    StrictStr,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from survey.definition.text import Localised

MAX_CHARACTERS = 20_000
RESERVED_NAMES = frozenset({"response", "language", "status", "started", "finished"})
Value = str | int
Basis = Literal["benefit", "psychographic", "descriptor"]


class ReplyRejected(Exception):
    """A reply that a question cannot take; `key` names the sentence of the interface that says so, gently."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


class Strict(BaseModel):
    """Base of every part of the document: frozen, and a key it does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class QuestionNotes(Strict):
    """Our own additions to a question, under `samtal:`; basis: which kind of segment its answers may form."""

    basis: Basis | None = None


class Question(Strict):
    """What every question has. `name` is the column of its answers."""

    open: ClassVar[bool] = False
    type: str
    name: StrictStr = Field(min_length=1, max_length=64)
    title: Localised
    description: Localised | None = None
    isRequired: bool = False
    samtal: QuestionNotes = QuestionNotes()

    @field_validator("name")
    @classmethod
    def _usable_name(cls, name: str) -> str:
        if name in RESERVED_NAMES:
            reserved = ", ".join(sorted(RESERVED_NAMES))
            raise PydanticCustomError("reserved", "must not be a reserved name: {names}", {"names": reserved})
        if name != name.strip() or not name.isprintable():
            raise PydanticCustomError("name", "must not begin or end with a blank or hold invisible characters")
        return name

    def read(self, reply: object) -> Value:
        """Return the value to store for a reply; raises ReplyRejected when the question cannot take it."""
        raise NotImplementedError

    def show(self, value: Value, language: str) -> str:
        """Return a stored value as the respondent would read it."""
        return str(value)


def clean_text(text: str) -> str:
    """Return the text without what no database or file can hold, and without blanks around it."""
    kept = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    return kept.strip()


def is_blank(text: str) -> bool:
    """Say whether nothing in the text can be seen.

    >>> is_blank("\\u200b \\n"), is_blank("…")
    (True, False)
    """
    return all(unicodedata.category(c)[0] in "ZC" for c in text)


class OpenQuestion(Question):
    """A question answered in the respondent's own words."""

    open: ClassVar[bool] = True
    maxLength: StrictInt = Field(default=MAX_CHARACTERS, ge=1, le=MAX_CHARACTERS)
    placeholder: Localised | None = None

    def read(self, reply: object) -> Value:
        text = clean_text(reply.replace("\r\n", "\n").replace("\r", "\n")) if isinstance(reply, str) else ""
        if is_blank(text):
            raise ReplyRejected("empty")
        if len(text) > self.maxLength:
            raise ReplyRejected("too_long", limit=self.maxLength, length=len(text))
        return text


class Comment(OpenQuestion):
    """An open question with room for several sentences."""

    type: Literal["comment"]


class Text(OpenQuestion):
    """An open question for a word or a line; line breaks become blanks."""

    type: Literal["text"]

    def read(self, reply: object) -> Value:
        return " ".join(str(super().read(reply)).split())


class Choice(Strict):
    """One option: the stored value and the text shown."""

    value: StrictStr | StrictInt
    text: Localised


def _choice(entry: Any) -> Any:
    if isinstance(entry, Mapping):
        return {"text": entry.get("value"), **entry}
    return {"value": entry, "text": entry}


class ChoiceQuestion(Question):
    """A question with one answer out of several."""

    choices: list[Annotated[Choice, BeforeValidator(_choice)]] = Field(min_length=2, max_length=300)

    @model_validator(mode="after")
    def _distinct(self) -> "ChoiceQuestion":
        values = [str(choice.value) for choice in self.choices]
        twice = next((value for value in values if values.count(value) > 1), None)
        if twice is not None:
            raise PydanticCustomError("twice", "has the choice '{value}' twice", {"value": twice})
        return self

    def read(self, reply: object) -> Value:
        for choice in self.choices:
            if reply == choice.value and not isinstance(reply, bool):
                return choice.value
        typed = str(reply).strip().casefold() if isinstance(reply, str | int) and not isinstance(reply, bool) else ""
        for choice in self.choices:
            if typed in (str(choice.value).casefold(), *(text.casefold() for text in choice.text.root.values())):
                return choice.value
        raise ReplyRejected("not_a_choice")

    def show(self, value: Value, language: str) -> str:
        return next((choice.text.text(language) for choice in self.choices if choice.value == value), str(value))


class Radiogroup(ChoiceQuestion):
    """One choice, all options in view."""

    type: Literal["radiogroup"]


class Dropdown(ChoiceQuestion):
    """One choice out of a list that opens."""

    type: Literal["dropdown"]


class Rating(Question):
    """A whole number on a scale with described ends."""

    type: Literal["rating"]
    rateMin: StrictInt = Field(default=1, ge=-100, le=100)
    rateMax: StrictInt = Field(default=5, ge=-100, le=100)
    minRateDescription: Localised | None = None
    maxRateDescription: Localised | None = None

    @model_validator(mode="after")
    def _some_steps(self) -> "Rating":
        if not 1 <= self.rateMax - self.rateMin <= 20:
            raise PydanticCustomError("scale", "needs 'rateMax' between 1 and 20 above 'rateMin'")
        return self

    @property
    def steps(self) -> range:
        """The numbers of the scale, in order."""
        return range(self.rateMin, self.rateMax + 1)

    def read(self, reply: object) -> Value:
        try:
            number = int(reply) if isinstance(reply, str | int) and not isinstance(reply, bool) else None
        except ValueError:
            number = None
        if number is None or number not in self.steps:
            raise ReplyRejected("not_on_scale", low=self.rateMin, high=self.rateMax)
        return number


TYPES: dict[str, type[Question]] = {
    "comment": Comment,
    "text": Text,
    "radiogroup": Radiogroup,
    "dropdown": Dropdown,
    "rating": Rating,
}
Element = Annotated[Comment | Text | Radiogroup | Dropdown | Rating, Field(discriminator="type")]
