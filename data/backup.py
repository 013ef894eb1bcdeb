"""A whole installation in one archive, made while answers arrive, and back again."""

import hashlib
import json
import os
import sqlite3
import tempfile
import zipfile
import zlib
from contextlib import closing
from pathlib import Path
from typing import Any

from data.db import connect, now, private_folder, sync
from data.errors import DataError
from data.studies import CATALOGUE, SUFFIX, Home, StudyFile, check_slug

FORMAT = "samtal-backup-1"
MANIFEST = "manifest.json"
_BLOCK = 1 << 20
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    KeyError,
    TypeError,
    ValueError,
    RuntimeError,
)
"""What zipfile and a manifest that is not ours raise; RuntimeError is an archive with a password."""


def backup(home: Home, archive: Path) -> list[str]:
    """Write everything that cannot be made anew into the zip file `archive` (mode 0600); returns the names in it.

    Each file is copied as it stood at one moment, without holding up those who write to it: every answer acknowledged
    before the call is in the copy. Sessions and set-up links are left out, and so is the cache.
    Raises DataError when there is nothing to back up or the archive is there already.
    """
    sources = [home.catalogue_path, *sorted(home.studies_folder.glob(f"*{SUFFIX}"))]
    sources = [path for path in sources if path.is_file()]
    if not sources:
        raise DataError(f"There is nothing to back up in {home.root}. Check SAMTAL_HOME.")
    if archive.exists():
        raise DataError(f"The file {archive} is there already. Choose another name.")
    private_folder(archive.absolute().parent)
    with tempfile.TemporaryDirectory(dir=archive.absolute().parent, prefix=".samtal-backup-") as folder:
        entries = [entry for path in sources if (entry := _snapshot(path, home.root, Path(folder)))]
        written = Path(folder) / "archive.zip"
        with zipfile.ZipFile(written, "x", zipfile.ZIP_DEFLATED) as packed:
            manifest = {"format": FORMAT, "created": now(), "files": entries}
            packed.writestr(MANIFEST, json.dumps(manifest, indent=1))
            for entry in entries:
                packed.write(Path(folder) / entry["name"], entry["name"])
        written.chmod(0o600)
        sync(written)
        written.replace(archive)
        sync(archive.absolute().parent)
    return [entry["name"] for entry in entries]


def restore(archive: Path, home: Home, *, overwrite: bool = False) -> list[str]:
    """Put the installation in `archive` into place of `home`; returns the names of the restored files.

    Everything is unpacked and checked beside the home first, then the folder is put in place in one step. What was
    there is kept until then. Stop the servers of the home before. Everybody signs in anew.
    Raises DataError when the archive is damaged or no backup, or when the home holds something and not `overwrite`.
    """
    root = home.root.absolute()
    if root.exists() and any(root.iterdir()) and not overwrite:
        raise DataError(f"The folder {root} is not empty. Restore into another folder, or say that it may be replaced.")
    if root.is_mount():
        raise DataError(f"The folder {root} is a mounted disk and cannot be replaced. Restore into a folder on it.")
    private_folder(root.parent)
    with tempfile.TemporaryDirectory(dir=root.parent, prefix=".samtal-restore-") as folder:
        staged = Path(folder) / "new"
        staged.mkdir(mode=0o700)
        names = _unpack(archive, staged)
        _swap(staged, root, Path(folder) / "old")
    return names


def _swap(staged: Path, root: Path, aside: Path) -> None:
    """Put `staged` in place of `root`, which goes to `aside` or stays when that fails."""
    if root.exists():
        root.rename(aside)
    try:
        staged.rename(root)
    except OSError:
        if aside.exists():
            aside.rename(root)
        raise
    sync(root.parent)


def _snapshot(path: Path, root: Path, folder: Path) -> dict[str, Any] | None:
    """Copy one SQLite file as it stands now; returns its manifest entry, or None when it was deleted meanwhile."""
    name = path.relative_to(root).as_posix()
    target = folder / name
    private_folder(target.parent)
    try:
        source = connect(path, must_exist=True)
    except DataError:
        if path.exists():
            raise
        return None
    with source, closing(sqlite3.connect(target, isolation_level=None)) as copy:
        source.conn.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        if path.name == CATALOGUE:
            copy.executescript("PRAGMA secure_delete=ON; DELETE FROM sessions; DELETE FROM setup_tokens;")
    target.chmod(0o600)
    return {"name": name, "bytes": target.stat().st_size, "sha256": _sha256(target)}


def _unpack(archive: Path, staged: Path) -> list[str]:
    """Unpack and check every file of the archive into the folder `staged`; returns their names."""
    try:
        with zipfile.ZipFile(archive) as packed:
            entries = _manifest(packed, archive)
            for entry in entries:
                target = staged / entry["name"]
                private_folder(target.parent)
                _extract(packed, entry, target)
    except FileNotFoundError as error:
        raise DataError(f"There is no file {archive}.") from error
    except OSError as error:
        raise DataError(f"The file {archive} cannot be unpacked to {staged.parent}: {error}.") from error
    except _DAMAGED as error:
        raise DataError(f"The file {archive} is damaged or no backup of Samtal: {error}.") from error
    for entry in entries:
        _check(Home(staged), staged / entry["name"])
    return [entry["name"] for entry in entries]


def _manifest(packed: zipfile.ZipFile, archive: Path) -> list[dict[str, Any]]:
    """Return the entries of the manifest, having made sure that each names a place inside a home."""
    manifest = json.loads(packed.read(MANIFEST))
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise DataError(f"The file {archive} is no backup that this Samtal can read. Update Samtal, or choose another.")
    entries: list[dict[str, Any]] = manifest["files"]
    for entry in entries:
        name = str(entry["name"])
        slug = name.removeprefix("studies/").removesuffix(SUFFIX)
        if name != CATALOGUE and name != f"studies/{check_slug(slug)}{SUFFIX}":
            raise DataError(f"The file {archive} is no backup of Samtal: it wants to write to {name!r}.")
    return entries


def _extract(packed: zipfile.ZipFile, entry: dict[str, Any], target: Path) -> None:
    """Write one file, never more bytes than the manifest says, and compare its checksum."""
    digest, left = hashlib.sha256(), int(entry["bytes"])
    with packed.open(entry["name"]) as source, target.open("xb") as out:
        target.chmod(0o600)
        while block := source.read(_BLOCK):
            left -= len(block)
            if left < 0:
                raise ValueError(f"{entry['name']} is longer than it should be")
            digest.update(block)
            out.write(block)
        out.flush()
        os.fsync(out.fileno())
    if left or digest.hexdigest() != entry["sha256"]:
        raise ValueError(f"the checksum of {entry['name']} does not match")


def _check(home: Home, path: Path) -> None:
    """Raise DataError unless the file is whole and of a kind and age that this Samtal knows; brings it up to date."""
    with connect(path, must_exist=True) as db:
        found = db.execute("PRAGMA integrity_check").fetchone()[0]
    if found != "ok":
        raise DataError(f"The file {path.name} in the backup is damaged: {found}.")
    if path == home.catalogue_path:
        home.open_catalogue().close()
    else:
        StudyFile(path).close()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
