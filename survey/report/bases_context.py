"""Everything the writers of a report on several bases may say, gathered once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from models.population import Population
from models.results import UNSURE, KEvidence, Marker
from models.solution import Crossing, Solution, Solutions
from survey.report.context import ReportContext
from survey.report.markers import label
from survey.wording import percent, verdict_words

NOTHING_SAID = ("Nothing to go on", "")
"""Verdict and meaning of a basis that nobody speaks of."""

STRENGTHS = ((0.1, "hardly at all"), (0.3, "a little"), (0.5, "clearly"), (1.01, "closely"))
"""How far two bases go together, by the upper end of Cramér's V (Cohen 1988 for the steps)."""


@dataclass(frozen=True)
class BasesContext:
    """Segments on one or several bases and where they come from.

    source: file or study they were made of. ids: one per person, or None when none were asked for. seconds: wall time
    from the start of the work. topics: the segments by what open answers are about, when they were asked for. notes:
    what was assumed while reading the answers, in sentences.
    """

    solutions: Solutions
    population: Population
    source: str
    seconds: float
    ids: Sequence[str] | None = None
    topics: ReportContext | None = None
    notes: tuple[str, ...] = ()

    def title(self, question: str) -> str:
        """Return a question as people read it."""
        return next((one.title for one in self.population.questions if one.name == question), question)

    def item(self, question: str, answer: str) -> str:
        """Return a question, and the answer where it offers several to pick or mark, as people read them."""
        return f"{self.title(question)}: {answer}" if answer else self.title(question)

    def label(self, marker: Marker) -> str:
        """Return the answer that a marker is about: what is spoken of, or the question with the answer chosen."""
        named = [one for one in self.population.questions if marker.question in (one.name, one.title)]
        title = named[0].title if named else marker.question
        if named and named[0].open:
            return f"speak of {marker.answer.casefold()}"
        return label(title, marker)


def verdict_of(solution: Solution) -> tuple[str, str]:
    """Return the name of a solution's verdict and what it means; a basis that nobody speaks of has its own."""
    return NOTHING_SAID if solution.k == 0 else verdict_words(solution.evidence)


def cautions(solution: Solution) -> tuple[str, ...]:
    """Return what to be careful about, each sentence once, without the one that stands for the verdict."""
    said = dict.fromkeys((*solution.warnings, *solution.notes))
    return tuple(sentence for sentence in said if sentence != solution.evidence.sentence)


def chosen(solution: Solution) -> KEvidence | None:
    """Return the evidence for the number of segments, with the solution's own stability; None when there was none."""
    found = solution.evidence.of(solution.k)
    return found if found is None or solution.stability is None else replace(found, stability=solution.stability)


def placed(solution: Solution) -> int:
    """Return how many people have a segment."""
    return int((solution.labels > 0).sum())


def unsure(solution: Solution) -> int:
    """Return how many people were placed with little confidence."""
    return int((solution.confidence[solution.labels > 0] < UNSURE).sum())


def association(crossing: Crossing) -> str:
    """Return in a sentence how far two bases go together."""
    if min(crossing.counts.shape) < 2:
        both = f"{crossing.one} and {crossing.other} segments"
        return f"One of the two has a single segment, so {both} cannot go together."
    words = next(words for limit, words in STRENGTHS if crossing.cramers_v < limit)
    tail = {
        "hardly at all": "knowing one says next to nothing about the other",
        "a little": "knowing one helps a little to guess the other",
        "clearly": "they are partly the same people",
        "closely": "they divide people in much the same way",
    }[words]
    return f"The two go together {words}: {tail} (Cramér's V {crossing.cramers_v:.2f} of 1)."


def cell(crossing: Crossing, row: int, column: int) -> tuple[str, str]:
    """Return one cell of a cross-table: the share of the row's people in the column, and "more", "fewer" or ""."""
    counts = crossing.counts
    total, across, down = counts.sum(), counts[row].sum(), counts[:, column].sum()
    if not across or not down:
        return "–", ""
    share, expected = counts[row, column] / across, down / total
    spread = (expected * (1 - expected) * (1 - across / total) / across) ** 0.5
    beyond = (share - expected) / spread if spread > 0 else 0.0
    return percent(float(share)), "more" if beyond > 2.6 else "fewer" if beyond < -2.6 else ""
