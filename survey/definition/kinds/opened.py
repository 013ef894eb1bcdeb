"""Questions answered in the respondent's own words: comment, text, e-mail."""

import re
from typing import Any, ClassVar, Literal

from pydantic import Field, StrictInt, field_validator

from survey.definition.base import MAX_CHARACTERS, Question, ReplyRejected, clean_text, is_blank
from survey.definition.kinds.rules import check_text
from survey.definition.shown import Shown, Value
from survey.definition.text import Localised

MAX_EMAIL = 254
_EMAIL = re.compile(r"[^\s@<>()\[\],;:\"\\]{1,64}@(?:[\w-]{1,63}\.)+[\w-]{2,63}")


class OpenQuestion(Question):
    """A question answered in the respondent's own words."""

    open: ClassVar[bool] = True
    encoder: ClassVar[str] = "text"
    maxLength: StrictInt = Field(default=MAX_CHARACTERS, ge=1, le=MAX_CHARACTERS)
    minLength: StrictInt = Field(default=0, ge=0, le=MAX_CHARACTERS)
    placeholder: Localised | None = Field(default=None)

    @field_validator("maxLength", mode="before")
    @classmethod
    def _no_limit(cls, value: Any) -> Any:
        return MAX_CHARACTERS if value in (-1, 0) and not isinstance(value, bool) else value

    def read(self, reply: object, shown: Shown | None = None, so_far: Value | None = None) -> Value:
        text = clean_text(reply.replace("\r\n", "\n").replace("\r", "\n")) if isinstance(reply, str) else ""
        if is_blank(text):
            raise ReplyRejected("empty")
        if len(text) > self.maxLength:
            raise ReplyRejected("too_long", limit=self.maxLength, length=len(text))
        if len(text) < self.minLength:
            raise ReplyRejected("too_short", limit=self.minLength)
        check_text(self.validators, text)
        return text


class Comment(OpenQuestion):
    """An open question with room for several sentences."""

    kind: ClassVar[str] = "comment"
    type: Literal["comment"]


class Line(OpenQuestion):
    """Anything answered in one line; line breaks become blanks."""

    type: Literal["text"]
    inputType: Literal["text", "tel", "url"] = "text"

    def read(self, reply: object, shown: Shown | None = None, so_far: Value | None = None) -> Value:
        return super().read(" ".join(reply.split()) if isinstance(reply, str) else reply, shown, so_far)


class Text(Line):
    """An open question for a word or a line."""

    kind: ClassVar[str] = "text"


class Email(Line):
    """An e-mail address."""

    kind: ClassVar[str] = "email"
    encoder: ClassVar[str] = "none"
    inputType: Literal["email"]  # type: ignore[assignment]

    def read(self, reply: object, shown: Shown | None = None, so_far: Value | None = None) -> Value:
        text = str(super().read(reply, shown, so_far))
        if len(text) > MAX_EMAIL or not is_email(text):
            raise ReplyRejected("not_email")
        return text


def is_email(text: str) -> bool:
    """Return whether a text looks like one e-mail address.

    >>> is_email("a.b@example.org"), is_email("a@b"), is_email("a b@example.org")
    (True, False, False)
    """
    return _EMAIL.fullmatch(text) is not None
