"""How answers are collected: the open link, limits, how long answers are kept, invitations, embedding, prize draw."""

from datetime import date, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import streamlit as st

from survey.distribution import LARGEST_CAP, LONGEST_RETENTION, Distributed, Distribution, last_day
from survey.errors import AppError
from survey.settings import Settings
from survey.sharing import chat_link, embed_snippet, is_local, qr_png, qr_svg, shared_base
from survey.views import parts
from survey.views.studio import collect_people, session
from survey.wording import count

CLOSED = {
    "switch": "This study is closed by hand.",
    "date": "This study is closed: its last day is over.",
    "cap": "This study is closed: it has as many complete responses as were wanted.",
}
REFRESH_SECONDS = 5


def base() -> str:
    """Return scheme and host for links to others."""
    return shared_base(st.context.url, Settings.from_env().url)


def zone() -> ZoneInfo:
    """Return the time zone of the browser, UTC when it does not say."""
    return ZoneInfo(st.context.timezone or "UTC")


@st.fragment(run_every=REFRESH_SECONDS)
def figures_now(slug: str) -> None:
    """Draw what has come of it, again every few seconds."""
    with parts.shown_errors():
        counts = session.distribution().study(slug).counts
        parts.figures(
            (f"{counts.started:,}", "begun"),
            (f"{counts.complete:,}", "complete"),
            (f"{counts.partial:,}", "partial"),
            (f"{counts.screened:,}", "screened out"),
            (f"{counts.full:,}", "over quota"),
        )


def whether_open(work: Distribution, found: Distributed) -> None:
    """Draw whether the study takes answers, and what changes it."""
    slug = found.study.slug
    if found.closed_by is None:
        parts.words("The study takes answers.", kind="quiet")
    else:
        parts.notice(CLOSED[found.closed_by], kind="warn")
    by_hand = found.closed_by == "switch"
    label = "Open the study" if by_hand else "Close the study"
    if st.button(label, help="A closed study keeps everything and takes no more answers."):
        work.set_open(slug, by_hand)
        st.rerun()


def open_link(found: Distributed) -> None:
    """Draw the link for everybody, and its QR code."""
    slug = found.study.slug
    link = chat_link(base(), slug)
    parts.words("Open link", "h2")
    if found.fieldwork.invited_only:
        parts.notice("Only personal invitations begin a conversation; this link says so to others.")
    elif found.study.open:
        parts.words("Everybody with this link can answer, without an account.", kind="quiet")
    if is_local(base()):
        parts.notice(
            "Links and QR codes made now work on this machine only. Start the server with --host and --url for others.",
            kind="warn",
        )
    st.code(link, language=None, wrap_lines=True)
    st.link_button("Try it yourself", link, icon=":material/chat:")
    with st.container(key="qr", horizontal=True, vertical_alignment="center", gap="medium"):
        st.image(qr_svg(link), width=168, alt="QR code of the open link")
        with st.container():
            parts.words("For posters, packages and slides.", kind="quiet")
            save = partial(st.download_button, on_click="ignore", icon=":material/download:")
            save("QR code (SVG)", qr_svg(link), f"{slug}.svg", "image/svg+xml")
            save("QR code (PNG)", qr_png(link), f"{slug}.png", "image/png")


def limits(work: Distribution, found: Distributed) -> None:
    """Draw until when and how many answers are taken, and from whom."""
    slug, now = found.study.slug, found.fieldwork
    parts.words("Limits", "h2")
    with st.form("limits"):
        until = (now.closes - timedelta(seconds=1)).astimezone(zone()).date() if now.closes else None
        day = st.date_input(
            "Last day",
            until,
            min_value=min(date.today(), until or date.today()),
            format="YYYY-MM-DD",
            help=f"Answers are taken until midnight ({zone().key}).",
        )
        cap = st.number_input(
            "Complete responses wanted",
            1,
            LARGEST_CAP,
            now.cap,
            step=50,
            placeholder="No limit",
            help="Then nobody can begin any more. Who is answering at that moment may finish.",
        )
        invited = st.toggle("Only people with a personal invitation", now.invited_only)
        if st.form_submit_button("Save limits"):
            work.set_limits(slug, last_day(day, zone().key) if isinstance(day, date) else None, cap and int(cap))
            work.set_invited_only(slug, invited)
            st.rerun()


