"""The report on several bases as one self-contained page: opens offline, prints, fetches nothing, runs no script."""

from dataclasses import dataclass

from markupsafe import Markup

from models.results import UNSURE
from models.solution import Portrait, Solution
from survey import charts, class_words
from survey.bases_charts import value_map_chart
from survey.charts import stability_words
from survey.report.bases_context import (
    BasesContext,
    association,
    cautions,
    cell,
    chosen,
    placed,
    unsure,
    verdict_of,
)
from survey.report.drawing import MAP_WIDTH, ROW, svg
from survey.report.page import environment
from survey.wording import BASIS_WORDS

CODES_SHOWN, QUOTES_SHOWN, LINKS_SHOWN = 5, 3, 10


@dataclass(frozen=True)
class Section:
    """One basis as the page shows it."""

    solution: Solution
    title: str
    verdict: str
    meaning: str
    charts: dict[str, Markup]
    placed: int
    unsure: int

    @property
    def cautions(self) -> tuple[str, ...]:
        """What to be careful about."""
        return cautions(self.solution)

    @property
    def chosen(self) -> object:
        """The evidence for the number of segments of this solution, or None."""
        return chosen(self.solution)


def bases_html(context: BasesContext) -> str:
    """Return the report as an HTML document; every text of respondents is in it as text only."""
    return (
        environment()
        .get_template("bases.html")
        .render(
            context=context,
            found=context.solutions,
            sections=[_section(solution) for solution in context.solutions.solutions],
            ladders=_ladders(context),
            names={one.basis: {p.segment: p.name for p in one.portraits} for one in context.solutions.solutions},
            association=association,
            cell=cell,
            again=again,
            class_words=class_words,
            unsure_below=UNSURE,
            codes_shown=CODES_SHOWN,
            quotes_shown=QUOTES_SHOWN,
        )
    )


def _section(solution: Solution) -> Section:
    verdict, meaning = verdict_of(solution)
    return Section(
        solution,
        BASIS_WORDS[solution.basis].title,
        verdict,
        meaning,
        _charts(solution),
        placed(solution),
        unsure(solution),
    )


def _charts(solution: Solution) -> dict[str, Markup]:
    found = {}
    if solution.k > 1:
        rows = ROW * len(solution.portraits)
        found["shares"] = svg(charts.shares_chart(solution.portraits, "people").properties(height=rows))
    if len(solution.evidence.by_k) > 1:
        found["stability"] = svg(charts.stability_chart(solution.evidence, solution.k, height=200))
    return found


@dataclass(frozen=True)
class Ladder:
    """The value map of one open question: everybody's links, the most trodden first."""

    question: str
    people: int
    chart: Markup
    links: tuple[tuple[str, str, int], ...]


def _ladders(context: BasesContext) -> list[Ladder]:
    """Return everybody's map of each open question with follow-up answers; they are the same in every solution."""
    found: dict[str, Ladder] = {}
    for laddering in (one for solution in context.solutions.solutions for one in solution.ladders):
        everybody = laddering.maps[0]
        if laddering.question in found or not everybody.links:
            continue
        said = [concept.label for concept in laddering.concepts]
        ways = [(said[one.source], said[one.target], one.direct + one.indirect) for one in everybody.links]
        drawn = svg(value_map_chart(laddering, everybody), MAP_WIDTH)
        found[laddering.question] = Ladder(
            context.title(laddering.question),
            everybody.people,
            drawn,
            tuple(sorted(ways, key=lambda way: -way[2])[:LINKS_SHOWN]),
        )
    return list(found.values())


def again(portrait: Portrait) -> str:
    """Return a segment's stability in words, "" when it was not measured."""
    if portrait.stability is None:
        return ""
    return f"found again in resamples: {portrait.stability:.2f} of 1, {stability_words(portrait.stability)}"
