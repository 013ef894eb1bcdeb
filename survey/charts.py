"""The charts of studio and report, as pure functions from results to Altair charts.

Colours follow the segment's number, so a segment looks the same on every page, chart and export of a run. Charts
carry no fonts, background or text colours: the studio's theme supplies them, `for_file` does it for files.
"""

from collections.abc import Sequence
from typing import Protocol

import altair as alt
import pandas as pd

from models.results import Evidence, Segmentation
from models.texts.cleaning import excerpt

PALETTE = (
    "#206b8d",
    "#c5890c",
    "#0fa3b2",
    "#955b00",
    "#a37dff",
    "#7649c9",
    "#b52b67",
    "#f26291",
    "#c36157",
    "#5b7bc2",
)
"""Ten colours, found by maximising the smallest OKLab distance under normal, protan, deutan and tritan vision
(Machado, Oliveira & Fernandes 2009) among colours with a contrast of about 3 : 1 to both white and near-black."""

SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down")
"""Second coding beside colour on the map."""

NEUTRAL = "#7a8590"
"""Everything that is no segment: no answer, null bands, rules."""

MAP_POINTS = 3000
"""Most points drawn on a map; beyond it every n-th answer is drawn."""

ROW, AXIS = 34, 62
"""Pixels of a row that is a segment, and of the axis with its title below the rows."""

HENNIG = ((0.85, "highly stable"), (0.75, "stable"), (0.6, "a pattern"))
"""Hennig's (2007) reading of a segment's mean Jaccard match; below the last: do not trust."""


