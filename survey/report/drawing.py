"""Charts as inline SVG: no script, no network, readable on light and dark paper."""

import re
from typing import Any

import altair as alt
import vl_convert
from markupsafe import Markup

from survey import charts
from survey.report.context import ReportContext

INK = "currentColor"
"""SVG in a page takes the colour of the text around it."""

WIDTH, MAP_WIDTH = 420, 560
"""Widths in pixels at which charts are laid out; they scale with the page, so letters must still read on a phone."""

ROW = 46
"""Height of a row whose label stands above it, where a phone has no room beside it."""

LABELS_ABOVE = {"labelAlign": "left", "labelPadding": -1, "labelOffset": -19, "labelLimit": WIDTH, "zindex": 1}

ROLE = re.compile(r' (?:role|aria-\w+)="[^"]*"')
"""What Vega says to screen readers about each mark; the page says it about the chart, and gives the figures."""

LONG_NUMBER = re.compile(r"(-?\d+\.\d{2})\d+(?=[,)\"LZ])")


def draw_all(context: ReportContext) -> dict[str, Markup]:
    """Return the charts that this result has, by name, as SVG elements."""
    segmentation = context.segmentation
    evidence = segmentation.evidence
    found: dict[str, alt.LayerChart] = {}
    if segmentation.k > 1:
        rows = ROW * len(segmentation.segments)
        found["shares"] = charts.shares_chart(segmentation.segments).properties(height=rows)
        found["map"] = charts.map_chart(segmentation, context.answers, height=400, size=20)
        if any(profile.stability is not None for profile in segmentation.segments):
            found["segment_stability"] = charts.segment_stability_chart(segmentation.segments).properties(height=rows)
    if len(evidence.by_k) > 1:
        found["stability"] = charts.stability_chart(evidence, segmentation.k, height=200)
    return {name: svg(chart, MAP_WIDTH if name == "map" else WIDTH) for name, chart in found.items()}


def svg(chart: alt.LayerChart, width: int = WIDTH) -> Markup:
    """Return the chart as an SVG element that takes its text colour from the page; answers are not in it.

    Vega escapes every text it writes, so the element is safe to place in a page as it is.
    """
    spec: dict[str, Any] = charts.for_file(chart, width).to_dict()
    config = spec["config"]
    config["aria"] = False
    config["axis"] = {**config["axis"], "labelColor": INK, "titleColor": INK}
    config["axisYDiscrete"] = LABELS_ABOVE
    drawn = vl_convert.vegalite_to_svg(spec)
    return Markup(ROLE.sub("", LONG_NUMBER.sub(r"\1", drawn)))
