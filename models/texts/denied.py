"""What an answer denies: a word ("not expensive"), or that something matters at all ("price is not important")."""

import re
from collections.abc import Mapping, Sequence

NOT = "not isn't aren't wasn't doesn't don't didn't won't can't cannot isnt arent doesnt dont"
NEGATORS: Mapping[str, Mapping[str, str]] = {
    language: {word: forms.split()[0] for forms in groups for word in forms.split()}
    for language, groups in {
        "en": (NOT, "no", "never", "nothing", "without"),
        "sv": ("inte ej", "aldrig", "ingen", "inga", "inget ingenting", "utan"),
        "nb": ("ikke ikkje", "aldri", "ingen", "intet ingenting", "uten"),
        "da": ("ikke", "aldrig", "ingen", "intet ingenting", "uden"),
        "fi": ("ei eivät eikä", "en", "ilman"),
    }.items()
}
"""By language the words that deny what follows, in small letters, with how a term shows them."""

BETWEEN = frozenset(
    word
    for words in (
        "is are was were be been being too so that very at all really especially particularly any a an the",
        "är var vara varit så för alltför särskilt speciellt alls någon några något",
        "er blir være være så for altfor spesielt særlig særligt specielt noen nogen",
        "ole ollut oo olla niin liian kovin erityisen mitään yhtään",
    )
    for word in words.split()
)
"""Words that may stand between a negator and what it denies."""

ONLY = frozenset({"only", "just", "bare", "bara", "kun", "endast", "vain", "pelkästään"})
"""After a negator these deny nothing: "not only cheap"."""

_MATTERS_NOT = re.compile(
    r"(?:n['’]?t|not|never) (?:\w+ ){0,2}?(?:matter|important)\b"
    r"|\b(?:I|we) (?:\w+ )?(?:don['’]?t|not|never) (?:\w+ )?(?:care (?:about|for|what|how|if)|look at|compare)\b"
    r"|\b(?:un|ir)(?:important|relevant)\b|\bno object\b|\bnot interested\b"
    r"|\b(?:spelar?|spiller) (?:\w+ )?ingen (?:större |stor )?rolle?\b|\b(?:inte|ej) (?:\w+ )?viktigt?\b|\boviktigt?\b"
    r"|\bbryr (?:jag )?mig (?:inte|ej|föga)\b|\b(?:inte|ej) bryr mig\b"
    r"|\bbryr (?:jeg )?meg ikke\b|\bikke (?:så |særlig )?(?:viktig|vigtig)t?\b|\bligegyldigt?\b|\bligeglad\b"
    r"|\bbetyder (?:ikke|intet|ingenting|ikke noget)\b|\bbetyr (?:ikke|ingenting)\b"
    r"|\bei (?:\w+ )?(?:väliä|merkitystä|tärkeää?)\b|\ben (?:\w+ )?välitä\b|\bei kiinnosta\b|\byhdentekevää?\b",
    re.IGNORECASE,
)


def matters_not(idea: str) -> bool:
    """Tell whether an idea says that what it names does not matter.

    >>> [matters_not(idea) for idea in ("Priset spelar ingen roll", "I don't care about the price", "Not expensive")]
    [True, True, False]
    """
    return _MATTERS_NOT.search(idea) is not None


def denied_by(words: Sequence[str], at: int, language: str) -> str:
    """Return what denies the word at a place of a clause, as a term shows it; "" when nothing does.

    words: of the clause, in small letters.

    >>> denied_by(["det", "är", "inte", "så", "dyrt"], 4, "sv"), denied_by(["not", "only", "cheap"], 2, "en")
    ('inte', '')
    """
    place = at - 1
    while place >= 0 and words[place] in BETWEEN:
        place -= 1
    after = words[place + 1] if place + 1 < len(words) else ""
    return "" if place < 0 or after in ONLY else NEGATORS.get(language, {}).get(words[place], "")
