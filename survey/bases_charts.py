"""Charts of segments on a basis: how people flow between solutions, and what leads to what they value.

As in survey.charts: pure functions, colours by the segment's number, no fonts and no text colours of their own.
"""

from collections.abc import Sequence
from typing import Literal

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.laddering import Laddering, ValueMap
from models.texts.cleaning import excerpt
from survey.charts import NEUTRAL, ink_on, segment_color
from survey.wording import count

GAP = 0.025
"""Room between two segments of a column, of its height."""

BAR = 0.06
STEPS = 24
LEVEL_COLORS = {"attribute": "#0fa3b2", "consequence": "#206b8d", "value": "#7649c9", "": NEUTRAL}
LONGEST_CONCEPT = 22
INK, PAPER = "#14191b", "#ffffff"
"""Words on a map stand on paper of their own, so that they can be read on a light and on a dark page."""

BESIDE: dict[str, tuple[int, int, Literal["left", "center", "right"]]] = {
    "below": (0, 22, "center"),
    "right": (15, 0, "left"),
    "left": (-15, 0, "right"),
    "above": (0, -22, "center"),
}
"""Where the word of a node stands, so that no line crosses it: pixels to the right and down, and its alignment."""

Ints = NDArray[np.int64]


def flow_chart(columns: Sequence[tuple[str, Ints]], *, height: int = 320) -> alt.LayerChart:
    """Return how the same people stand in several solutions, side by side, as bands between bars (an alluvial chart).

    columns: heading and labels int (n,) of each solution, 0 = nowhere, left out. A segment's colour is that of its
    number, which solutions share where they match.
    """
    placed = np.all([labels > 0 for _title, labels in columns], axis=0)
    bars = [_bars(at, labels[placed]) for at, (_title, labels) in enumerate(columns)]
    nodes = pd.concat(bars, ignore_index=True)
    nodes["solution"] = [columns[column][0] for column in nodes["column"]]
    bands = pd.concat(
        [
            _bands(at, bars[at], bars[at + 1], columns[at][1][placed], columns[at + 1][1][placed])
            for at in range(len(columns) - 1)
        ],
        ignore_index=True,
    )
    x = alt.Scale(domain=[-BAR, len(columns) - 1 + BAR], nice=False, zero=False)
    y = alt.Scale(domain=[0, 1], nice=False, zero=False)
    flows = (
        alt.Chart(bands)
        .mark_area(opacity=0.45, interpolate="linear", aria=False)
        .encode(
            x=alt.X("x:Q", scale=x, axis=None),
            y=alt.Y("low:Q", scale=y, axis=None),
            y2="high:Q",
            detail="band:N",
            color=alt.Color("color:N", scale=None, legend=None),
            tooltip=[alt.Tooltip("told:N", title="Flow")],
        )
    )
    base = alt.Chart(nodes)
    rects = base.mark_rect(cornerRadius=2, aria=False).encode(
        x=alt.X("left:Q", scale=x, axis=None),
        x2="right:Q",
        y=alt.Y("low:Q", scale=y, axis=None),
        y2="high:Q",
        color=alt.Color("color:N", scale=None, legend=None),
        tooltip=[
            alt.Tooltip("solution:N", title="Solution"),
            alt.Tooltip("segment:O", title="Segment"),
            alt.Tooltip("size:Q", title="People"),
        ],
    )
    numbers = base.mark_text(fontWeight="bold", fontSize=13, aria=False).encode(
        x=alt.X("column:Q", scale=x, axis=None),
        y=alt.Y("middle:Q", scale=y, axis=None),
        text="segment:N",
        color=alt.Color("ink:N", scale=None, legend=None),
    )
    return alt.LayerChart(layer=[flows, rects, numbers], height=height)


def _bars(column: int, labels: Ints) -> pd.DataFrame:
    """Return where the bars of one solution stand: the first segment on top, heights by size, 0 to 1 upwards."""
    segments, sizes = np.unique(labels, return_counts=True)
    room = 1 - GAP * max(len(segments) - 1, 0)
    heights = room * sizes / max(sizes.sum(), 1)
    tops = 1 - np.concatenate([[0.0], np.cumsum(heights + GAP)[:-1]]) if len(segments) else np.zeros(0)
    colors = [segment_color(int(segment)) for segment in segments]
    return pd.DataFrame(
        {
            "column": column,
            "segment": segments,
            "size": sizes,
            "low": tops - heights,
            "high": tops,
            "middle": tops - heights / 2,
            "left": column - BAR / 2,
            "right": column + BAR / 2,
            "color": colors,
            "ink": [ink_on(color) for color in colors],
        }
    )


