"""The groups of one question as a solution of a basis that nothing else forms."""

from models.results import OneQuestion
from models.single import SingleSettings
from models.solution import Solution
from models.solutions import SolveSettings

NONE_ASKED = 5
"""Most groups that are looked for when no number was asked for."""


def single_settings(settings: SolveSettings) -> SingleSettings:
    """Return what was asked of a solution as it is asked of one question."""
    share, seed = settings.min_share, settings.seed
    if isinstance(settings.k, tuple):
        least, most = settings.k
        return SingleSettings(most=most, min_share=share, seed=seed, least=least)
    return SingleSettings(settings.k, max(NONE_ASKED, settings.k or 0), share, seed=seed)


def as_solution(found: OneQuestion, basis: str, seed: int) -> Solution:
    """Return the groups that one question shows as the solution of a basis."""
    said = found.evidence.sentence
    choice = f"One question forms these segments, so no other was weighed against it ({found.method}). {said}"
    return Solution(
        basis=basis,
        labels=found.labels,
        confidence=found.confidence,
        k=found.k,
        method=found.method,
        choice=choice,
        evidence=found.evidence,
        seed=seed,
        questions=(found.question,),
        shares={found.question: 1.0},
        notes=found.notes,
        warnings=found.warnings,
    )


def group_names(found: OneQuestion, title: str) -> dict[int, str]:
    """Return the names that the answers themselves give the groups, by number; mere numbers get the title in front."""
    return {
        group.segment: f"{title} {group.name}" if group.name[:1].isdigit() else group.name for group in found.groups
    }
