"""Questions with several of the options as answer: checkbox, ranking."""

from typing import Any, ClassVar, Literal

from pydantic import Field, StrictInt, model_validator
from pydantic_core import PydanticCustomError

from survey.definition.base import ReplyRejected
from survey.definition.kinds.choices import OTHER, Optioned, Selecting, matching
from survey.definition.kinds.rules import check_count
from survey.definition.shown import Shown, Value


def check_limits(count: int, offered: int, least: int, most: int) -> None:
    """Raise ReplyRejected when fewer or more are chosen than the limits and the options at hand allow."""
    least = min(least, offered)
    if count < least:
        raise ReplyRejected("too_few", limit=least)
    if most and count > most:
        raise ReplyRejected("too_many_chosen", limit=most)


class Checkbox(Selecting):
    """Any number of the options, within limits; an exclusive one only alone."""

    kind: ClassVar[str] = "checkbox"
    encoder: ClassVar[str] = "multi"
    type: Literal["checkbox", "tagbox"]
    minSelectedChoices: StrictInt = Field(default=0, ge=0)
    maxSelectedChoices: StrictInt = Field(default=0, ge=0)

    @model_validator(mode="after")
    def _limits_agree(self) -> "Checkbox":
        if self.maxSelectedChoices and self.minSelectedChoices > self.maxSelectedChoices:
            raise PydanticCustomError("range", "needs 'maxSelectedChoices' at or above 'minSelectedChoices'", {})
        return self

    def read(self, reply: object, shown: Shown | None = None, so_far: Value | None = None) -> Value:
        replies = reply if isinstance(reply, list | tuple) else [reply]
        if not replies:
            raise ReplyRejected("nothing_chosen")
        if len(replies) > 2 * len(self.values) + 2:
            raise ReplyRejected("not_a_choice")
        found: list[Value] = []
        for entry in replies:
            value = self.picked(entry, shown)
            if value not in found:
                found.append(value)
        if len([value for value in found if isinstance(value, dict)]) > 1:
            raise ReplyRejected("not_a_choice")
        if len(found) > 1 and any(not isinstance(value, dict) and self.exclusive(value) for value in found):
            raise ReplyRejected("exclusive")
        if not any(not isinstance(value, dict) and self.exclusive(value) for value in found):
            check_limits(len(found), len(self._options(shown)), self.minSelectedChoices, self.maxSelectedChoices)
            check_count(self.validators, found)
        places = {value: place for place, value in enumerate(self.values)}
        return sorted(found, key=lambda value: places[OTHER if isinstance(value, dict) else value])

    def show(self, value: Value, language: str) -> str:
        entries = value if isinstance(value, list) else [value]
        return ", ".join(super(Checkbox, self).show(entry, language) for entry in entries)

    def meaning(self, value: Value) -> Value:
        entries = value if isinstance(value, list) else [value]
        return [OTHER if isinstance(entry, dict) else entry for entry in entries]

    def columns(self, value: Value | None) -> dict[str, Any]:
        meant = self.meaning(value) if value is not None else None
        chosen = meant if isinstance(meant, list) else []
        found: dict[str, Any] = {self.name: None if value is None else "; ".join(map(str, chosen))}
        for option in self.values:
            if option != OTHER or not self.showOtherItem:
                found[f"{self.name}.{option}"] = None if value is None else int(option in chosen)
        if self.showOtherItem:
            entries = value if isinstance(value, list) else []
            texts = [entry[OTHER] for entry in entries if isinstance(entry, dict) and OTHER in entry]
            found[f"{self.name}.other"] = texts[0] if texts else None
        return found


class Ranking(Optioned):
    """The options in the respondent's order, best first: all of them, or as many as the limits allow."""

    kind: ClassVar[str] = "ranking"
    encoder: ClassVar[str] = "ranking"
    type: Literal["ranking"]
    selectToRankEnabled: bool = False
    minSelectedChoices: StrictInt = Field(default=0, ge=0)
    maxSelectedChoices: StrictInt = Field(default=0, ge=0)

    def read(self, reply: object, shown: Shown | None = None, so_far: Value | None = None) -> Value:
        offered = self._options(shown)
        if not isinstance(reply, list | tuple) or not reply or len(reply) > len(offered):
            raise ReplyRejected("nothing_chosen" if not reply else "not_a_choice")
        found = [matching(entry, self.options, offered) for entry in reply]
        ranked = [value for value in found if value is not None]
        if len(ranked) < len(found) or len(set(map(str, ranked))) < len(ranked):
            raise ReplyRejected("not_a_choice")
        if self.selectToRankEnabled:
            check_limits(len(ranked), len(offered), max(1, self.minSelectedChoices), self.maxSelectedChoices)
        elif len(ranked) < len(offered):
            raise ReplyRejected("not_all_ranked", limit=len(offered))
        check_count(self.validators, ranked)
        return ranked

    def show(self, value: Value, language: str) -> str:
        entries = value if isinstance(value, list) else [value]
        return "\n".join(f"{place}. {self.label(entry, language)}" for place, entry in enumerate(entries, 1))

    def columns(self, value: Value | None) -> dict[str, Any]:
        ranked = value if isinstance(value, list) else []
        places = {str(entry): place for place, entry in enumerate(ranked, 1)}
        return {f"{self.name}.{option}": places.get(str(option)) for option in self.values}
