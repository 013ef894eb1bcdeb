"""The chart of a typing tool: how often it is right by the number of questions. Rules as in survey.charts."""

import altair as alt
import pandas as pd

from models.golden.tool import TypingTool
from survey.charts import NEUTRAL, PALETTE


def accuracy_chart(tool: TypingTool, *, height: int = 240) -> alt.LayerChart:
    """Return the share of new people given their own segment, with its 95 % interval, by the number of questions.

    Grey, dashed: always naming the largest segment. Dotted: as many questions as the tool asks.
    """
    frame = pd.DataFrame(
        {
            "questions": [step.questions for step in tool.steps],
            "added": [step.added for step in tool.steps],
            "right": [step.accuracy.value for step in tool.steps],
            "low": [step.accuracy.low for step in tool.steps],
            "high": [step.accuracy.high for step in tool.steps],
            "guess": max(tool.shares),
        }
    )
    title = "Given their segment"
    x = alt.X("questions:O", title="Number of questions", axis=alt.Axis(labelAngle=0))
    y = alt.Y("right:Q", title=title, scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%", tickCount=5))
    tooltip = [
        alt.Tooltip("questions:O", title="Questions"),
        alt.Tooltip("right:Q", title="Right", format=".0%"),
        alt.Tooltip("low:Q", title="95 % interval from", format=".0%"),
        alt.Tooltip("high:Q", title="to", format=".0%"),
        alt.Tooltip("added:N", title="Question that comes in"),
    ]
    base = alt.Chart(frame)
    guess = base.mark_line(color=NEUTRAL, strokeDash=[4, 4]).encode(x=x, y=alt.Y("guess:Q", title=title))
    spans = base.mark_rule(color=PALETTE[0], strokeWidth=3, opacity=0.4).encode(
        x=x, y=alt.Y("low:Q", title=title), y2="high:Q", tooltip=tooltip
    )
    line = base.mark_line(color=PALETTE[0], strokeWidth=2.5).encode(x=x, y=y)
    dots = base.mark_point(filled=True, color=PALETTE[0], size=70, opacity=1).encode(x=x, y=y, tooltip=tooltip)
    rule = (
        alt.Chart(pd.DataFrame({"questions": [len(tool.coders)]}))
        .mark_rule(color=PALETTE[1], strokeWidth=2, strokeDash=[2, 3])
        .encode(x=x, tooltip=alt.Tooltip("questions:O", title="The tool asks"))
    )
    return alt.LayerChart(layer=[guess, rule, spans, line, dots], height=height)
