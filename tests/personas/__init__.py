"""Scripted people and answers with their levels; see README.md."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from survey.definition import Question, parse

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Person:
    """One transcript: the researcher's limit of probes, and the answers, each with its level."""

    id: str
    language: str
    turns: int
    question: str
    answers: tuple[tuple[str, str], ...]

    def asked(self) -> Question:
        """Return the question as a survey holds it."""
        return laddered(self.question, self.turns, self.language)


def people(folder: str = "") -> Iterator[Person]:
    """Return everybody in tests/personas, or in a folder below it."""
    for file in sorted((FOLDER / folder).glob("*.yaml")):
        for number, entry in enumerate(yaml.safe_load(file.read_text(encoding="utf-8")), 1):
            yield Person(
                entry.get("id", f"{file.stem}-{number}"),
                file.stem,
                entry.get("turns", 3),
                entry.get("question", "?"),
                tuple((text, level) for text, level in entry["answers"]),
            )


def laddered(title: str = "What matters to you?", turns: int = 3, language: str = "en", **notes: object) -> Question:
    """Return an open question that is asked on."""
    element = {"type": "comment", "name": "q", "title": title, "samtal": {"laddering": {"turns": turns}, **notes}}
    return parse({"locale": language, "elements": [element]}).questions[0]
