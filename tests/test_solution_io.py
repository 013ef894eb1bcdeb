"""A stored result comes back exactly as it was, numbers, order and types."""

import io
import json
import math
import subprocess
import sys
from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np
import pytest

from models.errors import ModelError
from models.results import (
    AnswerGroup,
    ClassFit,
    Clustering,
    Evidence,
    KEvidence,
    LatentClasses,
    OneQuestion,
    Partition,
    Quote,
    Residual,
    Term,
)
from models.solution import (
    Alternative,
    ClassEvidence,
    CodeShare,
    Crossing,
    Marker,
    Portrait,
    Solution,
    Solutions,
    Together,
)
from models.solution_io import STORED, from_dict, to_dict

EVIDENCE = Evidence("natural", "Two groups.", (KEvidence(2, math.nan, 0.7, 0.2, 0.4),), (0.8, 1 / 3), None, 3, 3, 50)
LABELS, SURE = np.array([1, 0, 2]), np.array([0.9, 0.0, 1 / 3])
MARKER = Marker("q1", "Pris ”å”", "share", 0.1, math.inf, -math.inf, 0.5, None, 0.3, 1e-17, 2)
PORTRAIT = Portrait(
    1, "Pris", 2, 2 / 3, 0.2, 0.9, 0.5, None,
    wants=(MARKER,), who=(replace(MARKER, index=math.nan),), codes=(CodeShare("price", "Price", 0.5, 0.25, None),),
    terms=(Term("pris", 0.5, 0.25, 0.1),), quotes=(Quote(0, "Bra\n👍", 0.9, "sv"),), typical=(0, 2), message="Hej",
    warnings=("Small.",),
)  # fmt: skip
SOLUTION = Solution(
    "benefit", LABELS, SURE, 2, "k-means", "Because.", EVIDENCE, 7, ("q1",), {"q1": 1.0}, {"q1": 0.25},
    (Alternative("k-means", 3, np.array([1, 0, 3]), 0.5, "constructive", 0.7),),
    np.array([[0.1, -2.0], [np.nan, np.nan], [0.0, -0.0]]), (PORTRAIT,), ("Few.",), ("Sampled.",),
    classes=ClassEvidence(2, (ClassFit(1, -2.5, 1, 9.0, 1.0, 1), ClassFit(2, -1.5, 3, 10.0, 0.9, 1, 0.05)), 1 / 3, 1,
                          (Together("q1", "å", "q2", "", 4.5),), 19, 2, 3),
)  # fmt: skip
RESULTS = [
    Solutions(3, (SOLUTION, replace(SOLUTION, basis="psychographic", coordinates=None)),
              (Crossing("benefit", "psychographic", np.eye(2, dtype=np.int64), 0.5, 0.4, None),), 7, "fake", "", 0.25),
    SOLUTION,
    Partition(labels=LABELS, confidence=SURE, centres=np.ones((2, 3), dtype=np.float32), columns=("a", "b", "c"),
              evidence=EVIDENCE, k=2, seed=0, alternatives={2: LABELS, 3: LABELS + 1}, inertia={2: 1 / 3, 3: 0.1},
              across={3: (1.0, 0.5)}, shares={"q": 1.0}, notes=("note",)),
    LatentClasses(LABELS, SURE, np.ones((3, 2)) / 2, np.array([0.5, 0.5]), ("i", "j"), (("no", "yes"), ("1", "2")),
                  (np.ones((2, 2)), np.eye(2)), (ClassFit(2, -1.5, 3, 10.0, 0.9, 1, None),),
                  (Residual("i", "j", 4.5),), EVIDENCE, 2, 0),
    OneQuestion("q", "ordinal", "scale", LABELS, SURE, (AnswerGroup(1, "low", 2, 0.5, 0.1, 0.9),), EVIDENCE, 1),
    Clustering(LABELS, SURE, np.eye(2, dtype=np.float32), np.zeros((3, 2)), EVIDENCE, 2, 1, ("n",)),
]  # fmt: skip


def stored_and_read(result: Any) -> Any:
    plain, arrays = to_dict(result)
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)  # type: ignore[arg-type]
    buffer.seek(0)
    return from_dict(json.loads(json.dumps(plain, allow_nan=False)), np.load(buffer, allow_pickle=False))


def same(one: Any, other: Any) -> bool:
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()
    if is_dataclass(one):
        return type(one) is type(other) and all(same(getattr(one, f.name), getattr(other, f.name)) for f in fields(one))
    if isinstance(one, tuple):
        return isinstance(other, tuple) and len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, float) and math.isnan(one):
        return isinstance(other, float) and math.isnan(other)
    return bool(type(one) is type(other) and one == other)


@pytest.mark.parametrize("result", RESULTS, ids=lambda result: type(result).__name__)
def test_round_trip(result: Any) -> None:
    assert same(result, stored_and_read(result))


def test_every_kind_of_result_is_tried_here() -> None:
    assert {type(result) for result in RESULTS} == set(STORED)


def test_another_format_is_refused() -> None:
    plain, arrays = to_dict(SOLUTION)
    with pytest.raises(ModelError, match="run the segmentation again"):
        from_dict({**plain, "format": 99}, arrays)
    with pytest.raises(ModelError, match="lacks labels"):
        from_dict(plain, {name: array for name, array in arrays.items() if name != "labels"})
    with pytest.raises(ModelError, match=r"does not fit .* \(mood\)"):
        from_dict({**plain, "fields": {**plain["fields"], "mood": 1}}, arrays)


def test_a_field_that_came_later_gets_its_default() -> None:
    plain, arrays = to_dict(SOLUTION)
    older = {name: value for name, value in plain["fields"].items() if name != "notes"}
    assert from_dict({**plain, "fields": older}, arrays).notes == ()


def test_what_is_no_result_is_refused() -> None:
    with pytest.raises(ValueError, match="must be one of Solutions"):
        to_dict(MARKER)


def test_reading_results_needs_no_heavy_library() -> None:
    code = "import sys, models.solution_io; sys.exit(bool({'sklearn', 'scipy', 'torch', 'lingua'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
