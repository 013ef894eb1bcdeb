"""Segments on several bases as a run of a study keeps them, and back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from models.population import Population
from models.solution import Solutions
from models.solution_io import from_dict, to_dict
from survey.analysis.population import StudyPopulation, with_centred

Arrays = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class BasesRun:
    """A finished run by bases: what was found, whose rows these are ("" = deleted since), and what was asked.

    titles: of every question by its name, as it stood then. until: the moment, as Responses.last_answer counts.
    centred: names of the batteries that were compared with each person's own mean; None where the run does not say.
    """

    solutions: Solutions
    responses: tuple[str, ...]
    titles: Mapping[str, str]
    until: int
    notes: tuple[str, ...] = ()
    centred: tuple[str, ...] | None = None

    def as_seen(self, people: StudyPopulation) -> StudyPopulation:
        """Return people of the study, then or later, with their marks compared as in the run."""
        return people if self.centred is None else with_centred(people, self.centred)


def pack_bases(solutions: Solutions, people: StudyPopulation) -> tuple[dict[str, Any], Arrays]:
    """Return what Runs.finish stores: JSON and arrays, with the responses that the rows belong to."""
    document, arrays = to_dict(solutions)
    return {
        "solutions": document,
        "responses": list(people.responses),
        "titles": titles(people.population),
        "until": people.until,
        "notes": list(people.notes),
        "centred": [question.name for question in people.population.questions if question.answers.ipsatise],
    }, arrays


def unpack_bases(document: Mapping[str, Any], arrays: Arrays) -> BasesRun:
    """Return the run that `pack_bases` packed; raises ModelError when it does not fit this version."""
    return BasesRun(
        from_dict(document["solutions"], arrays),
        tuple(document["responses"]),
        dict(document["titles"]),
        document["until"],
        tuple(document["notes"]),
        tuple(document["centred"]) if "centred" in document else None,
    )


def titles(population: Population) -> dict[str, str]:
    """Return the titles of all questions by their names."""
    return {question.name: question.title for question in population.questions}
