"""The parts of the page "Collect" that have to do with persons: invitations, and addresses for a prize draw."""

import streamlit as st

from survey.distribution import LONGEST_PRIZE, Distributed, Distribution
from survey.invitation_file import LARGEST_FILE, MOST_PEOPLE, read_people
from survey.views import parts
from survey.wording import count

LINKS, WINNERS = "links-made", "winners"
"""What this browser tab holds of links just made and winners just drawn: nobody else does."""


def invitations(work: Distribution, found: Distributed, base: str) -> None:
    """Draw how many invitations there are, and what makes new ones."""
    slug, counts = found.study.slug, found.invitations
    parts.words("Personal invitations", "h2")
    parts.words(
        "Each link works for one person, once. Whoever has the file of links can tell who answered what, because it"
        " says which link went to whom.",
        kind="quiet",
    )
    parts.facts(f"{counts.made:,} made", f"{counts.used:,} used", f"{counts.unused:,} unused")
    if _made_just_now(slug):
        return
    known, plain = st.tabs(["From a file", "Without a file"])
    with known:
        _from_file(work, found, base)
    with plain, st.form("plain-invitations"):
        number = st.number_input("How many", 1, MOST_PEOPLE, 10)
        if st.form_submit_button("Make links"):
            _keep(slug, work.invite(slug, base, int(number)), int(number))
    if counts.unused and st.button("Withdraw unused invitations", help="Links that nobody has used stop working."):
        work.withdraw(slug)
        st.rerun()


def _from_file(work: Distribution, found: Distributed, base: str) -> None:
    file = st.file_uploader(
        "CSV file with one row per person",
        type=["csv", "txt", "tsv"],
        max_upload_size=LARGEST_FILE // 2**20,
        help="For example with a column of names for your letter, and columns such as plan or region.",
    )
    if file is None:
        return
    with parts.shown_errors():
        slug, people = found.study.slug, read_people(file.getvalue(), file.name)
        named = [name for name in people.columns if name in found.survey.samtal.descriptors]
        kept = st.multiselect(
            "Columns to keep with the answers",
            people.columns,
            default=named or people.describing(),
            help="Conditions of the survey can use them by name. Leave out what says who somebody is: it stays in the"
            " file of links only.",
        )
        if st.button(f"Make {count(len(people.rows), 'link')}", type="primary"):
            _keep(slug, work.invite_people(slug, base, people, kept), len(people.rows))


def _keep(slug: str, links: bytes, number: int) -> None:
    st.session_state[LINKS] = (slug, links, number)
    st.rerun()


def _made_just_now(slug: str) -> bool:
    """Draw the one chance to download links that were just made; False when there are none waiting."""
    made_for, links, number = st.session_state.get(LINKS, (None, b"", 0))
    if made_for != slug:
        return False
    parts.notice(
        "Download them now: only this page has them, and they cannot be shown again.",
        kind="warn",
        title=f"{count(number, 'link')} made",
    )
    st.download_button(
        "Download the links (CSV)",
        links,
        f"{slug}-links.csv",
        "text/csv",
        type="primary",
        icon=":material/download:",
        on_click=lambda: st.session_state.pop(LINKS, None),
    )
    return True


def prize_draw(work: Distribution, found: Distributed, _base: str) -> None:
    """Draw what can be won, and the draw itself."""
    slug, addresses = found.study.slug, found.addresses
    parts.words("Prize draw", "h2")
    parts.words(
        "After the last question people may leave an e-mail address. Addresses are stored apart, in random order, and"
        " lead to nobody's answers.",
        kind="quiet",
    )
    with st.form("prize"):
        prize = st.text_input(
            "What can be won", found.fieldwork.prize, max_chars=LONGEST_PRIZE, placeholder="Two cinema tickets"
        )
        if st.form_submit_button("Save prize", help="Leave it empty for no draw."):
            work.set_prize(slug, prize)
            st.rerun()
    parts.facts(count(addresses, "address", "addresses"))
    if not addresses:
        return
    st.download_button(
        "Download addresses (CSV)",
        lambda: work.addresses(slug),
        f"{slug}-addresses.csv",
        "text/csv",
        icon=":material/download:",
        on_click="ignore",
    )
    with st.form("draw"):
        number = st.number_input("Winners", 1, addresses, 1)
        if st.form_submit_button("Draw winners", icon=":material/casino:"):
            st.session_state[WINNERS] = (slug, work.draw(slug, int(number)))
    drawn_for, winners = st.session_state.get(WINNERS, (None, []))
    if drawn_for == slug:
        st.text("\n".join(winners))
    with st.expander("Delete addresses"):
        address = st.text_input("One address", help="For somebody who asks for it.")
        if st.button("Delete this address", disabled=not address.strip()):
            there = work.remove_address(slug, address)
            parts.notice("Deleted." if there else "That address is not there.")
        if st.button("Delete all addresses", help="After the draw they are needed no more."):
            work.clear_addresses(slug)
            st.session_state.pop(WINNERS, None)
            st.rerun()
