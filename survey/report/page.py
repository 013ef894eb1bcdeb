"""The report as one self-contained page: opens offline, prints, fetches nothing, runs no script."""

import re
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from models.results import UNSURE, Quote, SegmentProfile
from survey.charts import ink_on, segment_color, stability_words
from survey.report.context import ReportContext
from survey.report.markers import figures, telling
from survey.wording import count, interval, percent, verdict_words

TERMS_SHOWN = 8
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def report_html(context: ReportContext) -> str:
    """Return the report as an HTML document; every text of respondents is in it as text only."""
    from survey.report.drawing import draw_all

    verdict, meaning = verdict_words(context.segmentation.evidence)
    return (
        environment()
        .get_template("report.html")
        .render(
            context=context,
            result=context.segmentation,
            evidence=context.segmentation.evidence,
            verdict=verdict,
            meaning=meaning,
            charts=draw_all(context),
            unsure_below=UNSURE,
            terms_shown=TERMS_SHOWN,
        )
    )


@cache
def environment() -> Environment:
    made = Environment(
        loader=PackageLoader("survey.report"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=visible,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        percent=percent,
        count=count,
        color=segment_color,
        ink_on=ink_on,
        placed=placed,
        found_again=found_again,
        languages=languages,
    )
    made.globals.update(interval=interval, telling=telling, figures=figures)
    return made


def visible(value: object) -> object:
    """Return what a page shows of a value: texts lose control characters, which no page can show.

    >>> visible("a\\x1b[31mb")
    'a[31mb'
    """
    return CONTROL.sub("", value) if isinstance(value, str) and not isinstance(value, Markup) else value


def placed(quote: Quote) -> str:
    """Return where a quote stands in the input and how surely it belongs here, for a hint."""
    return f"Row {quote.row}, confidence {percent(quote.confidence)}"


def found_again(profile: SegmentProfile) -> str:
    """Return a segment's stability in words, "" when it was not measured."""
    if profile.stability is None:
        return ""
    return f"found again in resamples: {profile.stability:.2f} of 1, {stability_words(profile.stability)}"


def languages(profile: SegmentProfile) -> str:
    """Return a segment's languages with their shares, the commonest first; "" when only one or none is known."""
    known = {language: size for language, size in profile.languages.items() if language}
    if len(known) < 2:
        return ""
    return ", ".join(f"{language} {percent(size / profile.size)}" for language, size in known.items())
