"""The example surveys that come with Samtal: complete studies to try, to read and to begin from."""

from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path

from survey.definition import load
from survey.errors import AppError

FOLDER = Path(str(files("data"))) / "packaged" / "surveys"


@dataclass(frozen=True)
class Example:
    """One example survey; title in English, locale: the language of its default texts."""

    name: str
    title: str
    locale: str
    questions: int
    path: Path


@cache
def examples() -> tuple[Example, ...]:
    """Return every example survey, by name."""
    return tuple(_read(path) for path in sorted(FOLDER.glob("*.yaml")))


def example(name: str) -> Example:
    """Return the example survey of that name; raises AppError naming similar ones when there is none."""
    found = {one.name: one for one in examples()}
    if name not in found:
        near = get_close_matches(name, found) or list(found)
        raise AppError(f"There is no example survey '{name}'.", f"Choose {' or '.join(near)}.")
    return found[name]


def write_example(name: str, out: Path) -> Example:
    """Copy an example survey into a new file; raises AppError when it exists already or cannot be written."""
    chosen = example(name)
    try:
        with out.open("x", encoding="utf-8", newline="\n") as file:
            file.write(chosen.path.read_text(encoding="utf-8"))
    except FileExistsError as error:
        raise AppError(f"The file '{out}' is there already.", "Give another name, or delete it first.") from error
    except OSError as error:
        raise AppError(f"The file '{out}' cannot be written: {error.strerror}.", "Check the path.") from error
    return chosen


def _read(path: Path) -> Example:
    _, survey = load(path)
    title = survey.title.text("en") if survey.title else path.stem
    asked = sum(question.asks for question in survey.questions)
    return Example(path.stem, title, survey.locale, asked, path)
