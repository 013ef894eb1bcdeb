"""The question library: ready-made questions in five languages with their scoring keys, and documents made of them.

The entries are packaged in `data/packaged/library`, one file a topic; docs/library.md lists them.
"""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from models.codes.frames import load_frame
from survey.definition.languages import LANGUAGES
from survey.definition.text import DEFAULT
from survey.errors import AppError

PACKAGED = Path(str(files("data"))) / "packaged"
FOLDER, FRAME = PACKAGED / "library", PACKAGED / "frames" / "benefits.yaml"
WRITTEN_IN = "en"  # the language of the `default` texts
BENEFITS = "benefits"

Texts = Mapping[str, str]
Element = dict[str, Any]


@dataclass(frozen=True)
class Scale:
    """What several items measure together; group: the wider scale it belongs to, if any."""

    text: Texts
    group: str | None = None


@dataclass(frozen=True)
class Scoring:
    """Which item says something about which scale.

    reversed: items where agreement counts against their scale.
    """

    items: Mapping[str, str]
    scales: Mapping[str, Scale]
    groups: Mapping[str, Texts] = field(default_factory=dict)
    reversed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Entry:
    """One question of the library; `text` holds every word of it, for searching."""

    id: str
    topic: str
    kind: str
    basis: str
    title: Texts
    scoring: Scoring | None
    text: str


def entries() -> tuple[Entry, ...]:
    """Return every entry, topic by topic."""
    return tuple(entry for entry, _ in _shelf().values())


def entry(id: str) -> Entry:
    """Return one entry; raises AppError naming similar ones when there is none of that id."""
    return _found(id)[0]


def element(id: str) -> Element:
    """Return a copy of an entry's question as an element of a survey document; raises AppError as `entry` does."""
    return deepcopy(_found(id)[1])


def search(words: str) -> tuple[Entry, ...]:
    """Return the entries in which every one of the words occurs: in the id, topic, kind, basis or any text.

    >>> [found.id for found in search("telecom bestworst")]
    ['bestworst_telecom']
    """
    wanted = words.casefold().split()
    return tuple(found for found in entries() if all(word in found.text for word in wanted))


@cache
def benefit_codes() -> Mapping[str, Texts]:
    """Return the codes of the packaged frame of benefits, which all lists of benefits share, with their names."""
    names = {code.id: dict(code.name) for code in load_frame(FRAME).codes}
    return MappingProxyType({id: {DEFAULT: texts.pop(WRITTEN_IN), **texts} for id, texts in names.items()})


def survey_from(ids: Sequence[str], title: str, locale: str = WRITTEN_IN) -> dict[str, Any]:
    """Return the document of a survey that asks these entries in this order.

    locale: language of the title, and of the `default` texts; the other languages stay in the document.
    Raises AppError for an unknown or repeated id, no id at all, or a language that the library does not have.

    >>> document = survey_from(["recommend", "recommend_why"], "Hur gör vi det?", "sv")
    >>> document["pages"][0]["elements"][1]["title"]["default"]
    'Vad är det viktigaste skälet till att du valde just den siffran?'
    """
    if locale not in LANGUAGES:
        raise AppError(f"The library has no texts in '{locale}'.", f"Choose one of {', '.join(LANGUAGES)}.")
    twice = next((id for id in ids if list(ids).count(id) > 1), None)
    if twice is not None or not ids:
        problem = "A survey needs at least one question" if twice is None else f"'{twice}' is there twice"
        raise AppError(f"{problem}.", "Name each question of the library once.")
    asked = [_told_in(locale, element(id)) for id in ids]
    return {"title": {DEFAULT: title}, "locale": locale, "pages": [{"elements": asked}]}


