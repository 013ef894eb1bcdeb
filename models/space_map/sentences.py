"""English sentences of WordNet, to fit the map on: definitions and example sentences."""

import re
from pathlib import Path

PARTS_OF_SPEECH = ("noun", "verb", "adj", "adv")
FEWEST_WORDS = 2

_EXAMPLE = re.compile(r'"([^"]+)(?:"|$)')
_GAP = re.compile(r"\s*;(\s*;)+\s*")


def read_sentences(wordnet: Path) -> list[str]:
    """Return the different definitions and examples in WordNet's data files, in file order.

    wordnet: the folder with data.noun, data.verb, data.adj and data.adv (Debian: /usr/share/wordnet).
    """
    found: dict[str, None] = {}
    for part in PARTS_OF_SPEECH:
        for line in (wordnet / f"data.{part}").read_text(encoding="latin-1").splitlines():
            if " | " in line and not line.startswith("  "):
                found.update(dict.fromkeys(split_gloss(line.split(" | ", 1)[1])))
    return [sentence for sentence in found if len(sentence.split()) >= FEWEST_WORDS]


def split_gloss(gloss: str) -> list[str]:
    """Return a gloss's definition, then its examples.

    >>> split_gloss('a bag; carried by hand; "she lost her bag"; "two bags"  ')
    ['a bag; carried by hand', 'she lost her bag', 'two bags']
    """
    definition = _GAP.sub("; ", _EXAMPLE.sub("", gloss))
    return [" ".join(text.split()) for text in (definition.strip(' ;"'), *_EXAMPLE.findall(gloss)) if text.strip()]
