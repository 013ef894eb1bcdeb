"""The packaged example surveys: whole documents to try, to read and to start from."""

from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path

from survey.definition import Survey
from survey.definition.loading import load
from survey.errors import AppError

FOLDER = Path(str(files("data"))) / "packaged" / "surveys"


@dataclass(frozen=True)
class Example:
    """One example. name: its file without the ending. content: the document as it stands in the file."""

    name: str
    survey: Survey
    content: bytes

    @property
    def title(self) -> str:
        """What the survey is called, in its own language."""
        return self.survey.title.text(self.survey.locale) if self.survey.title else self.name

    @property
    def questions(self) -> int:
        """How many questions it can ask at most."""
        return sum(question.asks for question in self.survey.questions)


@cache
def examples() -> tuple[Example, ...]:
    """Return the packaged example surveys, the shortest first."""
    found = [Example(path.stem, load(path)[1], path.read_bytes()) for path in sorted(FOLDER.glob("*.yaml"))]
    return tuple(sorted(found, key=lambda example: (example.questions, example.name)))


def example(name: str) -> Example:
    """Return the example of that name; raises AppError naming similar ones when there is none."""
    found = {one.name: one for one in examples()}
    if name not in found:
        near = get_close_matches(name, found) or list(found)
        raise AppError(f"There is no example survey '{name}'.", f"Choose {' or '.join(near)}.")
    return found[name]


def write_example(name: str, out: Path) -> Example:
    """Copy an example into a new file; raises AppError when the file exists already or cannot be written."""
    chosen = example(name)
    write_new(out, chosen.content)
    return chosen


def write_new(out: Path, content: bytes) -> None:
    """Write a file that does not exist yet; raises AppError when it does, or cannot be written."""
    try:
        with out.open("xb") as file:
            file.write(content)
    except FileExistsError as error:
        raise AppError(f"The file '{out}' is there already.", "Give another name, or delete it first.") from error
    except OSError as error:
        raise AppError(f"The file '{out}' cannot be written: {error.strerror}.", "Check the path.") from error
