"""What the command line shows: progress while a person watches, and results as plain lines."""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from models.progress import Progress, silent
from survey.report.bases_context import BasesContext, association, cautions, verdict_of
from survey.report.context import ReportContext
from survey.wording import BASIS_WORDS, count, interval, percent, verdict_words

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]+")
"""Characters with which a text could move the cursor or turn the line around."""


@contextmanager
def shown_progress() -> Iterator[Progress]:
    """Yield a Progress that draws a bar on standard error when that is a terminal, and is silent otherwise."""
    if not sys.stderr.isatty():
        yield silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (BarColumn(bar_width=28), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=1.0)

        def show(fraction: float, message: str) -> None:
            bar.update(task, completed=fraction, description=one_line(message))

        yield show


def one_line(text: object) -> str:
    """Return the text on one line, without characters that steer a terminal.

    >>> one_line("two\\nlines \\x1b[31mred")
    'two lines [31mred'
    """
    return CONTROL.sub(" ", str(text)).replace("  ", " ").strip()


def summary(context: ReportContext) -> list[str]:
    """Return the result as lines: the verdict, every segment with its share and interval, what to be careful about."""
    segmentation = context.segmentation
    verdict, _ = verdict_words(segmentation.evidence)
    lines = [one_line(f"{verdict}. {segmentation.evidence.sentence}")]
    for profile in segmentation.segments if segmentation.k > 1 else ():
        share = f"{percent(profile.share):>5} ({interval(profile.share_low, profile.share_high)})"
        lines.append(f"{profile.segment:>4}  {share}  {one_line(profile.name)}")
    lines += [f"Theme: {one_line(theme.name)} ({count(theme.size, 'answer')})" for theme in segmentation.themes]
    lines += [f"Note: {one_line(note)}" for note in (*context.notes, *segmentation.warnings)]
    return lines


def bases_summary(context: BasesContext) -> list[str]:
    """Return the solutions as lines, basis by basis, how they cross, and what to be careful about."""
    found = context.solutions
    lines = summary(context.topics) if context.topics is not None else []
    for solution in found.solutions:
        verdict, _ = verdict_of(solution)
        lines.append(one_line(f"{BASIS_WORDS[solution.basis].title}: {verdict}. {solution.evidence.sentence}"))
        for portrait in solution.portraits if solution.k > 1 else ():
            share = f"{percent(portrait.share):>5} ({interval(portrait.share_low, portrait.share_high)})"
            lines.append(f"{portrait.segment:>4}  {share}  {one_line(portrait.name)}")
        lines += [f"Note: {one_line(note)}" for note in cautions(solution)]
    for crossing in found.crossings:
        pair = f"{crossing.one.capitalize()} and {crossing.other} segments"
        lines.append(one_line(f"{pair}: {association(crossing)}"))
    lines += [f"Note: {one_line(note)}" for note in (*context.notes, *found.notes)]
    return lines
