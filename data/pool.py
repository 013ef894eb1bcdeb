"""Connections kept open for a moment: a chat opens a study many times a second, and closing it each time costs more.

What is gained: no opening, no checkpoint and no new log file for every answer. What is kept: a file that nobody has
used for a few seconds has no open connection, so that it is complete by itself and may be copied.
"""

import atexit
import os
import threading
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from data.db import close, connect

Identity = tuple[int, int]


@dataclass(frozen=True)
class Lease:
    """A connection on loan, and the device and inode of the file it was opened for."""

    db: Database
    path: Path
    file: Identity | None


class Pool:
    """Lends connections to existing SQLite files, each to one borrower at a time, from any thread.

    idle_seconds: how long an unused connection is kept. most_idle: how many of them for one file.
    """

    def __init__(self, idle_seconds: float = 3.0, most_idle: int = 8) -> None:
        self.idle_seconds, self.most_idle = idle_seconds, most_idle
        self._lock = threading.Lock()
        self._idle: defaultdict[Path, list[tuple[Lease, float]]] = defaultdict(list)
        self._reaper: threading.Thread | None = None
        os.register_at_fork(before=self._before_fork, after_in_parent=self._lock.release, after_in_child=self._in_child)
        atexit.register(self.close)

    def take(self, path: Path) -> Lease:
        """Return a connection to the file that is at `path` now; hand it back with `give`.

        Raises NotFound when there is no such file, DataError when it is not a SQLite file.
        """
        file, stale, found = _identity(path), [], None
        with self._lock:
            idle = self._idle[path]
            while idle and found is None:
                lease = idle.pop()[0]
                if lease.file == file:
                    found = lease
                else:
                    stale.append(lease)
        for lease in stale:
            close(lease.db)
        return found or Lease(connect(path, must_exist=True, one_thread=False), path, file)

    def give(self, lease: Lease) -> None:
        """Take a connection back; what it has not committed is undone."""
        lease.db.rollback()
        with self._lock:
            idle = self._idle[lease.path]
            keep = len(idle) < self.most_idle
            if keep:
                idle.append((lease, time.monotonic()))
                if self._reaper is None:
                    self._reaper = threading.Thread(target=self._reap, name="samtal-idle-files", daemon=True)
                    self._reaper.start()
        if not keep:
            close(lease.db)

    def close(self, path: Path | None = None) -> None:
        """Close the unused connections to one file, or to all."""
        with self._lock:
            gone = self._unused(list(self._idle) if path is None else [path])
        for lease in gone:
            close(lease.db)

    def _reap(self) -> None:
        """Close what was not used for a while; ends when nothing is left."""
        last = False
        while not last:
            time.sleep(self.idle_seconds / 2)
            oldest, gone = time.monotonic() - self.idle_seconds, []
            with self._lock:
                for path, idle in list(self._idle.items()):
                    gone += [lease for lease, since in idle if since < oldest]
                    self._idle[path] = [(lease, since) for lease, since in idle if since >= oldest]
                    if not self._idle[path]:
                        del self._idle[path]
                if not self._idle:
                    self._reaper, last = None, True
            for lease in gone:
                close(lease.db)

    def _unused(self, paths: list[Path]) -> list[Lease]:
        return [lease for path in paths for lease, _ in self._idle.pop(path, [])]

    def _before_fork(self) -> None:
        """SQLite cannot be carried over a fork, so nothing unused is open while one happens."""
        self._lock.acquire()
        for lease in self._unused(list(self._idle)):
            lease.db.close()

    def _in_child(self) -> None:
        self._reaper = None
        self._lock.release()


def _identity(path: Path) -> Identity | None:
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return status.st_dev, status.st_ino
