"""What to say to a segment: a hypothesis to test, with the evidence it is drawn from."""

from collections.abc import Sequence

from models.portrait.compare import Compared
from models.portrait.names import label
from models.results import Quote
from models.texts.cleaning import excerpt, has_private_parts
from models.words import plain_number

FEW = 30
LONGEST_QUOTE = 120


def message(
    highs: Sequence[Compared], lows: Sequence[Compared], quotes: Sequence[Quote], size: int, *, wants: bool
) -> str:
    """Return what to try saying to a segment, and why.

    highs, lows: what it is above and below the others in, its own first. wants: whether these are things people want,
    rather than what they value or how they are.
    """
    above = [one for one in highs if one.column.says or one.marker.measure == "share"]
    if not above and highs:
        rated = " and ".join(f"“{label(one.column)}” ({_evidence(one)})" for one in highs[:2])
        return f"These people stand out by more of {rated}: read what they say before choosing a message."
    if not above:
        return "Nothing sets these people apart clearly enough to suggest a message: read their answers first."
    leading = " and ".join(f"“{label(one.column)}”" for one in above[:2])
    say = f"Worth testing: lead with {leading}" if wants else f"Worth testing: speak to {leading}"
    parts = [f"{say} ({'; '.join(_evidence(one) for one in above[:2])})."]
    behind = [one for one in lows if one.column.says or one.marker.measure == "share"]
    if behind and wants:
        parts.append(f"Leave “{label(behind[0].column)}” in the background ({_evidence(behind[0])}).")
    speaking = next((quote for quote in quotes if not has_private_parts(quote.text)), None)
    if speaking:
        parts.append(f"In their words: “{excerpt(speaking.text, LONGEST_QUOTE)}”")
    if size < FEW:
        parts.append(f"This rests on {size} people: treat it as a first idea.")
    return " ".join(parts)


def _evidence(one: Compared) -> str:
    marker = one.marker
    if marker.measure == "share":
        return f"{marker.value:.0%} against {marker.total:.0%} of everybody"
    return f"average {plain_number(marker.value)} against {plain_number(marker.total)} of everybody"
