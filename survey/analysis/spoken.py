"""The texts that a text model may have been asked about: whose vectors can be known, and must be forgotten."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from models.population import Population
from models.texts.cleaning import to_embed
from models.texts.ideas import split_ideas
from models.texts.tokens import clauses


def embedded(texts: Iterable[str]) -> set[str]:
    """Return all that is embedded of these answers: each as a whole, its ideas, and its words."""
    return {part for text in texts for part in _parts(text)} - {""}


def in_population(population: Population, frames: Mapping[str, Any]) -> set[str]:
    """Return all that is embedded of the open answers of a population, and of the code frames they are coded with."""
    answers = {text for question in population.questions if question.open for text in question.answers.values if text}
    said = {text for question in population.questions for chain in question.chains for text in chain}
    return embedded(answers | said | set(strings(frames))) if answers else set()


def to_keep(vectors: Mapping[str, Any], listed: Collection[str]) -> dict[str, Any]:
    """Return the vectors that may be kept: those of listed texts, which a deletion finds again.

    What one person says of a basis in several places of an answer is embedded as one text, which is no part of the
    answer as it was written.
    """
    return {text: vector for text, vector in vectors.items() if text in listed}


def strings(value: Any) -> Iterator[str]:
    """Yield every text in plain data of any shape, keys left out."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list | tuple):
        for item in value.values() if isinstance(value, Mapping) else value:
            yield from strings(item)


def _parts(text: str) -> Iterator[str]:
    yield text
    yield to_embed(text)
    yield from (to_embed(idea) for idea in split_ideas(text))
    yield from (word.lower() for clause in clauses(text) for word in clause)