class Shown(Protocol):
    """What a chart needs of a segment: models.results.SegmentProfile and models.solution.Portrait have it."""

    @property
    def segment(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def share(self) -> float: ...
    @property
    def share_low(self) -> float: ...
    @property
    def share_high(self) -> float: ...
    @property
    def stability(self) -> float | None: ...


def rows_height(rows: int) -> int:
    """Return the height in pixels of a chart with a row for each segment, its axis and title included."""
    return max(rows, 1) * ROW + AXIS


def segment_color(segment: int) -> str:
    """Return the colour of segment 1, 2, …, as '#rrggbb'; 0 (no answer) is grey."""
    return NEUTRAL if segment < 1 else PALETTE[(segment - 1) % len(PALETTE)]


def luminance(color: str) -> float:
    """Return the relative luminance (WCAG 2) of '#rrggbb', 0 to 1."""
    channels = [int(color[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ink_on(color: str) -> str:
    """Return the colour, white or near-black, that reads best on `color`.

    >>> ink_on("#206b8d"), ink_on("#c5890c")
    ('#ffffff', '#0a1013')
    """
    return "#ffffff" if luminance(color) < 0.2 else "#0a1013"


def segment_shape(segment: int) -> str:
    """Return the Vega point shape of segment 1, 2, …."""
    return SHAPES[(max(segment, 1) - 1) % len(SHAPES)]


def segment_label(profile: Shown) -> str:
    """Return the segment as charts and tables call it.

    >>> from models.results import SegmentProfile
    >>> segment_label(SegmentProfile(2, "Fair prices", 9, .3, .2, .4, .8, None, (), (), {}))
    '2 · Fair prices'
    """
    return f"{profile.segment} · {profile.name}"


def map_frame(segmentation: Segmentation, answers: Sequence[str]) -> pd.DataFrame:
    """Return the points of the map: row (position in the input), segment, label, x, y, confidence, answer.

    Rows without an answer are left out; of more than MAP_POINTS rows every n-th is kept.
    """
    labels = {profile.segment: segment_label(profile) for profile in segmentation.segments}
    placed = [row for row, segment in enumerate(segmentation.labels) if segment > 0]
    step = -(-len(placed) // MAP_POINTS) if placed else 1
    rows = placed[::step]
    return pd.DataFrame(
        {
            "row": rows,
            "segment": [int(segmentation.labels[row]) for row in rows],
            "label": [labels.get(int(segmentation.labels[row]), str(segmentation.labels[row])) for row in rows],
            "x": [float(segmentation.coordinates[row, 0]) for row in rows],
            "y": [float(segmentation.coordinates[row, 1]) for row in rows],
            "confidence": [float(segmentation.confidence[row]) for row in rows],
            "answer": [excerpt(answers[row], 140) for row in rows],
        }
    ).dropna(subset=["x", "y"])


def map_chart(
    segmentation: Segmentation,
    answers: Sequence[str],
    *,
    shown: Sequence[int] = (),
    selectable: bool = False,
    height: int = 420,
    size: int = 48,
) -> alt.LayerChart:
    """Return the 2-D picture of all answers, coloured by segment; poorly placed answers are fainter.

    shown: segments to bring forward, the others fade; empty means all. selectable: adds the selections `point`
    (click) and `area` (drag), whose values are the field `row`, and `x`, `y` ranges. size: area of a point in pixels.
    """
    frame = map_frame(segmentation, answers)
    frame["strength"] = [
        (0.35 + 0.6 * confidence) if not shown or segment in shown else 0.07
        for segment, confidence in zip(frame["segment"], frame["confidence"], strict=True)
    ]
    domain = [segment_label(profile) for profile in segmentation.segments]
    numbers = [profile.segment for profile in segmentation.segments]
    x = alt.X("x:Q", axis=None, scale=alt.Scale(zero=False, nice=False, padding=14))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(zero=False, nice=False, padding=14))
    color = alt.Color(
        "label:N",
        legend=None,
        scale=alt.Scale(domain=domain, range=[segment_color(number) for number in numbers]),
    )
    points = (
        alt.Chart(frame)
        .mark_point(filled=True, aria=False, size=size)
        .encode(
            x=x,
            y=y,
            color=color,
            shape=alt.Shape(
                "label:N",
                legend=None,
                scale=alt.Scale(domain=domain, range=[segment_shape(number) for number in numbers]),
            ),
            opacity=alt.Opacity("strength:Q", scale=None, legend=None),
            tooltip=[
                alt.Tooltip("label:N", title="Segment"),
                alt.Tooltip("answer:N", title="Answer"),
                alt.Tooltip("confidence:Q", title="Confidence", format=".0%"),
            ],
        )
    )
    if selectable:
        points = points.add_params(
            alt.selection_point(name="point", fields=["row"], nearest=False, toggle=False, on="click"),
            alt.selection_interval(name="area", encodings=["x", "y"]),
        )
    if segmentation.k == 1:
        return alt.LayerChart(layer=[points], height=height)
    middles = frame.groupby(["segment", "label"], as_index=False)[["x", "y"]].median()
    middles["number"] = middles["segment"].astype(str)
    middles["ink"] = [ink_on(segment_color(segment)) for segment in middles["segment"]]
    middles["strength"] = [1.0 if not shown or segment in shown else 0.25 for segment in middles["segment"]]
    discs = (
        alt.Chart(middles)
        .mark_circle(aria=False, size=460, stroke="white", strokeWidth=2)
        .encode(x=x, y=y, color=color, opacity=alt.Opacity("strength:Q", scale=None, legend=None), tooltip="label:N")
    )
    numerals = (
        alt.Chart(middles)
        .mark_text(aria=False, fontSize=13, fontWeight="bold")
        .encode(
            x=x,
            y=y,
            text="number:N",
            color=alt.Color("ink:N", scale=None, legend=None),
            opacity=alt.Opacity("strength:Q", scale=None, legend=None),
        )
    )
    return alt.LayerChart(layer=[points, discs, numerals], height=height)


def shares_chart(segments: Sequence[Shown], of: str = "answers") -> alt.LayerChart:
    """Return the share of every segment as a bar, with its 95 % interval as a line; of: what is shared out."""
    frame = pd.DataFrame(
        {
            "label": [excerpt(segment_label(profile), 44) for profile in segments],
            "color": [segment_color(profile.segment) for profile in segments],
            "size": [profile.size for profile in segments],
            "share": [profile.share for profile in segments],
            "low": [profile.share_low for profile in segments],
            "high": [profile.share_high for profile in segments],
        }
    )
    y = alt.Y("label:N", sort=None, title=None, axis=alt.Axis(labelLimit=260, ticks=False, domain=False))
    tooltip = [
        alt.Tooltip("label:N", title="Segment"),
        alt.Tooltip("size:Q", title="Answers"),
        alt.Tooltip("share:Q", title="Share", format=".1%"),
        alt.Tooltip("low:Q", title="95 % interval from", format=".1%"),
        alt.Tooltip("high:Q", title="to", format=".1%"),
    ]
    base = alt.Chart(frame)
    bars = base.mark_bar(height=18, cornerRadiusEnd=3, opacity=0.55).encode(
        x=alt.X("share:Q", title=f"Share of {of}", axis=alt.Axis(format="%", tickCount=5)),
        y=y,
        color=alt.Color("color:N", scale=None, legend=None),
        tooltip=tooltip,
    )
    intervals = base.mark_rule(strokeWidth=4).encode(
        x="low:Q", x2="high:Q", y=y, color=alt.Color("color:N", scale=None, legend=None), tooltip=tooltip
    )
    return alt.LayerChart(layer=[bars, intervals], height=max(len(frame), 1) * ROW + 10)


def stability_chart(evidence: Evidence, chosen: int, *, height: int = 240) -> alt.LayerChart:
    """Return stability by number of segments against the band that structureless data reaches.

    chosen: the number of segments of this solution, marked with a rule.
    """
    frame = pd.DataFrame(
        {
            "k": [entry.k for entry in evidence.by_k],
            "stability": [entry.stability for entry in evidence.by_k],
            "null": [entry.null for entry in evidence.by_k],
            "null_upper": [entry.null_upper for entry in evidence.by_k],
            "floor": [min(0.0, entry.null) for entry in evidence.by_k],
        }
    )
    x = alt.X("k:O", title="Number of segments", axis=alt.Axis(labelAngle=0))
    y_title = "Agreement"
    y = alt.Y("stability:Q", title=y_title, scale=alt.Scale(domainMax=1), axis=alt.Axis(tickCount=5))
    tooltip = [
        alt.Tooltip("k:O", title="Segments"),
        alt.Tooltip("stability:Q", title="Agreement here", format=".2f"),
        alt.Tooltip("null:Q", title="Without structure, middle", format=".2f"),
        alt.Tooltip("null_upper:Q", title="Without structure, 95 % point", format=".2f"),
    ]
    base = alt.Chart(frame)
    band = base.mark_area(color=NEUTRAL, opacity=0.22).encode(x=x, y=alt.Y("floor:Q", title=y_title), y2="null_upper:Q")
    middle = base.mark_line(color=NEUTRAL, strokeDash=[4, 4]).encode(x=x, y=alt.Y("null:Q", title=y_title))
    line = base.mark_line(color=PALETTE[0], strokeWidth=2.5).encode(x=x, y=y)
    dots = base.mark_point(filled=True, color=PALETTE[0], size=70, opacity=1).encode(x=x, y=y, tooltip=tooltip)
    rule = (
        alt.Chart(pd.DataFrame({"k": [chosen]}))
        .mark_rule(color=PALETTE[1], strokeWidth=2, strokeDash=[2, 3])
        .encode(x=x, tooltip=alt.Tooltip("k:O", title="This solution"))
    )
    layers = [band, middle, line, dots]
    if chosen in set(frame["k"]):
        layers.append(rule)
    return alt.LayerChart(layer=layers, height=height)


def segment_stability_chart(segments: Sequence[Shown]) -> alt.LayerChart:
    """Return how well every segment is found again in resamples (mean best Jaccard match), with Hennig's marks."""
    measured = [(profile, profile.stability) for profile in segments if profile.stability is not None]
    frame = pd.DataFrame(
        {
            "label": [excerpt(segment_label(profile), 44) for profile, _ in measured],
            "color": [segment_color(profile.segment) for profile, _ in measured],
            "stability": [stability for _, stability in measured],
            "reading": [stability_words(stability) for _, stability in measured],
        }
    )
    y = alt.Y("label:N", sort=None, title=None, axis=alt.Axis(labelLimit=260, ticks=False, domain=False))
    x = alt.X(
        "stability:Q", title="Found again in resamples", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(tickCount=5)
    )
    dots = (
        alt.Chart(frame)
        .mark_point(filled=True, size=130, opacity=1)
        .encode(
            x=x,
            y=y,
            color=alt.Color("color:N", scale=None, legend=None),
            tooltip=[
                alt.Tooltip("label:N", title="Segment"),
                alt.Tooltip("stability:Q", title="Found again", format=".2f"),
                alt.Tooltip("reading:N", title="Reading"),
            ],
        )
    )
    marks = pd.DataFrame({"stability": [limit for limit, _ in HENNIG], "reading": [words for _, words in HENNIG]})
    rules = (
        alt.Chart(marks)
        .mark_rule(color=NEUTRAL, strokeDash=[3, 3], opacity=0.8)
        .encode(x=x, tooltip=alt.Tooltip("reading:N", title="From here"))
    )
    return alt.LayerChart(layer=[rules, dots], height=max(len(frame), 1) * ROW + 10)


def stability_words(stability: float) -> str:
    """Return Hennig's reading of a segment's stability.

    >>> stability_words(0.8), stability_words(0.4)
    ('stable', 'not to be trusted')
    """
    return next((words for limit, words in HENNIG if stability >= limit), "not to be trusted")


def for_file(chart: alt.LayerChart, width: int = 640) -> alt.LayerChart:
    """Return the chart with a width, fonts and colours that read on a light and on a dark page, for files."""
    return (
        chart.properties(width=width, background="transparent")
        .configure(font="system-ui, sans-serif")
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=NEUTRAL,
            titleColor=NEUTRAL,
            labelFontSize=12,
            titleFontSize=12,
            titleFontWeight="normal",
            gridColor=NEUTRAL,
            gridOpacity=0.25,
            domainColor=NEUTRAL,
            tickColor=NEUTRAL,
        )
    )
