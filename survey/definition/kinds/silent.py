"""Elements that nobody answers: a message, and a value that is computed."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import model_validator

from survey.definition.base import Formula, Question, ReplyRejected
from survey.definition.shown import Shown, Value
from survey.definition.text import Localised


class Silent(Question):
    """An element that is not asked."""

    asks: ClassVar[bool] = False

    def read(self, reply: object, shown: Shown | None = None, so_far: Value | None = None) -> Value:
        raise ReplyRejected("not_a_choice")


class Html(Silent):
    """A message on the way to the next question: the text of `html` without its markup, which is its `title`."""

    kind: ClassVar[str] = "html"
    type: Literal["html"]
    html: Localised

    @model_validator(mode="before")
    @classmethod
    def _its_text(cls, value: Any) -> Any:
        return {**value, "title": value["html"]} if isinstance(value, Mapping) and value.get("html") else value

    @model_validator(mode="after")
    def _plain(self) -> "Html":
        self.__dict__["title"] = self.html.plain()
        return self

    def columns(self, value: Value | None) -> dict[str, Any]:
        return {}


class Computed(Silent):
    """A value computed from other answers, stored and not shown."""

    kind: ClassVar[str] = "expression"
    type: Literal["expression"]
    expression: Formula
