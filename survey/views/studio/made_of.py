"""What the segments of a basis are made of: each question's part, and what changes without it."""

from html import escape

from models.solution import Solution
from survey.bases_result import BasesResult
from survey.views import parts
from survey.wording import percent

SAME, PARTLY = 0.8, 0.4
"""Adjusted Rand index from which segments are nearly, or partly, the same."""


def draw(result: BasesResult, solution: Solution) -> None:
    """Draw a row for every question."""
    parts.words(
        "The bar is how much of the difference between the segments a question carries. “Without it” says how far the"
        " same people would still be together had it not been asked: 1 is the same segments, 0 is no more than chance.",
        kind="quiet",
    )
    names = sorted(solution.questions, key=lambda name: -solution.shares.get(name, 0.0))
    rows = "".join(_row(result, solution, name) for name in names)
    parts.table("Questions", "<tr><th>Question</th><th>Part</th><th>Without it</th></tr>", rows)


def _row(result: BasesResult, solution: Solution, name: str) -> str:
    share = min(max(solution.shares.get(name, 0.0), 0.0), 1.0)
    return (
        f'<tr><th scope="row">{escape(result.title(name))}</th>'
        f'<td class="part"><span class="bar" style="width:{100 * share:.0f}%"></span><b>{percent(share)}</b></td>'
        f"<td>{escape(without(solution, name))}</td></tr>"
    )


def without(solution: Solution, name: str) -> str:
    """Return in words how far the segments stay without a question."""
    agreement = solution.without.get(name)
    if agreement is None:
        return "nothing would be left" if len(solution.questions) == 1 else "–"
    words = "nearly the same" if agreement >= SAME else "partly the same" if agreement >= PARTLY else "other segments"
    return f"{words} ({agreement:.2f})"
