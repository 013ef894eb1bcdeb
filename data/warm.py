"""Keeps the write-ahead logs of busy files open, so that closing the last connection does not empty them each time.

SQLite copies the log into the file and syncs both whenever a file's last connection closes. A server that opens a
connection for each answer would pay that (two syncs and more) for every answer; one idle connection spares it, and
costs nothing in safety: an answer is synced into the log before its commit returns.
"""

import sqlite3
import threading
import time
from pathlib import Path

IDLE_SECONDS = 600.0
MOST_FILES = 64

_lock = threading.Lock()
_kept: dict[Path, "_Kept"] = {}


class _Kept:
    """An idle connection to one file, as it was when it was opened."""

    def __init__(self, path: Path, identity: tuple[int, int]) -> None:
        self.identity = identity
        self.used = time.monotonic()
        self.connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, check_same_thread=False)
        self.connection.execute("SELECT count(*) FROM sqlite_master").fetchone()


def keep_warm(path: Path) -> None:
    """Keep an idle connection to the SQLite file `path`, which must exist, until it is long unused, gone or replaced.

    Raises sqlite3.Error when it cannot be opened, OSError when it does not exist.
    """
    found = path.stat()
    identity = (found.st_dev, found.st_ino)
    with _lock:
        kept = _kept.get(path)
        if kept is not None and kept.identity == identity:
            kept.used = time.monotonic()
            return
        _drop_stale()
        if kept is not None:
            _close(path)
        _kept[path] = _Kept(path, identity)


def let_go() -> None:
    """Close all idle connections, which empties the logs into their files; called when a server stops."""
    with _lock:
        for path in list(_kept):
            _close(path)


def _drop_stale() -> None:
    now = time.monotonic()
    for path, kept in list(_kept.items()):
        if now - kept.used > IDLE_SECONDS or not path.exists():
            _close(path)
    if len(_kept) >= MOST_FILES:
        _close(min(_kept, key=lambda path: _kept[path].used))


def _close(path: Path) -> None:
    kept = _kept.pop(path, None)
    if kept is not None:
        kept.connection.close()
