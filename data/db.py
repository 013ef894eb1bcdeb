"""Connections to SQLite files: our own pragmas, short write transactions, private permissions."""

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from weakref import WeakKeyDictionary

from sqlite_utils import Database

from data.errors import DataError, NotFound

BUSY_SECONDS = 5.0
WRITE_SECONDS = 20.0
PRAGMAS = ("PRAGMA foreign_keys=ON", "PRAGMA synchronous=FULL", "PRAGMA secure_delete=ON")
SIDE_FILES = ("-wal", "-shm", "-journal")
_turns: dict[str, threading.Lock] = {}
_names: WeakKeyDictionary[Database, str] = WeakKeyDictionary()
os.register_at_fork(after_in_child=_turns.clear)


def connect(path: Path, *, must_exist: bool = False, one_thread: bool = True) -> Database:
    """Return a connection to the SQLite file `path`, created (mode 0600, WAL) unless it `must_exist`.

    Reads wait up to five seconds for another connection, writing and a new file up to twenty. Keeps foreign keys, and
    has synced to the disk what it reports as committed (`synchronous=FULL`). Belongs to the thread that opened it
    unless not `one_thread`; then only one thread may use it at a time. Open one for each piece of work and close it
    (`with connect(path) as db:`).
    Raises NotFound when the file must exist and does not, DataError when it is not a SQLite file.
    """
    if not must_exist:
        create_private(path)
    elif not path.is_file():
        raise NotFound(f"There is no file '{path.name}' in {path.parent}.")
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=rw",
        uri=True,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=one_thread,
    )
    try:
        for pragma in PRAGMAS:
            connection.execute(pragma)
        if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            _when_free(connection, "PRAGMA journal_mode=WAL")
    except sqlite3.DatabaseError as error:
        connection.close()
        raise DataError(f"The file '{path.name}' in {path.parent} cannot be opened: {error}.") from error
    return Database(connection, execute_plugins=False)


@contextmanager
def transaction(db: Database) -> Iterator[Database]:
    """One short write transaction: begun at once (BEGIN IMMEDIATE), durable when the block has ended.

    Inside another transaction of the same connection it becomes a part (savepoint) of that one. Any exception undoes
    what the block wrote. Raises DataError when the file cannot be written: full disk, or busy for too long.
    """
    if db.conn.in_transaction:
        with _part(db):
            yield db
        return
    try:
        with _turn(db):
            _when_free(db.conn, "BEGIN IMMEDIATE")
            try:
                yield db
                db.commit()
            except BaseException:
                db.rollback()
                raise
    except sqlite3.OperationalError as error:
        raise DataError(f"The file '{Path(_name(db)).name}' cannot be written: {error}.") from error


@contextmanager
def _part(db: Database) -> Iterator[None]:
    """A savepoint; always of the same name, so that SQLite need not read the statement anew."""
    db.conn.execute("SAVEPOINT part")
    try:
        yield
    except BaseException:
        if db.conn.in_transaction:
            db.conn.execute("ROLLBACK TO part")
            db.conn.execute("RELEASE part")
        raise
    db.conn.execute("RELEASE part")


def checkpoint(db: Database) -> None:
    """Move what is in the log into the file itself, and empty the log unless somebody reads it."""
    with _turn(db):
        db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def close(db: Database) -> None:
    """Close a connection; the last one of a file empties its log into it."""
    with _turn(db):
        db.close()


def _when_free(connection: sqlite3.Connection, statement: str) -> None:
    """Execute a statement that needs the file for itself, as soon as no other process has it.

    SQLite's own waiting sleeps ever longer, up to 0.1 s, loses to a process that writes all the time, and gives up at
    once where two connections change the journal mode together; asking anew every few milliseconds gives everybody a
    turn.
    """
    deadline = time.monotonic() + WRITE_SECONDS
    connection.execute("PRAGMA busy_timeout=4")
    try:
        while True:
            try:
                connection.execute(statement)
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                    raise
                time.sleep(0.001)
            else:
                return
    finally:
        connection.execute(f"PRAGMA busy_timeout={int(BUSY_SECONDS * 1000)}")


@contextmanager
def _turn(db: Database) -> Iterator[None]:
    """The threads of this process that write to one file, or move its log, queue here.

    They need not ask SQLite again and again; and no log is moved while another connection of this process commits,
    which SQLite before 3.51.3 does not survive in very rare cases (https://sqlite.org/wal.html, "WAL-reset bug").
    """
    name = _name(db)
    turn = _turns.setdefault(name, threading.Lock()) if name else threading.Lock()
    if not turn.acquire(timeout=WRITE_SECONDS):
        raise sqlite3.OperationalError("database is locked")
    try:
        yield
    finally:
        turn.release()


def _name(db: Database) -> str:
    """Return the path of the file behind a connection, "" for one in memory."""
    name = _names.get(db)
    if name is None:
        name = _names[db] = str(db.conn.execute("PRAGMA database_list").fetchone()[2])
    return name


def create_private(path: Path) -> None:
    """Create the empty file `path` for its owner's eyes only (0600), in folders of mode 0700, unless it is there."""
    private_folder(path.parent)
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        return
    sync(path.parent)


def private_folder(path: Path) -> None:
    """Create the folder `path` and its missing parents with mode 0700; folders that exist are left as they are."""
    if path.is_dir():
        return
    private_folder(path.parent)
    path.mkdir(mode=0o700, exist_ok=True)


def remove(path: Path) -> None:
    """Remove a SQLite file and the files SQLite keeps beside it; nothing happens when they are gone already."""
    for suffix in ("", *SIDE_FILES):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Make sure that a file, or the list of files in a folder, is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def now() -> str:
    """Return this moment as ISO 8601 text in UTC, to the millisecond."""
    return stamp(None)


def stamp(at: datetime | None) -> str:
    """Return the moment `at` (which knows its zone), or this one, as ISO 8601 text in UTC, to the millisecond."""
    return (at or datetime.now()).astimezone(UTC).isoformat(timespec="milliseconds")


def moment(text: str | None) -> datetime | None:
    """Return the moment that `now` wrote, or None."""
    return datetime.fromisoformat(text) if text else None
