"""Code frames: the list of codes that open answers are coded with, read from YAML.

A frame may be as short as one line a code, `price: What it costs, cheap or expensive`, or hold names, descriptions and
exemplar sentences in several languages, parents and a residual code, as the packaged frames do.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from models.errors import ModelError

ANY = ""
"""The language of a text that is given once for all languages."""
FRAME_KEYS = {"id", "name", "codes"}
CODE_KEYS = {"id", "name", "description", "exemplars", "parent", "rest"}

Texts = Mapping[str, str]


class FrameError(ModelError):
    """A code frame that cannot be used; says which file and code, and what to do."""


@dataclass(frozen=True)
class Code:
    """One code. Texts are by language; under ANY when they are not in a named one.

    exemplars: sentences as people write them. parent: id of the wider code this one belongs to. rest: whether the
    code stands for everything that no other code explains.
    """

    id: str
    name: Texts
    description: Texts = field(default_factory=lambda: MappingProxyType({}))
    exemplars: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    parent: str | None = None
    rest: bool = False

    def label(self, language: str = "en") -> str:
        """Return the name in a language; in English or the first language there is when it has none in it."""
        return _in(self.name, language)


@dataclass(frozen=True)
class Frame:
    """Codes in the order of the file; a code that others name as their parent is the sum of its children."""

    id: str
    name: Texts
    codes: tuple[Code, ...]

    @property
    def parents(self) -> frozenset[str]:
        return frozenset(code.parent for code in self.codes if code.parent is not None)

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages that any code has exemplars or a description in, ANY left out; in alphabetical order."""
        found = {language for code in self.codes for texts in (code.description, code.exemplars) for language in texts}
        return tuple(sorted(found - {ANY}))

    def label(self, language: str = "en") -> str:
        """Return the name of the frame in a language."""
        return _in(self.name, language)

    def code(self, id: str) -> Code:
        """Return the code of that id; raises KeyError when there is none."""
        return {code.id: code for code in self.codes}[id]


def load_frame(path: Path) -> Frame:
    """Return the code frame in a YAML file; raises FrameError naming file, code and what to do."""
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise FrameError(f"There is no code frame '{path}': check the path.") from None
    except (OSError, UnicodeDecodeError) as problem:
        raise FrameError(f"The code frame '{path.name}' cannot be read: save it as a UTF-8 text file.") from problem
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        place = f" in line {mark.line + 1}" if mark else ""
        raise FrameError(
            f"The code frame '{path.name}' is not valid YAML{place}: write one code a line, 'price: What it costs', "
            "with quotes around a text that holds ': ' or ' #'."
        ) from problem
    return read_frame(document, path.name, path.stem)


def read_frame(document: Any, source: str = "the frame", id: str = "frame") -> Frame:
    """Return the frame that a parsed document describes; raises FrameError as `load_frame` does.

    source: how the document is called in errors. id: of a frame that names none.
    """
    if not isinstance(document, dict) or not document:
        raise FrameError(f"The code frame '{source}' holds no codes: write one code a line, 'price: What it costs'.")
    if "codes" not in document:
        document = {"codes": document}
    _known_keys(document, FRAME_KEYS, f"The code frame '{source}'")
    given = document["codes"]
    if isinstance(given, dict):
        given = [_with_id(key, value) for key, value in given.items()]
    if not isinstance(given, list) or not given:
        raise FrameError(f"The code frame '{source}' holds no codes: list them under 'codes'.")
    codes = tuple(_code(entry, source, number) for number, entry in enumerate(given, start=1))
    frame = Frame(str(document.get("id", id)), _texts(document.get("name", id), source, "the name of the frame"), codes)
    _consistent(frame, source)
    return frame


def _with_id(key: Any, value: Any) -> dict[str, Any]:
    return {"id": key, **value} if isinstance(value, dict) else {"id": key, "description": value}


