"""A sum shared out between the options."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field, StrictInt

from survey.definition.base import ReplyRejected
from survey.definition.kinds.amounts import number_from
from survey.definition.kinds.choices import Optioned, matching
from survey.definition.shown import Shown, Value


class Allocation(Optioned):
    """Whole points, `total` of them, shared between the options: {option: points}; an option left out gets none."""

    kind: ClassVar[str] = "allocation"
    encoder: ClassVar[str] = "shares"
    type: Literal["allocation"]
    total: StrictInt = Field(default=100, ge=2, le=1_000_000)

    def read(self, reply: object, shown: Shown | None = None, so_far: Value | None = None) -> Value:
        offered, language = self._options(shown), shown.language if shown else "en"
        if not isinstance(reply, Mapping) or len(reply) > len(offered):
            raise ReplyRejected("not_a_choice")
        points = {str(option): 0 for option in offered}
        for name, given in reply.items():
            option = matching(name, self.options, offered)
            amount = 0 if given in (None, "") else number_from(given, language)
            if option is None:
                raise ReplyRejected("not_a_choice")
            if not isinstance(amount, int) or amount < 0:
                raise ReplyRejected("not_points")
            points[str(option)] = amount
        if sum(points.values()) != self.total:
            raise ReplyRejected("not_total", total=self.total, sum=sum(points.values()))
        return points

    def show(self, value: Value, language: str) -> str:
        given = value if isinstance(value, dict) else {}
        shared = ((option, given[str(option)]) for option in self.values if given.get(str(option)))
        return "\n".join(f"{self.label(option, language)}: {points}" for option, points in shared)

    def label(self, option: Value, language: str) -> str:
        return next(
            (entry.text.text(language) for entry in self.options if str(entry.value) == str(option)), str(option)
        )

    def columns(self, value: Value | None) -> dict[str, Any]:
        given = value if isinstance(value, dict) else {}
        return {f"{self.name}.{option}": given.get(str(option)) for option in self.values}
