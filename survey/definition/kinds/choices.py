"""Questions with a list of options: what they share, and those with one answer: radiogroup, dropdown."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, PrivateAttr, StrictInt, StrictStr, model_validator
from pydantic_core import PydanticCustomError

from survey.definition.base import Formula, Question, ReplyRejected, Strict, clean_text, is_blank
from survey.definition.context import Context
from survey.definition.languages import words
from survey.definition.shown import Shown, Value
from survey.definition.text import Localised

OTHER, NONE = "other", "none"
MAX_OTHER = 500
MAX_CHOICES = 300
SPECIAL = {"none": ("showNoneItem", "noneText"), "refuse": ("showRefuseItem", "refuseText")}


class Choice(Strict):
    """One option: the stored value and the text shown. isExclusive: it cannot be chosen together with others."""

    place: ClassVar[str] = "choice"
    value: StrictStr | StrictInt
    text: Localised
    visibleIf: Formula | None = None
    enableIf: Formula | None = None
    isExclusive: bool = False

    def visible(self, context: Context) -> bool:
        """Return whether it is offered."""
        if self.visibleIf is None and self.enableIf is None:
            return True
        here = context.about(self.value)
        return all(condition is None or condition.holds(here) for condition in (self.visibleIf, self.enableIf))


def choice(entry: Any) -> Any:
    """Return the long form of one entry of a list of choices, rows or columns."""
    if isinstance(entry, Mapping):
        renamed = {{"name": "value", "title": "text"}.get(key, key): value for key, value in entry.items()}
        return {"text": renamed.get("value"), **{key: value for key, value in renamed.items() if value is not None}}
    return {"value": entry, "text": entry}


Choices = tuple[Annotated[Choice, BeforeValidator(choice)], ...]


def twice(options: Choices) -> str | None:
    """Return the first value that a list holds twice, or None."""
    values = [str(option.value) for option in options]
    return next((value for value in values if values.count(value) > 1), None)


def matching(reply: object, options: Choices, among: tuple[Value, ...]) -> Value | None:
    """Return the option that a reply means, by its value or by its text in any language; None when it is none."""
    if isinstance(reply, bool) or not isinstance(reply, str | int):
        return None
    offered = [option for option in options if option.value in among]
    for option in offered:
        if reply == option.value:
            return option.value
    typed = str(reply).strip().casefold()
    for option in offered:
        if typed in (str(option.value).casefold(), *(text.casefold() for text in option.text.root.values())):
            return option.value
    return None


class Optioned(Question):
    """A question with a list of options, its own or carried forward from an earlier question."""

    choices: Choices = Field(default=(), max_length=MAX_CHOICES)
    choicesOrder: Literal["none", "asc", "desc", "random"] = "none"
    choicesVisibleIf: Formula | None = None
    choicesFromQuestion: StrictStr | None = None
    choicesFromQuestionMode: Literal["all", "selected", "unselected"] = "all"
    _carried: Choices = PrivateAttr(default=())

    @model_validator(mode="after")
    def _some_choices(self) -> "Optioned":
        found = twice(self.options)
        if found is not None:
            raise PydanticCustomError("twice", "has the choice '{value}' twice", {"value": found})
        if len(self.options) < 2 and not self.choicesFromQuestion:
            raise PydanticCustomError("choices", "needs at least 2 'choices'", {})
        return self

    @property
    def options(self) -> Choices:
        """Every option, carried ones first, in the order of the document."""
        if not self._carried:
            return self.choices
        own = {option.value for option in self.choices}
        return (*(option for option in self._carried if option.value not in own), *self.choices)

    @property
    def values(self) -> tuple[Value, ...]:
        return tuple(option.value for option in self.options)

    def carrying(self, options: Choices) -> "Optioned":
        """Return the question with what an earlier question may hand on to it."""
        copy = self.model_copy()
        copy._carried = options
        return copy

    def shown(self, context: Context) -> Shown:
        return Shown(self._ordered(self._offered(context), context), language=context.language)

    def _offered(self, context: Context) -> list[Value]:
        carried = self._handed_on(context)
        own = {option.value for option in self.choices}
        offered = [option for option in self._carried if option.value in carried and option.value not in own]
        offered.sort(key=lambda option: carried.index(option.value))
        condition = self.choicesVisibleIf
        return [
            option.value
            for option in (*offered, *self.choices)
            if option.visible(context) and (condition is None or condition.holds(context.about(option.value)))
        ]

    def _handed_on(self, context: Context) -> list[Value]:
        source = context.survey.question(self.choicesFromQuestion or "") if context.survey else None
        if not isinstance(source, Optioned):
            return []
        chosen = context.answers.get(source.name)
        picked = chosen if isinstance(chosen, list) else [] if chosen is None else [chosen]
        keep = {
            "all": lambda value: True,
            "selected": lambda value: value in picked,
            "unselected": lambda value: value not in picked,
        }
        handed = {option.value for option in source.options}
        offered = [value for value in source.shown(context).options if value in handed]
        return [value for value in offered if keep[self.choicesFromQuestionMode](value)]

    def _ordered(self, offered: list[Value], context: Context) -> tuple[Value, ...]:
        """Return the offered options in order; what excludes all others stays behind them when they are reordered."""
        if self.choicesOrder == "none":
            return tuple(offered)
        alone = {option.value for option in self.options if option.isExclusive}
        loose = [value for value in offered if value not in alone]
        if self.choicesOrder == "random":
            context.random(self.name).shuffle(loose)
        else:
            loose.sort(
                key=lambda value: self.label(value, context.language).casefold(), reverse=self.choicesOrder == "desc"
            )
        return (*loose, *(value for value in offered if value in alone))

    def label(self, option: Value, language: str) -> str:
        return next((entry.text.text(language) for entry in self.options if entry.value == option), str(option))


class Selecting(Optioned):
    """A question whose options may be joined by "other", with a text, and by "none", "don't know", "no answer"."""

    showOtherItem: bool = Field(default=False, alias="hasOther")
    otherText: Localised | None = None
    showNoneItem: bool = Field(default=False, alias="hasNone")
    noneText: Localised | None = None
    showRefuseItem: bool = False
    refuseText: Localised | None = None
    showDontKnowItem: bool = False
    dontKnowText: Localised | None = None

    @model_validator(mode="before")
    @classmethod
    def _of_both_names(cls, value: Any) -> Any:
        if not isinstance(value, Mapping):
            return value
        newer = {"hasOther": "showOtherItem", "hasNone": "showNoneItem"}
        return {newer.get(key, key): entry for key, entry in value.items()}

    @model_validator(mode="after")
    def _special_words_free(self) -> "Selecting":
        taken = {str(option.value) for option in self.choices} & set(self.extras)
        if taken:
            raise PydanticCustomError(
                "twice", "has the choice '{value}' twice, once as an item of its own", {"value": sorted(taken)[0]}
            )
        return self

    @property
    def extras(self) -> tuple[str, ...]:
        """The values of the items that always stand last: none, refuse, dontknow, other."""
        shown = {
            NONE: self.showNoneItem,
            "refuse": self.showRefuseItem,
            "dontknow": self.showDontKnowItem,
            OTHER: self.showOtherItem,
        }
        return tuple(value for value, there in shown.items() if there)

    @property
    def values(self) -> tuple[Value, ...]:
        return (*super().values, *self.extras)

    def exclusive(self, option: Value) -> bool:
        """Return whether an option cannot be chosen together with others."""
        alone = option in self.extras and option != OTHER
        return alone or any(entry.value == option and entry.isExclusive for entry in self.options)

    def shown(self, context: Context) -> Shown:
        own = super().shown(context)
        return Shown((*own.options, *self.extras), language=own.language) if own.options else own

    def label(self, option: Value, language: str) -> str:
        if not isinstance(option, str) or option not in self.extras:
            return super().label(option, language)
        own = {NONE: self.noneText, "refuse": self.refuseText, "dontknow": self.dontKnowText, OTHER: self.otherText}
        text = own[option]
        return text.text(language) if text else words(language)[f"choice_{option}"]

    def picked(self, reply: object, shown: Shown | None) -> Value:
        """Return the one option that a reply names, or the respondent's own as {"other": text}."""
        offered = self._options(shown)
        if isinstance(reply, Mapping):
            return self._own(reply, offered)
        found = matching(reply, self.options, offered)
        if found is not None:
            return found
        for extra in self.extras:
            texts = {extra, *(self.label(extra, language).casefold() for language in self._languages())}
            if isinstance(reply, str) and reply.strip().casefold() in texts and extra in offered:
                if extra == OTHER:
                    raise ReplyRejected("other_text")
                return extra
        raise ReplyRejected("not_a_choice")

    def _languages(self) -> tuple[str, ...]:
        from survey.definition.languages import LANGUAGES

        return LANGUAGES

    def _own(self, reply: Mapping[Any, Any], offered: tuple[Value, ...]) -> Value:
        if set(reply) != {OTHER} or OTHER not in offered:
            raise ReplyRejected("not_a_choice")
        text = " ".join(clean_text(reply[OTHER]).split()) if isinstance(reply[OTHER], str) else ""
        if is_blank(text):
            raise ReplyRejected("other_text")
        if len(text) > MAX_OTHER:
            raise ReplyRejected("too_long", limit=MAX_OTHER, length=len(text))
        return {OTHER: text}

    def show(self, value: Value, language: str) -> str:
        return str(value[OTHER]) if isinstance(value, dict) and OTHER in value else self.label(value, language)

    def meaning(self, value: Value) -> Value:
        return OTHER if isinstance(value, dict) else value


