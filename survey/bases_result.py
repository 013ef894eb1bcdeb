"""A finished run by bases as a page and its files show it."""

from collections.abc import Callable
from dataclasses import dataclass

from data.runs import RunRow
from data.studies import Study
from models.features import Answers
from models.population import Population, Question
from models.solution import Portrait, Solution, Solutions
from survey.analysis.stored_bases import BasesRun
from survey.errors import AppError
from survey.report.bases_context import BasesContext, placed
from survey.report.bases_writers import bases_json, segments_csv


@dataclass(frozen=True)
class BasesResult:
    """A finished run by bases. found.responses: whose the rows are, "" for somebody deleted since."""

    study: Study
    run: RunRow
    found: BasesRun

    @property
    def solutions(self) -> Solutions:
        """All solutions and how they cross."""
        return self.found.solutions

    def title(self, question: str) -> str:
        """Return a question as people were asked it; a part that is no question keeps its name."""
        return self.found.titles.get(question, question)

    def item(self, question: str, answer: str) -> str:
        """Return a question, and the answer where it offers several to pick or mark, as people were asked it."""
        return f"{self.title(question)}: {answer}" if answer else self.title(question)

    def file(self, name: str) -> str:
        """Return the text of one of FILES; raises AppError for any other."""
        if name not in FILES:
            raise AppError(f"A run by bases has no file '{name}'.", f"It has {', '.join(FILES)}.")
        return FILES[name](self._context())

    def _context(self) -> BasesContext:
        people = self.solutions.people
        questions = tuple(
            Question(title, Answers(name, "none", (None,) * people)) for name, title in self.found.titles.items()
        )
        return BasesContext(
            solutions=self.solutions,
            population=Population(people, questions),
            source=self.study.title,
            seconds=self.solutions.seconds,
            ids=self.found.responses,
            notes=self.found.notes,
        )


def _report(context: BasesContext) -> str:
    from survey.report.bases_page import bases_html

    return bases_html(context)


FILES: dict[str, Callable[[BasesContext], str]] = {
    "segments.csv": segments_csv,
    "report.html": _report,
    "result.json": bases_json,
}
"""File name and what makes its text."""


def shown(solution: Solution) -> tuple[Portrait, ...]:
    """Return a portrait of every segment; of one that has none, what is known from the numbers."""
    there = {portrait.segment: portrait for portrait in solution.portraits}
    people = placed(solution)
    return tuple(there.get(at) or _bare(solution, at, people) for at in range(1, solution.k + 1))


def _bare(solution: Solution, segment: int, people: int) -> Portrait:
    inside = solution.labels == segment
    size = int(inside.sum())
    share = size / people if people else 0.0
    sure = float(solution.confidence[inside].mean()) if size else 0.0
    return Portrait(segment, f"Segment {segment}", size, share, share, share, sure, None)
