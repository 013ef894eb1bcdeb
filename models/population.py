"""People and what they answered, question by question: what segments on any basis are made from."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from models.features import Answers

Basis = Literal["benefit", "psychographic", "demographic", "place", "behaviour", "firm"]
BASES: tuple[Basis, ...] = get_args(Basis)
LEAD_BASES: tuple[Basis, ...] = ("benefit", "psychographic")
"""Bases that open answers feed; the others describe people, or are segmented on request."""


@dataclass(frozen=True)
class Question:
    """One question with everybody's answers.

    title: as people read it. bases: solutions it helps to form; () when it only describes. chains: for an open question
    with laddering, what each person said, first answer first; () otherwise. levels: of each link of a chain, attribute,
    consequence, value or "" when unknown.
    """

    title: str
    answers: Answers
    bases: tuple[Basis, ...] = ()
    chains: tuple[tuple[str, ...], ...] = ()
    levels: tuple[tuple[str, ...], ...] = ()

    @property
    def name(self) -> str:
        """Short name, unique among the questions."""
        return self.answers.name

    @property
    def open(self) -> bool:
        """Whether it is answered in the person's own words."""
        return self.answers.kind == "text"


@dataclass(frozen=True)
class Population:
    """Everybody, in the order of the input. people: their number; every question holds so many answers."""

    people: int
    questions: tuple[Question, ...]

    def __post_init__(self) -> None:
        for question in self.questions:
            if len(question.answers.values) != self.people:
                raise ValueError(
                    f"'{question.name}' holds {len(question.answers.values)} answers for {self.people} people"
                )

    def forming(self, basis: Basis) -> tuple[Question, ...]:
        """Return the questions whose answers form the segments of a basis."""
        return tuple(question for question in self.questions if basis in question.bases)

    def describing(self, basis: Basis) -> tuple[Question, ...]:
        """Return the questions that may describe the segments of a basis: none of those that form them."""
        return tuple(question for question in self.questions if basis not in question.bases)

    def saying_who(self) -> tuple[Question, ...]:
        """Return the closed questions that say who people are: all but those of what they want and value."""
        return tuple(one for one in self.questions if not one.open and not set(one.bases) & set(LEAD_BASES))

    def bases(self) -> Iterator[Basis]:
        """Yield the bases that some question forms, in the order of BASES."""
        yield from (basis for basis in BASES if self.forming(basis))
