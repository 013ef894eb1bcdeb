"""Answers to one golden question -> numbers, with everything fixed when the typing tool is made. Needs numpy only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.encoders.question import Scheme
from models.features import Answers, Encoding, fit_encoder

Matrix = NDArray[np.float64]

OPEN = ("text", "none")
"""Kinds of questions that cannot be asked as closed ones."""

INDICATORS = ("nominal", "multi", "binary")
"""Kinds whose numbers are yes or no."""

MOST_LEVELS = 100
"""Span of whole numbers up to which those that nobody answered are levels too."""

INDICATOR = 2.0
"""Scale of yes-no numbers, so that an even split varies as much as a number of standard deviation 1 (Gelman 2008)."""


@dataclass(frozen=True)
class Golden:
    """One golden question.

    name: of the question. title: as people read it. part: the one item of the battery `name` that is asked, "" for a
    whole question. encoding: how answers become numbers. scale: float (p,), what these are multiplied by. levels: marks
    of a scale or battery, ascending: its options, or what was answered and the whole numbers between.
    """

    name: str
    title: str
    part: str
    encoding: Encoding
    scale: Matrix
    levels: tuple[Any, ...] = ()

    @property
    def kind(self) -> str:
        """How it is asked, a key of models.features.ENCODERS."""
        return self.encoding.kind

    @property
    def key(self) -> str:
        """Name that no other golden question has."""
        return f"{self.name}: {self.part}" if self.part else self.name

    @property
    def scheme(self) -> Scheme:
        """What its encoder learnt."""
        return self.encoding.scheme

    def numbers(self, values: Sequence[Any]) -> tuple[Matrix, NDArray[np.bool_]]:
        """Return the numbers of the answers, float (n, p), 0 for none, and who has answered, bool (n,).

        A mark that is not on the scale counts as no answer. Raises ValueError for what cannot be read at all.
        """
        block = self.encoding.apply([self._known(value) for value in values])
        return block.matrix * self.scale, block.answered

    def _known(self, value: Any) -> Any:
        if self.part and isinstance(value, Mapping):
            value = value.get(self.part)
        options = self.scheme.options
        if self.kind == "ordinal" and options:
            return value if value in options else None
        if self.kind == "battery" and options and value is not None:
            return {item: mark for item, mark in value.items() if mark in options}
        return value


def golden(answers: Answers, title: str = "", part: str = "") -> Golden:
    """Return the golden question that these answers give; the order of the people does not matter.

    part: one item of a battery, asked alone. Raises ValueError for values that the encoder of the kind cannot read.
    """
    title = title or answers.name
    if part:
        marks = [value.get(part) if value else None for value in answers.values]
        asked = replace(answers, name=f"{answers.name}: {part}", kind="ordinal", values=marks, items=())
    else:
        asked = answers
    encoding = fit_encoder(asked)
    block = encoding.apply(asked.values)
    known = block.matrix[block.answered]
    spread = np.sqrt(np.sort(known**2, axis=0).sum(axis=0) / max(len(known), 1))
    if asked.kind in INDICATORS:
        scale = INDICATOR * encoding.scheme.numbers.get("root", np.ones(len(spread)))
    else:
        scale = 1 / np.maximum(spread, 1e-12)
    return Golden(answers.name, title, part, encoding, np.where(spread > 1e-9, scale, 0.0), _levels(asked))


def _levels(answers: Answers) -> tuple[Any, ...]:
    if answers.kind not in ("ordinal", "battery"):
        return ()
    if answers.options:
        return answers.options
    given = [value for value in answers.values if value is not None]
    marks = given if answers.kind == "ordinal" else [mark for value in given for mark in value.values()]
    found = sorted({float(mark) for mark in marks if mark is not None})
    if found and all(mark.is_integer() for mark in found):
        low, high = int(found[0]), int(found[-1])
        return tuple(range(low, high + 1)) if high - low <= MOST_LEVELS else tuple(map(int, found))
    return tuple(found)


def to_plain(one: Golden) -> tuple[dict[str, Any], dict[str, NDArray]]:
    """Return a golden question as JSON-able values and its arrays by name."""
    scheme = one.scheme
    plain = {
        **{"name": one.name, "title": one.title, "part": one.part},
        **{"asked": one.encoding.name, "kind": one.kind, "ipsatise": one.encoding.ipsatise},
        **{"columns": _values(scheme.columns), "options": _values(scheme.options), "items": _values(scheme.items)},
        "levels": _values(one.levels),
    }
    held = {f"number {name}": array for name, array in scheme.numbers.items()}
    return plain, {"scale": one.scale, "centre": one.encoding.centre, **held}


def from_plain(plain: Mapping[str, Any], arrays: Mapping[str, NDArray]) -> Golden:
    """Return the golden question that `to_plain` took apart; raises KeyError when something is missing."""
    marked = "number "
    numbers = {name.removeprefix(marked): array for name, array in arrays.items() if name.startswith(marked)}
    columns, options, items = (tuple(plain[name]) for name in ("columns", "options", "items"))
    scheme = Scheme(columns, options, items, numbers)
    encoding = Encoding(plain["asked"], plain["kind"], plain["ipsatise"], scheme, arrays["centre"])
    return Golden(plain["name"], plain["title"], plain["part"], encoding, arrays["scale"], tuple(plain["levels"]))


def _values(values: Sequence[Any]) -> list[Any]:
    return [value.item() if hasattr(value, "item") else value for value in values]
