"""A segmentation to plain data and back, exactly: a dict for JSON beside named arrays for npz. Needs numpy only."""

import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from numpy.typing import NDArray

from models.errors import ModelError
from models.results import Evidence, KEvidence, Marker, Quote, Segmentation, SegmentProfile, Term, Theme

FORMAT = 1
ARRAYS = ("labels", "confidence", "coordinates", "centroids")


def to_dict(segmentation: Segmentation) -> tuple[dict[str, Any], dict[str, NDArray]]:
    """Return the segmentation as JSON-able values and its arrays by name; a float that is not a number becomes None."""
    arrays = {name: getattr(segmentation, name) for name in ARRAYS}
    plain = {name: value for name, value in asdict(segmentation).items() if name not in ARRAYS}
    return {"format": FORMAT, **_plain(plain)}, arrays


def from_dict(plain: Mapping[str, Any], arrays: Mapping[str, NDArray]) -> Segmentation:
    """Return the segmentation that `to_dict` took apart; raises ModelError when it is not one of this format."""
    if plain.get("format") != FORMAT:
        raise ModelError(
            f"This segmentation is stored in format {plain.get('format')!r}, and this version of Samtal reads format"
            f" {FORMAT}: run the segmentation again."
        )
    missing = [name for name in ARRAYS if name not in arrays]
    if missing:
        raise ModelError(f"This stored segmentation lacks {', '.join(missing)}: run the segmentation again.")
    values = {name: value for name, value in plain.items() if name != "format"} | {
        name: arrays[name] for name in ARRAYS
    }
    values["languages"] = tuple(values["languages"])
    values["warnings"] = tuple(values["warnings"])
    values["segments"] = tuple(_profile(segment) for segment in values["segments"])
    values["themes"] = tuple(Theme(**{**theme, "quotes": _quotes(theme["quotes"])}) for theme in values["themes"])
    values["evidence"] = _evidence(values["evidence"])
    return Segmentation(**values)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    return value.item() if hasattr(value, "item") else value


def _profile(segment: Mapping[str, Any]) -> SegmentProfile:
    return SegmentProfile(
        **{
            **segment,
            "terms": tuple(Term(**term) for term in segment["terms"]),
            "quotes": _quotes(segment["quotes"]),
            "warnings": tuple(segment["warnings"]),
            "who": tuple(_marker(marker) for marker in segment.get("who", ())),
        }
    )


def _marker(marker: Mapping[str, Any]) -> Marker:
    """Return a marker; the interval of a mean of one person has no ends."""
    ends = {"low": -math.inf, "high": math.inf}
    return Marker(**{**marker, **{name: end for name, end in ends.items() if marker[name] is None}})


def _quotes(quotes: list[Mapping[str, Any]]) -> tuple[Quote, ...]:
    return tuple(Quote(**quote) for quote in quotes)


def _evidence(evidence: Mapping[str, Any]) -> Evidence:
    return Evidence(
        **{
            **evidence,
            "by_k": tuple(_by_k(entry) for entry in evidence["by_k"]),
            "segment_stability": tuple(evidence["segment_stability"]),
        }
    )


def _by_k(entry: Mapping[str, Any]) -> KEvidence:
    values: dict[str, Any] = {name: math.nan if value is None else value for name, value in entry.items()}
    return KEvidence(**values)
