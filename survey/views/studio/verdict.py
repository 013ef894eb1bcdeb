"""The verdict in plain words, and its evidence one click away."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from models.results import Evidence
from models.solution import ClassEvidence
from survey import class_words
from survey.charts import Shown, rows_height, segment_stability_chart, stability_chart
from survey.studio import RunResult
from survey.views import parts
from survey.wording import percent, verdict_words

TONES = {"natural": "good", "reproducible": "fair", "constructive": "warn", "none": "warn"}


def draw(result: RunResult) -> None:
    """Draw the verdict, the key figures, what to be careful about, and the evidence."""
    found = result.segmentation
    headline(found.evidence)
    key_figures(result)
    parts.notice(*found.warnings, kind="warn")
    if found.k == 1:
        next_steps(found.answered)
    if found.evidence.by_k or found.evidence.segment_stability:
        with st.expander("How sure is this? The evidence"):
            evidence(result)


def headline(evidence: Evidence) -> None:
    """Draw the verdict as a word and as a sentence."""
    name, meaning = verdict_words(evidence)
    st.html(
        f'<p class="samtal verdict"><span class="badge {TONES[evidence.verdict]}" title="{escape(meaning)}">'
        f'{escape(name)}</span></p><p class="samtal lead">{escape(evidence.sentence)}</p>'
    )


def key_figures(result: RunResult) -> None:
    """Draw base sizes and how well people could be placed."""
    found = result.segmentation
    pairs = [(f"{found.answered:,}", "answer" if found.answered == 1 else "answers")]
    if found.k > 1:
        share = percent(result.context.unsure / found.answered) if found.answered else "–"
        pairs += [
            (f"{found.k}", "segments"),
            (percent(found.coverage), "placed in a segment"),
            (f"{result.context.unsure:,} ({share})", "could as well be in another"),
        ]
    blank = result.context.rows - found.answered
    if blank:
        pairs.append((f"{blank:,}", "gave no answer to this"))
    parts.figures(*pairs)


def next_steps(answered: int) -> None:
    """Draw what to do when there are no groups, which is a finding and not a failure."""
    few = answered < 100
    steps = [
        f"Wait for more answers: there are {answered}, and groups show from about 100 on." if few else "",
        "Ask a question that makes people choose, such as what they would give up last, and why.",
        "If you need a division anyway, ask for an exact number of segments: it will be marked as one of convenience.",
    ]
    parts.notice(*filter(None, steps), title="What you can do next")


def evidence(result: RunResult) -> None:
    """Draw stability against structureless data, each segment's stability, and where the numbers come from."""
    found = result.segmentation
    found_again(found.evidence, found.k, found.segments)
    facts = [f"Text model: {found.embedder}", f"seed {found.seed}", f"{found.seconds:.0f} s"]
    parts.facts(*facts, *measured(found.evidence, "answers"))
    parts.words(found.embedder_reason, kind="quiet")


def found_again(evidence: Evidence, k: int, segments: Sequence[Shown]) -> None:
    """Draw how far the groups, and each of them, are found again when the answers are drawn anew."""
    if evidence.by_k:
        parts.words("Would the same groups be found again?", "h2", "small")
        agreement(evidence, k)
    if k > 1 and any(profile.stability is not None for profile in segments):
        parts.words("How often is each segment found again?", "h2", "small")
        parts.words(
            "From 0.85 highly stable, from 0.75 stable, from 0.6 a pattern, below that do not rely on it.", kind="quiet"
        )
        st.altair_chart(
            segment_stability_chart(segments),
            height=rows_height(len(segments)),
            alt="How well each segment is found again in resamples",
        )


def latent_classes(found: ClassEvidence, named: class_words.Named) -> None:
    """Draw what latent class analysis says beside the segments."""
    parts.words("What would latent classes say?", "h2", "small")
    parts.words(class_words.lead(found, named))
    head = "".join(f"<th>{escape(name)}</th>" for name in class_words.HEADS)
    parts.table("Number of classes", f"<tr>{head}</tr>", "".join(map(_class_row, class_words.rows(found))))
    left = "; ".join(f"{class_words.pair(one, named)} ({one.residual:.1f})" for one in found.strongest)
    for sentence in (f"Least explained: {left}." if left else "", *class_words.details(found), class_words.ABOUT):
        if sentence:
            parts.words(sentence, kind="quiet")


def _class_row(row: class_words.Row) -> str:
    cells = "".join(f"<td>{escape(cell)}</td>" for cell in (row.bic, row.clear, row.left, row.test))
    return f'<tr><th scope="row">{escape(row.classes)}</th>{cells}</tr>'


def measured(evidence: Evidence, noun: str) -> list[str]:
    """Return on what the evidence rests, as short facts."""
    facts = []
    if evidence.n and evidence.n < evidence.n_total:
        facts.append(f"evidence from {evidence.n:,} of {evidence.n_total:,} {noun}")
    if evidence.dip_p is not None:
        facts.append(f"dip test p = {evidence.dip_p:.3f}")
    if evidence.phrases_p is not None:
        facts.append(f"against phrases dealt out at random p = {evidence.phrases_p:.3f}")
    return facts


def agreement(evidence: Evidence, k: int) -> None:
    """Draw how far resamples agree, for every number of segments that was tried, against structureless data."""
    tried = evidence.by_k
    if len(tried) == 1:
        only = tried[0]
        parts.words(
            f"Groups found in two random resamples of these answers agree {only.stability:.2f} of 1. In answers that"
            f" hold no groups they would agree {only.null:.2f}, and seldom more than {only.null_upper:.2f}.",
            kind="quiet",
        )
        return
    parts.words(
        "Line: how far groups found in two random resamples of these answers agree (1 = fully). Grey: how far they"
        " agree when answers hold no groups at all. A line well above the grey means real structure. Dotted: this"
        " solution.",
        kind="quiet",
    )
    st.altair_chart(
        stability_chart(evidence, k),
        alt="Agreement between resamples by number of segments, with the band that data without groups reaches",
    )
