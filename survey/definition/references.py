"""Whether everything that a survey names exists."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from survey.definition.problems import Line

if TYPE_CHECKING:
    from survey.definition.document import Survey


def first_reference_problem(survey: "Survey", document: Mapping[str, Any], source: str, line: Line) -> str | None:
    return None
