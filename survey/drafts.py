"""New survey files to begin from: an example survey, or questions of the library put together."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from survey.definition import Survey, parse
from survey.definition.loading import read
from survey.definition.text import DEFAULT, Localised
from survey.errors import AppError
from survey.examples import examples, write_new
from survey.library import WRITTEN_IN, search, survey_from
from survey.wording import count


class _WithoutAnchors(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


def write_draft(names: Sequence[str], out: Path, title: str | None = None, locale: str | None = None) -> Survey:
    """Write a new survey file and return the survey in it.

    names: one example, or questions of the library in the order in which they are asked. out: a file that does not
    exist yet; JSON when its name ends in .json, else YAML. title: of a survey made of questions, by default its first
    question. locale: the language of the title and of the `default` texts, English by default.
    Raises AppError when a name is unknown, an example is to be changed on the way, or the file cannot be written.
    """
    example = next((one for one in examples() if [one.name] == list(names)), None)
    if example is None:
        document = _of_questions(names, title, locale or WRITTEN_IN)
        write_new(out, _written(document, out))
        return parse(document)
    if title or locale:
        told = f"The example '{example.name}' has a title and a language of its own."
        raise AppError(told, "Change them in the file.")
    document, survey = read(example.content, f"{example.name}.yaml")
    write_new(out, _written(document, out) if _is_json(out) else example.content)
    return survey


def draft(names: Sequence[str], title: str | None = None, locale: str | None = None) -> bytes:
    """Return a survey document in YAML made of questions of the library; arguments and errors as of `write_draft`."""
    return _yaml(_of_questions(names, title, locale or WRITTEN_IN))


def write_document(document: Mapping[str, Any], out: Path) -> None:
    """Write a survey document into a file that does not exist yet, JSON or YAML by its name; raises AppError."""
    write_new(out, _written(document, out))


def listing(words: str = "") -> list[str]:
    """Return a line for each example survey and each question of the library in which all the words occur."""
    wanted = words.casefold().split()
    told = [(one.name, count(one.questions, "question"), _english(one.survey.title)) for one in examples()]
    lines = [_line(*line) for line in told if all(word in " ".join(line).casefold() for word in wanted)]
    return [*lines, *(_line(one.id, one.kind, one.title[DEFAULT]) for one in search(words))]


def _english(title: Localised | None) -> str:
    return title.text(WRITTEN_IN) if title else ""


def _line(name: str, what: str, title: str) -> str:
    return f"{name:<22} {what:<13} {title}"


def _of_questions(names: Sequence[str], title: str | None, locale: str) -> dict[str, Any]:
    document = survey_from(names, title or "", locale)
    first = document["pages"][0]["elements"][0]
    return document if title else {**document, "title": first["title"]}


def _is_json(out: Path) -> bool:
    return out.suffix.lower() == ".json"


def _written(document: Mapping[str, Any], out: Path) -> bytes:
    if _is_json(out):
        return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()
    return _yaml(document)


def _yaml(document: Mapping[str, Any]) -> bytes:
    return yaml.dump(document, Dumper=_WithoutAnchors, allow_unicode=True, sort_keys=False, width=110).encode()