def scores(id: str, answer: Mapping[str, float]) -> dict[str, float]:
    """Return a respondent's mean on every scale of a battery, reversed items turned round.

    answer: the column chosen for each row; rows without an answer are left out, and so are scales without any.
    Batteries with `samtal.centred` (the values) come as differences from the respondent's own mean over all rows.
    Raises AppError when the entry is not a battery with a scoring key.
    """
    found, asked = _found(id)
    if found.scoring is None or found.kind != "matrix":
        raise AppError(f"'{id}' has no scales to score.", "Scores are made of batteries such as 'values'.")
    key, columns = found.scoring, [column["value"] for column in asked["columns"]]
    turn = min(columns) + max(columns)
    given = {row: turn - answer[row] if row in key.reversed else answer[row] for row in key.items if row in answer}
    middle = _mean(list(given.values())) if asked["samtal"].get("centred") and given else 0.0
    by_scale = {name: [value for row, value in given.items() if key.items[row] == name] for name in key.scales}
    return {name: _mean(values) - middle for name, values in by_scale.items() if values}


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _found(id: str) -> tuple[Entry, Element]:
    shelf = _shelf()
    if id not in shelf:
        near = get_close_matches(id, shelf, n=3)
        hint = f"Did you mean {' or '.join(near)}?" if near else "docs/library.md lists what there is."
        raise AppError(f"The library has no question '{id}'.", hint)
    return shelf[id]


def _told_in(locale: str, value: Any) -> Any:
    """Return part of a document with `locale` as the language of its `default` texts."""
    if isinstance(value, list):
        return [_told_in(locale, part) for part in value]
    if not isinstance(value, Mapping):
        return value
    if locale == WRITTEN_IN or DEFAULT not in value:
        return {name: _told_in(locale, part) for name, part in value.items()}
    others = {name: text for name, text in value.items() if name not in (DEFAULT, locale)}
    return {DEFAULT: value[locale], WRITTEN_IN: value[DEFAULT], **others}


@cache
def _shelf() -> Mapping[str, tuple[Entry, Element]]:
    shelf: dict[str, tuple[Entry, Element]] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        for asked, scoring in READERS.get(path.stem, _plain)(_file(path.stem)):
            id = asked["name"]
            if id in shelf:
                raise ValueError(f"{path.name}: '{id}' is in the library twice")
            shelf[id] = (_entry(path.stem, asked, scoring), asked)
    return MappingProxyType(shelf)


@cache
def _file(topic: str) -> Mapping[str, Any]:
    return yaml.safe_load((FOLDER / f"{topic}.yaml").read_text(encoding="utf-8"))


def _entry(topic: str, asked: Element, scoring: Scoring | None) -> Entry:
    basis = asked["samtal"]["basis"]
    scales = [scale.text for scale in scoring.scales.values()] if scoring else []
    said = " ".join([asked["name"], topic, asked["type"], basis, *_strings(asked), *_strings(scales)])
    return Entry(asked["name"], topic, asked["type"], basis, asked["title"], scoring, said.casefold())


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from _strings(part)


def _plain(file: Mapping[str, Any]) -> Iterator[tuple[Element, Scoring | None]]:
    for written in file["entries"]:
        key = written.get("scoring")
        yield written["element"], _scoring(key) if key else None


def _scoring(key: Mapping[str, Any]) -> Scoring:
    return Scoring(
        items=key["items"],
        scales={name: Scale(scale["text"], scale.get("group")) for name, scale in key["scales"].items()},
        groups=key.get("groups", {}),
        reversed=frozenset(key.get("reversed", ())),
    )


def _benefits(file: Mapping[str, Any]) -> Iterator[tuple[Element, Scoring | None]]:
    """Make two questions of every list: how important each benefit is, and which matter most and least."""
    for listed in file["lists"]:
        items = [{"value": item["value"], "text": item["text"]} for item in listed["items"]]
        codes = {item["value"]: item["code"] for item in listed["items"]}
        scoring = Scoring(codes, {code: Scale(benefit_codes()[code]) for code in codes.values()})
        battery = {"columns": file["importance"], "rows": items, "rowOrder": "random"}
        yield _benefit_question("matrix", BENEFITS, listed, "importance") | battery, scoring
        yield _benefit_question("bestworst", "bestworst", listed, "bestworst") | {"choices": items}, scoring


def _benefit_question(kind: str, prefix: str, listed: Mapping[str, Any], title: str) -> Element:
    name = f"{prefix}_{listed['name']}"
    return {"type": kind, "name": name, "title": listed[title], "samtal": {"basis": "benefit"}}


READERS = {BENEFITS: _benefits}
