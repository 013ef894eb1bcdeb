"""A question answered with yes or no."""

from typing import ClassVar, Literal

from pydantic import StrictInt, StrictStr

from survey.definition.base import Question, ReplyRejected
from survey.definition.context import Context
from survey.definition.languages import LANGUAGES, words
from survey.definition.shown import Shown, Value
from survey.definition.text import Localised


class Boolean(Question):
    """Yes or no; stored as true or false, whatever `valueTrue` and `valueFalse` say to expressions."""

    kind: ClassVar[str] = "boolean"
    encoder: ClassVar[str] = "binary"
    type: Literal["boolean"]
    labelTrue: Localised | None = None
    labelFalse: Localised | None = None
    valueTrue: StrictStr | StrictInt | bool = True
    valueFalse: StrictStr | StrictInt | bool = False

    @property
    def values(self) -> tuple[Value, ...]:
        return (True, False)

    def shown(self, context: Context) -> Shown:
        return Shown(self.values, language=context.language)

    def label(self, option: Value, language: str) -> str:
        own = self.labelTrue if option else self.labelFalse
        return own.text(language) if own else words(language)["yes" if option else "no"]

    def read(self, reply: object, shown: Shown | None = None, so_far: Value | None = None) -> Value:
        if isinstance(reply, bool):
            return reply
        if isinstance(reply, str):
            typed = reply.strip().casefold()
            for option, name in ((True, self.valueTrue), (False, self.valueFalse)):
                spoken = {self.label(option, language).casefold() for language in LANGUAGES}
                if typed in spoken | {str(option).casefold(), str(name).casefold()}:
                    return option
        raise ReplyRejected("not_a_choice")

    def show(self, value: Value, language: str) -> str:
        return self.label(value, language)

    def meaning(self, value: Value) -> Value:
        return self.valueTrue if value else self.valueFalse
