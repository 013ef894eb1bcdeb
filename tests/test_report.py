"""The report: what it says, that it stays text, that it fetches nothing, and the small promises of the writers."""

import csv
import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest

from models.results import Evidence, KEvidence, Quote, Segmentation, SegmentProfile, Term, Theme
from survey.report.context import ReportContext
from survey.report.page import report_html
from survey.report.writers import plain_cell, result_json, segments_csv
from survey.terminal import summary

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=http://evil.example/x.png onerror=alert(1)>',
    "</style></svg><svg onload=alert(1)>",
    "{{ 7*7 }}{% raw %} ${7*7}",
    "javascript:alert(1)",
    "&lt;b&gt; & \x1b[31m\x00",
)
SENTENCE = "Two groups, found again in 9 of 10 resamples."


def profile(segment: int, name: str, size: int, total: int) -> SegmentProfile:
    return SegmentProfile(
        segment=segment,
        name=name,
        size=size,
        share=size / total,
        share_low=max(0.0, size / total - 0.1),
        share_high=min(1.0, size / total + 0.1),
        confidence=0.8,
        stability=0.7,
        terms=(Term(f"{name} term", 0.4, 0.2, 2.0),),
        quotes=(Quote(0, f"{name} quote", 0.9, "sv"),),
        languages={"sv": size - 1, "en": 1},
        warnings=(f"{name} warning",),
    )


def segmentation(names: tuple[str, ...] = ("Price", "Coverage")) -> Segmentation:
    n = 40
    labels = np.array([row % len(names) + 1 for row in range(n)])
    labels[-1] = 0
    sizes = [int((labels == segment).sum()) for segment in range(1, len(names) + 1)]
    return Segmentation(
        labels=labels,
        confidence=np.where(labels > 0, np.linspace(0.3, 1, n), 0.0),
        coordinates=np.where(labels[:, None] > 0, np.random.default_rng(0).normal(size=(n, 2)), np.nan),
        centroids=np.zeros((len(names), 2)),
        languages=("sv",) * n,
        segments=tuple(profile(at, name, sizes[at - 1], n - 1) for at, name in enumerate(names, start=1)),
        themes=(),
        evidence=Evidence(
            "reproducible",
            SENTENCE,
            tuple(KEvidence(k, 0.3, 0.9 - 0.1 * k, 0.3, 0.4) for k in (2, 3, 4)),
            (0.9, 0.7),
            0.01,
            n - 1,
            n - 1,
            50,
        ),
        k=len(names),
        answered=n - 1,
        coverage=1.0,
        seed=3,
        embedder="fake",
        embedder_reason="A stand-in.",
        seconds=1.0,
        warnings=("Few answers.",),
    )


def context(found: Segmentation | None = None, **changes: object) -> ReportContext:
    found = found or segmentation()
    made = ReportContext(found, "answers.csv", ("likes",), [f"answer {row}" for row in range(40)], 12.3)
    return replace(made, **changes)


class Page(HTMLParser):
    """Collects tags, attributes and text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_the_report_says_the_verdict_first_and_every_segment_with_its_evidence() -> None:
    page = " ".join(" ".join(Page(report_html(context())).words).split())
    verdict = page.index(SENTENCE)
    assert verdict < page.index("Price term") < page.index("Coverage term") < page.index("How this was made")
    for part in (
        "Price quote",
        "Coverage warning",
        "51 %",
        "(41–61 %)",
        "Few answers.",
        "0.70 of 1, a pattern",
        "likes",
    ):
        assert part in page
    assert "Agreement between resamples" in page
    assert "0.70 (0.40 without structure)" in page


def test_charts_are_inline_and_the_answers_are_not_in_them() -> None:
    page = report_html(context())
    assert Page(page).tags.count("svg") == 1 + 4
    ids = [value for name, value in Page(page).attributes if name == "id"]
    assert len(ids) == len(set(ids))
    assert "answer 3" not in page


def test_hostile_answers_stay_text_and_nothing_is_fetched() -> None:
    found = segmentation(HOSTILE[:2])
    quotes = tuple(Quote(row, text, 0.5, "en") for row, text in enumerate(HOSTILE))
    segments = tuple(
        replace(each, quotes=quotes, terms=tuple(Term(text, 0.5, 0.5, 1.0) for text in HOSTILE), warnings=HOSTILE)
        for each in found.segments
    )
    themes = tuple(Theme(text, 3, quotes) for text in HOSTILE)
    found = replace(found, segments=segments, themes=themes, warnings=HOSTILE, embedder=HOSTILE[0])
    source = report_html(context(found, source=HOSTILE[1], questions=HOSTILE, notes=HOSTILE, answers=list(HOSTILE) * 7))
    page = Page(source)
    assert not {"script", "img", "iframe", "object", "link", "base", "form", "a"} & set(page.tags)
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    assert not [value for name, value in page.attributes if name.endswith("href") or name == "src"]
    assert not re.search(r"url\((?!#)|@import", source)
    text = "".join(page.words)
    for hostile in HOSTILE[:-1]:
        assert hostile in text
    assert "\x1b" not in source
    assert "\x00" not in source
    assert "default-src 'none'" in source


def test_too_few_answers_are_not_called_groups() -> None:
    found = replace(
        segmentation(("All",)),
        evidence=Evidence("none", "Ten answers are too few to speak of groups.", n=10, n_total=10),
        themes=(Theme("Slow network", 3, (Quote(1, "so slow", 1.0),)),),
    )
    page = " ".join(Page(report_html(context(found))).words)
    assert "Too few answers to tell" in page
    assert "Slow network" in page
    assert "so slow" in page
    for missing in ("Placed with doubt", "How far to trust this", "A picture of the answers"):
        assert missing not in page
    result = json.loads(result_json(context(found)))
    assert (result["stability"], result["null"]) == (None, None)
    assert any("Slow network (3 answers)" in line for line in summary(context(found)))


def test_unknown_numbers_become_null_and_never_break_json() -> None:
    found = segmentation()
    evidence = replace(found.evidence, by_k=(KEvidence(2, float("nan"), float("nan"), 0.1, float("inf")),))
    result = json.loads(result_json(context(replace(found, evidence=evidence))))
    assert (result["stability"], result["null"]) == (None, None)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_names_never_run_as_formulas_and_ids_come_back_as_they_were(start: str) -> None:
    ids = [f'{start}id"{row}, \n' for row in range(40)]
    table = segments_csv(context(segmentation((f"{start}cmd|' /C calc'!A0", "Coverage")), ids=ids))
    rows = list(csv.DictReader(io.StringIO(table, newline="")))
    assert [row["id"] for row in rows] == ids
    assert rows[0]["name"].startswith(f"'{start}")
    assert plain_cell("Coverage, 4G") == "Coverage, 4G"


def test_names_cannot_steer_a_terminal() -> None:
    found = segmentation(("Price \x1b[2J\nnow", "\u202eegarevoC"))
    assert all(line.isprintable() for line in summary(context(found)))