def keeping(work: Distribution, found: Distributed) -> None:
    """Draw how long answers are kept."""
    now = found.fieldwork
    parts.words("How long answers are kept", "h2")
    parts.words(
        "Respondents are told the day. They can see, download and delete their own answers until then.", kind="quiet"
    )
    with st.form("retention"):
        days = st.number_input(
            "Days after the start of a conversation",
            1,
            LONGEST_RETENTION,
            now.retention_days,
            step=30,
            placeholder="Until the study is deleted",
            help="Once people have answered, a shorter time is possible and a longer one is not.",
        )
        saved = st.form_submit_button("Save days")
    if saved:
        wanted = int(days) if days else None
        if due := work.expiring(found.study.slug, wanted):
            deleting_now(work, found.study.slug, wanted, due)
        else:
            work.set_retention(found.study.slug, wanted)
            st.rerun()


@st.dialog("Delete answers now?")
def deleting_now(work: Distribution, slug: str, days: int | None, due: int) -> None:
    """Ask before a shorter time deletes responses that are older already."""
    st.text(f"{count(due, 'response')} began more than {count(days or 0, 'day')} ago and will be deleted for good.")
    if st.button(f"Delete {count(due, 'response')}", type="primary"):
        with parts.shown_errors():
            work.set_retention(slug, days, deleting=due)
            st.rerun()


@st.dialog("Delete this study?")
def deleting_study(work: Distribution, found: Distributed) -> None:
    """Ask for the title before a study goes."""
    said = count(found.counts.started, "response")
    left = f", and {count(found.addresses, 'address', 'addresses')} for the prize draw," if found.addresses else ""
    st.text(f"{said}, every result and all invitations{left} go with it, for good.")
    st.text("What has been downloaded and backups that were made stay.")
    title = st.text_input("Title of the study", placeholder=found.study.title)
    if st.button("Delete the study for good", type="primary"):
        with parts.shown_errors():
            work.delete(found.study.slug, title)
            st.switch_page("studio/studies.py")


def ending(work: Distribution, found: Distributed) -> None:
    """Draw the way to be rid of the whole study."""
    parts.words("The end of the study", "h2")
    parts.words("Download what you want to keep on the page of the study first.", kind="quiet")
    if st.button("Delete this study", icon=":material/delete:"):
        deleting_study(work, found)


def embedding(work: Distribution, found: Distributed) -> None:
    """Draw which sites may show the chat, and what to put into their pages."""
    slug, sites = found.study.slug, found.fieldwork.embed_origins
    parts.words("Inside another page", "h2")
    parts.words("The chat can be shown inside pages of the sites named here, and of no others.", kind="quiet")
    with st.form("embedding"):
        text = st.text_area("Sites, one a line", "\n".join(sites), placeholder="https://www.example.org", height=100)
        if st.form_submit_button("Save sites"):
            work.set_embedding(slug, text)
            st.rerun()
    if sites:
        parts.words("Put this into the page:", kind="quiet")
        title = found.survey.title.text(found.survey.locale) if found.survey.title else found.study.title
        st.code(embed_snippet(chat_link(base(), slug), title), language=None, wrap_lines=True)


def draw(work: Distribution) -> None:
    """Draw the page."""
    slug = st.query_params.get("study", "")
    if not slug:
        raise AppError("This link names no study.", "Choose one in the list of studies.")
    found = work.study(slug)
    st.page_link("studio/study.py", label=found.study.title, icon=":material/arrow_back:", query_params={"study": slug})
    parts.words("Collect answers", "h1")
    figures_now(slug)
    with parts.shown_errors():
        whether_open(work, found)
    left, right = st.columns(2, gap="large")
    with left:
        open_link(found)
        for section in (limits, keeping, embedding):
            with parts.shown_errors():
                section(work, found)
    with right:
        for people in (collect_people.invitations, collect_people.prize_draw):
            with parts.shown_errors():
                people(work, found, base())
    ending(work, found)


parts.page("Collect answers")
here = session.distribution()
session.top_bar(here.account)
with parts.shown_errors():
    draw(here)
