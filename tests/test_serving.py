"""Starting the server: where people reach it, which links are printed, and what is refused before it starts."""

import gc
import os
import socket
import weakref
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import anyio
import pytest

from data.fieldwork import Fieldwork
from data.studies import Home, Studies
from survey import api, cli, serving
from survey.access.accounts import any_account
from survey.errors import AppError
from survey.settings import Settings


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    studies = Studies(home)
    studies.create("fika", "Coffee", {"elements": []})
    studies.create("closed", "Closed", {"elements": []})
    studies.set_open("closed", False)
    studies.create("over", "Over", {"elements": []})
    with studies.file("over") as file:
        file.set_fieldwork(Fieldwork(closes=datetime(2020, 1, 1, tzinfo=UTC)))
    return home


@pytest.mark.parametrize(
    ("set_url", "host", "given", "reached"),
    [
        (Settings.url, "localhost", None, "http://localhost:8700"),
        (Settings.url, "::1", None, "http://[::1]:8700"),
        (Settings.url, "0.0.0.0", None, f"http://{socket.gethostname()}:8700"),
        ("https://samtal.example", "localhost", None, "https://samtal.example"),
        ("https://samtal.example", "localhost", "https://other.example/", "https://other.example"),
    ],
)
def test_links_use_the_address_people_reach(tmp_path, set_url, host, given, reached) -> None:
    assert serving.settings_for(Settings(tmp_path, url=set_url), host, 8700, given).url == reached


def test_the_links_are_those_of_the_surface(home: Home) -> None:
    both = "\n".join(serving.links(Settings(home.root, url="http://x.example")))
    assert "http://x.example/chat?study=fika" in both
    assert "study=closed" not in both
    assert "study=over" not in both
    assert "http://x.example/setup?token=" in both
    assert not any_account(home)
    assert "setup" not in "\n".join(serving.links(Settings(home.root, surface="respond")))
    assert "chat" not in "\n".join(serving.links(Settings(home.root, surface="studio")))


def test_a_study_that_cannot_be_read_keeps_no_server_from_starting(home: Home) -> None:
    home.study_path("over").write_bytes(b"no database")
    assert "study=fika" in "\n".join(serving.links(Settings(home.root)))


def test_a_taken_port_and_a_foreign_host_are_refused_before_anything_is_printed(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SAMTAL_HOME", str(home.root))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert cli.main(["serve", "--host", "127.0.0.1", "--port", str(taken.getsockname()[1])]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "choose another --port" in captured.err
    with pytest.raises(AppError, match="no address"):
        serving.refuse_taken_port("no such host", 8700)


def test_the_server_starts_with_streamlits_collector_off_and_its_greeting_hidden(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    started = []
    monkeypatch.setattr(os, "execve", lambda program, command, environment: started.append((command, environment)))
    monkeypatch.setattr(os, "chdir", lambda folder: None)
    monkeypatch.setenv("SAMTAL_HOME", str(home.root))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert cli.main(["serve", "--host", "127.0.0.1", "--port", str(port)]) == 0
    [(command, environment)] = started
    assert command[1:] == ["-m", "streamlit", "run", "app.py"]
    assert environment["STREAMLIT_RUNNER_POST_SCRIPT_GC"] == "false"
    assert environment["STREAMLIT_LOGGER_HIDE_WELCOME_MESSAGE"] == "true"
    assert environment["SAMTAL_URL"] == f"http://127.0.0.1:{port}"
    assert f"http://127.0.0.1:{port}/setup?token=" in capsys.readouterr().out


@pytest.fixture
def collector() -> Iterator[None]:
    """Leave the garbage collector as it was."""
    thresholds = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*thresholds)


class Tied:
    """An object that only the garbage collector can free."""

    def __init__(self) -> None:
        self.myself = self


@pytest.mark.usefixtures("collector")
@pytest.mark.parametrize("old", [False, True])
def test_a_server_looks_for_garbage_by_itself(home: Home, monkeypatch: pytest.MonkeyPatch, old: bool) -> None:
    """old: garbage that has outlived the look at new objects is found in a lull."""
    monkeypatch.setattr(api, "GARBAGE_EVERY", 0.01)
    monkeypatch.setattr(api, "GARBAGE_THRESHOLDS", (10**9, 10, 100))
    monkeypatch.setattr(api, "ROUNDS", 1)
    monkeypatch.setattr(api, "LULL", 2 if old else 10**9)

    async def live() -> None:
        async with api.lifespan(Settings(home=home.root, surface="studio"))(None):
            tied = Tied()
            left = weakref.ref(tied)
            if old:
                gc.collect(1)
            del tied
            held = []
            with anyio.fail_after(20):
                while left() is not None:
                    held += [[] for _ in range(0 if old else api.YOUNG)]
                    await anyio.sleep(0.02)

    anyio.run(live)
