"""Tracking: whether segments are still right, against later answers or another run, and what to do about it."""

from collections.abc import Sequence
from html import escape

import numpy as np
import streamlit as st

from models.tracking.limits import ACT, SURELY, WATCH
from survey.analysis.study_tracking import SINCE, Comparison, Kept, Moved, Tracking
from survey.bases_charts import flow_chart
from survey.studio import Studio, StudyView
from survey.views import parts
from survey.views.studio import one_basis, session
from survey.views.studio.choosing import FOLLOWING
from survey.views.studio.one_basis import Asked
from survey.views.studio.working import progress
from survey.wording import asked_for, count, percent

BADGES = {
    "keep": ("good", "Keep these segments"),
    "watch": ("fair", "Keep them, and look again soon"),
    "act": ("warn", "Segment again now"),
}
UNMOVED = "Nothing has moved by more than chance explains."
LEVEL_WORDS = {"keep": "no more than chance", "watch": "noticeably", "act": "far"}
SETTINGS = ("bases", "k", "min_share", "seed", "method", "centred")


def draw(studio: Studio) -> None:
    """Draw the page."""
    asked = one_basis.asked()
    found, view = studio.tracking(asked.slug, asked.run, asked.basis), studio.study(asked.slug)
    one_basis.head(
        "Tracking",
        "Segments age. Compare these with the people who answered since, or with another result of the study.",
        view,
        found.run,
        found.solution,
    )
    others = [*([SINCE] if found.since else []), *(run.id for run in found.others)]
    if not others:
        parts.notice(
            "Collect more answers, and come back. A later result can be compared as well.",
            title="Nobody has answered since, and there is no other result on this basis.",
        )
        return
    other = st.selectbox(
        "Compare with", others, format_func=lambda key: titled(found, key), key="compare-with", index=0
    )
    if view.active is not None:
        progress(asked.slug, view.active.id)
    comparing(studio, asked, found, view, other)


def titled(found: Tracking, other: str) -> str:
    """Return what a run can be compared with is called."""
    if other == SINCE:
        return f"{count(found.since, 'person', 'people')} who answered since"
    run = next(run for run in found.others if run.id == other)
    when = "Later" if run.created > found.run.created else "Earlier"
    return f"{when} result, {parts.ago(run.created)} ({asked_for(run.settings)})"


def comparing(studio: Studio, asked: Asked, found: Tracking, view: StudyView, other: str) -> None:
    """Draw what compares with one other, and what the newest comparison found."""
    newest = found.newest(other)
    if newest is not None and newest.status == "failed":
        parts.notice(newest.reason[:1].upper() + newest.reason[1:], kind="warn", title="The comparison failed.")
    done = found.newest_done(other)
    if view.active is None and one_basis.may(studio, "analyse") and (done is None or other == SINCE):
        label = "Compare" if done is None else "Compare again"
        if st.button(
            label,
            type="primary" if done is None else "secondary",
            icon=":material/compare_arrows:",
            key="compare",
        ):
            studio.compare(asked.slug, *found.order(other), asked.basis)
            st.rerun()
    if done is not None:
        result(studio, asked, found, other, studio.comparison(asked.slug, done.id))
        parts.facts(f"compared {parts.ago(done.created)}")


def result(studio: Studio, asked: Asked, found: Tracking, other: str, seen: Comparison) -> None:
    """Draw the advice, why, which segment is which, and what has shifted."""
    tone, name = BADGES[seen.level]
    reasons = [f"{reason[:1].upper()}{reason[1:]}." for reason in seen.reasons] or [UNMOVED]
    st.html(
        f'<p class="samtal verdict"><span class="badge {tone}">{escape(name)}</span></p>'
        f'<p class="samtal lead">{escape(reasons[0])}</p>'
    )
    parts.notice(*reasons[1:], title="And")
    if seen.level != "keep":
        again(studio, asked, found, urgent=seen.level == "act")
    then, now = seen.people
    parts.figures(
        (f"{then:,}", "people then"),
        (f"{now:,}", "people later"),
        *([(f"{seen.shared:,}", "of them in both")] if seen.shared else []),
    )
    parts.words("Which segment is which, and how large", "h2")
    segments(seen)
    if seen.segmented and seen.shared:
        moves(studio, asked, found, other, seen)
    parts.words("What people answer otherwise", "h2")
    shifts(seen)
    with st.expander("How is this measured?"):
        measured(seen)


def again(studio: Studio, asked: Asked, found: Tracking, urgent: bool) -> None:
    """Draw what segments everybody there is, asked for as the run at hand was."""
    if one_basis.may(studio, "analyse") and st.button(
        "Segment again with all answers",
        type="primary" if urgent else "secondary",
        icon=":material/auto_awesome:",
        key="segment-again",
    ):
        wanted = {name: value for name in SETTINGS if (value := found.run.settings.get(name)) is not None}
        st.session_state[FOLLOWING] = studio.start(asked.slug, wanted)
        st.switch_page("studio/study.py", query_params={"study": asked.slug})


