"""The vector cache gives back what it was given, and survives being deleted or damaged at any moment."""

import os
import sqlite3
import threading
from pathlib import Path

import numpy as np
import pytest

from data.vectors import VectorCache


@pytest.fixture
def cache(tmp_path: Path) -> VectorCache:
    return VectorCache(tmp_path / "cache" / "vectors.sqlite")


def vectors(count: int) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    return {f"svar {i} 🙂": rng.standard_normal(32).astype(np.float32) for i in range(count)}


def test_vectors_come_back_by_model_and_text(cache: VectorCache) -> None:
    known = vectors(1200)
    cache.put("model-a", known)
    cache.put("model-b", {"svar 1 🙂": np.zeros(3, dtype=np.float32)})
    found = cache.get("model-a", [*known, "never seen", "\ud800"])
    assert found.keys() == known.keys()
    assert all(np.array_equal(found[text], known[text]) for text in known)
    assert cache.get("model-b", known).keys() == {"svar 1 🙂"}
    assert cache.get("model-c", known) == {}


def test_the_texts_are_not_in_the_file(cache: VectorCache) -> None:
    cache.put("model", {"unmistakable words": np.ones(4, dtype=np.float32)})
    assert b"unmistakable" not in cache.path.read_bytes()
    assert list(cache.path.parent.iterdir()) == [cache.path]


@pytest.mark.parametrize("damage", ["noise in the middle", "not a database", "empty", "other layout", "deleted"])
def test_a_damaged_or_deleted_cache_starts_anew(cache: VectorCache, damage: str) -> None:
    known = vectors(500)
    cache.put("model", known)
    content = bytearray(cache.path.read_bytes())
    if damage == "deleted":
        cache.path.unlink()
    elif damage == "other layout":
        cache.path.unlink()
        VectorCache(cache.path).put("model", vectors(1))
        with sqlite3.connect(cache.path) as db:
            db.execute("DROP TABLE vectors")
            db.execute("PRAGMA user_version=99")
        db.close()
    else:
        content[4096:] = os.urandom(len(content) - 4096)
        cache.path.write_bytes({"noise in the middle": content, "not a database": b"x" * 9999, "empty": b""}[damage])
    assert cache.get("model", known) == {}
    cache.put("model", known)
    assert cache.get("model", known).keys() == known.keys()


def test_a_vector_that_was_spoilt_in_the_file_is_not_given_out(cache: VectorCache) -> None:
    cache.put("model", {"text": np.ones(4, dtype=np.float32)})
    cache.path.write_bytes(cache.path.read_bytes().replace(np.ones(4, dtype="<f4").tobytes(), b"\0" * 16))
    assert cache.get("model", ["text"]) == {}


def test_deleting_the_file_while_others_use_it_harms_nobody(cache: VectorCache) -> None:
    known, errors, stop = vectors(50), [], threading.Event()

    def use() -> None:
        while not stop.is_set():
            try:
                cache.put("model", known)
                found = cache.get("model", known)
            except Exception as error:  # noqa: BLE001 (a test must see whatever happens in its threads)
                errors.append(error)
                return
            if any(not np.array_equal(found[text], known[text]) for text in found):
                errors.append(AssertionError("a vector came back changed"))

    threads = [threading.Thread(target=use) for _ in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(100):
        cache.path.unlink(missing_ok=True)
        stop.wait(0.005)
    stop.set()
    for thread in threads:
        thread.join()
    assert errors == []
