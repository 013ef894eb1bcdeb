"""Putting files into a folder so that nobody ever sees only some of them."""

import os
import secrets
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from survey.errors import AppError

ELSEWHERE = "choose another folder for the results."


def check_folder(folder: Path) -> None:
    """Raise AppError when `folder` could not be made or written to; to be asked before long work."""
    nearest = next(parent for parent in (folder.absolute(), *folder.absolute().parents) if parent.exists())
    if not nearest.is_dir():
        raise AppError(f"'{nearest}' is a file, not a folder; {ELSEWHERE}")
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise AppError(f"'{nearest}' may not be written to; {ELSEWHERE}")


def write_folder(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Write all files, name to content, into `folder`, or none: they appear together once each is on disk.

    A new folder appears in one step. In one that exists, files of the same name are replaced and the rest is left
    alone. Raises AppError when the disk or the permissions do not allow it.
    """
    try:
        if folder.exists():
            with _workplace(folder, ".samtal") as work:
                _write(work, files)
                _move_in(work, folder, files)
        else:
            folder.parent.mkdir(parents=True, exist_ok=True)
            with _workplace(folder.parent, f".{folder.name}") as work:
                _write(work, files)
                work.replace(folder)
    except OSError as problem:
        raise AppError(f"The results cannot be written to '{folder}' ({problem.strerror}); {ELSEWHERE}") from problem


@contextmanager
def _workplace(parent: Path, prefix: str) -> Iterator[Path]:
    """Yield a fresh folder in `parent`; what is left of it is removed."""
    work = parent / f"{prefix}-{secrets.token_hex(4)}"
    work.mkdir()
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _write(work: Path, files: Mapping[str, str | bytes]) -> None:
    for name, content in files.items():
        with (work / name).open("wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode("utf-8", "replace"))
            file.flush()
            os.fsync(file.fileno())


def _move_in(work: Path, folder: Path, names: Iterable[str]) -> None:
    """Move files into a folder in use; when that is interrupted, everything is put back as it was."""
    old = work / "old"
    old.mkdir()
    try:
        for name in names:
            if (folder / name).exists():
                (folder / name).replace(old / name)
            (work / name).replace(folder / name)
    except BaseException:
        for name in names:
            if (old / name).exists():
                (old / name).replace(folder / name)
            elif not (work / name).exists():
                (folder / name).unlink()
        raise
