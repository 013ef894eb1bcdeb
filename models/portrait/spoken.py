"""What people of each segment say in their own words: terms, quotes, and names made of terms."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.coding import Coding
from models.groups.reduce import unit
from models.population import Question
from models.profiles import QUOTES, leading_terms
from models.results import Floats, Ints, Quote, Term
from models.texts.cleaning import Answered, as_text, joined
from models.texts.excerpts import MOST_READ, mixed
from models.texts.languages import detect_languages
from models.texts.meaning import group_means, without_language
from models.texts.naming import Encode, segment_names
from models.texts.nothing_said import says_nothing
from models.texts.quotes import choose_quotes
from models.texts.terms import distinct_terms, read_vocabulary


@dataclass(frozen=True)
class Said:
    """One segment's own words; name is "" where no term sets the segment apart."""

    terms: tuple[Term, ...] = ()
    quotes: tuple[Quote, ...] = ()
    name: str = ""


@dataclass(frozen=True)
class Voices:
    """The open answers, several questions joined: of everybody, or of a random sample of very many people.

    answered: those of them who said anything. vectors: float (m, d) in that order, unit rows; None where no answer has
    one.
    """

    answered: Answered
    vectors: NDArray[np.float64] | None

    @property
    def language(self) -> str:
        """Return the most common known language, "" when there is none."""
        counts = Counter(language for language in self.answered.languages if language)
        return min(counts, key=lambda one: (-counts[one], one)) if counts else ""


def voices(
    questions: Sequence[Question], codings: Mapping[str, Mapping[str, Coding]], *, ladders: bool = False
) -> Voices:
    """Return what was said to the open questions, a person's answers joined.

    ladders: whether what was said to follow-up questions, where values are told, stands beside the first answer. A
    question whose answers have no vectors, because it forms no segments, is left out where others have some.
    """
    questions = _heard(questions)
    said_by = _said_by(questions, ladders)
    rows = tuple(said_by)
    texts = tuple(joined(parts) for parts in said_by.values())
    some = sorted(mixed(texts, 0)[:MOST_READ].tolist())
    read, said = tuple(rows[at] for at in some), tuple(texts[at] for at in some)
    answered = Answered(said, _languages(questions, codings, read, said), read)
    return Voices(answered, _vectors(questions, read))


def reading_note(questions: Sequence[Question]) -> str:
    """Return what `voices` leaves out, in a sentence; "" when it reads everything."""
    said = len(_said_by(_heard(questions)))
    if said <= MOST_READ:
        return ""
    return f"Names, words and quotes come from a random sample of {MOST_READ:,} of {said:,} answers."


def _heard(questions: Sequence[Question]) -> Sequence[Question]:
    return [question for question in questions if question.answers.vectors is not None] or questions


def _said_by(questions: Sequence[Question], ladders: bool = False) -> dict[int, list[str]]:
    """Return the answers of everybody who says anything, by row."""
    people = len(questions[0].answers.values) if questions else 0
    parts = {row: [text for question in questions for text in _told(question, row, ladders)] for row in range(people)}
    return {row: said for row, said in parts.items() if not all(map(says_nothing, said))}


def _told(question: Question, row: int, ladders: bool) -> Sequence[str]:
    chain = question.chains[row] if ladders and question.chains else ()
    return [as_text(link) for link in chain] or [as_text(question.answers.values[row])]


def _languages(
    questions: Sequence[Question],
    codings: Mapping[str, Mapping[str, Coding]],
    rows: Sequence[int],
    texts: Sequence[str],
) -> tuple[str, ...]:
    """Return the language of each text; those that coding has found need not be found again."""
    known = [coding.languages for question in questions for coding in codings.get(question.name, {}).values()]
    found = [next((languages[row] for languages in known if languages[row]), "") for row in rows]
    missing = [at for at, language in enumerate(found) if not language]
    for at, language in zip(missing, detect_languages([texts[at] for at in missing]), strict=True):
        found[at] = language
    return tuple(found)


def _vectors(questions: Sequence[Question], rows: Sequence[int]) -> NDArray[np.float64] | None:
    """Return the mean of each person's answers, unit length; a question counts where it was answered."""
    found = [question.answers.vectors for question in questions if question.answers.vectors is not None]
    if not rows or not found:
        return None
    total = np.sum([np.asarray(vectors)[list(rows)] for vectors in found], axis=0)
    return unit(np.asarray(total, dtype=np.float64))


def said_by_segment(heard: Voices, labels: Ints, confidence: Floats, k: int, encode: Encode | None) -> list[Said]:
    """Return each segment's own words, segment 1 first.

    labels: int (people,), 0 = no segment. confidence: (people,). encode: as in models.texts.naming.segment_names.
    """
    inside = labels[list(heard.answered.rows)]
    kept = np.flatnonzero(inside > 0)
    if not len(kept):
        return [Said()] * k
    numbers, within = np.unique(inside[kept], return_inverse=True)
    answered = _of(heard.answered, kept)
    vocabulary = read_vocabulary(answered.texts, answered.languages)
    groups = within.astype(np.int64) + 1
    terms = distinct_terms(vocabulary, groups)
    spoken = [dict(Counter(_of(answered, np.flatnonzero(groups == at)).languages)) for at in range(1, len(numbers) + 1)]
    quotes: list[tuple[Quote, ...]] = [()] * len(numbers)
    names = [""] * len(numbers)
    named: list[tuple] = [()] * len(numbers)
    if heard.vectors is not None:
        vectors = heard.vectors[kept]
        sure = np.asarray(confidence, dtype=np.float64)[list(answered.rows)]
        quotes = choose_quotes(answered, vectors, groups, sure, QUOTES)
        centres = group_means(without_language(vectors, answered.languages), groups)
        made = segment_names(terms, spoken, [one[0].text if one else "" for one in quotes], centres, encode)
        names = [name.text if name.terms else "" for name in made]
        named = [name.terms for name in made]
    found = {
        int(number): Said(leading_terms(named[at], terms[at], spoken[at]), quotes[at], names[at])
        for at, number in enumerate(numbers)
    }
    return [found.get(segment, Said()) for segment in range(1, k + 1)]


def _of(answered: Answered, some: NDArray[np.int64]) -> Answered:
    places = some.tolist()
    return Answered(
        tuple(answered.texts[at] for at in places),
        tuple(answered.languages[at] for at in places),
        tuple(answered.rows[at] for at in places),
    )
