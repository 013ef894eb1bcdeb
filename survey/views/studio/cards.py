"""Segments as cards: who they are, how many, in their own words, and how sure that is."""

from html import escape

import streamlit as st

from models.results import Quote, Segmentation, SegmentProfile, Term, Theme
from survey.charts import rows_height, segment_color, shares_chart, stability_words
from survey.views import parts
from survey.views.studio import markers
from survey.wording import count, interval, percent

QUOTES_SHOWN = 2
TERMS_SHOWN = 6


def draw(found: Segmentation) -> None:
    """Draw the segments, two beside each other, or everybody and the topics heard when there are no groups."""
    if found.k == 1:
        everybody(found)
        return
    parts.words("Segments", "h2")
    with st.expander("Sizes side by side"):
        st.altair_chart(
            shares_chart(found.segments),
            height=rows_height(found.k),
            alt="Share of every segment with its 95 % interval",
        )
    for first in range(0, len(found.segments), 2):
        for column, profile in zip(st.columns(2), found.segments[first : first + 2], strict=False):
            with column:
                card(profile)


def card(profile: SegmentProfile) -> None:
    """Draw one segment."""
    with st.container(border=True, key=f"segment-{profile.segment}", height="stretch"):
        st.html(
            f"<style>.st-key-segment-{profile.segment}{{border-top:5px solid {segment_color(profile.segment)}}}</style>"
        )
        st.html(
            f'<div class="samtal segment-head">{parts.disc(profile.segment)}'
            f'<h3 class="samtal">{escape(profile.name)}</h3></div>'
        )
        parts.figures(
            (percent(profile.share), f"of answers ({interval(profile.share_low, profile.share_high)})"),
            (f"{profile.size:,}", "people"),
            (percent(profile.confidence), "confidence"),
        )
        terms(profile.terms)
        markers.draw("Who they are", profile.who, str)
        quotes(profile.quotes, f"segment-{profile.segment}")
        facts = [spoken(profile.languages)]
        if profile.stability is not None:
            facts.append(f"Found again in resamples: {stability_words(profile.stability)} ({profile.stability:.2f})")
        parts.facts(*filter(None, facts))
        parts.notice(*profile.warnings, kind="warn")


def terms(found: tuple[Term, ...]) -> None:
    """Draw the words that set a segment apart; how often they occur is one hover away."""
    items = "".join(
        f'<li title="{percent(term.share)} here, {percent(term.share_total)} of all">{escape(term.text)}</li>'
        for term in found[:TERMS_SHOWN]
    )
    if items:
        st.html(f'<ul class="samtal terms" aria-label="Words that set it apart">{items}</ul>')


def quotes(found: tuple[Quote, ...], key: str) -> None:
    """Draw verbatims as plain text, the first ones open."""
    for number, quote in enumerate(found):
        if number < QUOTES_SHOWN:
            verbatim(quote, f"{key}-{number}")
    if len(found) > QUOTES_SHOWN:
        with st.expander("More answers like these", type="compact"):
            for number, quote in enumerate(found[QUOTES_SHOWN:], QUOTES_SHOWN):
                verbatim(quote, f"{key}-{number}")


def verbatim(quote: Quote, key: str) -> None:
    """Draw one answer as it was written."""
    with st.container(key=f"quote-{key}", gap=None):
        st.text(quote.text)


def everybody(found: Segmentation) -> None:
    """Draw what can be said when there are no groups: topics with quotes, or words and quotes of all."""
    if found.themes:
        parts.words("What people talk about", "h2")
        parts.words("Topics heard in the answers; they overlap and are no groups of people.", kind="quiet")
        for first in range(0, len(found.themes), 2):
            for offset, column in enumerate(st.columns(2)):
                if first + offset < len(found.themes):
                    with column:
                        topic(found.themes[first + offset], first + offset)
        return
    for profile in found.segments:
        terms(profile.terms)
        quotes(profile.quotes, "everybody")


def topic(theme: Theme, number: int) -> None:
    """Draw one topic."""
    with st.container(border=True, key=f"topic-{number}", height="stretch"):
        parts.words(theme.name, "h3")
        parts.facts(count(theme.size, "answer"))
        quotes(theme.quotes, f"topic-{number}")


def spoken(languages: dict[str, int]) -> str:
    """Return the languages of a segment, commonest first.

    >>> spoken({"sv": 3, "en": 1}), spoken({"en": 9})
    ('sv 75 % · en 25 %', '')
    """
    total = sum(languages.values())
    known = [(code, number) for code, number in languages.items() if code]
    if len(known) < 2:
        return ""
    return " · ".join(f"{code} {percent(number / total)}" for code, number in known[:4])
