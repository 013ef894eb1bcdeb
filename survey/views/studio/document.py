"""The survey document of a study: take it along, change it, publish it again."""

import streamlit as st

from survey.studio import Studio, StudyView
from survey.views import parts
from survey.wording import count


def survey_document(studio: Studio, view: StudyView) -> None:
    """Draw what is asked, and the way to another version of it."""
    slug = view.study.slug
    parts.words("The survey", "h2")
    asked = sum(question.asks for question in view.survey.questions)
    parts.facts(count(asked, "question"), ", ".join(view.survey.languages))
    with st.expander("Change the survey"):
        parts.words(
            "Download the document, change it in any text editor, and publish it. People who have begun go on with the"
            " version they began with.",
            kind="quiet",
        )
        st.download_button(
            "Download survey document",
            lambda: studio.document(slug),
            f"{slug}.yaml",
            "application/yaml",
            on_click="ignore",
            icon=":material/download:",
        )
        with st.form("publish", border=False, clear_on_submit=True):
            upload = st.file_uploader("Next version, YAML or JSON", type=["yaml", "yml", "json"])
            pressed = st.form_submit_button("Publish")
        if pressed:
            _publish(studio, slug, upload)


def _publish(studio: Studio, slug: str, upload: st.runtime.uploaded_file_manager.UploadedFile | None) -> None:
    if upload is None:
        st.error("Choose a file first.")
        return
    with parts.shown_errors():
        version = studio.publish(slug, upload.getvalue(), upload.name)
        st.success(f"Version {version} is published: new conversations use it from now on.")
