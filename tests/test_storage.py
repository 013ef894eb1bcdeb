"""Study files and the catalogue: pragmas, permissions, names, versions, deletion."""

import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlite_utils import Database

from data import migrations
from data.db import connect, transaction
from data.errors import DataError, NotFound
from data.studies import Home, Studies, StudyFile

DOCUMENT = {"pages": [{"elements": [{"type": "comment", "name": "likes", "title": "What do you like?"}]}]}


@pytest.fixture
def studies(tmp_path: Path) -> Studies:
    return Studies(Home(tmp_path / "home"))


def test_every_connection_waits_syncs_and_keeps_foreign_keys(tmp_path: Path) -> None:
    for _ in range(2):
        with connect(tmp_path / "a.sqlite") as db:
            names = ("journal_mode", "busy_timeout", "foreign_keys", "synchronous", "secure_delete")
            found = [db.execute(f"PRAGMA {name}").fetchone()[0] for name in names]
            assert found == ["wal", 5000, 1, 2, 1]


def test_a_file_that_is_no_database_is_refused_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    path.write_bytes(b"not a database at all, but long enough to look at" * 50)
    with pytest.raises(DataError, match="cannot be opened"):
        connect(path)


def test_only_the_owner_may_read(studies: Studies) -> None:
    studies.create("likes", "Likes", DOCUMENT)
    with studies.file("likes") as file:
        file.responses.begin(1, "en")
        for path in studies.home.root.rglob("*"):
            assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def insert(db: Database, *values: int) -> None:
    """Insert the values in one transaction and fail at the end when the last one is negative."""
    with transaction(db):
        for value in values:
            db.execute("INSERT INTO t VALUES (?)", [value])
        if values[-1] < 0:
            raise ZeroDivisionError


def test_a_transaction_that_fails_leaves_nothing_and_nests(tmp_path: Path) -> None:
    with connect(tmp_path / "a.sqlite") as db:
        db.execute("CREATE TABLE t (x)")
        with pytest.raises(ZeroDivisionError):
            insert(db, 1, -1)
        with transaction(db):
            insert(db, 2)
            with pytest.raises(ZeroDivisionError):
                insert(db, 3, -1)
        assert db.execute("SELECT x FROM t").fetchall() == [(2,)]


@pytest.mark.parametrize("slug", ["", "../evil", "a/b", "A", "a b", "-a", "a-", "å", "a.sqlite", "a" * 65, "a\n", "."])
def test_names_that_could_leave_the_folder_are_refused(studies: Studies, slug: str) -> None:
    for act in (studies.file, studies.delete, studies.get, lambda slug: studies.create(slug, "T", DOCUMENT)):
        with pytest.raises(DataError, match="short name"):
            act(slug)


def test_a_study_is_created_found_listed_changed(studies: Studies) -> None:
    made = studies.create("likes", "Likes", DOCUMENT)
    assert studies.get("likes") == made
    assert made.open
    assert studies.list() == [made]
    assert not studies.set_open("likes", False).open
    assert studies.rename("likes", "What people like").title == "What people like"
    assert studies.list() == [studies.get("likes")]
    with pytest.raises(DataError, match="already"):
        studies.create("likes", "Again", DOCUMENT)


def test_survey_versions_grow_and_stay(studies: Studies) -> None:
    studies.create("likes", "Likes", DOCUMENT)
    with studies.file("likes") as file:
        assert file.publish(DOCUMENT) == 1
        changed = {**DOCUMENT, "title": "Nytt"}
        assert file.publish(changed) == 2
        assert file.survey() == (2, changed)
        assert file.survey(1) == (1, DOCUMENT)
        with pytest.raises(NotFound):
            file.survey(3)
        with pytest.raises(sqlite3.IntegrityError):
            file.db.execute("UPDATE surveys SET document = '{}'")


def test_a_deleted_study_is_gone_for_good(studies: Studies) -> None:
    studies.create("likes", "Likes", DOCUMENT)
    studies.home.vectors_path.parent.mkdir()
    studies.home.vectors_path.touch()
    with studies.file("likes") as file:
        file.responses.begin(1, "en")
        studies.delete("likes")
    assert list(studies.home.studies_folder.iterdir()) == []
    assert not studies.home.vectors_path.exists()
    assert studies.list() == []
    with pytest.raises(NotFound):
        studies.file("likes")
    studies.create("likes", "Anew", DOCUMENT)
    with studies.file("likes") as file:
        assert file.responses.counts().started == 0


def test_a_study_file_copied_from_elsewhere_appears_and_a_removed_one_goes(studies: Studies, tmp_path: Path) -> None:
    studies.create("likes", "Likes", DOCUMENT)
    other = Studies(Home(tmp_path / "other"))
    other.create("own", "Own", DOCUMENT)
    other.home.study_path("copied").write_bytes(studies.home.study_path("likes").read_bytes())
    other.home.study_path("broken").write_bytes(b"nothing of ours" * 100)
    other.home.study_path("own").unlink()
    assert [(study.slug, study.title) for study in other.list()] == [("copied", "Likes")]


def test_a_file_from_a_newer_samtal_is_refused_and_left_alone(studies: Studies) -> None:
    studies.create("likes", "Likes", DOCUMENT)
    path = studies.home.study_path("likes")
    with connect(path) as db:
        db.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('samtal-study', 'later', 'x')"
        )
        db.execute("PRAGMA user_version=1000")
    with pytest.raises(DataError, match="newer Samtal"):
        StudyFile(path)
    with connect(path) as db:
        assert db.execute("PRAGMA user_version").fetchone()[0] == 1000


def test_a_database_of_another_kind_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    with connect(path) as db:
        db.execute("CREATE TABLE recipes (x)")
    with pytest.raises(DataError, match="not a samtal-study file"):
        StudyFile(path)


def test_processes_that_open_a_new_file_at_once_migrate_it_once(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"

    def open_it(_: int) -> None:
        with connect(path) as db:
            migrations.migrate(db, migrations.study, path.name)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(open_it, range(8)))
    with connect(path) as db:
        assert [m.name for m in migrations.study.applied(db)] == [m.name for m in migrations.study._migrations]


def test_a_new_file_that_another_connection_writes_to_is_opened_when_it_is_done(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with ThreadPoolExecutor(1) as pool:
        opened = pool.submit(lambda: connect(path, one_thread=False))
        with pytest.raises(TimeoutError):
            opened.result(timeout=0.2)
        other.execute("COMMIT")
        with opened.result() as db:
            assert db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    other.close()
