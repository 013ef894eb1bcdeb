"""A backup holds every answer acknowledged before it began; a restore checks everything and is all or nothing."""

import hashlib
import json
import multiprocessing
import stat
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from data.backup import MANIFEST, backup, restore
from data.db import connect
from data.errors import DataError
from data.people import People
from data.studies import Home, Studies
from data.vectors import VectorCache

Change = Callable[[dict[str, Any], dict[str, bytes]], None]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    studies = Studies(home)
    for slug in ("likes", "wishes"):
        studies.create(slug, slug.title(), {})
        with studies.file(slug) as file:
            response, _ = file.responses.begin(1, "sv")
            file.responses.record(response, "q", 0, "lugn och ro")
    with home.open_catalogue() as db:
        account = People(db).create_account("anna@example.com", "Anna", "researcher", "hash")
        People(db).start_session(account.id, "session", datetime.now(UTC) + timedelta(hours=1))
    VectorCache(home.vectors_path).put("model", {})
    return home


def test_what_is_restored_is_what_was_there_without_sessions_and_cache(home: Home, tmp_path: Path) -> None:
    names = ["catalogue.sqlite", "studies/likes.sqlite", "studies/wishes.sqlite"]
    archive = tmp_path / "out" / "backup.zip"
    assert backup(home, archive) == names
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    assert list(archive.parent.iterdir()) == [archive]
    other = Home(tmp_path / "other")
    assert restore(archive, other) == names
    assert Studies(other).list() == Studies(home).list()
    for slug in ("likes", "wishes"):
        with Studies(home).file(slug) as before, Studies(other).file(slug) as after:
            assert "\n".join(after.db.iterdump()) == "\n".join(before.db.iterdump())
    with other.open_catalogue() as db:
        assert People(db).by_email("anna@example.com") is not None
        assert People(db).session("session") is None
    for path in other.root.rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_nothing_is_overwritten_unless_told_so(home: Home, tmp_path: Path) -> None:
    archive = tmp_path / "backup.zip"
    backup(home, archive)
    with pytest.raises(DataError, match="already"):
        backup(home, archive)
    Studies(home).create("newer", "Newer", {})
    with pytest.raises(DataError, match="not empty"):
        restore(archive, home)
    assert {study.slug for study in Studies(home).list()} == {"likes", "wishes", "newer"}
    restore(archive, home, overwrite=True)
    assert {study.slug for study in Studies(home).list()} == {"likes", "wishes"}
    assert {path.name for path in tmp_path.iterdir()} == {"home", "backup.zip"}


def test_there_must_be_something_to_back_up_or_restore(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="nothing to back up"):
        backup(Home(tmp_path / "empty"), tmp_path / "backup.zip")
    with pytest.raises(DataError, match="There is no file"):
        restore(tmp_path / "backup.zip", Home(tmp_path / "home"))
    assert list(tmp_path.iterdir()) == []


def change_byte(manifest: dict[str, Any], files: dict[str, bytes]) -> None:
    content = bytearray(files["studies/likes.sqlite"])
    content[5000] ^= 1
    files["studies/likes.sqlite"] = bytes(content)


def leave_out(manifest: dict[str, Any], files: dict[str, bytes]) -> None:
    del files["studies/likes.sqlite"]


def slip_out(manifest: dict[str, Any], files: dict[str, bytes]) -> None:
    manifest["files"][1]["name"] = "../../evil.sqlite"
    files["../../evil.sqlite"] = files["studies/likes.sqlite"]


def slip_in(manifest: dict[str, Any], files: dict[str, bytes]) -> None:
    manifest["files"][1]["name"] = "cache/weights/model.sqlite"
    files["cache/weights/model.sqlite"] = files["studies/likes.sqlite"]


def absolute(manifest: dict[str, Any], files: dict[str, bytes]) -> None:
    manifest["files"][1]["name"] = "/studies/likes.sqlite"
    files["/studies/likes.sqlite"] = files["studies/likes.sqlite"]


def longer(manifest: dict[str, Any], files: dict[str, bytes]) -> None:
    files["studies/likes.sqlite"] += b"more"


def no_database(manifest: dict[str, Any], files: dict[str, bytes]) -> None:
    files["studies/likes.sqlite"] = content = b"not a database " * 100
    manifest["files"][1] |= {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def other_format(manifest: dict[str, Any], files: dict[str, bytes]) -> None:
    manifest["format"] = "samtal-backup-2"


def odd_names(manifest: dict[str, Any], files: dict[str, bytes]) -> None:
    manifest["files"] = [{"name": 7}]


@pytest.mark.parametrize(
    "change", [change_byte, leave_out, slip_out, slip_in, absolute, longer, no_database, other_format, odd_names]
)
def test_a_damaged_or_hostile_archive_restores_nothing(home: Home, tmp_path: Path, change: Change) -> None:
    backup(home, tmp_path / "good.zip")
    with zipfile.ZipFile(tmp_path / "good.zip") as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    manifest = json.loads(files.pop(MANIFEST))
    change(manifest, files)
    place = tmp_path / "place"
    place.mkdir()
    with zipfile.ZipFile(place / "bad.zip", "w") as packed:
        for name, content in {MANIFEST: json.dumps(manifest).encode(), **files}.items():
            packed.writestr(name, content)
    with pytest.raises(DataError):
        restore(place / "bad.zip", Home(place / "new" / "home"))
    assert not list(tmp_path.rglob("evil*"))
    assert not (place / "new" / "home").exists()


@pytest.mark.parametrize("cut", [0, 100, -100])
def test_a_cut_archive_is_said_to_be_damaged(home: Home, tmp_path: Path, cut: int) -> None:
    backup(home, tmp_path / "backup.zip")
    content = (tmp_path / "backup.zip").read_bytes()
    (tmp_path / "backup.zip").write_bytes(content[:cut])
    with pytest.raises(DataError, match=r"damaged|no backup"):
        restore(tmp_path / "backup.zip", Home(tmp_path / "other"))


def keep_answering(home: Home, writer: int, acknowledged: Any, stop: Any) -> None:
    number = 0
    while not stop.is_set():
        with Studies(home).file("likes") as file:
            response, _ = file.responses.begin(1, "en")
            file.responses.record(response, "q", 0, f"{writer}-{number}")
        acknowledged[writer] = number = number + 1


def test_a_backup_made_while_answers_pour_in_has_all_that_came_before(home: Home, tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    acknowledged, stop = context.Array("l", [0, 0, 0]), context.Event()
    writers = [context.Process(target=keep_answering, args=(home, writer, acknowledged, stop)) for writer in range(3)]
    for process in writers:
        process.start()
    try:
        for number in range(3):
            while min(acknowledged) < 20 * (number + 1):
                stop.wait(0.01)
            before = list(acknowledged)
            backup(home, tmp_path / f"backup-{number}.zip")
            assert min(acknowledged) > 0
            other = Home(tmp_path / f"other-{number}")
            restore(tmp_path / f"backup-{number}.zip", other)
            with Studies(other).file("likes") as file:
                kept = set(file.responses.frame()["q"])
            assert kept >= {f"{writer}-{answer}" for writer in range(3) for answer in range(before[writer])}
            with connect(other.study_path("likes")) as db:
                assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
                assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    finally:
        stop.set()
        for process in writers:
            process.join()
    assert [process.exitcode for process in writers] == [0, 0, 0]
