"""All studies, and a new one."""

import streamlit as st

from data.studies import Study
from survey.definition import LANGUAGES, words
from survey.definition.text import DEFAULT
from survey.drafts import draft
from survey.examples import examples
from survey.library import entries
from survey.studio import LONGEST_QUESTION, LONGEST_TITLE, Studio, StudyView
from survey.views import parts
from survey.views.studio import session
from survey.wording import RUN_WORDS, count


@st.dialog("New study", width="medium")
def new_study() -> None:
    """Ask how to begin: with one question, with an example, with questions of the library, or with a document."""
    question, example, library, document = st.tabs(
        ["One question", "Example survey", "Question library", "Survey file"]
    )
    with question:
        _one_question()
    with example:
        _example()
    with library:
        _library()
    with document:
        _document()


def _one_question() -> None:
    with st.form("new-study", border=False):
        title = st.text_input("Title", max_chars=LONGEST_TITLE, placeholder="What our customers value")
        question = st.text_area(
            "Question",
            max_chars=LONGEST_QUESTION,
            placeholder="What matters most to you when you choose a phone company, and why?",
            help="One open question is enough. Ask for one thing, and for the reason.",
        )
        language = st.selectbox(
            "Language of the question", LANGUAGES, format_func=lambda code: words(code)["language_name"]
        )
        pressed = st.form_submit_button("Create study", type="primary")
    if pressed:
        with parts.shown_errors():
            _open(session.studio().create(title, question, language))


def _example() -> None:
    found = {example.name: example for example in examples()}
    with st.form("new-from-example", border=False):
        name = st.selectbox(
            "Example",
            list(found),
            format_func=lambda name: f"{found[name].title} ({count(found[name].questions, 'question')})",
            help="Complete surveys in five languages. You can download the document, change it and publish it again.",
        )
        pressed = st.form_submit_button("Create study", type="primary", key="from-example")
    if pressed:
        with parts.shown_errors():
            _open(session.studio().create_from(found[name].content, f"{name}.yaml"))


def _library() -> None:
    found = {entry.id: entry for entry in entries()}
    with st.form("new-from-library", border=False):
        title = st.text_input(
            "Study name", max_chars=LONGEST_TITLE, key="library-title", placeholder="as the first question"
        )
        chosen = st.multiselect(
            "Questions, in the order in which they are asked",
            list(found),
            format_func=lambda id: f"{found[id].title[DEFAULT]} ({id})",
            help="Ready-made questions in five languages; docs/library.md describes them.",
        )
        language = st.selectbox(
            "Language of the study",
            LANGUAGES,
            format_func=lambda code: words(code)["language_name"],
            key="library-language",
        )
        pressed = st.form_submit_button("Create study", type="primary", key="from-library")
    if pressed:
        with parts.shown_errors():
            _open(session.studio().create_from(draft(chosen, title.strip(), language), "library.yaml"))


def _document() -> None:
    with st.form("new-from-file", border=False):
        upload = st.file_uploader(
            "Survey document, YAML or JSON",
            type=["yaml", "yml", "json"],
            help="docs/survey-format.md says what it may hold.",
        )
        pressed = st.form_submit_button("Create study", type="primary", key="from-file")
    if pressed and upload is None:
        st.error("Choose a file first.")
    elif pressed and upload is not None:
        with parts.shown_errors():
            _open(session.studio().create_from(upload.getvalue(), upload.name))


def _open(study: Study) -> None:
    st.switch_page("studio/study.py", query_params={"study": study.slug})


def card(view: StudyView) -> None:
    """Draw one study of the list."""
    study, counts = view.study, view.counts
    with st.container(border=True, key=f"study-{study.slug}", gap="small"):
        parts.words(study.title, "h2", "card-title")
        facts = [count(counts.started, "respondent"), f"{counts.complete:,} finished"]
        if view.latest:
            facts.append(f"last answer {parts.ago(view.latest[0][1].at)}")
        if not study.open:
            facts.append("closed")
        parts.facts(*facts)
        if view.active is not None:
            parts.facts(f"{RUN_WORDS[view.active.kind]} is going on …")
        elif view.results:
            parts.facts(f"Segmented {parts.ago(view.results[0].created)}")
        with st.container(horizontal=True, gap="medium"):
            st.page_link(
                "studio/study.py", label="Open study", icon=":material/folder_open:", query_params={"study": study.slug}
            )
            if view.results:
                st.page_link(
                    "studio/segments.py",
                    label="See segments",
                    icon=":material/bubble_chart:",
                    query_params={"study": study.slug, "run": view.results[0].id},
                )


def draw(studio: Studio) -> None:
    """Draw the page."""
    views = studio.studies()
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        parts.words("Studies", "h1")
        if st.button("New study", type="primary", icon=":material/add:"):
            new_study()
    if not views:
        parts.words("There is no study yet. One question is enough to begin.", kind="lead")
        parts.notice(
            "Create a study, share its link, and segment the answers when some have come in. To look around first, stop"
            " the server, run “python -m survey.cli demo”, and start it again: it brings 400 invented answers.",
            title="What to do next",
        )
    for view in views:
        card(view)


parts.page("Studies")
here = session.studio()
session.top_bar(here.account)
with parts.shown_errors():
    draw(here)
