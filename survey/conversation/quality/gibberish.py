"""Answers that are no words: keys struck at random, one letter held down, the same syllable again and again."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import pairwise
from math import log

from models.texts.struck_keys import LAUGHTER, RUN, WORDS, along_a_row, is_struck
from survey.conversation.quality.records import Flag, Study

Finding = tuple[str, Flag]

FOLDERS = ("locales", "probes", "library", "surveys")
DRAWN_OUT = re.compile(r"(\w)\1{2,}")
MOST_READ = 400
FEWEST_LETTERS = 6
FEWEST_PAIRS = 7
LEAST_LIKELY, FEW_PAIRS, LEAST_LIKELY_OF_FEW = -4.2, 13, -5.0
SMOOTHING = 0.1
MARK_SHARE = 0.4


def gibberish(study: Study) -> Iterator[Finding]:
    """Yield free texts that do not look like words."""
    for respondent in study.respondents:
        for name, _, text in respondent.texts(study.asked(respondent)):
            if is_gibberish(text):
                yield respondent.id, Flag("gibberish", 30, name)


def is_gibberish(text: str) -> bool:
    """Say whether most of a text is no words of any language written in the letters of ours.

    Short answers and other scripts are never judged. Whether letters follow each other as in words is measured against
    the packaged texts in all five languages.

    >>> is_gibberish("sdkfjh woeiru"), is_gibberish("asdfasdf"), is_gibberish("kyllä, työyhteisö"), is_gibberish("ok")
    (True, True, False, False)
    """
    words = WORDS.findall(text[:MOST_READ].casefold())
    letters = sum(map(len, words))
    if letters < FEWEST_LETTERS:
        return letters >= RUN and any(along_a_row(word) for word in words)
    odd = sum(len(word) for word in words if is_struck(word))
    return odd > MARK_SHARE * letters or _least_likely(words)


def _least_likely(words: list[str]) -> bool:
    """Say whether the letters follow each other as they hardly do in words; unknown letters are not judged.

    A single word must be unlikelier than a longer answer: names and loan words are spelt in their own way.
    """
    pairs, starts = _letter_pairs()
    known = [word for word in words if all(letter in starts for letter in word) and not LAUGHTER.match(word)]
    spelt = [pair for word in known for pair in pairwise(DRAWN_OUT.sub(r"\1", f" {word} "))]
    if len(spelt) < FEWEST_PAIRS or 2 * sum(map(len, known)) < sum(map(len, words)):
        return False
    chances = [log((pairs[pair] + SMOOTHING) / (starts[pair[0]] + SMOOTHING * len(starts))) for pair in spelt]
    return sum(chances) / len(chances) < (LEAST_LIKELY if len(spelt) >= FEW_PAIRS else LEAST_LIKELY_OF_FEW)


@cache
def _letter_pairs() -> tuple[Counter[tuple[str, str]], Counter[str]]:
    """Return how often letters follow each other in the packaged texts; rare letters left out."""
    pairs: Counter[tuple[str, str]] = Counter()
    starts: Counter[str] = Counter()
    for folder in FOLDERS:
        texts = [file for file in files("data").joinpath("packaged", folder).iterdir() if file.name.endswith(".yaml")]
        for file in sorted(texts, key=lambda found: found.name):
            for word in WORDS.findall(file.read_text(encoding="utf-8").casefold()):
                pairs.update(pairwise(f" {word} "))
                starts.update(f" {word}")
    return pairs, starts
