"""What every part of the document and every question has in common."""

import unicodedata
from abc import abstractmethod
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

import regex
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictStr, field_validator, model_validator
from pydantic_core import PydanticCustomError

from survey.definition.context import Context
from survey.definition.expressions import Expression, ExpressionError, parse_expression
from survey.definition.ignored import ignored
from survey.definition.languages import say
from survey.definition.shown import Shown, Value
from survey.definition.text import Localised

MAX_CHARACTERS = 20_000
RESERVED_NAMES = frozenset({"response", "language", "status", "started", "finished"})
Basis = Literal["benefit", "psychographic", "demographic", "place", "behaviour", "firm", "value", "descriptor"]


class ReplyRejected(Exception):
    """A reply that a question cannot take.

    `key` names the sentence of the interface that says so, gently, with `values` for its blanks; `text` is the
    survey's own sentence instead, when it has one.
    """

    def __init__(self, key: str, text: Localised | None = None, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.text = text
        self.values = values

    def sentence(self, language: str) -> str:
        """Return what to say to the respondent."""
        return self.text.text(language) if self.text else say(language, self.key, **self.values)


class Strict(BaseModel):
    """Base of every part of the document: frozen, and a key it does not know is an error.

    A key without a value counts as not there. place: which `ignored` keys are taken out before reading; "" is none.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True, populate_by_name=True)
    place: ClassVar[str] = ""

    @model_validator(mode="before")
    @classmethod
    def _without_ignored(cls, value: Any) -> Any:
        if not isinstance(value, Mapping):
            return value
        known = {name for key, info in cls.model_fields.items() for name in (key, info.alias)}
        dropped = ignored(cls.place) - known if cls.place else frozenset()
        return {key: entry for key, entry in value.items() if key not in dropped and entry not in ("", None)}


def _expression(value: Any) -> Expression:
    if isinstance(value, Expression):
        return value
    if not isinstance(value, str) or not value.strip():
        raise PydanticCustomError("expression", 'must be an expression, such as "{age} >= 18"', {})
    try:
        return parse_expression(value)
    except ExpressionError as error:
        place = f", character {error.position}" if error.position else ""
        raise PydanticCustomError(
            "expression", "is an expression that {problem}{place}", {"problem": error.message, "place": place}
        ) from error


Formula = Annotated[Expression, BeforeValidator(_expression)]


class Laddering(Strict):
    """How often at most the interviewer asks on after an answer, towards what the respondent values."""

    turns: int = Field(default=3, ge=1, le=5)

    @model_validator(mode="before")
    @classmethod
    def _from_short(cls, value: Any) -> Any:
        return {} if value is True else {"turns": value} if isinstance(value, int) else value


class QuestionNotes(Strict):
    """Our own additions to a question, under `samtal:`.

    basis: which kind of segment its answers may form. laddering: ask on after open answers, at most so many turns.
    clarify: ask once more when an open answer is too short or vague. attention: the only right answer of an attention
    check. honeypot: a question that asks to be skipped, so that only programs fill it in. centred: the marks of a
    battery are compared with each person's own mean over it.
    """

    basis: Basis | None = None
    laddering: Laddering | None = None
    clarify: bool = False
    attention: StrictStr | int | bool | None = None
    honeypot: bool = False
    centred: bool = False

    @field_validator("laddering", mode="before")
    @classmethod
    def _no_laddering(cls, value: Any) -> Any:
        return None if value is False else value


class Validator(Strict):
    """One more rule for an answer; `text` is said when it is broken. Which keys count depends on its type."""

    type: Literal["numeric", "text", "regex", "email", "expression", "answercount"]
    text: Localised | None = None
    minValue: float | None = None
    maxValue: float | None = None
    minLength: int = Field(default=0, ge=0)
    maxLength: int = Field(default=0, ge=0)
    allowDigits: bool = True
    pattern: str | None = Field(default=None, alias="regex", min_length=1)
    caseInsensitive: bool = False
    expression: Formula | None = None
    minCount: int | None = None
    maxCount: int | None = None
    notificationType: Literal["error", "warning", "info"] = "error"

    @model_validator(mode="before")
    @classmethod
    def _older_names(cls, value: Any) -> Any:
        if not isinstance(value, Mapping):
            return value
        older = {"insensitive": "caseInsensitive"}
        kind = value.get("type")
        named = {older.get(key, key): entry for key, entry in value.items()}
        return {**named, "type": kind.removesuffix("validator")} if isinstance(kind, str) else named

    @model_validator(mode="after")
    def _usable(self) -> "Validator":
        if self.type == "expression" and self.expression is None:
            raise PydanticCustomError("missing", "needs 'expression'", {})
        if self.type == "regex":
            if self.pattern is None:
                raise PydanticCustomError("missing", "needs 'regex'", {})
            try:
                regex.compile(self.pattern)
            except regex.error as error:
                raise PydanticCustomError(
                    "regex", "is a pattern that cannot be read: {why}", {"why": str(error)}
                ) from error
        return self


class Question(Strict):
    """What every question has. `name` is the column of its answers.

    asks: whether the respondent answers it. open: whether it is answered by typing into the chat box. encoder: how
    its answers become numbers, a key of the registry of encoders.
    """

    place: ClassVar[str] = "question"
    kind: ClassVar[str]
    asks: ClassVar[bool] = True
    open: ClassVar[bool] = False
    encoder: ClassVar[str] = "none"
    type: str
    name: StrictStr = Field(min_length=1, max_length=64)
    title: Localised
    description: Localised | None = None
    isRequired: bool = False
    requiredErrorText: Localised | None = None
    visible: bool = True
    visibleIf: Formula | None = None
    enableIf: Formula | None = None
    requiredIf: Formula | None = None
    defaultValue: Any = None
    defaultValueExpression: Formula | None = None
    setValueExpression: Formula | None = None
    setValueIf: Formula | None = None
    validators: tuple[Validator, ...] = ()
    samtal: QuestionNotes = QuestionNotes()

    @model_validator(mode="before")
    @classmethod
    def _titled(cls, value: Any) -> Any:
        if isinstance(value, Mapping) and value.get("title") in (None, "") and "name" in value:
            return {**value, "title": value["name"]}
        return value

    @field_validator("name")
    @classmethod
    def _usable_name(cls, name: str) -> str:
        if name in RESERVED_NAMES:
            reserved = ", ".join(sorted(RESERVED_NAMES))
            raise PydanticCustomError("reserved", "must not be a reserved name: {names}", {"names": reserved})
        if name != name.strip() or not name.isprintable() or set(name) & set("{}"):
            raise PydanticCustomError(
                "name", "must not begin or end with a blank, nor hold braces or invisible characters"
            )
        return name

    def shown(self, context: Context) -> Shown:
        """Return what one respondent is shown of it."""
        return Shown(language=context.language)

    @abstractmethod
    def read(self, reply: object, shown: Shown | None = None, so_far: Value | None = None) -> Value:
        """Return the value to store for a reply.

        shown: what the respondent was shown; None stands for everything, in the document's order. so_far: the value
        stored by earlier replies to the same question, for a question that is answered in several. Raises
        ReplyRejected when the question cannot take the reply, and nothing else, whatever the reply is.
        """

    def complete(self, value: Value | None, shown: Shown | None = None) -> bool:
        """Return whether a value answers the whole question, or one more reply is waited for."""
        return True

    def next_item(self, so_far: Value | None, shown: Shown) -> Value | None:
        """Return the row that is asked next, for a question asked row by row; None when there is none."""
        return None

    def next_set(self, so_far: Value | None, shown: Shown) -> tuple[Value, ...]:
        """Return the set that is asked next, for a question asked set by set; empty when there is none."""
        return ()

    def show(self, value: Value, language: str) -> str:
        """Return a stored value as the respondent would read it."""
        return str(value)

    def label(self, option: Value, language: str) -> str:
        """Return the text of one option, row or item."""
        return str(option)

    def part_label(self, part: Value, language: str) -> str:
        """Return one part of an answer, such as the value of a row, as the respondent would read it."""
        return self.label(part, language)

    def meaning(self, value: Value) -> Value:
        """Return a stored value as expressions see it."""
        return value

    def columns(self, value: Value | None) -> dict[str, Any]:
        """Return an answer as columns of an export, always the same ones; None stands for no answer."""
        return {self.name: value}

    def verify(self, value: Value, context: Context) -> None:
        """Raise ReplyRejected when an expression validator does not hold with `value` as the answer."""
        rules = [rule for rule in self.validators if rule.type == "expression" and rule.expression]
        if not rules:
            return
        answered = Context(**{**vars(context), "answers": {**context.answers, self.name: value}})
        for rule in rules:
            if rule.expression and not rule.expression.holds(answered):
                raise ReplyRejected("not_valid", rule.text)

    def computed(self, context: Context, shown: Shown | None = None) -> Value | None:
        """Return the answer that `setValueExpression` gives instead of the respondent, or None to ask."""
        if self.setValueExpression is None or (self.setValueIf and not self.setValueIf.holds(context)):
            return None
        return self._taken(self.setValueExpression.evaluate(context), shown)

    def suggested(self, context: Context, shown: Shown | None = None) -> Value | None:
        """Return the answer to begin from, by `defaultValueExpression` or `defaultValue`, or None."""
        given = self.defaultValueExpression.evaluate(context) if self.defaultValueExpression else self.defaultValue
        return self._taken(given, shown)

    def _taken(self, value: Any, shown: Shown | None) -> Value | None:
        try:
            return None if value is None else self.read(value, shown)
        except ReplyRejected:
            return None

    def _options(self, shown: Shown | None) -> tuple[Value, ...]:
        return self.values if shown is None else shown.options

    @property
    def values(self) -> tuple[Value, ...]:
        """Every option, row or item that anybody may be shown, in the order of the document."""
        return ()


def clean_text(text: str) -> str:
    """Return the text without what no database or file can hold, and without blanks around it."""
    kept = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    return kept.strip()


def is_blank(text: str) -> bool:
    """Return whether nothing in the text can be seen.

    >>> is_blank("\\u200b \\n"), is_blank("…")
    (True, False)
    """
    return all(unicodedata.category(c)[0] in "ZC" for c in text)
