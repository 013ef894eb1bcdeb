"""Golden questions: a few that tell the segment of new people, what they are worth, and what to do with them."""

from collections.abc import Mapping
from functools import partial
from html import escape

import streamlit as st

from models.golden.accuracy import Rate
from models.golden.coders import Golden as Question
from models.golden.tool import TypingTool
from survey.analysis.study_typing import MOST_QUESTIONS, Golden
from survey.studio import Studio
from survey.typing_charts import accuracy_chart
from survey.views import parts
from survey.views.studio import one_basis, session
from survey.views.studio.one_basis import Asked
from survey.views.studio.working import progress
from survey.wording import count, interval, percent

ADVISED, EXACTLY = "As many as are worth it", "Exactly"
WORTH = (
    (0.8, "They tell the segments apart very well."),
    (0.6, "They tell the segments apart well."),
    (0.4, "They tell the segments apart roughly: a good part of all people end up in another one."),
    (0.2, "They tell the segments apart badly: good for a hint, not for saying where a person belongs."),
    (-1.0, "They hardly tell the segments apart: do not rely on them."),
)
"""Lower end of kappa, from which on, to what it is worth (steps of Landis & Koch 1977)."""

PRICES: Mapping[str, float | None] = {
    "any that is no chance": None,
    "1 %": 0.01,
    "2 %": 0.02,
    "3 %": 0.03,
    "5 %": 0.05,
    "10 %": 0.1,
}
"""What one more question must add, in words, and as TypingSettings.cost."""

RELIABLE = 0.4
"""Lower end of kappa below which the questions are not recommended."""

FILES = {
    "tool.xlsx": (
        "Workbook (Excel)",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "Type answers into cells; formulas show the segment and how likely it is.",
    ),
    "tool.json": ("Tool (JSON)", "application/json", "For other programs, and for python -m survey.cli type."),
}


def draw(studio: Studio) -> None:
    """Draw the page."""
    asked = one_basis.asked()
    found, view = studio.golden(asked.slug, asked.run, asked.basis), studio.study(asked.slug)
    one_basis.head(
        "Golden questions",
        "A few questions that tell to which of these segments a new person belongs, without the whole survey.",
        view,
        found.run,
        found.solution,
    )
    if found.solution.k < 2:
        parts.notice("Choose a result with two segments or more.", title="There is nothing to tell apart here.")
        return
    if found.tool is None and found.other is not None:
        elsewhere(asked, found.other)
    if view.active is not None:
        progress(asked.slug, view.active.id)
    else:
        if found.failed is not None:
            reason = found.failed.reason
            parts.notice(reason[:1].upper() + reason[1:], kind="warn", title="The last try found no golden questions.")
        if one_basis.may(studio, "analyse"):
            making(studio, asked, found)
    if found.tool is not None:
        tool(studio, asked, found, found.tool)


def elsewhere(asked: Asked, run: str) -> None:
    """Draw that the tool in use was made from another run."""
    parts.notice(
        "The study types people on this basis by another result. Golden questions that are found here take its place.",
    )
    if run:
        st.page_link(
            "studio/golden.py",
            label="See those golden questions",
            query_params={"study": asked.slug, "run": run, "basis": asked.basis},
        )


def making(studio: Studio, asked: Asked, found: Golden) -> None:
    """Draw what looks for golden questions."""
    if not found.forming and not found.describing:
        parts.notice(
            "Golden questions are closed: choices, scales, statements to agree with. Add some to the survey, collect"
            " answers, and segment again.",
            title="This survey asks no closed question.",
        )
        return
    if found.tool is None:
        parts.words("Find golden questions", "h2")
        with st.container(border=True, key="find-golden"):
            form(studio, asked, found)
    else:
        with st.expander("Look again, with other settings"):
            form(studio, asked, found)


