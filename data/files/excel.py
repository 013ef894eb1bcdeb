"""Excel workbooks (.xlsx, .xlsm) to a table."""

import io
import warnings
import zipfile
import zlib
from datetime import datetime, time
from typing import Any

from data.errors import DataError
from data.files.table import MAX_BYTES, Table, build, refuse_size

BROKEN = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    SyntaxError,
    EOFError,
    OSError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    RuntimeError,
)
"""What openpyxl and the libraries under it raise on damaged workbooks.

XML parsers raise kinds of SyntaxError; zipfile raises RuntimeError for a part with a password, and a kind of it,
NotImplementedError, for one that is packed in a way it does not know.
"""

Cells = list[list[str]]


def read_excel(raw: bytes, name: str) -> Table:
    """Return the first sheet with anything on it, visible sheets before hidden ones; raises DataError.

    The first row that is not empty holds the column names. Later empty rows keep their place; those at the end do not.
    """
    import openpyxl

    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            refuse_size(name, sum(part.file_size for part in archive.infolist()))
            if "xl/workbook.xml" not in archive.namelist():
                raise DataError(
                    f"'{name}' is a ZIP archive, not an Excel file; unpack it or save the answers as .xlsx."
                )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # about styles and validation rules, which are not read
            workbook = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
            sheets = sorted(workbook.worksheets, key=lambda sheet: sheet.sheet_state != "visible")
            seen = ((sheet, cells) for sheet in sheets if (cells := _cells(sheet, name)))
            found = max(seen, key=lambda one: (one[0].sheet_state == "visible", _filled(one[1])), default=None)
    except BROKEN as problem:
        raise DataError(
            f"'{name}' is a damaged or locked Excel file and cannot be read; open it in a spreadsheet and save it "
            "again, without a password."
        ) from problem
    if found is None:
        raise DataError(f"'{name}' has no sheet with anything on it; export it again with at least one answer.")
    sheet, cells = found
    notes = [f"'{name}' has {len(sheets)} sheets; '{sheet.title}' was read."] if len(sheets) > 1 else []
    if above := _above(cells):
        notes.append(f"'{next(filter(None, cells[0]))}' stands above the table and was left out.")
    header, *rows = cells[above:]
    return build(header, rows, name, notes)


def _filled(cells: Cells) -> int:
    return sum(bool(cell) for row in cells for cell in row)


def _above(cells: Cells) -> int:
    """Return how many rows stand above the names of columns: a title in one cell with a blank row under it."""
    if len(cells[0]) < 2 or _filled(cells[:1]) > 1 or any(map(any, cells[1:2])):
        return 0
    return next((at for at, row in enumerate(cells) if _filled([row]) > 1), 0)


def _cells(sheet: Any, name: str) -> Cells:
    """Return the sheet as text from its first row with content, as wide and as long as its content."""
    rows: Cells = []
    size = 0
    for cells in sheet.iter_rows():
        row = [_text(cell) for cell in cells]
        while row and not row[-1]:
            row.pop()
        if row or rows:
            rows.append(row)
        size += sum(map(len, row)) + len(row)
        refuse_size(name, size)
    while rows and not rows[-1]:
        rows.pop()
    width = max(map(len, rows), default=0)
    if width * len(rows) > MAX_BYTES // 8:
        refuse_size(name, MAX_BYTES + 1)
    return [row + [""] * (width - len(row)) for row in rows]


def _text(cell: Any) -> str:
    """Return what a person sees in the cell, "" for empty cells and for errors such as #N/A."""
    value = cell.value
    if value is None or cell.data_type == "e":
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    return str(value).replace("_x000D_", "")  # how the format writes the carriage return of a line break
