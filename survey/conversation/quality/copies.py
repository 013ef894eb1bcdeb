"""The same words from several people, or from one person to several questions."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from survey.conversation.probes.wording import plain
from survey.conversation.quality.records import Flag, Study

Finding = tuple[str, Flag]

FEWEST_CHARACTERS = 30
FEWEST_WORDS = 6
SHINGLE = 3
ALIKE = 0.7
NEAR_WORDS = 10
COMMON_SHINGLE = 200
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
        for name, _, text in respondent.texts(study.survey):
            where.setdefault(plain(text), {})[name] = None
        for words, names in where.items():
            if len(names) > 1 and len(words) >= OWN_CHARACTERS:
                yield respondent.id, Flag("repeats_itself", 15, next(iter(names)), {"questions": len(names)})


def _longer(study: Study) -> Iterator[_Text]:
    for respondent in study.respondents:
        for name, _, text in respondent.texts(study.survey):
            words = plain(text)
            if len(words) >= FEWEST_CHARACTERS and words.count(" ") + 1 >= FEWEST_WORDS:
                yield _Text(respondent.id, name, words)


def _near(texts: list[_Text]) -> dict[int, set[str]]:
    """Return, by the number of a text, the other people who wrote nearly the same."""
    shingles = {number: _shingles(text.words) for number, text in enumerate(texts)}
    holding: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, found in shingles.items():
        for shingle in found:
            holding[shingle].append(number)
    near: defaultdict[int, set[str]] = defaultdict(set)
    shared: defaultdict[tuple[int, int], int] = defaultdict(int)
    for numbers in holding.values():
        if 1 < len(numbers) <= COMMON_SHINGLE:
            for place, one in enumerate(numbers):
                for other in numbers[place + 1 :]:
                    shared[one, other] += 1
    for (one, other), both in shared.items():
        if texts[one].person != texts[other].person and both >= ALIKE * (
            len(shingles[one]) + len(shingles[other]) - both
        ):
            near[one].add(texts[other].person)
            near[other].add(texts[one].person)
    return near


def _shingles(words: str) -> frozenset[tuple[str, ...]]:
    parts = words.split()
    if len(parts) < NEAR_WORDS:
        return frozenset()
    return frozenset(tuple(parts[start : start + SHINGLE]) for start in range(len(parts) - SHINGLE + 1))