def form(studio: Studio, asked: Asked, found: Golden) -> None:
    """Draw the settings of the search and its button."""
    if found.forming:
        parts.words(f"Chosen from {count(len(found.forming), 'closed question')} that formed the segments.")
    else:
        parts.words(
            "These segments come from open answers, which golden questions cannot ask. The other closed questions of"
            " the survey can be tried instead; how far they tell the segments apart is measured, often it is not far."
        )
    describing = False
    if found.describing:
        describing = st.checkbox(
            f"Choose from the other {count(len(found.describing), 'closed question')} too",
            value=not found.forming,
            disabled=not found.forming,
            help="Such as age or how often people buy. They did not form the segments, but may tell who is in which.",
            key="describing",
        )
    how = st.segmented_control("How many", [ADVISED, EXACTLY], default=ADVISED, required=True, key="how-many")
    number, cost = None, None
    if how == EXACTLY:
        number = int(st.number_input("Questions", 1, MOST_QUESTIONS, 5, key="questions"))
    else:
        price = st.select_slider(
            "One more question must put this many more people right",
            list(PRICES),
            value="1 %",
            help="Every question costs respondents time. Higher: fewer questions.",
            key="price",
        )
        cost = PRICES[price]
    apart = found.batteries and st.checkbox(
        "Statements of a table may be asked one by one",
        value=True,
        help="Otherwise a table of statements is asked whole or not at all.",
        key="items-apart",
    )
    label = "Find golden questions" if found.tool is None else "Look again"
    if st.button(label, type="primary", icon=":material/key:", key="find"):
        wanted = {"questions": number, "cost": cost, "items_apart": apart, "describing": describing}
        studio.make_tool(asked.slug, asked.run, asked.basis, wanted)
        st.rerun()


def tool(studio: Studio, asked: Asked, found: Golden, made: TypingTool) -> None:
    """Draw the golden questions, what they are worth, and what can be done with them."""
    step = made.step
    parts.words(f"Ask {count(len(made.coders), 'question')}", "h2")
    parts.words(worth(step.kappa.low), kind="lead")
    st.html(f'<ol class="samtal golden">{"".join(map(_item, made.coders))}</ol>')
    parts.figures(
        (percent(step.accuracy.value), f"given their own segment ({_span(step.accuracy)})"),
        (f"{step.kappa.value:.2f}", f"kappa, of 1 ({step.kappa.low:.2f}–{step.kappa.high:.2f})"),
        (percent(max(made.shares)), "right by always naming the largest segment"),
        (f"{made.people:,}", "people it was made from"),
    )
    parts.words(
        "Measured on people it was not made from: again and again, questions were chosen and weighed on most of the"
        " people and tried on the others (nested). Had the questions been chosen on everybody first, it would have"
        f" looked like {percent(step.not_nested)}. It holds for people like those who answered.",
        kind="quiet",
    )
    parts.notice(*made.notes, kind="warn")
    if step.kappa.low < RELIABLE:
        parts.notice(
            "Golden questions are as good as the closed questions they are chosen from. Ask such questions about the"
            " same subject, and segment by them.",
            title="What would help",
        )
    put_to_use(studio, asked, made)
    parts.words("Is every segment recognised?", "h2")
    recognised(made)
    parts.words("How many questions are enough?", "h2")
    parts.words(
        "Line: people given their own segment, with the 95 % interval. Dashed: always naming the largest segment."
        " Dotted: the questions above.",
        kind="quiet",
    )
    st.altair_chart(accuracy_chart(made), alt="Share of people given their own segment by number of questions")
    with st.expander("Every number of questions"):
        steps(made, found)


def worth(kappa: float) -> str:
    """Return in words what questions are good for, by the lower end of their kappa.

    >>> worth(0.85), worth(0.1)
    ('They tell the segments apart very well.', 'They hardly tell the segments apart: do not rely on them.')
    """
    return next(words for least, words in WORTH if kappa >= least)


