"""The same words from several people, or from one person to several questions."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import ceil

from survey.conversation.probes.wording import plain
from survey.conversation.quality.records import Flag, Study

Finding = tuple[str, Flag]
Shingle = tuple[str, ...]

FEWEST_CHARACTERS = 30
FEWEST_WORDS = 6
SHINGLE = 3
ALIKE = 0.7
NEAR_WORDS = 10
OWN_CHARACTERS = 12


@dataclass(frozen=True)
class _Text:
    person: str
    question: str
    words: str


def copied(study: Study) -> Iterator[Finding]:
    """Yield longer answers that somebody else gave word for word, or nearly so (three-word shingles, Jaccard 0.7).

    Letter case and punctuation do not count. Short answers are exempt: many people say the same few words.
    """
    texts = list(_longer(study))
    people: defaultdict[str, set[str]] = defaultdict(set)
    for text in texts:
        people[text.words].add(text.person)
    near = _near(texts)
    for number, text in enumerate(texts):
        others = len(people[text.words]) - 1
        if others:
            yield text.person, Flag("copied", 35, text.question, {"others": others})
        elif near.get(number):
            yield text.person, Flag("nearly_copied", 25, text.question, {"others": len(near[number])})


def repeats_itself(study: Study) -> Iterator[Finding]:
    """Yield people who gave the same words to several questions; a probe may bring the same answer again."""
    for respondent in study.respondents:
        where: dict[str, dict[str, None]] = {}
        for name, _, text in respondent.texts(study.asked(respondent)):
            where.setdefault(plain(text), {})[name] = None
        for words, names in where.items():
            if len(names) > 1 and len(words) >= OWN_CHARACTERS:
                yield respondent.id, Flag("repeats_itself", 15, next(iter(names)), {"questions": len(names)})


def _longer(study: Study) -> Iterator[_Text]:
    for respondent in study.respondents:
        for name, _, text in respondent.texts(study.asked(respondent)):
            words = plain(text)
            if len(words) >= FEWEST_CHARACTERS and words.count(" ") + 1 >= FEWEST_WORDS:
                yield _Text(respondent.id, name, words)


def _near(texts: list[_Text]) -> dict[int, set[str]]:
    """Return, by the number of a text, the other people who wrote nearly the same."""
    who: defaultdict[str, set[str]] = defaultdict(set)
    for text in texts:
        who[text.words].add(text.person)
    alike = _alike({words: _shingles(words) for words in who})
    return {
        number: set().union(*(who[other] for other in alike[text.words])) - {text.person}
        for number, text in enumerate(texts)
        if text.words in alike
    }


def _alike(shingles: Mapping[str, frozenset[Shingle]]) -> dict[str, list[str]]:
    """Return, for each text, the others with a Jaccard similarity of at least ALIKE.

    Two such texts share one of their rarest shingles, so only those are looked up (prefix filtering: Chaudhuri, Ganti
    and Kaushik, 2006).
    """
    often = Counter(shingle for found in shingles.values() for shingle in found)
    holding: defaultdict[Shingle, list[str]] = defaultdict(list)
    alike: defaultdict[str, list[str]] = defaultdict(list)
    for words, found in shingles.items():
        rarest = sorted(found, key=lambda shingle: (often[shingle], shingle))
        rarest = rarest[: len(found) - ceil(ALIKE * len(found)) + 1]
        for other in {other for shingle in rarest for other in holding[shingle]}:
            both = len(found & shingles[other])
            if both >= ALIKE * (len(found) + len(shingles[other]) - both):
                alike[words].append(other)
                alike[other].append(words)
        for shingle in rarest:
            holding[shingle].append(words)
    return alike


def _shingles(words: str) -> frozenset[Shingle]:
    parts = words.split()
    if len(parts) < NEAR_WORDS:
        return frozenset()
    return frozenset(tuple(parts[start : start + SHINGLE]) for start in range(len(parts) - SHINGLE + 1))