def segments(seen: Comparison) -> None:
    """Draw every segment with its size then and later, and what it is among segments of the later people."""
    later = "<th>Found later as</th><th>Size later</th><th>Overlap</th>" if seen.segmented else ""
    head = f"<tr><th>Segment</th><th>Size then</th><th>Later people put there</th>{later}</tr>"
    parts.table("Segments then and later", head, "".join(_segment(one, seen.segmented) for one in seen.segments))
    parts.words(
        "“Later people put there” places later people in the earlier segments by what they answered."
        + (" Overlap: people the two segments share, of all in either." if seen.segmented else ""),
        kind="quiet",
    )


def moves(studio: Studio, asked: Asked, found: Tracking, other: str, seen: Comparison) -> None:
    """Draw how the people of both runs moved; segments that are the same keep their colour."""
    one, two = (studio.bases(asked.slug, run) for run in found.order(other))
    before, after = (result.solutions.on(asked.basis).labels.tolist() for result in (one, two))
    place = {response: at for at, response in enumerate(one.found.responses) if response}
    pairs = [(place[response], at) for at, response in enumerate(two.found.responses) if response in place]
    if not pairs:
        return
    parts.words(f"How the {count(len(pairs), 'person', 'people')} in both moved", "h2")
    st.altair_chart(
        flow_chart(
            [
                ("Then", np.array([before[row] for row, _ in pairs])),
                ("Later", np.array([seen.numbers.get(after[at], 0) for _, at in pairs])),
            ]
        ),
        alt="How people flow from the earlier segments to the later ones",
    )
    parts.facts("Left: then", "right: later, numbered as the segments they are")


def shifts(seen: Comparison) -> None:
    """Draw how far the answers to every closed question have moved."""
    if not seen.answers:
        same = "are those of the same kind of people" if seen.kernel_p >= SURELY else "are not what they were"
        parts.words(f"Only open answers were compared. Taken together, they {same} (p = {seen.kernel_p:.3f}).")
        return
    moved = [one for one in seen.answers if one.level != "keep"]
    if moved:
        shift_table("What people answer otherwise", moved)
    else:
        parts.words("Nothing by more than chance.")
    if len(moved) < len(seen.answers):
        with st.expander("All closed questions"):
            shift_table("All closed questions", seen.answers)


def shift_table(label: str, found: Sequence[Moved]) -> None:
    """Draw a row for every question."""
    most = max(ACT, *(one.index for one in found))
    rows = "".join(_shift(one, most) for one in found)
    parts.table(label, "<tr><th>Question</th><th>Moved</th><th>In words</th></tr>", rows)


def measured(seen: Comparison) -> None:
    """Draw the figures behind the advice."""
    parts.words(
        f"Sizes and answers: population stability index, watched from {WATCH:.2f} and acted on from {ACT:.2f}, if"
        f" chance does not explain it. Sizes of the segments: {seen.sizes.index:.2f}."
    )
    parts.words(
        f"All answers together: a kernel test of both groups of people, p = {seen.kernel_p:.3f}; below {SURELY} they"
        " are not the same kind of people any more."
    )
    if seen.agreement is not None:
        parts.words(
            f"Later people put into the earlier segments against their own: agreement {seen.agreement:.2f} of 1, where"
            f" {seen.expected:.2f} would be expected had nothing changed."
        )
    for note in seen.notes:
        parts.words(note, kind="quiet")


def _segment(one: Kept, segmented: bool) -> str:
    shares = [one.then, one.typed]
    cells = "".join(f"<td>{'–' if share is None else percent(share)}</td>" for share in shares)
    if segmented:
        same = f"{escape(one.name_later)}" if one.later else "<em>not found again</em>"
        size = percent(one.now) if one.now is not None else "–"
        cells += f"<td>{same}</td><td>{size}</td><td>{f'{one.overlap:.2f}' if one.overlap else '–'}</td>"
    name = f"{parts.disc(one.number)} <span>{escape(one.name)}{' (new)' if one.then is None else ''}</span>"
    return f'<tr><th scope="row">{name}</th>{cells}</tr>'


def _shift(one: Moved, most: float) -> str:
    return (
        f'<tr><th scope="row">{escape(one.name)}</th><td class="part">'
        f'<span class="bar" style="width:{6 * max(one.index, 0) / most:.2f}rem"></span><b>{one.index:.2f}</b></td>'
        f"<td>{LEVEL_WORDS[one.level]}</td></tr>"
    )


parts.page("Tracking")
here = session.studio()
session.top_bar(here.account)
with parts.shown_errors():
    draw(here)
