"""How two bases cross: who of one segment is in which of the other, and how far the two go together."""

from html import escape

from models.solution import Crossing, Portrait, Solution
from survey.bases_result import BasesResult, shown
from survey.report.bases_context import association, cell
from survey.views import parts
from survey.wording import BASIS_WORDS, count, percent

MARKS = {"more": "▲", "fewer": "▼", "": ""}
MEANT = {"more": "more than one would expect", "fewer": "fewer than one would expect", "": "as one would expect"}
STRONGEST = 45
"""Per cent of the accent colour behind a cell that holds a whole row."""


def draw(result: BasesResult, crossed: Crossing) -> None:
    """Draw the crossing of two bases."""
    one, other = (result.solutions.on(basis) for basis in (crossed.one, crossed.other))
    left, top = BASIS_WORDS[one.basis].name, BASIS_WORDS[other.basis].name
    parts.words(f"{left} and {top.lower()}", "h2")
    parts.words(association(crossed), kind="lead")
    total = int(crossed.counts.sum())
    parts.facts(count(total, "person", "people") + " with a segment on both")
    parts.words(
        f"Each row is one segment of “{left}”: how its people spread over “{top}”. ▲ more, ▼ fewer than one would"
        " expect if the two had nothing to do with each other.",
        kind="quiet",
    )
    head = "".join(f'<th scope="col">{_name(portrait)}</th>' for portrait in shown(other))
    rows = "".join(
        f'<tr><th scope="row">{_name(portrait)}</th>'
        + "".join(_cell(crossed, at, column) for column in range(other.k))
        + f"<td>{int(crossed.counts[at].sum()):,}</td></tr>"
        for at, portrait in enumerate(shown(one))
    )
    parts.table(f"{left} by {top.lower()}", f"<tr><td></td>{head}<th scope='col'>People</th></tr>", rows, kind="heat")
    _everybody(other)


def _name(portrait: Portrait) -> str:
    return f"{parts.disc(portrait.segment)} <span>{escape(portrait.name)}</span>"


def _cell(crossed: Crossing, row: int, column: int) -> str:
    text, beyond = cell(crossed, row, column)
    inside, across = int(crossed.counts[row, column]), int(crossed.counts[row].sum())
    strength = STRONGEST * inside / across if across else 0
    told = f"{count(inside, 'person', 'people')}, {MEANT[beyond]}"
    return (
        f'<td style="background:color-mix(in srgb, #206b8d {strength:.0f}%, transparent)" title="{told}">'
        f"{escape(text)}{' ' + MARKS[beyond] if beyond else ''}</td>"
    )


def _everybody(other: Solution) -> None:
    parts.facts("Everybody:", *(f"{portrait.name} {percent(portrait.share)}" for portrait in shown(other)))
