"""The languages of the interface and its words, one packaged file a language."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from types import MappingProxyType

import yaml

LANGUAGES = ("en", "sv", "nb", "da", "fi")
ALIASES = {"no": "nb", "nn": "nb"}
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


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
    shown = {name: _as_written(language, value) for name, value in values.items()}
    return words(language)[key].format(**shown)


def _as_written(language: str, value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return number(language, value) if isinstance(value, int) else number_text(language, value)


def number(language: str, value: int) -> str:
    """Return a whole number as the language writes it.

    >>> number("en", 20000), number("sv", 20000) == "20\u00a0000"
    ('20,000', True)
    """
    return f"{value:,}" if language == "en" else f"{value:,}".replace(",", "." if language == "da" else "\u00a0")


def number_text(language: str, value: int | float) -> str:
    """Return a number as the language writes it, decimals included; four digits stay together, as in a year.

    >>> number_text("en", 3.5), number_text("fi", 3.5), number_text("da", 12500), number_text("sv", 1984)
    ('3.5', '3,5', '12.500', '1984')
    """
    whole, _, decimals = f"{Decimal(repr(value)):f}".partition(".")
    shown = number(language, int(whole)) if len(whole.lstrip("-")) > 4 else whole
    return shown if not decimals else f"{shown}{'.' if language == 'en' else ','}{decimals}"


def date_text(language: str, day: date) -> str:
    """Return a day as the language writes it.

    >>> [date_text(language, date(2026, 3, 9)) for language in ("en", "sv", "fi")]
    ['9 March 2026', '2026-03-09', '9.3.2026']
    """
    if language == "en":
        return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    return day.isoformat() if language == "sv" else f"{day.day}.{day.month}.{day.year}"


def interface_language(code: str | None) -> str | None:
    """Return the interface language that a browser's or a link's code means, or None.

    >>> [interface_language(code) for code in ("sv-FI", "no", "EN", "de", None)]
    ['sv', 'nb', 'en', None, None]
    """
    base = (code or "").replace("_", "-").split("-")[0].lower()
    base = ALIASES.get(base, base)
    return base if base in LANGUAGES else None
