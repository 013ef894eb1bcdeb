"""Which sites may show a study's chat inside their pages, as the headers of that one page say it."""

import sqlite3
from urllib.parse import parse_qs

from data.errors import DataError
from data.studies import Home, Studies

CHAT = "/chat"
MOST_FIELDS = 30


def embedding_sites(home: Home, path: str, query: bytes) -> tuple[str, ...]:
    """Return the origins that may frame the page at this address: those of the study that its link names.

    None for every other page, for a link that names no study or several, and for a study that cannot be read.
    """
    if path != CHAT:
        return ()
    try:
        named = parse_qs(query.decode("latin-1"), keep_blank_values=True, max_num_fields=MOST_FIELDS).get("study", [])
        if len(named) != 1:
            return ()
        with Studies(home).file(named[0]) as file:
            return file.fieldwork.embed_origins
    except (ValueError, DataError, sqlite3.Error):
        return ()


def framed_by(policy: str, origins: tuple[str, ...]) -> str:
    """Return a content security policy with these origins as the only ones that may frame the page.

    >>> framed_by("default-src 'self'; frame-ancestors 'none'", ("https://www.example.org",))
    "default-src 'self'; frame-ancestors https://www.example.org"
    """
    rest = [part for part in policy.split("; ") if not part.startswith("frame-ancestors")]
    return "; ".join([*rest, f"frame-ancestors {' '.join(origins)}"])
