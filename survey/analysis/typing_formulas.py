"""How a spreadsheet counts the answer to each kind of golden question: formulas over the cells it is typed into."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from models.encoders.choices import PSEUDO_SHARE
from models.features import FAR
from models.golden.coders import Golden

LISTS = "Lists"
"""The sheet that holds options, levels and counts, one list a column."""

DAY_ZERO = 693_594
"""Ordinal of the day that a spreadsheet counts as 0 (30 December 1899)."""

YES, NO = "yes", "no"

Column = Callable[[Sequence[Any]], str]
"""Puts values into a column of the lists and returns it as a range."""


@dataclass(frozen=True)
class Inputs:
    """Where one question is answered. cells: one for each part, as other sheets name them."""

    cells: tuple[str, ...]

    @property
    def all(self) -> str:
        """The cells as one range."""
        return self.cells[0] if len(self.cells) == 1 else f"{self.cells[0]}:{self.cells[-1].split('!')[1]}"


@dataclass(frozen=True)
class Formulas:
    """Formulas of one question, one entry a number. raw: "" where there is no answer. helper: what raw is made from."""

    raw: tuple[str, ...]
    helper: tuple[str, ...] = ()


def _literal(number: float) -> str:
    """Return a number as formulas write it, all its digits kept."""
    return repr(float(number)).upper()


def _cells_of(listed: str, count: int) -> list[str]:
    """The single cells of a range that `_Maker.column` gave."""
    letter = listed.split("$")[1]
    return [f"{LISTS}!${letter}${row}" for row in range(1, count + 1)]


def _nominal(one: Golden, inputs: Inputs, listed: str, helpers: tuple[str, ...], column: Column) -> Formulas:
    cell, roots = inputs.cells[0], one.scheme.numbers["root"].tolist()
    options = _cells_of(listed, len(roots))
    return Formulas(
        tuple(
            f'IF({cell}="","",IF(EXACT({cell},{option}),1,0)/{_literal(root)})'
            for option, root in zip(options, roots, strict=True)
        )
    )


def _multi(one: Golden, inputs: Inputs, listed: str, helpers: tuple[str, ...], column: Column) -> Formulas:
    return Formulas(tuple(f'IF(COUNTA({inputs.all})=0,"",IF({cell}="{YES}",1,0))' for cell in inputs.cells))


def _binary(one: Golden, inputs: Inputs, listed: str, helpers: tuple[str, ...], column: Column) -> Formulas:
    cell = inputs.cells[0]
    return Formulas((f'IF({cell}="{YES}",1,IF({cell}="{NO}",0,""))',))


def _code(cell: str, one: Golden, listed: str) -> str:
    """A mark as its place on the scale, or as the number it is."""
    if one.scheme.options:
        same = f"EXACT({listed},{cell})"
        place = f"SUMPRODUCT({same}*ROW({listed}))-ROW({_cells_of(listed, 1)[0]})"
        return f'IF({cell}="","",IF(SUMPRODUCT({same}*1)=1,{place},""))'
    return f'IF(ISNUMBER({cell}),{cell},"")'


def _ordinal(one: Golden, inputs: Inputs, listed: str, helpers: tuple[str, ...], column: Column) -> Formulas:
    """The ridit: people below the level, and half of those on it, over all."""
    levels = column(one.scheme.numbers["levels"].tolist())
    upto = column(one.scheme.numbers["upto"].tolist())
    total, helper = _literal(max(1.0, float(one.scheme.numbers["upto"][-1]))), helpers[0]
    below, up = (f"INDEX({upto},1+SUMPRODUCT(({levels}{sign}{helper})*1))" for sign in ("<", "<="))
    ridit = f'IF(ISNUMBER({helper}),({below}+{up})/2/{total},"")'
    return Formulas((ridit,), (_code(inputs.cells[0], one, listed),))


def _number(one: Golden, inputs: Inputs, listed: str, helpers: tuple[str, ...], column: Column) -> Formulas:
    middle, spread, tail = one.scheme.numbers["scale"].tolist()
    cell, far = inputs.cells[0], _literal(FAR)
    value = f"{cell}+{DAY_ZERO}" if one.kind == "date" else cell
    value = f"LN(1+MAX({value},0))" if tail else value
    score = f"({value}-({_literal(middle)}))/{_literal(spread)}"
    return Formulas((f'IF(ISNUMBER({cell}),MAX(-{far},MIN({far},{score})),"")',))


def _battery(one: Golden, inputs: Inputs, listed: str, helpers: tuple[str, ...], column: Column) -> Formulas:
    codes = tuple(_code(cell, one, listed) for cell in inputs.cells)
    mean = f"-AVERAGE({helpers[0]}:{helpers[-1]})" if one.encoding.ipsatise else ""
    return Formulas(tuple(f'IF(ISNUMBER({helper}),{helper}{mean},"")' for helper in helpers), codes)


def _ranking(one: Golden, inputs: Inputs, listed: str, helpers: tuple[str, ...], column: Column) -> Formulas:
    """Places from 1 (best) down to -1; what is left unranked shares the middle of the places that are left."""
    size, given = len(inputs.cells), inputs.all
    rest = f"(COUNT({given})+{size - 1})/2"
    places = tuple(
        f"IF(ISNUMBER({cell}),SUMPRODUCT(ISNUMBER({given})*({given}<{cell})),{rest})" for cell in inputs.cells
    )
    span = max(size - 1, 1)
    return Formulas(tuple(f'IF(COUNT({given})=0,"",1-2*{helper}/{span})' for helper in helpers), places)


def _bestworst(one: Golden, inputs: Inputs, listed: str, helpers: tuple[str, ...], column: Column) -> Formulas:
    by_item = [inputs.cells[at : at + 3] for at in range(0, len(inputs.cells), 3)]
    return Formulas(tuple(f'IF(N({shown})>0,(N({best})-N({worst}))/N({shown}),"")' for best, worst, shown in by_item))


def _shares(one: Golden, inputs: Inputs, listed: str, helpers: tuple[str, ...], column: Column) -> Formulas:
    total = f"SUM({inputs.all})"
    logs = tuple(f'IF({total}>0,LN(N({cell})/{total}+{_literal(PSEUDO_SHARE)}),"")' for cell in inputs.cells)
    mean = f"AVERAGE({helpers[0]}:{helpers[-1]})"
    return Formulas(tuple(f'IF(ISNUMBER({helper}),{helper}-{mean},"")' for helper in helpers), logs)


def _whole(one: Golden) -> list[str]:
    return [""]


def _by_option(one: Golden) -> list[str]:
    return list(map(str, one.scheme.options))


def _counts(one: Golden) -> list[str]:
    said = ("times best", "times worst", "times shown")
    return [f"{option}, {what}" for option in one.scheme.options for what in said]


def _scale_hint(one: Golden) -> str:
    levels = one.levels
    return f"{levels[0]} to {levels[-1]}" if levels else "a number"


@dataclass(frozen=True)
class Kind:
    """How one kind is asked and counted. parts: labels of its cells. listed: its options. pick: cells offer these."""

    parts: Callable[[Golden], Sequence[str]]
    formulas: Callable[[Golden, Inputs, str, tuple[str, ...], Column], Formulas]
    hint: Callable[[Golden], str]
    listed: Callable[[Golden], Sequence[Any]] = lambda one: ()
    pick: bool = False
    yes_no: bool = False


KINDS: dict[str, Kind] = {
    "nominal": Kind(_whole, _nominal, lambda _: "choose one", lambda one: one.scheme.options, pick=True),
    "multi": Kind(_by_option, _multi, lambda _: "yes where it was picked", yes_no=True),
    "binary": Kind(_whole, _binary, lambda _: "yes or no", yes_no=True),
    "ordinal": Kind(_whole, _ordinal, _scale_hint, lambda one: one.levels, pick=True),
    "number": Kind(_whole, _number, lambda _: "a number"),
    "date": Kind(_whole, _number, lambda _: "a date"),
    "battery": Kind(lambda one: one.scheme.items, _battery, _scale_hint, lambda one: one.levels, pick=True),
    "ranking": Kind(_by_option, _ranking, lambda _: "place, 1 is best; blank where it was not ranked"),
    "bestworst": Kind(_counts, _bestworst, lambda _: "how many times"),
    "shares": Kind(_by_option, _shares, lambda _: "points"),
}
"""Every kind that can be asked as a closed question."""
