"""English sentences to fit the map on: WordNet's definitions and examples, and Debian's one-line package descriptions.

WordNet covers everyday words; the descriptions add the words of software and services, which WordNet of 2006 lacks.
"""

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

PARTS_OF_SPEECH = ("noun", "verb", "adj", "adv")
FEWEST_WORDS = {"wordnet": 2, "debian": 3}

_EXAMPLE = re.compile(r'"([^"]+)"')
_GAP = re.compile(r"\s*;(\s*;)+\s*")
_ASIDE = re.compile(r"\s*[(\[][^)\]]*[)\]]|\s+-+\s+.*")


def read_wordnet(folder: Path) -> list[str]:
    """Return the different definitions and examples in WordNet's data files, in file order.

    folder: holds data.noun, data.verb, data.adj and data.adv (Debian: /usr/share/wordnet).
    """
    found: dict[str, None] = {}
    for part in PARTS_OF_SPEECH:
        for line in (folder / f"data.{part}").read_text(encoding="latin-1").splitlines():
            if " | " in line and not line.startswith("  "):
                found.update(dict.fromkeys(split_gloss(line.split(" | ", 1)[1])))
    return [sentence for sentence in found if len(sentence.split()) >= FEWEST_WORDS["wordnet"]]


def split_gloss(gloss: str) -> list[str]:
    """Return a gloss's definition, then its examples.

    >>> split_gloss('a bag; carried by hand; "she lost her bag"; "two bags"  ')
    ['a bag; carried by hand', 'she lost her bag', 'two bags']
    """
    definition = _GAP.sub("; ", _EXAMPLE.sub("", gloss))
    return [" ".join(text.split()) for text in (definition.strip(' ;"'), *_EXAMPLE.findall(gloss)) if text.strip()]


def read_synopses(packages: Path) -> list[str]:
    """Return the different one-line descriptions in a Debian package index, without what stands in brackets.

    packages: as written by `apt-cache dumpavail`. The order depends on each text alone, so that a sample of the
    first lines stays nearly the same when the archive changes a little.
    """
    found: dict[str, str] = {}
    for line in packages.read_text(encoding="utf-8").splitlines():
        if line.startswith("Description: "):
            text = _ASIDE.sub("", line.removeprefix("Description: ")).strip()
            if len(text.split()) >= FEWEST_WORDS["debian"]:
                found.setdefault(text.lower(), text)
    return _shuffled(found.values())


def _shuffled(texts: Iterable[str]) -> list[str]:
    return sorted(texts, key=lambda text: hashlib.sha256(text.encode("utf-8")).digest())
