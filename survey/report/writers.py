"""The files of a finished segmentation, each as text: segments.csv, result.json, report.html."""

import csv
import io
import json
import math
from collections.abc import Callable
from typing import Any

import pandas as pd

from models.results import Marker
from survey.report.context import ReportContext
from survey.report.page import report_html

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""First characters that make a spreadsheet take a cell for a formula."""


def segments_csv(context: ReportContext) -> str:
    """Return one line per input row, in input order: row from 0, id when there is one, segment, name, confidence.

    Segment 0 means no answer. A name that a spreadsheet would take for a formula gets an apostrophe in front; ids are
    written as they came, because they are there to join the table with the input.
    """
    segmentation = context.segmentation
    names = {profile.segment: plain_cell(profile.name) for profile in segmentation.segments}
    out = io.StringIO(newline="")
    header = ["row", *(["id"] if context.ids is not None else []), "segment", "name", "confidence"]
    csv.writer(out, lineterminator="\n").writerow(header)
    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    for row, (segment, confidence) in enumerate(zip(segmentation.labels, segmentation.confidence, strict=True)):
        identity = [context.ids[row]] if context.ids is not None else []
        writer.writerow([row, *identity, int(segment), names.get(int(segment), ""), round(float(confidence), 4)])
    return out.getvalue()


def table_csv(table: pd.DataFrame) -> str:
    """Return a table as CSV; nothing in it is run as a formula by a spreadsheet, and what is missing is empty."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(map(plain_cell, map(str, table.columns)))
    for row in table.itertuples(index=False):
        writer.writerow(map(_cell, row))
    return out.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, list | dict):
        return plain_cell(json.dumps(value, ensure_ascii=False))
    if pd.isna(value):
        return ""
    return plain_cell(value) if isinstance(value, str) else value


def plain_cell(text: str) -> str:
    """Return the text as a spreadsheet cell that is never run as a formula.

    >>> plain_cell("=1+1"), plain_cell("Price")
    ("'=1+1", 'Price')
    """
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def result_json(context: ReportContext) -> str:
    """Return the solution and its evidence as JSON; unknown numbers are null.

    stability: median agreement of bootstrap samples for this number of segments (adjusted Rand index). null: what the
    same measure reaches on data without structure, 95 % point. coverage: share of answers that were placed. share:
    of all answers, 0-1.
    """
    segmentation = context.segmentation
    chosen = context.chosen
    result = {
        "k": segmentation.k,
        "verdict": segmentation.evidence.verdict,
        "stability": number(chosen.stability) if chosen else None,
        "null": number(chosen.null_upper) if chosen else None,
        "coverage": number(segmentation.coverage),
        "seed": segmentation.seed,
        "embedder": segmentation.embedder,
        "seconds": number(context.seconds, 2),
        "segments": [
            {
                "segment": profile.segment,
                "name": profile.name,
                "size": profile.size,
                "share": number(profile.share),
                "terms": [term.text for term in profile.terms],
                "quotes": [quote.text for quote in profile.quotes],
                "who": [marker_json(marker) for marker in profile.who],
            }
            for profile in segmentation.segments
        ],
    }
    return json.dumps(result, ensure_ascii=False, indent=2, allow_nan=False, default=_plain) + "\n"


def number(value: float, digits: int = 4) -> float | None:
    """Return a rounded number that JSON can hold, None for NaN and infinity."""
    return round(float(value), digits) if math.isfinite(value) else None


def maybe(value: float | None, digits: int = 4) -> float | None:
    """Return a rounded number that JSON can hold, None for what is unknown."""
    return None if value is None else number(value, digits)


def marker_json(marker: Marker) -> dict[str, Any]:
    """Return what sets a segment apart as JSON; see models.results.Marker."""
    return {
        "question": marker.question,
        "answer": marker.answer,
        "measure": marker.measure,
        "value": number(marker.value),
        "low": number(marker.low),
        "high": number(marker.high),
        "total": number(marker.total),
        "index": maybe(marker.index),
        "effect": number(marker.effect),
        "p": number(marker.p, 6),
        "base": marker.base,
    }


def _plain(value: Any) -> Any:
    """Return a numpy scalar as the Python number it is."""
    return value.item()


WRITERS: dict[str, Callable[[ReportContext], str]] = {
    "segments.csv": segments_csv,
    "report.html": report_html,
    "result.json": result_json,
}
"""File name and what makes its text, in the order of writing."""
