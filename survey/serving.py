"""Starting the server: where it listens, how people reach it, and which links they need."""

import logging
import os
import socket
import sys
from dataclasses import replace
from pathlib import Path

from data.errors import DataError
from data.studies import Home, Studies, Study
from survey.access.accounts import setup_link
from survey.errors import AppError
from survey.settings import Settings

_log = logging.getLogger(__name__)
ROOT = Path(__file__).parent.parent
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104


def settings_for(settings: Settings, host: str, port: int, url: str | None) -> Settings:
    """Return the settings with the address under which people reach the server.

    That is `url`, else SAMTAL_URL where it was set, else host and port, this machine's name for every network.
    """
    if url is None and settings.url == Settings.url:
        name = socket.gethostname() if host in EVERYWHERE else f"[{host}]" if ":" in host else host
        url = f"http://{name}:{port}"
    return replace(settings, home=settings.home.absolute(), url=(url or settings.url).rstrip("/"))


def links(settings: Settings) -> list[str]:
    """Return the links that somebody who has just started the server needs, as lines."""
    lines = []
    home = Home(settings.home)
    if settings.surface != "respond":
        lines.append(f"Studio:  {settings.url}/")
        if link := setup_link(home, settings.url):
            lines.append(f"Set-up:  {link}  (creates the first account, works for a day)")
    if settings.surface != "studio":
        lines += [f"Chat:    {settings.url}/chat?study={study.slug}" for study in _open_studies(home)]
    return lines


def run_server(settings: Settings, host: str, port: int) -> None:
    """Become the server process; does not come back."""
    environment = {
        **os.environ,
        "SAMTAL_HOME": str(settings.home),
        "SAMTAL_URL": settings.url,
        "STREAMLIT_RUNNER_POST_SCRIPT_GC": "false",
        "STREAMLIT_LOGGER_HIDE_WELCOME_MESSAGE": "true",
        "STREAMLIT_SERVER_ADDRESS": host,
        "STREAMLIT_SERVER_PORT": str(port),
    }
    os.chdir(ROOT)
    os.execve(sys.executable, [sys.executable, "-m", "streamlit", "run", "app.py"], environment)  # noqa: S606


def _open_studies(home: Home) -> list[Study]:
    """Return the studies that take answers now; one that cannot be read keeps no server from starting."""
    studies, found = Studies(home), []
    for listed in studies.list():
        try:
            found.append(studies.get(listed.slug))
        except DataError as error:
            _log.warning("The study '%s' has no link: %s", listed.slug, error)
    return [study for study in found if study.open]


def refuse_taken_port(host: str, port: int) -> None:
    """Raise AppError when nothing can listen there."""
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except socket.gaierror as problem:
        raise AppError(f"'{host}' is no address of this machine; use localhost or 0.0.0.0.") from problem
    except OSError as problem:
        raise AppError(f"Port {port} of {host} cannot be used: {problem.strerror}; choose another --port.") from problem
