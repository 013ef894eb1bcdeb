"""The finished typing tool: plain numbers that classify, in the chat and in a spreadsheet alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.golden.accuracy import Step
from models.golden.coders import Golden, Matrix
from models.golden.linear import Linear
from models.results import Ints


class Typed(NamedTuple):
    """Where one person belongs: segment (0 when no golden question was answered), its probability, and those of all.

    probabilities: by segment, summing to 1; those of everybody when nothing was answered.
    """

    segment: int
    probability: float
    probabilities: dict[int, float]


@dataclass(frozen=True)
class TypingTool:
    """Golden questions and how their answers are weighed.

    coders: the golden questions, the most telling first. segments: numbers, ascending; names: of these. weights: float
    (k, p) over the numbers of all coders; intercept: float (k,). shares: of the segments among the people it was made
    from. steps: what 1, 2, … questions reach. recommended: the number that was advised. confusion: int (k, k), true
    segment by given one, people the tool was not made from. people: it was made from so many. validated: on so many.
    survey: the golden questions as the survey document that they were asked with, None when they come from a table.
    """

    coders: tuple[Golden, ...]
    segments: tuple[int, ...]
    names: tuple[str, ...]
    weights: Matrix
    intercept: Matrix
    confusion: Ints
    shares: tuple[float, ...]
    steps: tuple[Step, ...]
    recommended: int
    method: str
    people: int
    validated: int
    seed: int
    notes: tuple[str, ...] = ()
    survey: dict[str, Any] | None = None

    @property
    def step(self) -> Step:
        """What the tool reaches with its own number of questions."""
        return self.steps[len(self.coders) - 1]

    @property
    def questions(self) -> tuple[str, ...]:
        """Names of the questions to ask, each once."""
        return tuple(dict.fromkeys(one.name for one in self.coders))

    def name(self, segment: int) -> str:
        """Return the name of a segment, "" for 0."""
        return dict(zip(self.segments, self.names, strict=True)).get(segment, "")

    def classify(self, answers: Mapping[str, Any]) -> Typed:
        """Return where one person belongs; answers: values by name of the question, as in Answers.

        A golden question without an answer, or with one that the tool does not know, counts as the mean of all people.
        """
        labels, _, p = self.classify_all({name: [value] for name, value in answers.items()}, 1)
        given = dict(zip(self.segments, p[0].tolist(), strict=True))
        segment = int(labels[0])
        return Typed(segment, given.get(segment, 0.0), given)

    def classify_all(
        self, answers: Mapping[str, Sequence[Any]], people: int
    ) -> tuple[Ints, NDArray[np.float64], Matrix]:
        """Return segments int (n,), their probability (n,) and those of all (n, k); arguments as for `classify`."""
        nobody = [None] * people
        coded = [one.numbers(answers.get(one.name, nobody)) for one in self.coders]
        p = Linear(self.weights, self.intercept).probabilities(np.hstack([numbers for numbers, _ in coded]))
        there = np.any([answered for _, answered in coded], axis=0)
        p[~there] = self.shares
        best = p.argmax(axis=1)
        labels = np.where(there, np.array(self.segments)[best], 0)
        return labels.astype(np.int64), np.where(there, p[np.arange(people), best], 0.0), p