class ChoiceQuestion(Selecting):
    """A question with one answer out of several."""

    encoder: ClassVar[str] = "nominal"

    def read(self, reply: object, shown: Shown | None = None, so_far: Value | None = None) -> Value:
        return self.picked(reply, shown)

    def columns(self, value: Value | None) -> dict[str, Any]:
        named = {self.name: None if value is None else self.meaning(value)}
        if not self.showOtherItem:
            return named
        return {**named, f"{self.name}.other": value[OTHER] if isinstance(value, dict) else None}


class Radiogroup(ChoiceQuestion):
    """One choice, all options in view."""

    kind: ClassVar[str] = "radiogroup"
    type: Literal["radiogroup"]


class Dropdown(ChoiceQuestion):
    """One choice out of a list that opens."""

    kind: ClassVar[str] = "dropdown"
    type: Literal["dropdown"]
    placeholder: Localised | None = None

    @model_validator(mode="before")
    @classmethod
    def _counted(cls, value: Any) -> Any:
        if not isinstance(value, Mapping) or "choicesMax" not in value:
            return value
        rest = {key: entry for key, entry in value.items() if key not in ("choicesMin", "choicesMax", "choicesStep")}
        low, high, step = (value.get("choicesMin", 0), value["choicesMax"], value.get("choicesStep", 1))
        if not all(isinstance(number, int) for number in (low, high, step)) or step < 1 or high - low > MAX_CHOICES:
            raise PydanticCustomError("choices", "needs whole numbers as 'choicesMin', 'choicesMax', 'choicesStep'", {})
        return {**rest, "choices": [*rest.get("choices", ()), *range(low, high + 1, step)]}
