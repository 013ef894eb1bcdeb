"""What the pages on one basis of a finished run have in common: whose they are, and the way back."""

from dataclasses import dataclass

import streamlit as st

from data.runs import RunRow
from models.solution import Solution
from survey.access.roles import Permission, allows
from survey.errors import AppError
from survey.studio import Studio, StudyView
from survey.views import parts
from survey.wording import BASIS_WORDS, count


@dataclass(frozen=True)
class Asked:
    """What the address of the page names: a study, one of its runs, and a basis of that."""

    slug: str
    run: str
    basis: str


def asked() -> Asked:
    """Draw the way back and return what the address names; raises AppError when it names too little."""
    named = {name: st.query_params.get(name, "") for name in ("study", "run", "basis")}
    if not all(named.values()) or named["basis"] not in BASIS_WORDS:
        raise AppError("This link names no segments.", "Open a result of a study and choose from there.")
    st.page_link("studio/segments.py", label="Back to the segments", icon=":material/arrow_back:", query_params=named)
    return Asked(named["study"], named["run"], named["basis"])


def head(title: str, lead: str, view: StudyView, run: RunRow, solution: Solution) -> None:
    """Draw what the page is, and on which segments."""
    parts.words(title, "h1")
    parts.facts(
        view.study.title,
        BASIS_WORDS[solution.basis].name,
        count(solution.k, "segment"),
        f"segmented {parts.ago(run.created)}",
    )
    parts.words(lead, kind="lead")


def may(studio: Studio, permission: Permission) -> bool:
    """Return whether to offer what needs this permission; the studio asks again."""
    return studio.account is not None and allows(studio.account.role, permission)


def links(slug: str, run: str, solution: Solution) -> None:
    """Draw the ways from the segments of a basis to what can be done with them."""
    where = {"study": slug, "run": run, "basis": solution.basis}
    parts.words("Put these segments to work", "h2")
    with st.container(horizontal=True, gap="medium"):
        st.page_link(
            "studio/golden.py",
            label="Golden questions: tell the segment of new people",
            icon=":material/key:",
            query_params=where,
        )
        st.page_link(
            "studio/tracking.py",
            label="Tracking: are these segments still right?",
            icon=":material/timeline:",
            query_params=where,
        )
