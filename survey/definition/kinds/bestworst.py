"""Best–worst choices (maximum difference scaling, Louviere 1987): the best and the worst of each of several sets."""

import json
from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field, StrictInt, model_validator
from pydantic_core import PydanticCustomError

from survey.definition.base import ReplyRejected
from survey.definition.context import Context
from survey.definition.design import balanced_sets, default_count
from survey.definition.kinds.choices import Optioned, matching
from survey.definition.languages import words
from survey.definition.shown import Shown, Value
from survey.definition.text import Localised

MAX_ITEMS = 40
PASSED_OVER = "–"


class BestWorst(Optioned):
    """Sets of items; of each the best and the worst is named. The answer grows one set at a time.

    A set that the respondent passes over is stored with None for both.
    setSize: items in a set. sets: how many sets; by default each item comes up three times. bestText, worstText: what
    the two ends are called, by default "most" and "least" in the respondent's language.
    """

    kind: ClassVar[str] = "bestworst"
    encoder: ClassVar[str] = "bestworst"
    type: Literal["bestworst"]
    setSize: StrictInt = Field(default=4, ge=3, le=8)
    sets: StrictInt | None = Field(default=None, ge=1, le=60)
    bestText: Localised | None = None
    worstText: Localised | None = None

    @model_validator(mode="after")
    def _enough_items(self) -> "BestWorst":
        if len(self.choices) > MAX_ITEMS:
            raise PydanticCustomError("choices", "may have at most {most} 'choices'", {"most": MAX_ITEMS})
        if not self.choicesFromQuestion and len(self.choices) < self.setSize:
            raise PydanticCustomError(
                "choices", "needs at least as many 'choices' as 'setSize', {size}", {"size": self.setSize}
            )
        return self

    def shown(self, context: Context) -> Shown:
        items = super().shown(context).options
        size = min(self.setSize, len(items))
        if size < 2:
            return Shown((), language=context.language)
        count = self.sets or default_count(len(items), size)
        drawn = balanced_sets(len(items), size, count, context.random(self.name))
        return Shown(items, tuple(tuple(items[at] for at in one) for one in drawn), context.language)

    def read(self, reply: object, shown: Shown | None = None, so_far: Value | None = None) -> Value:
        drawn = shown or self.shown(Context())
        before: list[Any] = list(so_far) if isinstance(so_far, list) else []
        waiting = self.next_set(before, drawn)
        if not waiting or not isinstance(reply, Mapping) or not {"best", "worst"} <= set(reply):
            raise ReplyRejected("best_and_worst")
        best, worst = (matching(reply[end], self.options, waiting) for end in ("best", "worst"))
        if best is None or worst is None:
            raise ReplyRejected("best_and_worst")
        if best == worst:
            raise ReplyRejected("best_is_worst")
        return [*before, {"set": list(waiting), "best": best, "worst": worst}]

    def complete(self, value: Value | None, shown: Shown | None = None) -> bool:
        return len(value if isinstance(value, list) else ()) >= len((shown or self.shown(Context())).sets)

    def next_set(self, so_far: Value | None, shown: Shown) -> tuple[Value, ...]:
        done = len(so_far) if isinstance(so_far, list) else 0
        return shown.sets[done] if done < len(shown.sets) else ()

    def ends(self, language: str) -> tuple[str, str]:
        """Return what the best and the worst end are called."""
        word = words(language)
        own = ((self.bestText, "best"), (self.worstText, "worst"))
        best, worst = (text.text(language) if text else word[end] for text, end in own)
        return best, worst

    def show(self, value: Value, language: str) -> str:
        most, least = self.ends(language)

        def line(one: dict[str, Any]) -> str:
            best, worst = (self.label(one[end], language) for end in ("best", "worst"))
            return f"{most}: {best}, {least}: {worst}"

        answered = value if isinstance(value, list) else []
        lines = [PASSED_OVER if one["best"] is None else line(one) for one in answered]
        return "\n".join(lines) or PASSED_OVER

    def scores(self, value: Value | None) -> dict[Value, int]:
        """Return how much more often each item was the best than the worst."""
        answered = value if isinstance(value, list) else []
        score = dict.fromkeys(self.values, 0)
        for one in answered:
            if one["best"] is not None:
                score[one["best"]] = score.get(one["best"], 0) + 1
                score[one["worst"]] = score.get(one["worst"], 0) - 1
        return score

    def meaning(self, value: Value) -> Value:
        return {str(item): score for item, score in self.scores(value).items()}

    def columns(self, value: Value | None) -> dict[str, Any]:
        scores = self.scores(value)
        named = {f"{self.name}.{item}": None if value is None else scores[item] for item in self.values}
        return {**named, f"{self.name}.sets": None if value is None else json.dumps(value, ensure_ascii=False)}


def _chosen(value: Value | None) -> list[Any]:
    """Return the sets of an answer that were not passed over."""
    return [one for one in value if one["best"] is not None] if isinstance(value, list) else []
