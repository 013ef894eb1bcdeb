"""What the interviewer may ask in a language, and the cues that tell how deep an answer goes.

One packaged file a language (data/packaged/probes); a language without one is asked in English.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

import yaml

FALLBACK = "en"
KINDS = ("clarify", "attribute", "consequence")
LEVELS = ("attribute", "consequence", "value")
CUES = ("dunno", "refusal", "empty", *LEVELS)
CHECKS = ("asking", "private")
_PUNCTUATION = re.compile(r"[^\w'/\-]+")


@dataclass(frozen=True)
class Wording:
    """One language and its English name: probes by kind, a pattern for each kind of cue, and exemplar answers by level.

    checks: patterns for probes that a language model words: `asking`, words that questions in the language are made of,
    and `private`, what is never asked for.
    """

    name: str
    probes: Mapping[str, tuple[str, ...]]
    cues: Mapping[str, re.Pattern[str]]
    checks: Mapping[str, re.Pattern[str]]
    exemplars: Mapping[str, tuple[str, ...]]


@cache
def wording(language: str) -> Wording:
    """Return what is packaged for a language, or for English when nothing is."""
    folder = files("data").joinpath("packaged", "probes")
    file = folder.joinpath(f"{language}.yaml")
    if not (language.isalpha() and file.is_file()):
        file = folder.joinpath(f"{FALLBACK}.yaml")
    found = yaml.safe_load(file.read_text(encoding="utf-8"))
    return Wording(
        name=str(found["name"]),
        probes=MappingProxyType({kind: tuple(found["probes"][kind]) for kind in KINDS}),
        cues=MappingProxyType({kind: pattern(found["cues"][kind].split(",")) for kind in CUES}),
        checks=MappingProxyType({kind: pattern(found["generated"][kind].split(",")) for kind in CHECKS}),
        exemplars=MappingProxyType({level: tuple(found["exemplars"][level]) for level in LEVELS}),
    )


def probe_text(key: str, language: str) -> str:
    """Return the packaged words of a probe such as "attribute.2" in a language.

    A key that names no packaged words (one a language model worded, or of another version) brings the first ones.

    >>> probe_text("attribute.1", "sv")
    'Varför är det viktigt för dig?'
    """
    kind, _, number = key.partition(".")
    texts = wording(language).probes.get(kind) or wording(language).probes["clarify"]
    return texts[(int(number) - 1) % len(texts) if number.isdecimal() else 0]


def plain(text: str) -> str:
    """Return a text in lower case, its words parted by single blanks and without punctuation.

    >>> plain("It’s cheap — really CHEAP!")
    "it's cheap really cheap"
    """
    return _PUNCTUATION.sub(" ", text.replace("’", "'").casefold()).strip(" '-/")


def pattern(cues: list[str]) -> re.Pattern[str]:
    """Return a pattern that finds any of the cues in a plain text; a star in a cue stands for any letters."""
    wanted = sorted({plain_cue for cue in cues if (plain_cue := " ".join(cue.split()).casefold())}, key=len)
    ways = "|".join(re.escape(cue).replace(r"\*", r"\w*").replace(r"\ ", " ") for cue in reversed(wanted))
    return re.compile(rf"(?<![\w']){'(?:' + ways + ')'}(?![\w'])")