def _bands(column: int, here: pd.DataFrame, there: pd.DataFrame, one: Ints, other: Ints) -> pd.DataFrame:
    """Return the bands from one solution to the next as points along smooth edges."""
    ease = _eased()
    left = dict(zip(here["segment"], here["high"], strict=True))
    right = dict(zip(there["segment"], there["high"], strict=True))
    parts: list[pd.DataFrame] = []
    for source, size, low, high in zip(here["segment"], here["size"], here["low"], here["high"], strict=True):
        for target, ends, bottom, top in zip(there["segment"], there["size"], there["low"], there["high"], strict=True):
            people = int(((one == source) & (other == target)).sum())
            if not people:
                continue
            depart, arrive = (high - low) * people / size, (top - bottom) * people / ends
            upper = left[source] + (right[target] - left[source]) * ease
            lower = (left[source] - depart) + (right[target] - arrive - left[source] + depart) * ease
            left[source] -= depart
            right[target] -= arrive
            parts.append(
                pd.DataFrame(
                    {
                        "x": column + BAR / 2 + (1 - BAR) * np.linspace(0, 1, STEPS),
                        "low": lower,
                        "high": upper,
                        "band": f"{column}-{source}-{target}",
                        "color": segment_color(int(source)),
                        "told": f"{count(people, 'person', 'people')} from segment {source} to segment {target}",
                    }
                )
            )
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["x", "low", "high", "band"])


def _eased() -> NDArray[np.float64]:
    """Return points from 0 to 1 along a curve that starts and ends flat."""
    at = np.linspace(0, 1, STEPS)
    return at * at * (3 - 2 * at)


def value_map_chart(laddering: Laddering, drawn: ValueMap, *, height: int = 380) -> alt.LayerChart:
    """Return the hierarchical value map of a segment: what it is (below) leads to what it does to what counts (above).

    Lines are as thick as people spoke of the way. Raises ValueError for a map without a line.
    """
    if not drawn.links:
        raise ValueError("the 'drawn' parameter must be a map with at least one line, got one without")
    nodes = _places(laddering, drawn)
    at = nodes.set_index("concept")
    said = [concept.label for concept in laddering.concepts]
    lines = pd.DataFrame(
        [
            {
                "x": at.loc[link.source, "x"],
                "y": at.loc[link.source, "y"],
                "x2": at.loc[link.target, "x"],
                "y2": at.loc[link.target, "y"],
                "people": link.direct + link.indirect,
                "told": f"{said[link.source]} → {said[link.target]}",
            }
            for link in drawn.links
        ]
    )
    x = alt.Scale(domain=[0, 1], nice=False)
    y = alt.Scale(domain=[-0.12, 1.12], nice=False)
    edges = (
        alt.Chart(lines)
        .mark_rule(color=NEUTRAL, opacity=0.7, strokeCap="round", aria=False)
        .encode(
            x=alt.X("x:Q", scale=x, axis=None),
            y=alt.Y("y:Q", scale=y, axis=None),
            x2="x2:Q",
            y2="y2:Q",
            strokeWidth=alt.StrokeWidth("people:Q", scale=alt.Scale(range=[1.5, 7]), legend=None),
            tooltip=[alt.Tooltip("told:N", title="Way"), alt.Tooltip("people:Q", title="People")],
        )
    )
    base = alt.Chart(nodes)
    dots = base.mark_circle(opacity=1, stroke="white", strokeWidth=1.5, aria=False).encode(
        x=alt.X("x:Q", scale=x, axis=None),
        y=alt.Y("y:Q", scale=y, axis=None),
        size=alt.Size("people:Q", scale=alt.Scale(range=[120, 700]), legend=None),
        color=alt.Color("color:N", scale=None, legend=None),
        tooltip=[
            alt.Tooltip("full:N", title="Said"),
            alt.Tooltip("level:N", title="Level"),
            alt.Tooltip("people:Q", title="People"),
        ],
    )
    texts = [
        base.transform_filter(alt.datum.side == side)
        .mark_text(dx=dx, dy=dy, align=align, fontSize=12, aria=False, strokeJoin="round", **ink)
        .encode(x=alt.X("x:Q", scale=x, axis=None), y=alt.Y("y:Q", scale=y, axis=None), text="label:N")
        for ink in ({"color": PAPER, "stroke": PAPER, "strokeWidth": 5}, {"color": INK})
        for side, (dx, dy, align) in BESIDE.items()
    ]
    return alt.LayerChart(layer=[edges, dots, *texts], height=height)


def _places(laddering: Laddering, drawn: ValueMap) -> pd.DataFrame:
    """Return the concepts of a map with their places: attributes at the bottom, values on top, side by side."""
    heights = {"attribute": 0.0, "consequence": 0.5, "value": 1.0, "": 0.5}
    rows: list[dict[str, object]] = []
    levels: dict[float, int] = {}
    for node in drawn.nodes:
        levels[heights[laddering.concepts[node.concept].level]] = (
            levels.get(heights[laddering.concepts[node.concept].level], 0) + 1
        )
    taken: dict[float, int] = {}
    for node in sorted(drawn.nodes, key=lambda node: node.abstractness):
        concept = laddering.concepts[node.concept]
        level = heights[concept.level]
        place = taken[level] = taken.get(level, 0) + 1
        lift = 0.07 * (place % 2) if levels[level] > 3 else 0.0
        rows.append(
            {
                "concept": node.concept,
                "x": place / (levels[level] + 1),
                "y": level + lift,
                "people": node.people,
                "full": concept.label,
                "label": excerpt(concept.label, LONGEST_CONCEPT),
                "level": concept.level or "unknown",
                "side": _side(level, place / (levels[level] + 1)),
                "color": LEVEL_COLORS[concept.level],
            }
        )
    return pd.DataFrame(rows)


def _side(height: float, across: float) -> str:
    """Return on which side of a node its word stands."""
    if height in (0.0, 1.0):
        return "above" if height else "below"
    return "right" if across <= 0.5 else "left"
