"""The battery: many items on one scale, answered row by row."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from survey.definition.base import Formula, Question, ReplyRejected
from survey.definition.context import Context
from survey.definition.kinds.choices import Choices, matching, twice
from survey.definition.shown import Shown, Value

MAX_ROWS = 100


class Matrix(Question):
    """Rows on one scale; the answer grows one row at a time, as {row: column}.

    A row that the respondent passes over is stored as None, unless `eachRowRequired`. The rows are the options shown;
    `columns_shown` are the same for everybody.
    """

    kind: ClassVar[str] = "matrix"
    encoder: ClassVar[str] = "battery"
    type: Literal["matrix"]
    columns_: Choices = Field(alias="columns", min_length=2, max_length=21)
    rows: Choices = Field(min_length=1, max_length=MAX_ROWS)
    rowsVisibleIf: Formula | None = None
    rowOrder: Literal["initial", "random"] = Field(default="initial", alias="rowsOrder")
    eachRowRequired: bool = False
    eachRowUnique: bool = False
    cellType: Literal["radio"] = "radio"

    @model_validator(mode="before")
    @classmethod
    def _older_names(cls, value: Any) -> Any:
        if not isinstance(value, Mapping):
            return value
        newer = {"isAllRowRequired": "eachRowRequired", "rowsOrder": "rowOrder"}
        return {newer.get(key, key): entry for key, entry in value.items()}

    @model_validator(mode="after")
    def _distinct(self) -> "Matrix":
        for what, found in (("row", twice(self.rows)), ("column", twice(self.columns_))):
            if found is not None:
                raise PydanticCustomError("twice", "has the {what} '{value}' twice", {"what": what, "value": found})
        return self

    @property
    def values(self) -> tuple[Value, ...]:
        return tuple(row.value for row in self.rows)

    @property
    def scale(self) -> tuple[Value, ...]:
        """The values of the columns, in order."""
        return tuple(column.value for column in self.columns_)

    def shown(self, context: Context) -> Shown:
        condition = self.rowsVisibleIf
        rows = [
            row.value
            for row in self.rows
            if row.visible(context) and (condition is None or condition.holds(context.about(row.value)))
        ]
        if self.rowOrder == "random":
            context.random(self.name).shuffle(rows)
        return Shown(tuple(rows), language=context.language)

    def read(self, reply: object, shown: Shown | None = None, so_far: Value | None = None) -> Value:
        if not isinstance(reply, Mapping):
            raise ReplyRejected("not_a_choice")
        several = reply.get("rows") if set(reply) == {"rows"} else reply
        if set(reply) == {"row", "value"}:
            several = {reply["row"]: reply["value"]} if isinstance(reply["row"], str | int) else None
        entries = list(several.items()) if isinstance(several, Mapping) else []
        if not entries or len(entries) > MAX_ROWS:
            raise ReplyRejected("not_a_choice")
        answered: dict[str, Any] = dict(so_far) if isinstance(so_far, dict) else {}
        for row, value in entries:
            name = matching(row, self.rows, self._options(shown))
            if name is None:
                raise ReplyRejected("not_a_choice")
            answered[str(name)] = self._cell(str(name), value, answered)
        if self.isRequired and self.complete(answered, shown) and not any(v is not None for v in answered.values()):
            raise ReplyRejected("required")
        return answered

    def _cell(self, row: str, reply: object, answered: Mapping[str, Any]) -> Value | None:
        if reply is None:
            if self.eachRowRequired:
                raise ReplyRejected("required")
            return None
        value = matching(reply, self.columns_, self.scale)
        if value is None:
            raise ReplyRejected("not_a_choice")
        if self.eachRowUnique and any(name != row and given == value for name, given in answered.items()):
            raise ReplyRejected("not_unique")
        return value

    def complete(self, value: Value | None, shown: Shown | None = None) -> bool:
        return isinstance(value, dict) and all(str(row) in value for row in self._options(shown))

    def next_item(self, so_far: Value | None, shown: Shown) -> Value | None:
        answered = so_far if isinstance(so_far, dict) else {}
        return next((row for row in shown.options if str(row) not in answered), None)

    def label(self, option: Value, language: str) -> str:
        return next((row.text.text(language) for row in self.rows if str(row.value) == str(option)), str(option))

    def scale_label(self, column: Value, language: str) -> str:
        """Return the text of one column."""
        return next((entry.text.text(language) for entry in self.columns_ if entry.value == column), str(column))

    def part_label(self, part: Value, language: str) -> str:
        return self.scale_label(part, language)

    def show(self, value: Value, language: str) -> str:
        answered = value if isinstance(value, dict) else {}
        in_order = ((row, answered[str(row)]) for row in self.values if str(row) in answered)
        lines = [
            f"{self.label(row, language)}: {'–' if given is None else self.scale_label(given, language)}"
            for row, given in in_order
        ]
        return "\n".join(lines) or "–"

    def meaning(self, value: Value) -> Value:
        return {row: given for row, given in value.items() if given is not None} if isinstance(value, dict) else value

    def columns(self, value: Value | None) -> dict[str, Any]:
        answered = value if isinstance(value, dict) else {}
        return {f"{self.name}.{row}": answered.get(str(row)) for row in self.values}
