"""Which processes are alive, told by file locks: they outlast neither a crash nor a kill, and no number is reused."""

import fcntl
import os
import secrets
from pathlib import Path

from data.db import create_private, private_folder


class Owner:
    """This process, as others can tell: `id` counts as alive until the process ends or `close` is called."""

    def __init__(self, folder: Path) -> None:
        self.id = secrets.token_hex(8)
        self._path = _lock_path(folder, self.id)
        create_private(self._path)
        self._file = os.open(self._path, os.O_RDWR)
        fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def close(self) -> None:
        """Count as gone from now on."""
        self._path.unlink(missing_ok=True)
        os.close(self._file)


def is_alive(folder: Path, owner: str) -> bool:
    """Return whether the process that made the Owner of this id in `folder` still runs; clears its file if not."""
    private_folder(folder)
    path = _lock_path(folder, owner)
    try:
        file = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        path.unlink(missing_ok=True)
        return False
    finally:
        os.close(file)


def _lock_path(folder: Path, owner: str) -> Path:
    return folder / f"{owner}.lock"
