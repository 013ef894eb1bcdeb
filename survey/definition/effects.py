"""Keys that load and do nothing in a chat, found in the document as it was written."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from survey.definition.ignored import LOOKS, LOST
from survey.definition.kinds import KINDS, kind_of
from survey.definition.problems import Path, Problem

LISTS = {"choices": "choice", "rows": "choice", "columns": "choice"}
SHORT = 8


def without_effect(document: Mapping[str, Any]) -> Iterator[tuple[Literal["warning", "note"], Problem]]:
    """Yield what is ignored: a note for looks, a warning for what a chat does not do."""
    if not {"pages", "elements", "questions"} & set(document):
        yield from _of(document, "question", ())
        return
    yield from _of(document, "survey", ())
    pages = document.get("pages")
    for at, page in enumerate(pages if isinstance(pages, list) else []):
        yield from _group(page, ("pages", at))
    yield from _elements(document, ())


def _group(group: Any, path: Path) -> Iterator[tuple[Literal["warning", "note"], Problem]]:
    if isinstance(group, Mapping):
        yield from _of(group, "page", path)
        yield from _elements(group, path)


def _elements(group: Mapping[str, Any], path: Path) -> Iterator[tuple[Literal["warning", "note"], Problem]]:
    elements = group.get("elements", group.get("questions"))
    for at, element in enumerate(elements if isinstance(elements, list) else []):
        here = (*path, "elements", at)
        if isinstance(element, Mapping) and element.get("type") == "panel":
            yield from _group(element, here)
        elif isinstance(element, Mapping):
            yield from _of(element, "question", here)
            for key, place in LISTS.items():
                entries = element.get(key)
                for number, entry in enumerate(entries if isinstance(entries, list) else []):
                    if isinstance(entry, Mapping):
                        yield from _of(entry, place, (*here, key, number))


def _of(part: Mapping[str, Any], place: str, path: Path) -> Iterator[tuple[Literal["warning", "note"], Problem]]:
    known = _known(part) if place == "question" else frozenset()
    looks = [key for key in part if key in LOOKS[place] and key not in known]
    for key in part:
        if key in LOST[place] and key not in known:
            yield "warning", Problem((*path, key), "has no effect: a chat does not do this")
    if looks:
        listed = ", ".join(f"'{key}'" for key in looks[:SHORT]) + (" and more" if len(looks) > SHORT else "")
        yield "note", Problem((*path, looks[0]) if len(looks) == 1 else path, _sentence(looks, listed))


def _sentence(looks: list[str], listed: str) -> str:
    return "has no effect in a chat" if len(looks) == 1 else f"has keys without effect in a chat: {listed}"


def _known(element: Mapping[str, Any]) -> frozenset[str]:
    kind = KINDS.get((kind_of(element) or "").strip("<>"))
    fields = kind.model_fields.items() if kind else ()
    return frozenset(name for key, info in fields for name in (key, info.alias) if name)
