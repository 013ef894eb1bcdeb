"""A stored segmentation comes back exactly as it was."""

import io
import json
import math
import subprocess
import sys
from dataclasses import fields, replace

import numpy as np
import pytest

from models.errors import ModelError
from models.results import Evidence, KEvidence, Marker, Quote, Segmentation, SegmentProfile, Term, Theme
from models.results_io import from_dict, to_dict

SEGMENTATION = Segmentation(
    labels=np.array([1, 0, 2, 1]),
    confidence=np.array([0.9, 0.0, 1 / 3, 1.0]),
    coordinates=np.array([[0.1, -2.0], [np.nan, np.nan], [1e-17, 3.0], [0.0, 0.0]]),
    centroids=np.array([[1.0, 0.0], [0.0, 1.0]], dtype=np.float32),
    languages=("sv", "", "fi", "sv"),
    segments=(
        SegmentProfile(
            segment=1,
            name="Pris, täckning",
            size=2,
            share=2 / 3,
            share_low=0.2,
            share_high=0.94,
            confidence=0.95,
            stability=0.81,
            terms=(Term("priset", 0.5, 0.25, 0.34),),
            quotes=(Quote(0, "Priset är ”bra” 👍\n\u202eabc", 0.9, "sv"),),
            languages={"sv": 2},
            warnings=("Only 2 people.",),
            who=(Marker("Age", "", "mean", 41.0, -math.inf, math.inf, 38.0, None, 0.3, 0.01, 1),),
        ),
        SegmentProfile(2, "“Hinta”", 1, 1 / 3, 0.06, 0.8, 1 / 3, None, (), (), {"fi": 1}),
    ),
    themes=(Theme("Pris", 2, (Quote(3, "pris", 1.0),)),),
    evidence=Evidence("constructive", "Two groups.", (KEvidence(2, 0.1, 0.7, 0.2, 0.4),), (0.8, 0.6), None, 3, 3, 50),
    k=2,
    answered=3,
    coverage=1.0,
    seed=7,
    embedder="fake",
    embedder_reason="A test.",
    seconds=0.25,
    warnings=("Rough.",),
)


def stored_and_read(segmentation: Segmentation) -> Segmentation:
    plain, arrays = to_dict(segmentation)
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    buffer.seek(0)
    return from_dict(json.loads(json.dumps(plain, allow_nan=False)), np.load(buffer))


def test_round_trip() -> None:
    back = stored_and_read(SEGMENTATION)
    for field in fields(Segmentation):
        before, after = getattr(SEGMENTATION, field.name), getattr(back, field.name)
        if isinstance(before, np.ndarray):
            assert after.dtype == before.dtype
            np.testing.assert_array_equal(after, before)
        else:
            assert after == before, field.name


def test_a_result_from_before_segments_were_described_can_be_read() -> None:
    plain, arrays = to_dict(SEGMENTATION)
    for segment in plain["segments"]:
        del segment["who"]
    assert [segment.who for segment in from_dict(plain, arrays).segments] == [(), ()]


def test_a_score_that_could_not_be_computed_stays_so() -> None:
    unknown = replace(SEGMENTATION.evidence, by_k=(KEvidence(2, math.nan, 0.7, 0.2, 0.4),))
    back = stored_and_read(replace(SEGMENTATION, evidence=unknown))
    assert math.isnan(back.evidence.by_k[0].score)


def test_another_format_is_refused() -> None:
    plain, arrays = to_dict(SEGMENTATION)
    with pytest.raises(ModelError, match="run the segmentation again"):
        from_dict({**plain, "format": 99}, arrays)
    with pytest.raises(ModelError, match="lacks labels"):
        from_dict(plain, {name: array for name, array in arrays.items() if name != "labels"})


def test_reading_results_needs_no_heavy_library() -> None:
    code = "import sys, models.results_io; sys.exit(bool({'sklearn', 'scipy', 'torch', 'lingua'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
