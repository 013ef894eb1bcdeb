"""The few words that names need besides the answers themselves, by language."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Phrases:
    """Patterns with a place for an answer: leading, denied, of a number above or below the usual, and for all or none.

    both: two answers of equal weight. everything, nothing: what is said of people who are above or below the others
    nearly everywhere. middle: of people who are in no number as far off as others are. alike: nobody stands out.
    everybody: there is one segment.
    """

    first: str
    both: str
    denied: str
    above: str
    below: str
    everything: str
    nothing: str
    middle: str
    alike: str
    everybody: str


PHRASES: Mapping[str, Phrases] = MappingProxyType(
    {
        "en": Phrases(
            "{} first",
            "{} and {}",
            "not {}",
            "{}: above average",
            "{}: below average",
            "More of everything, most of all {}",
            "Less of everything, least of all {}",
            "Near the average",
            "Like everybody",
            "Everybody",
        ),
        "sv": Phrases(
            "{} först",
            "{} och {}",
            "inte {}",
            "{}: över snittet",
            "{}: under snittet",
            "Mer av allt, mest {}",
            "Mindre av allt, minst {}",
            "Nära snittet",
            "Som alla andra",
            "Alla",
        ),
        "nb": Phrases(
            "{} først",
            "{} og {}",
            "ikke {}",
            "{}: over snittet",
            "{}: under snittet",
            "Mer av alt, mest {}",
            "Mindre av alt, minst {}",
            "Nær snittet",
            "Som alle andre",
            "Alle",
        ),
        "da": Phrases(
            "{} først",
            "{} og {}",
            "ikke {}",
            "{}: over gennemsnittet",
            "{}: under gennemsnittet",
            "Mere af alt, mest {}",
            "Mindre af alt, mindst {}",
            "Nær gennemsnittet",
            "Som alle andre",
            "Alle",
        ),
        "fi": Phrases(
            "{} ensin",
            "{} ja {}",
            "ei {}",
            "{}: yli keskiarvon",
            "{}: alle keskiarvon",
            "Enemmän kaikkea, eniten {}",
            "Vähemmän kaikkea, vähiten {}",
            "Lähellä keskiarvoa",
            "Kuten kaikki muut",
            "Kaikki",
        ),
    }
)


def phrases(language: str) -> Phrases:
    """Return the phrases of a language, in English where there are none in it."""
    return PHRASES.get(language, PHRASES["en"])
