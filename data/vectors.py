"""A cache of vectors by model and text. Losing it costs time only: it may be deleted or damaged at any moment."""

import hashlib
import logging
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from data.db import BUSY_SECONDS, create_private, remove
from data.errors import DataError

LAYOUT = 2
"""Goes up with the table, and with what is embedded of an answer: a deletion must find all that is kept."""
_CHUNK = 500
_ATTEMPTS = 5
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)
_GONE = (sqlite3.SQLITE_READONLY_DBMOVED, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR)
_log = logging.getLogger(__name__)
_Result = TypeVar("_Result")


class VectorCache:
    """Vectors kept in the SQLite file `path`, under the hash of their text: the texts themselves are not in it.

    The rollback journal stays in memory: one file is all there is to delete, and no journal is left behind that a new
    file could be mixed up with. What a crash or a deletion in mid-write may spoil, the checksum of each row tells.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def get(self, model: str, texts: Iterable[str]) -> dict[str, NDArray[np.float32]]:
        """Return the known ones of `texts` with their vectors (dim,)."""
        by_key = {_key(text): text for text in texts}

        def read(db: sqlite3.Connection) -> dict[str, NDArray[np.float32]]:
            found: dict[str, NDArray[np.float32]] = {}
            keys = list(by_key)
            for start in range(0, len(keys), _CHUNK):
                part = keys[start : start + _CHUNK]
                marks = ",".join("?" * len(part))
                query = f"SELECT key, vector, checksum FROM vectors WHERE model = ? AND key IN ({marks})"  # noqa: S608
                for key, blob, checksum in db.execute(query, [model, *part]):
                    if zlib.crc32(key + blob) == checksum:
                        found[by_key[key]] = np.frombuffer(blob, dtype="<f4")
            return found

        return self._run(read, {}) if by_key else {}

    def put(self, model: str, vectors: Mapping[str, NDArray[np.float32]]) -> None:
        """Keep the vectors (dim,) of these texts."""

        def rows() -> Iterator[tuple[str, bytes, bytes, int]]:
            for text, vector in vectors.items():
                key, blob = _key(text), np.asarray(vector, dtype="<f4").tobytes()
                yield model, key, blob, zlib.crc32(key + blob)

        def write(db: sqlite3.Connection) -> None:
            db.execute("BEGIN IMMEDIATE")
            db.executemany("INSERT OR REPLACE INTO vectors (model, key, vector, checksum) VALUES (?, ?, ?, ?)", rows())
            db.execute("COMMIT")

        if vectors:
            self._run(write, None)

    def forget(self, texts: Iterable[str]) -> None:
        """Drop the vectors of these texts, whatever the model; overwrites them in the file."""
        keys = [(_key(text),) for text in texts]

        def write(db: sqlite3.Connection) -> None:
            db.execute("PRAGMA secure_delete=ON")
            db.execute("BEGIN IMMEDIATE")
            db.executemany("DELETE FROM vectors WHERE key = ?", keys)
            db.execute("COMMIT")

        if keys and self.path.exists():
            self._run(write, None)

    def _run(self, work: Callable[[sqlite3.Connection], _Result], otherwise: _Result) -> _Result:
        """Do `work` on the file, on a new one when it is damaged or was deleted; `otherwise` when that goes on."""
        for _ in range(_ATTEMPTS):
            try:
                return self._attempt(work)
            except sqlite3.DatabaseError as error:
                code = getattr(error, "sqlite_errorcode", 0)
                if code & 0xFF in _DAMAGED:
                    _log.warning("The vector cache was damaged and starts anew.")
                    remove(self.path)
                elif code not in _GONE and code & 0xFF not in _GONE:
                    raise DataError(f"The vector cache in {self.path.parent} cannot be used: {error}.") from error
        _log.warning("The vector cache could not be used: its file was deleted or damaged again and again.")
        return otherwise

    def _attempt(self, work: Callable[[sqlite3.Connection], _Result]) -> _Result:
        create_private(self.path)
        with closing(sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None)) as db:
            db.execute("PRAGMA journal_mode=MEMORY")
            db.execute("PRAGMA synchronous=OFF")
            layout = db.execute("PRAGMA user_version").fetchone()[0]
            if layout != LAYOUT:
                db.executescript(f"""
                    PRAGMA secure_delete=ON;
                    BEGIN IMMEDIATE;
                    DROP TABLE IF EXISTS vectors;
                    CREATE TABLE vectors (
                        model TEXT NOT NULL, key BLOB NOT NULL, vector BLOB NOT NULL, checksum INTEGER NOT NULL,
                        PRIMARY KEY (model, key)
                    );
                    PRAGMA user_version={LAYOUT};
                    COMMIT;
                """)
            return work(db)


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
