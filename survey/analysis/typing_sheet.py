"""A typing tool as a workbook: answers are typed into cells, and formulas say which segment they belong to."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from models.encoders.choices import PSEUDO_SHARE
from models.features import FAR
from models.golden.coders import Golden
from models.golden.tool import TypingTool
from survey.wording import percent

ANSWERS, SUMS, LISTS = "Typing tool", "Calculation", "Lists"
FIRST = 5
"""Row of the first answer."""

DAY_ZERO = 693_594
"""Ordinal of the day that a spreadsheet counts as 0 (30 December 1899)."""

YES, NO = "yes", "no"
_FILL = PatternFill("solid", fgColor="FFF2CC")
_BOLD = Font(bold=True)


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


def workbook(tool: TypingTool) -> bytes:
    """Return the tool as an Excel file: answers and result, the calculation, and the lists of options."""
    book = Workbook()
    front = book.active
    assert isinstance(front, Worksheet)
    front.title = ANSWERS
    sums, lists = book.create_sheet(SUMS), book.create_sheet(LISTS)
    _Maker(tool, front, sums, lists).make()
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


class _Maker:
    """Fills the three sheets, question by question."""

    def __init__(self, tool: TypingTool, front: Worksheet, sums: Worksheet, lists: Worksheet) -> None:
        self.tool, self.front, self.sums, self.lists = tool, front, sums, lists
        self.next_input, self.next_number, self.next_list = FIRST, 2, 1

    def make(self) -> None:
        self._head()
        for one in self.tool.coders:
            kind = KINDS[one.kind]
            listed = self._listed(kind.listed(one))
            inputs = self._ask(one, kind, listed)
            first = self.next_number
            helpers = tuple(f"$C${first + at}" for at in range(len(one.scheme.columns)))
            self._count(one, kind.formulas(one, inputs, listed, helpers, self))
        self._result()

    def column(self, values: Sequence[Any]) -> str:
        """Put values into a column of the lists and return it as a range."""
        letter = get_column_letter(self.next_list)
        self.next_list += 1
        for row, value in enumerate(values, start=1):
            _put(self.lists[f"{letter}{row}"], value)
        return f"{LISTS}!${letter}$1:${letter}${max(1, len(values))}"

    def _listed(self, values: Sequence[Any]) -> str:
        return self.column(values) if values else ""

    def _head(self) -> None:
        front, step = self.front, self.tool.step
        front["A1"] = "Which segment does a person belong to?"
        front["A1"].font = Font(bold=True, size=14)
        right = (
            f"{percent(step.accuracy.value)} of people ({percent(step.accuracy.low)} to {percent(step.accuracy.high)})"
        )
        front["A2"] = (
            f"Fill in the yellow cells; leave blank what was not answered. The tool is right for {right}, "
            f"measured on {self.tool.validated:,} people it was not made from."
        )
        for cell, text in (("A4", "Question"), ("B4", "Answer"), ("C4", "How to answer")):
            front[cell] = text
            front[cell].font = _BOLD
        for letter, width in (("A", 60), ("B", 18), ("C", 34), ("E", 10), ("F", 34), ("G", 14)):
            front.column_dimensions[letter].width = width
        for at, text in enumerate(("Number", "Raw", "Helper", "Centre", "Scale", "Value"), start=1):
            self.sums.cell(1, at, text).font = _BOLD
        for at, segment in enumerate(self.tool.segments):
            self.sums.cell(1, 7 + at, f"Segment {segment}").font = _BOLD

    def _ask(self, one: Golden, kind: "Kind", listed: str) -> Inputs:
        cells = []
        for part in kind.parts(one):
            row = self.next_input
            title = f"{one.title}: {part}" if part else f"{one.title}: {one.part}" if one.part else one.title
            _put(self.front[f"A{row}"], title)
            self.front[f"A{row}"].alignment = Alignment(wrap_text=True, vertical="top")
            self.front[f"B{row}"].fill = _FILL
            _put(self.front[f"C{row}"], kind.hint(one))
            if kind.pick and any(isinstance(value, str) for value in kind.listed(one)):
                self.front[f"B{row}"].number_format = "@"
            source = f'"{YES},{NO}"' if kind.yes_no else f"={listed}" if listed and kind.pick else ""
            if source:
                rule = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=True)
                rule.error = "Choose one of the list, or leave the cell blank."
                self.front.add_data_validation(rule)
                rule.add(f"B{row}")
            cells.append(f"'{ANSWERS}'!$B${row}")
            self.next_input += 1
        return Inputs(tuple(cells))

    def _count(self, one: Golden, formulas: Formulas) -> None:
        weights = self.tool.weights
        for at, name in enumerate(one.scheme.columns):
            row = self.next_number
            _put(self.sums.cell(row, 1), f"{one.key} / {name}")
            self.sums.cell(row, 2, f"={formulas.raw[at]}")
            if formulas.helper:
                self.sums.cell(row, 3, f"={formulas.helper[at]}")
            self.sums.cell(row, 4, float(one.encoding.centre[at]))
            self.sums.cell(row, 5, float(one.scale[at]))
            self.sums.cell(row, 6, f"=IF(ISNUMBER(B{row}),(B{row}-D{row})*E{row},0)")
            for place in range(len(self.tool.segments)):
                self.sums.cell(row, 7 + place, float(weights[place, row - 2]))
            self.next_number += 1

    def _result(self) -> None:
        tool, sums, front = self.tool, self.sums, self.front
        last = self.next_number - 1
        base, score, power, share, usual = (last + step for step in (2, 3, 4, 5, 6))
        for row, text in ((base, "Intercept"), (score, "Score"), (power, "Power"), (share, "Probability")):
            sums.cell(row, 1, text)
        sums.cell(usual, 1, "Share of everybody")
        sums.cell(usual + 1, 1, "Answered")
        sums.cell(usual + 1, 2, f"=COUNT(B2:B{last})")
        letters = [get_column_letter(7 + at) for at in range(len(tool.segments))]
        span = f"${letters[0]}${score}:${letters[-1]}${score}"
        powers = f"${letters[0]}${power}:${letters[-1]}${power}"
        for at, letter in enumerate(letters):
            sums[f"{letter}{base}"] = float(tool.intercept[at])
            sums[f"{letter}{score}"] = f"={letter}{base}+SUMPRODUCT($F$2:$F${last},{letter}$2:{letter}${last})"
            sums[f"{letter}{power}"] = f"=EXP({letter}{score}-MAX({span}))"
            sums[f"{letter}{share}"] = f"=IF($B${usual + 1}=0,{letter}{usual},{letter}{power}/SUM({powers}))"
            sums[f"{letter}{usual}"] = tool.shares[at]
        for at, (segment, name) in enumerate(zip(tool.segments, tool.names, strict=True)):
            row = FIRST + 3 + at
            front[f"E{row}"] = segment
            _put(front[f"F{row}"], name)
            front[f"G{row}"] = f"={SUMS}!{letters[at]}{share}"
            front[f"G{row}"].number_format = "0 %"
        first, end = FIRST + 3, FIRST + 2 + len(tool.segments)
        place = f"MATCH(MAX($G${first}:$G${end}),$G${first}:$G${end},0)"
        front["E4"], front["F4"], front["G4"] = "Segment", "Name", "Probability"
        for cell in ("E4", "F4", "G4", f"E{FIRST}", f"F{FIRST}", f"G{FIRST}"):
            front[cell].font = _BOLD
        answered = f"{SUMS}!$B${usual + 1}"
        front[f"E{FIRST}"] = f"=IF({answered}=0,0,INDEX($E${first}:$E${end},{place}))"
        front[f"F{FIRST}"] = f'=IF({answered}=0,"no answer yet",INDEX($F${first}:$F${end},{place}))'
        front[f"G{FIRST}"] = f"=IF({answered}=0,0,MAX($G${first}:$G${end}))"
        front[f"G{FIRST}"].number_format = "0 %"
        front[f"E{FIRST + 2}"] = "All segments"
        front.freeze_panes = f"A{FIRST}"


def _put(cell: Cell | MergedCell, value: Any) -> None:
    """Write a value; a text is never taken for a formula."""
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"


def _cells_of(listed: str, count: int) -> list[str]:
    """The single cells of a range that `_Maker.column` gave."""
    letter = listed.split("$")[1]
    return [f"{LISTS}!${letter}${row}" for row in range(1, count + 1)]


def _nominal(one: Golden, inputs: Inputs, listed: str, helpers: tuple[str, ...], maker: _Maker) -> Formulas:
    cell, roots = inputs.cells[0], one.scheme.numbers["root"].tolist()
    options = _cells_of(listed, len(roots))
    return Formulas(
        tuple(
            f'IF({cell}="","",IF(EXACT({cell},{option}),1,0)/{root!r})'
            for option, root in zip(options, roots, strict=True)
        )
    )


def _multi(one: Golden, inputs: Inputs, listed: str, helpers: tuple[str, ...], maker: _Maker) -> Formulas:
    return Formulas(tuple(f'IF(COUNTA({inputs.all})=0,"",IF({cell}="{YES}",1,0))' for cell in inputs.cells))


def _binary(one: Golden, inputs: Inputs, listed: str, helpers: tuple[str, ...], maker: _Maker) -> Formulas:
    cell = inputs.cells[0]
    return Formulas((f'IF({cell}="{YES}",1,IF({cell}="{NO}",0,""))',))


def _code(cell: str, one: Golden, listed: str) -> str:
    """A mark as its place on the scale, or as the number it is."""
    if one.scheme.options:
        return f'IF({cell}="","",IFERROR(MATCH({cell},{listed},0)-1,""))'
    return f'IF(ISNUMBER({cell}),{cell},"")'


def _ordinal(one: Golden, inputs: Inputs, listed: str, helpers: tuple[str, ...], maker: _Maker) -> Formulas:
    """The ridit: people below the level, and half of those on it, over all."""
    levels = maker.column(one.scheme.numbers["levels"].tolist())
    upto = maker.column(one.scheme.numbers["upto"].tolist())
    total = max(1.0, float(one.scheme.numbers["upto"][-1]))
    helper = helpers[0]
    below, up = (f"INDEX({upto},1+SUMPRODUCT(({levels}{sign}{helper})*1))" for sign in ("<", "<="))
    return Formulas((f'IF(ISNUMBER({helper}),({below}+{up})/2/{total!r},"")',), (_code(inputs.cells[0], one, listed),))


def _number(one: Golden, inputs: Inputs, listed: str, helpers: tuple[str, ...], maker: _Maker) -> Formulas:
    middle, spread, tail = one.scheme.numbers["scale"].tolist()
    cell = inputs.cells[0]
    value = f"{cell}+{DAY_ZERO}" if one.kind == "date" else cell
    value = f"LN(1+MAX({value},0))" if tail else value
    return Formulas((f'IF(ISNUMBER({cell}),MAX(-{FAR!r},MIN({FAR!r},({value}-({middle!r}))/{spread!r})),"")',))


def _battery(one: Golden, inputs: Inputs, listed: str, helpers: tuple[str, ...], maker: _Maker) -> Formulas:
    codes = tuple(_code(cell, one, listed) for cell in inputs.cells)
    mean = f"-AVERAGE({helpers[0]}:{helpers[-1]})" if one.encoding.ipsatise else ""
    return Formulas(tuple(f'IF(ISNUMBER({helper}),{helper}{mean},"")' for helper in helpers), codes)


def _ranking(one: Golden, inputs: Inputs, listed: str, helpers: tuple[str, ...], maker: _Maker) -> Formulas:
    """Places from 1 (best) down to -1; what is left unranked shares the middle of the places that are left."""
    size, given = len(inputs.cells), inputs.all
    rest = f"(COUNT({given})+{size - 1})/2"
    places = tuple(
        f"IF(ISNUMBER({cell}),SUMPRODUCT(ISNUMBER({given})*({given}<{cell})),{rest})" for cell in inputs.cells
    )
    span = max(size - 1, 1)
    return Formulas(tuple(f'IF(COUNT({given})=0,"",1-2*{helper}/{span})' for helper in helpers), places)


def _bestworst(one: Golden, inputs: Inputs, listed: str, helpers: tuple[str, ...], maker: _Maker) -> Formulas:
    by_item = [inputs.cells[at : at + 3] for at in range(0, len(inputs.cells), 3)]
    return Formulas(tuple(f'IF(N({shown})>0,(N({best})-N({worst}))/N({shown}),"")' for best, worst, shown in by_item))


def _shares(one: Golden, inputs: Inputs, listed: str, helpers: tuple[str, ...], maker: _Maker) -> Formulas:
    total = f"SUM({inputs.all})"
    logs = tuple(f'IF({total}>0,LN(N({cell})/{total}+{PSEUDO_SHARE!r}),"")' for cell in inputs.cells)
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
    formulas: Callable[[Golden, Inputs, str, tuple[str, ...], _Maker], Formulas]
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