def put_to_use(studio: Studio, asked: Asked, made: TypingTool) -> None:
    """Draw the files of the tool, and what creates a study that asks its questions."""
    parts.words("Use them", "h2")
    parts.words(
        "A study of their own asks them in the chat and says where each new respondent belongs. Whoever answers the"
        " study at hand is typed as well: its table of answers has the segment in a column.",
        kind="quiet",
    )
    with st.container(horizontal=True):
        if one_basis.may(studio, "collect") and st.button(
            "Create a study that asks them",
            type="primary" if made.step.kappa.low >= RELIABLE else "secondary",
            icon=":material/add:",
            key="ask-golden",
        ):
            new = studio.ask_golden(asked.slug, asked.basis)
            st.switch_page("studio/study.py", query_params={"study": new.slug})
        for name, (label, mime, help_) in FILES.items():
            st.download_button(
                label,
                data=partial(studio.tool_file, asked.slug, asked.basis, name),
                file_name=f"{asked.slug}-{asked.basis}-{name}",
                mime=mime,
                help=help_,
                icon=":material/download:",
                on_click="ignore",
            )


def recognised(made: TypingTool) -> None:
    """Draw how often people of each segment are given it, and what they are taken for else."""
    head = "<tr><th>Segment</th><th>People</th><th>Recognised</th><th>Else taken for</th></tr>"
    rows = "".join(
        f'<tr><th scope="row">{_name(made, at)}</th><td>{int(made.confusion[at].sum()):,}</td>'
        f'<td class="part"><span class="bar" style="width:{6 * recall.value:.2f}rem"></span>'
        f"<b>{percent(recall.value)}</b> ({_span(recall)})</td><td>{_mistaken(made, at)}</td></tr>"
        for at, recall in enumerate(made.step.recall)
    )
    parts.table("How often each segment is recognised", head, rows)


def steps(made: TypingTool, found: Golden) -> None:
    """Draw accuracy, kappa and recall for every number of questions."""
    recalls = "".join(f'<th scope="col">{parts.disc(segment)}</th>' for segment in made.segments)
    head = f"<tr><th>Questions</th><th>Comes in</th><th>Right</th><th>Kappa</th>{recalls}</tr>"
    rows = "".join(
        f'<tr><th scope="row">{step.questions}{" ✓" if step.questions == len(made.coders) else ""}</th>'
        f'<td class="long">{escape(_title(step.added, found))}<br><small>chosen so in {percent(step.again)} of repeats'
        f"</small></td><td>{percent(step.accuracy.value)} ({_span(step.accuracy)})</td>"
        f"<td>{step.kappa.value:.2f} ({step.kappa.low:.2f}–{step.kappa.high:.2f})</td>"
        + "".join(f"<td>{percent(recall.value)}</td>" for recall in step.recall)
        + "</tr>"
        for step in made.steps
    )
    parts.table("Every number of questions", head, rows)
    parts.words(
        f"Advised: {count(made.recommended, 'question')}, by what one more had to add. Under each segment: how"
        " many of its people are recognised.",
        kind="quiet",
    )


def _item(one: Question) -> str:
    part = f"<b>{escape(one.part)}</b> " if one.part else ""
    title = escape(one.title)
    return f"<li>{part}<span class='quiet'>{title}</span></li>" if part else f"<li>{title}</li>"


def _title(key: str, found: Golden) -> str:
    """A question by its title; key: its name, and behind ": " the statement that is asked alone."""
    name = max((name for name in found.titles if key == name or key.startswith(f"{name}: ")), key=len, default=key)
    return found.titles.get(name, name) + key.removeprefix(name)


def _name(made: TypingTool, at: int) -> str:
    return f"{parts.disc(made.segments[at])} <span>{escape(made.names[at])}</span>"


def _mistaken(made: TypingTool, at: int) -> str:
    row = made.confusion[at].copy()
    people, row[at] = int(row.sum()), 0
    if not row.any():
        return "–"
    other = int(row.argmax())
    return f"{parts.disc(made.segments[other])} {percent(int(row[other]) / people)}"


def _span(rate: Rate) -> str:
    return interval(rate.low, rate.high)


parts.page("Golden questions")
here = session.studio()
session.top_bar(here.account)
with parts.shown_errors():
    draw(here)
