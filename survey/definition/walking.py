"""Every text and every expression of a survey, with the place where it stands in the document."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel

from survey.definition.expressions import Expression
from survey.definition.kinds import Html
from survey.definition.text import Localised

if TYPE_CHECKING:
    from survey.definition.document import Survey

Path = tuple[str | int, ...]
Found = TypeVar("Found", Expression, Localised)


def expressions(survey: "Survey") -> Iterator[tuple[Path, Expression]]:
    """Yield every expression with its path."""
    yield from _of(survey, Expression, ())


def texts(survey: "Survey") -> Iterator[tuple[Path, Localised]]:
    """Yield every text in all its languages with its path; of a message only its `html`."""
    yield from _of(survey, Localised, ())


def _of(part: Any, wanted: type[Found], path: Path) -> Iterator[tuple[Path, Found]]:
    if isinstance(part, wanted):
        yield path, part
    elif isinstance(part, list | tuple):
        for at, entry in enumerate(part):
            yield from _of(entry, wanted, (*path, at))
    elif isinstance(part, BaseModel):
        for name, info in type(part).model_fields.items():
            if not (isinstance(part, Html) and name == "title"):
                yield from _of(getattr(part, name), wanted, (*path, info.alias or name))
