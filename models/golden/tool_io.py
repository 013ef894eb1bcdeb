"""A typing tool to JSON and arrays and back, exactly."""

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.errors import ModelError
from models.golden.accuracy import Rate, Step
from models.golden.coders import from_plain, to_plain
from models.golden.tool import TypingTool

FORMAT = 1
ARRAYS = ("weights", "intercept", "confusion")


def to_dict(tool: TypingTool) -> tuple[dict[str, Any], dict[str, NDArray]]:
    """Return the tool as JSON-able values and its arrays by name."""
    coders = [to_plain(one) for one in tool.coders]
    arrays = {name: getattr(tool, name) for name in ARRAYS}
    arrays |= {f"question {at} {name}": array for at, (_, held) in enumerate(coders) for name, array in held.items()}
    plain = {field.name: getattr(tool, field.name) for field in fields(tool) if field.name not in ARRAYS}
    steps = [asdict(step) for step in tool.steps]
    return {"format": FORMAT, **_plain({**plain, "coders": [plain for plain, _ in coders], "steps": steps})}, arrays


def from_dict(plain: Mapping[str, Any], arrays: Mapping[str, NDArray]) -> TypingTool:
    """Return the tool that `to_dict` took apart; raises ModelError when it is not one of this format."""
    if plain.get("format") != FORMAT:
        raise ModelError(
            f"This typing tool is stored in format {plain.get('format')!r}, and this version of Samtal reads format "
            f"{FORMAT}: make the tool again."
        )
    try:
        values: dict[str, Any] = {name: _tuple(value) for name, value in plain.items() if name != "format"}
        values |= {name: arrays[name] for name in ARRAYS}
        values["coders"] = tuple(
            from_plain(one, _held(arrays, f"question {at} ")) for at, one in enumerate(values["coders"])
        )
        values["steps"] = tuple(_step(one) for one in values["steps"])
        return TypingTool(**values)
    except (KeyError, TypeError) as error:
        raise ModelError(f"This is no stored typing tool ({error}): make the tool again.") from error


def to_json(tool: TypingTool) -> str:
    """Return the tool as one JSON text, arrays included; every number comes back as it was."""
    plain, arrays = to_dict(tool)
    held = {name: {"type": str(array.dtype), "values": array.tolist()} for name, array in arrays.items()}
    return json.dumps({**plain, "arrays": held}, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def from_json(text: str) -> TypingTool:
    """Return the tool in a JSON text; raises ModelError when there is none."""
    try:
        plain = json.loads(text)
        held = plain.pop("arrays")
        arrays = {name: np.array(one["values"], dtype=one["type"]) for name, one in held.items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError("This is no typing tool of Samtal: make one with 'typing fit'.") from error
    return from_dict(plain, arrays)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list | tuple) else value


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _held(arrays: Mapping[str, NDArray], prefix: str) -> dict[str, NDArray]:
    return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}


def _step(plain: Mapping[str, Any]) -> Step:
    rates = {name: Rate(**plain[name]) for name in ("accuracy", "kappa")}
    return Step(**{**plain, **rates, "recall": tuple(Rate(**one) for one in plain["recall"])})
