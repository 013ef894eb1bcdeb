"""Text files with a separator to a table; a plain word when a line does not fit."""

from data.errors import DataError
from data.files.decoding import decode
from data.files.dialects import Dialect, Record, parse
from data.files.table import Table, build


def read_delimited(raw: bytes, name: str) -> Table:
    """Return the table in `raw`; raises DataError, naming the line, for bytes or lines that do not fit.

    The first line that is not empty holds the column names. Empty lines are skipped and counted in a note.
    """
    decoded = decode(raw, name)
    parsed = parse(decoded.text, name) if decoded.text.strip() else None
    if parsed is None or not parsed.records:
        raise DataError(f"'{name}' is empty; export it again with at least one answer.")
    header, *records = parsed.records
    rows = [_fit(record, len(header.fields), parsed.dialect, name) for record in records]
    skipped = f"Empty lines in '{name}' were skipped: {parsed.empty_lines}." if parsed.empty_lines else ""
    return build(header.fields, rows, name, [note for note in (decoded.note, parsed.note, skipped) if note])


def _fit(record: Record, width: int, dialect: Dialect, name: str) -> list[str]:
    """Return the record's fields without empty ones beyond the header's; raises DataError when their number differs."""
    fields = record.fields
    if len(fields) > width and not any(fields[width:]):
        return fields[:width]
    if len(fields) != width:
        raise DataError(
            f"Line {record.line} of '{name}' has {len(fields)} field{'s' if len(fields) > 1 else ''} where the column "
            f"names have {width}; put answers that hold a {dialect.word} or a line break between double quotes."
        )
    return fields
