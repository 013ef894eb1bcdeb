"""Lent connections: reused, never stale, never left open for long, never carried into another process."""

import os
import time
from pathlib import Path

import pytest

from data.db import connect
from data.errors import NotFound
from data.pool import Pool


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "a.sqlite"
    with connect(path) as db:
        db.execute("CREATE TABLE t (x)")
    return path


def test_a_connection_is_lent_again_without_what_was_not_committed(path: Path) -> None:
    pool = Pool()
    lease = pool.take(path)
    assert pool.take(path).db is not lease.db
    lease.db.execute("BEGIN")
    lease.db.execute("INSERT INTO t VALUES (1)")
    pool.give(lease)
    again = pool.take(path)
    assert again is lease
    assert again.db.execute("SELECT count(*) FROM t").fetchone() == (0,)


def test_a_file_that_was_replaced_or_deleted_is_noticed(path: Path, tmp_path: Path) -> None:
    pool = Pool()
    lease = pool.take(path)
    pool.give(lease)
    other = tmp_path / "b.sqlite"
    with connect(other) as db:
        db.execute("CREATE TABLE other (x)")
    other.replace(path)
    assert pool.take(path).db.table_names() == ["other"]
    path.unlink()
    with pytest.raises(NotFound):
        pool.take(path)


def test_a_file_that_nobody_uses_is_soon_complete_by_itself(path: Path) -> None:
    pool = Pool(idle_seconds=0.1)
    lease = pool.take(path)
    lease.db.execute("INSERT INTO t VALUES (1)")
    pool.give(lease)
    log = path.with_name("a.sqlite-wal")
    assert log.exists()
    while log.exists():
        time.sleep(0.02)


def test_no_more_connections_are_kept_than_allowed(path: Path) -> None:
    pool = Pool(most_idle=2)
    leases = [pool.take(path) for _ in range(4)]
    for lease in leases:
        pool.give(lease)
    kept = {id(pool.take(path)) for _ in range(4)}
    assert len(kept & {id(lease) for lease in leases}) == 2


def test_a_forked_process_starts_without_open_connections(path: Path) -> None:
    pool = Pool()
    lease = pool.take(path)
    pool.give(lease)
    child = os.fork()
    if not child:
        os._exit(0 if pool.take(path) is not lease else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert pool.take(path).db.execute("SELECT count(*) FROM t").fetchone() == (0,)
