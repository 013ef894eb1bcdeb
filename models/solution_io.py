"""Results to plain data and back, exactly: a dict for JSON beside named arrays for npz. Needs numpy only.

What comes back is decided by the types that the dataclasses declare, so a result that gains a field needs nothing here.
"""

import math
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import numpy as np
from numpy.typing import NDArray

from models.errors import ModelError
from models.results import Clustering, LatentClasses, OneQuestion, Partition
from models.solution import Solution, Solutions

FORMAT = 1
STORED: tuple[type, ...] = (Solutions, Solution, Partition, LatentClasses, OneQuestion, Clustering)

Plain = dict[str, Any]
Arrays = dict[str, NDArray[Any]]


def to_dict(result: Any) -> tuple[Plain, Arrays]:
    """Return a result as JSON-able values and its arrays by name ("solutions.0.labels"); numbers stay exact.

    Raises ValueError when it is not one of STORED, or holds something that cannot be stored.
    """
    if type(result) not in STORED:
        names = ", ".join(cls.__name__ for cls in STORED)
        raise ValueError(f"the 'result' parameter must be one of {names}, got {type(result).__name__}")
    return apart(result, {"format": FORMAT, "what": type(result).__name__})


def from_dict(plain: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Any:
    """Return the result that `to_dict` took apart; raises ModelError when it is not one of this format."""
    kinds = {cls.__name__: cls for cls in STORED}
    if plain.get("format") != FORMAT or plain.get("what") not in kinds:
        raise ModelError(
            f"This result is stored as {plain.get('what')!r} in format {plain.get('format')!r}, and this version of"
            f" Samtal reads format {FORMAT}: run the segmentation again."
        )
    return together(kinds[plain["what"]], plain, arrays)


def apart(value: Any, head: Mapping[str, Any] | None = None) -> tuple[Plain, Arrays]:
    """Return any dataclass of plain fields as JSON-able values, `head` before them, and its arrays by name."""
    arrays: Arrays = {}
    return {**(head or {}), "fields": _apart(value, "", arrays)}, arrays


def together(cls: type, plain: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Any:
    """Return the `cls` that `apart` took apart; raises ModelError when parts are missing or unknown."""
    return _together(cls, plain["fields"], arrays)


def _apart(value: Any, place: str, arrays: Arrays) -> Any:
    match value:
        case np.ndarray():
            arrays[place] = value
            return {"array": place}
        case np.generic():
            return _apart(value.item(), place, arrays)
        case None | bool() | int() | str():
            return value
        case float():
            return value if math.isfinite(value) else str(value)
        case tuple() | list():
            return [_apart(item, _under(place, at), arrays) for at, item in enumerate(value)]
        case Mapping():
            return [[key, _apart(item, _under(place, key), arrays)] for key, item in value.items()]
    if is_dataclass(value):
        return {
            field.name: _apart(getattr(value, field.name), _under(place, field.name), arrays) for field in fields(value)
        }
    raise ValueError(f"{place} holds a {type(value).__name__}, which cannot be stored")


def _under(place: str, name: object) -> str:
    return f"{place}.{name}" if place else str(name)


def _together(kind: Any, stored: Any, arrays: Mapping[str, NDArray[Any]]) -> Any:
    if isinstance(stored, dict) and stored.keys() == {"array"}:
        return _array(stored["array"], arrays)
    if get_origin(kind) in (Union, UnionType):
        wanted = [one for one in get_args(kind) if one is not NoneType]
        return None if stored is None else _together(wanted[0], stored, arrays)
    if is_dataclass(kind):
        return _dataclass(kind, stored, arrays)
    parts = get_args(kind)
    if get_origin(kind) is tuple:
        each = [parts[0]] * len(stored) if parts[-1] is Ellipsis else parts
        return tuple(_together(one, item, arrays) for one, item in zip(each, stored, strict=True))
    if get_origin(kind) in (dict, Mapping):
        return {key: _together(parts[1], item, arrays) for key, item in stored}
    return float(stored) if kind is float else stored


def _array(name: str, arrays: Mapping[str, NDArray[Any]]) -> NDArray[Any]:
    if name not in arrays:
        raise ModelError(f"This stored result lacks {name}: run the segmentation again.")
    return arrays[name]


def _dataclass(cls: Any, stored: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Any:
    """A field that was added later gets its default; one that this version does not know cannot be read."""
    hints = _hints(cls)
    unknown = sorted(set(stored) - set(hints))
    needed = [one.name for one in fields(cls) if one.default is MISSING and one.default_factory is MISSING]
    missing = [name for name in needed if name not in stored]
    if unknown or missing:
        raise ModelError(
            f"This stored {cls.__name__} does not fit this version of Samtal"
            f" ({', '.join(unknown or missing)}): run the segmentation again."
        )
    return cls(**{name: _together(hints[name], value, arrays) for name, value in stored.items()})


@cache
def _hints(cls: type) -> dict[str, Any]:
    hints = get_type_hints(cls)
    return {field.name: hints[field.name] for field in fields(cls)}
