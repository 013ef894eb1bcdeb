"""Parquet files to a table."""

import io
import re
from typing import Any

from data.errors import DataError
from data.files.table import Table, build, refuse_size

UNNAMED_INDEX = re.compile(r"__index_level_\d+__")
"""Row labels that pandas writes along and nobody asked for."""

BATCH = 1000


def read_parquet(raw: bytes, name: str) -> Table:
    """Return the columns of a Parquet file as text, nulls as ""; raises DataError when it is damaged or too large."""
    import pyarrow as pa
    from pyarrow import parquet

    try:
        file = parquet.ParquetFile(io.BytesIO(raw))
        columns = [column for column in file.schema_arrow.names if not UNNAMED_INDEX.fullmatch(column)]
        rows: list[list[str]] = []
        size = 0
        for batch in file.iter_batches(BATCH, columns=columns):
            refuse_size(name, size := size + batch.nbytes)
            cells = [[_text(value) for value in column.to_pylist()] for column in batch.columns]
            rows.extend(map(list, zip(*cells, strict=True)))
    except (pa.ArrowException, OSError, ValueError) as problem:
        raise DataError(f"'{name}' is a damaged Parquet file and cannot be read; export it again.") from problem
    return build(columns, rows, name)


def _text(value: Any) -> str:
    if value is None or value != value:
        return ""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
