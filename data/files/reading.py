"""One door to every kind of answer file: content decides the reader, the name is only a hint."""

import gzip
import io
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from data.errors import DataError, NotFound
from data.files.delimited import read_delimited
from data.files.excel import read_excel
from data.files.parquet import read_parquet
from data.files.table import Table, refuse_size

Reader = Callable[[bytes, str], Table]

READERS: dict[str, Reader] = {
    ".csv": read_delimited,
    ".tsv": read_delimited,
    ".txt": read_delimited,
    ".xlsx": read_excel,
    ".xlsm": read_excel,
    ".parquet": read_parquet,
}
"""What reads which ending; text files may be gzipped (.csv.gz)."""

SIGNATURES: tuple[tuple[bytes, str], ...] = ((b"PAR1", ".parquet"), (b"PK\x03\x04", ".xlsx"))
"""First bytes that say what a file is, whatever it is called."""

REFUSED: tuple[tuple[bytes, str], ...] = (
    (b"\xd0\xcf\x11\xe0", "is an old (.xls) or password-protected Excel file; save it as .xlsx without a password"),
    (b"%PDF", "is a PDF; save the answers as CSV, Excel or Parquet"),
    (b"$FL2", "is an SPSS file; save it as CSV"),
    (b"$FL3", "is an SPSS file; save it as CSV"),
    (b"SQLite format 3\x00", "is a database; export the answers as CSV"),
)
TEXT = ".csv"
"""What a file is that has no signature."""

GZIP = b"\x1f\x8b"


def read_table(path: Path) -> Table:
    """Return the answers in a CSV (also gzipped), Excel or Parquet file, every cell as text.

    Raises NotFound when there is no such file, DataError when it is empty, too large, damaged or of another kind;
    each is one sentence that says where and what to do.
    """
    name = path.name
    raw = _bytes(path)
    ending = path.suffix.lower()
    if raw.startswith(GZIP):
        raw = _unzip(raw, name)
        ending = Path(path.stem).suffix.lower() if ending == ".gz" else ending
    if not raw:
        raise DataError(f"'{name}' is empty; export it again with at least one answer.")
    for signature, reason in REFUSED:
        if raw.startswith(signature):
            raise DataError(f"'{name}' {reason}.")
    kind = next((kind for signature, kind in SIGNATURES if raw.startswith(signature)), TEXT)
    if kind == TEXT and ending not in READERS:
        raise DataError(f"'{name}' is no kind of file that can be read here; save it as CSV, Excel or Parquet.")
    table = READERS[kind](raw, name)
    if READERS[kind] is READERS.get(ending):
        return table
    return replace(table, notes=(f"By its content '{name}' is a {kind} file and was read as one.", *table.notes))


def _bytes(path: Path) -> bytes:
    if path.is_dir():
        raise DataError(f"'{path}' is a folder; name the file with the answers in it.")
    try:
        refuse_size(path.name, path.stat().st_size)
        return path.read_bytes()
    except FileNotFoundError as problem:
        raise NotFound(f"There is no file '{path}'; check the name and the folder you are in.") from problem
    except OSError as problem:
        raise DataError(f"'{path}' cannot be read: {problem.strerror}; check who may read it.") from problem


def _unzip(raw: bytes, name: str) -> bytes:
    """Return the unpacked bytes, reading no further than the largest size allowed."""
    unpacked = bytearray()
    try:
        with gzip.open(io.BytesIO(raw)) as stream:
            while chunk := stream.read(2**20):
                unpacked += chunk
                refuse_size(name, len(unpacked))
    except (OSError, EOFError, zlib.error) as problem:
        raise DataError(f"'{name}' is a damaged gzip file; copy or download it again.") from problem
    return bytes(unpacked)
