"""A typing tool as a workbook: answers are typed into cells, and formulas say which segment they belong to."""

import io
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from models.golden.coders import Golden
from models.golden.tool import TypingTool
from survey.analysis.typing_formulas import KINDS, LISTS, NO, YES, Formulas, Inputs, Kind
from survey.wording import percent

ANSWERS, SUMS = "Typing tool", "Calculation"
FIRST = 5
"""Row of the first answer."""

_FILL = PatternFill("solid", fgColor="FFF2CC")
_BOLD = Font(bold=True)


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
            self._count(one, kind.formulas(one, inputs, listed, helpers, self.column))
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

    def _ask(self, one: Golden, kind: Kind, listed: str) -> Inputs:
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
