"""Amounts as people and spreadsheets write them: thousands set apart, a comma or a point, a currency beside them."""

import re
from collections.abc import Sequence

_CURRENCY = r"(?:kr\.?|sek|nok|dkk|isk|eur|usd|gbp|[€$£%])"
_AMOUNT = re.compile(rf"([-+−]?)\s*(?:{_CURRENCY}\s*)?(\d(?:.*\d)?)\s*(?:{_CURRENCY}|:-)?", re.IGNORECASE)
_APART = re.compile(
    r"([1-9]\d{0,2}(?:[ \u00a0\u202f'’]\d{3})+)(?:[.,](\d+))?"
    r"|([1-9]\d{0,2}(?:\.\d{3})+),(\d+)|([1-9]\d{0,2}(?:,\d{3})+)\.(\d+)"
    r"|([1-9]\d{0,2}(?:\.\d{3}){2,}|[1-9]\d{0,2}(?:,\d{3}){2,})"
)
_EITHER = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
_DECIMAL = re.compile(r"\d+[.,]\d+")


def even_numbers(cells: Sequence[str]) -> list[str]:
    """Return a column's cells with amounts such as "1 196,48", "1.196,48 kr" or "€1,196.48" as plain numbers.

    One mark before three digits ("1,196") sets thousands apart where no number of the column has decimals and those
    below a thousand have no mark; otherwise it is a decimal. Cells that are no amounts stay as they are.

    >>> even_numbers(["457", "1,196", "12,004"]), even_numbers(["0.457", "1.196"]), even_numbers(["1 196,48 kr", "?"])
    (['457', '1196', '12004'], ['0.457', '1.196'], ['1196.48', '?'])
    """
    found = [_AMOUNT.fullmatch(cell.strip()) for cell in cells]
    amounts = [one[2] for one in found if one]
    plain = [amount for amount in amounts if amount.isdigit()]
    decimals = any(_DECIMAL.fullmatch(amount) and not _EITHER.fullmatch(amount) for amount in amounts)
    thousands = not decimals and bool(plain) and all(len(amount) < 4 for amount in plain)
    return [_plain(cell, one, thousands) if one else cell for cell, one in zip(cells, found, strict=True)]


def _plain(cell: str, found: re.Match[str], thousands: bool) -> str:
    sign, amount = found[1], found[2]
    if _EITHER.fullmatch(amount):
        return sign + (re.sub(r"\D", "", amount) if thousands else amount)
    if apart := _APART.fullmatch(amount):
        whole, *part = filter(None, apart.groups())
        return ".".join([sign + re.sub(r"\D", "", whole), *part])
    return sign + amount if amount.isdigit() or _DECIMAL.fullmatch(amount) else cell
