"""What expressions and shuffles look at: the answers so far, what is known of the respondent, and the seed."""

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from survey.definition.languages import number_text
from survey.definition.shown import Value

if TYPE_CHECKING:
    from survey.definition.document import Survey

MAX_CALCULATIONS = 8
COMMENT = "-Comment"
ITEM = "item"
LENGTH = "length"
_STEP = re.compile(r"\.([^.\[\]]+)|\[(-?\d{1,4})\]")


def _today() -> date:
    return datetime.now(UTC).date()


@dataclass(frozen=True)
class Context:
    """Everything that a condition, a computed value or a shuffle may depend on.

    answers: values of the questions on the respondent's path, as stored. descriptors: what the invitation brought.
    seed: the respondent's; the same seed gives the same order. today: what today() and age() count from; give the day
    of the response to make a replay independent of the clock. item: what {item} means while options are filtered.
    """

    answers: Mapping[str, Value] = field(default_factory=dict)
    descriptors: Mapping[str, Value] = field(default_factory=dict)
    language: str = "en"
    seed: int = 0
    survey: "Survey | None" = None
    today: date = field(default_factory=_today)
    item: Value | None = None
    calculations: int = 0

    def value(self, path: str) -> Value | None:
        """Return what `{path}` means: an answer, a row or entry of it, a computed value or a descriptor; or None.

        >>> Context({"care": {"price": 4}, "kinds": ["tea"]}).value("care.price")
        4
        """
        path = path.removeprefix("#")
        if path == ITEM and self.item is not None:
            return self.item
        if path.endswith(COMMENT) and not self.knows(path):
            return self._other(path.removesuffix(COMMENT))
        found = locate(path, self.knows)
        if found is None:
            return None
        name, steps = found
        value = self._base(name)
        for step in steps:
            value = _step(value, step)
        return value

    def knows(self, name: str) -> bool:
        """Return whether the name stands for something, answered or not."""
        return (
            name in self.answers or name in self.descriptors or (self.survey is not None and name in self.survey.names)
        )

    def random(self, name: str) -> random.Random:
        """Return the respondent's own source of chance for one purpose."""
        return random.Random(f"{self.seed}:{name}")  # noqa: S311 (an order, not a secret)

    def about(self, item: Value) -> "Context":
        """Return the context in which {item} is one option."""
        return replace(self, item=item)

    def display(self, name: str) -> str | None:
        """Return an answer as the respondent reads it; None when there is none."""
        question = self.survey.question(name) if self.survey else None
        if question is None or not question.asks:
            value = self.value(name)
            return None if value is None else _written(value, self.language)
        stored = self.answers.get(name)
        return None if stored is None else question.show(stored, self.language)

    def _base(self, name: str) -> Value | None:
        formula = self.survey.formula(name) if self.survey else None
        if formula is not None:
            if self.calculations >= MAX_CALCULATIONS:
                return None
            result: Value | None = formula.evaluate(replace(self, calculations=self.calculations + 1))
            return result
        question = self.survey.question(name) if self.survey else None
        stored = self.answers.get(name)
        if question is not None and stored is not None:
            return question.meaning(stored)
        return self.descriptors.get(name) if stored is None else stored

    def _other(self, name: str) -> Value | None:
        stored = self.answers.get(name)
        entries = stored if isinstance(stored, list) else [stored]
        texts = [entry["other"] for entry in entries if isinstance(entry, Mapping) and "other" in entry]
        return texts[0] if texts else None


def _written(value: Value, language: str) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return number_text(language, value)
    return ", ".join(str(item) for item in value) if isinstance(value, list) else str(value)


def locate(path: str, knows: Callable[[str], bool]) -> tuple[str, tuple[str | int, ...]] | None:
    """Return the longest known name that a path begins with, and the steps after it; None when none is known.

    >>> locate("care.price", {"care"}.__contains__), locate("kinds[0]", {"kinds"}.__contains__)
    (('care', ('price',)), ('kinds', (0,)))
    """
    cuts = [len(path), *(at for at in range(len(path) - 1, 0, -1) if path[at] in ".[")]
    for cut in cuts:
        if knows(path[:cut]):
            rest = path[cut:]
            steps = list(_STEP.finditer(rest))
            if "".join(step.group() for step in steps) != rest:
                return (path[:cut], (rest[1:],)) if rest.startswith(".") else None
            return path[:cut], tuple(step[1] if step[1] is not None else int(step[2]) for step in steps)
    return None


def _step(value: Value | None, step: str | int) -> Value | None:
    if isinstance(value, dict):
        return value.get(str(step))
    if isinstance(value, list) and step == LENGTH:
        return len(value)
    if isinstance(value, list) and isinstance(step, int) and -len(value) <= step < len(value):
        found: Value = value[step]
        return found
    return None