def _code(entry: Any, source: str, number: int) -> Code:
    if not isinstance(entry, dict) or not isinstance(entry.get("id"), str) or not entry["id"].strip():
        raise FrameError(
            f"Code {number} of '{source}' has no id: give it a short one, 'id: price'; quote 'yes' or 'no'."
        )
    id = entry["id"].strip()
    where = f"code '{id}'"
    _known_keys(entry, CODE_KEYS, f"Code '{id}' of '{source}'")
    if not isinstance(entry.get("rest", False), bool):
        raise FrameError(f"Code '{id}' of '{source}': 'rest' must be true or false, got {entry['rest']!r}.")
    return Code(
        id=id,
        name=_texts(entry.get("name", id.replace("_", " ").capitalize()), source, f"the name of {where}"),
        description=_texts(entry["description"], source, f"the description of {where}")
        if entry.get("description") is not None
        else MappingProxyType({}),
        exemplars=_exemplars(entry.get("exemplars") or {}, source, where),
        parent=str(entry["parent"]) if entry.get("parent") is not None else None,
        rest=entry.get("rest", False),
    )


def _texts(value: Any, source: str, what: str) -> Texts:
    by_language = value if isinstance(value, dict) else {ANY: value}
    for language, text in by_language.items():
        if not isinstance(language, str) or not isinstance(text, str) or not text.strip():
            raise FrameError(f"In '{source}', {what} must be a text, or one text a language; got {value!r}.")
    return MappingProxyType({language: text.strip() for language, text in by_language.items()})


def _exemplars(value: Any, source: str, where: str) -> Mapping[str, tuple[str, ...]]:
    by_language = value if isinstance(value, dict) else {ANY: value}
    for language, sentences in by_language.items():
        right = isinstance(language, str) and isinstance(sentences, list)
        if not right or not all(isinstance(sentence, str) and sentence.strip() for sentence in sentences):
            raise FrameError(
                f"In '{source}', the exemplars of {where} must be a list of sentences, or one list a language; "
                "put quotes around a sentence that holds ': '."
            )
    return MappingProxyType({language: tuple(s.strip() for s in given) for language, given in by_language.items()})


def _known_keys(entry: dict[Any, Any], known: set[str], whose: str) -> None:
    unknown = [str(key) for key in entry if key not in known]
    if unknown:
        raise FrameError(f"{whose} has an unknown key '{unknown[0]}': use {', '.join(sorted(known))}.")


def _consistent(frame: Frame, source: str) -> None:
    ids = [code.id for code in frame.codes]
    twice = [id for id, count in Counter(ids).items() if count > 1]
    if twice:
        raise FrameError(f"Code '{twice[0]}' stands twice in '{source}': rename one of the two.")
    homes: dict[str, str] = {}
    for code in frame.codes:
        if code.parent is not None and (code.parent not in ids or frame.code(code.parent).parent is not None):
            raise FrameError(
                f"Code '{code.id}' of '{source}' has the parent '{code.parent}', which is not a code without a parent "
                f"of its own: use one of {', '.join(ids)}."
            )
        for sentence in {text for given in code.exemplars.values() for text in given}:
            if homes.setdefault(sentence, code.id) != code.id:
                raise FrameError(
                    f"The exemplar '{sentence}' stands in the codes '{homes[sentence]}' and '{code.id}' of "
                    f"'{source}': keep it in one."
                )
    rest = [code.id for code in frame.codes if code.rest]
    if len(rest) > 1 or set(rest) & frame.parents:
        raise FrameError(
            f"In '{source}', only one code may be the rest, and it may not be a parent: {', '.join(rest)}."
        )
    if len(ids) - len(rest) - len(frame.parents) < 1:
        raise FrameError(f"The code frame '{source}' needs at least one code that is neither rest nor parent.")


def _in(texts: Texts, language: str) -> str:
    return texts.get(language) or texts.get(ANY) or texts.get("en") or next(iter(texts.values()), "")
