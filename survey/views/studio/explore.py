"""The map of all answers and the table beside it: pick segments or points, read what people said."""

from typing import Any

import pandas as pd
import streamlit as st

from models.results import UNSURE
from survey.charts import map_chart, segment_label
from survey.studio import RunResult
from survey.views import parts
from survey.views.studio import session


@st.fragment
def draw(result: RunResult) -> None:
    """Draw map and table; only they are drawn again when something is picked."""
    session.studio().may("read")
    found = result.segmentation
    parts.words("Map and answers", "h2")
    parts.words(
        "Every dot is an answer; answers that say alike lie near each other, pale ones fit their segment less well."
        " Click a dot or drag a box to read what is there. Distances are a picture, not a measure.",
        kind="quiet",
    )
    labels = {profile.segment: segment_label(profile) for profile in found.segments}
    chosen: list[int] = []
    if found.k > 1:
        chosen = st.pills(
            "Show only", list(labels), selection_mode="multi", format_func=lambda segment: labels[segment], key="shown"
        )
    event: Any = st.altair_chart(
        map_chart(found, result.context.answers, shown=chosen, selectable=True),
        on_select="rerun",
        key="map",
        alt="Map of all answers, coloured by segment",
    )
    frame = picked(result.frame(), found.coordinates, chosen, event.selection)
    if found.k > 1 and st.toggle("Only people who could as well be in another segment", key="unsure"):
        frame = frame[frame["confidence"] < UNSURE]
    parts.facts(f"{len(frame):,} of {parts.count(found.answered, 'answer')}")
    columns = ["label", "answer", "confidence", "language"] if found.k > 1 else ["answer", "language"]
    st.dataframe(
        frame[columns],
        hide_index=True,
        height=380,
        key="verbatims",
        column_config={
            "label": st.column_config.TextColumn("Segment", width="medium"),
            "answer": st.column_config.TextColumn("Answer", width="large"),
            "confidence": st.column_config.NumberColumn("Confidence", format="percent", width="small"),
            "language": st.column_config.TextColumn("Language", width="small"),
        },
        alt="The answers that are picked, with their segment",
    )


def picked(frame: pd.DataFrame, coordinates: Any, chosen: list[int], selection: Any) -> pd.DataFrame:
    """Return the verbatims of the chosen segments that were clicked or lie in the box on the map."""
    if chosen:
        frame = frame[frame["segment"].isin(chosen)]
    rows = [entry["row"] for entry in selection.get("point") or [] if "row" in entry]
    if rows:
        return frame[frame["row"].isin(rows)]
    area = selection.get("area") or {}
    for axis, name in enumerate(("x", "y")):
        if len(area.get(name, ())) == 2:
            place = coordinates[frame["row"].to_numpy(), axis]
            frame = frame[(place >= min(area[name])) & (place <= max(area[name]))]
    return frame
