"""The languages of the interface and its words, one packaged file a language."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

import yaml

LANGUAGES = ("en", "sv", "nb", "da", "fi")
ALIASES = {"no": "nb", "nn": "nb"}


@cache
def words(language: str) -> Mapping[str, str]:
    """Return every word of the interface in `language` (one of LANGUAGES), by key."""
    text = files("data").joinpath("packaged", "locales", f"{language}.yaml").read_text(encoding="utf-8")
    return MappingProxyType(yaml.safe_load(text))


def say(language: str, key: str, **values: object) -> str:
    """Return one sentence of the interface with its values filled in.

    >>> say("en", "progress", number=2, total=5)
    'Question 2 of 5'
    """
    shown = {name: number(language, value) if isinstance(value, int) else value for name, value in values.items()}
    return words(language)[key].format(**shown)


def number(language: str, value: int) -> str:
    """Return a whole number as the language writes it.

    >>> number("en", 20000), number("sv", 20000) == "20\u00a0000"
    ('20,000', True)
    """
    return f"{value:,}" if language == "en" else f"{value:,}".replace(",", "." if language == "da" else "\u00a0")


def interface_language(code: str | None) -> str | None:
    """Return the interface language that a browser's or a link's code means, or None.

    >>> [interface_language(code) for code in ("sv-FI", "no", "EN", "de", None)]
    ['sv', 'nb', 'en', None, None]
    """
    base = (code or "").replace("_", "-").split("-")[0].lower()
    base = ALIASES.get(base, base)
    return base if base in LANGUAGES else None
