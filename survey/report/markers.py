"""Markers as a report shows them: which of them, and in what words."""

from collections.abc import Sequence

from models.results import Marker
from models.words import plain_number
from survey.wording import percent

SHOWN = 5

LIKELY_CHANCE = 0.05
"""A marker with a corrected p-value from here on may be chance, and is not shown."""


def telling(markers: Sequence[Marker], most: int = SHOWN) -> list[Marker]:
    """Return the markers that chance does not explain, at most so many, strongest first."""
    return [marker for marker in markers if marker.p < LIKELY_CHANCE][:most]


def label(title: str, marker: Marker) -> str:
    """Return the answer to a closed question that a marker is about: its title, with what was chosen."""
    return f"{title}: {marker.answer}" if marker.answer and marker.answer != "yes" else title


def figures(marker: Marker) -> str:
    """Return what sets a segment apart, in figures: "95 % (60 % of all)", "4.1 on average (3.2 of all)"."""
    if marker.measure == "share":
        return f"{percent(marker.value)} ({percent(marker.total)} of all)"
    return f"{plain_number(marker.value)} on average ({plain_number(marker.total)} of all)"
