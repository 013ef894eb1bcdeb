"""A stored fit places people as the fit itself does, and new people like those it knows."""

import io
import json
from typing import Any

import numpy as np
import pytest

from models.classify import BlockFit, ClassesFit, fit_of, from_dict, to_dict
from models.closed.latent import LatentSettings, items_of, latent_classes
from models.closed.partition import PartitionSettings, partition_blocks
from models.errors import ModelError
from models.features import Answers, encode, fit_encoder
from models.groups.segment_fit import fit
from tests.test_features import EXAMPLES

QUICK = PartitionSettings(pairs=5, null_sets=4, null_pairs=2, starts=3)


def stored_and_read(kept: Any) -> Any:
    plain, arrays = to_dict(kept)
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)  # type: ignore[arg-type]
    buffer.seek(0)
    return from_dict(json.loads(json.dumps(plain, allow_nan=False)), np.load(buffer, allow_pickle=False))


def survey(people: int = 150, seed: int = 0) -> list[Answers]:
    """Three groups that show in a choice, a scale, a battery and several choices."""
    rng = np.random.default_rng(seed)
    group = rng.integers(0, 3, people)
    marks = [{item: int(np.clip(rng.integers(1, 3) + g, 1, 5)) for item in "xyz"} for g in group]
    return [
        Answers("plan", "nominal", [None if rng.random() < 0.1 else "abc"[g] for g in group], ("a", "b", "c")),
        Answers("how", "ordinal", [int(np.clip(g * 2 + rng.integers(1, 3), 1, 5)) for g in group], (1, 2, 3, 4, 5)),
        Answers("values", "battery", marks, (1, 2, 3, 4, 5), ("x", "y", "z")),
        Answers("uses", "multi", [["p"] if g == 0 else ["q", "r"] for g in group], ("p", "q", "r")),
    ]


@pytest.mark.parametrize("kind", EXAMPLES)
def test_an_encoder_reads_its_own_answers_as_when_it_learnt_them(kind: str) -> None:
    answers = EXAMPLES[kind]
    block, again = encode(answers), fit_encoder(answers).apply(answers.values, answers.vectors)
    assert block.matrix.tobytes() == again.matrix.tobytes()
    assert (block.columns, block.remarks) == (again.columns, again.remarks)
    one = fit_encoder(answers).apply(answers.values[:1], None if answers.vectors is None else answers.vectors[:1])
    np.testing.assert_allclose(one.matrix, block.matrix[:1])


def test_an_answer_that_was_never_given_before_is_none_of_the_known() -> None:
    plan = fit_encoder(Answers("plan", "nominal", ["a", "a", "b"]))
    np.testing.assert_array_equal(plan.apply(["z"]).matrix, [-plan.centre])
    how = fit_encoder(Answers("how", "ordinal", [1, 3], (1, 2, 3)))
    assert how.apply([2]).matrix == pytest.approx(0)
    with pytest.raises(ValueError, match="'how' holds 9"):
        how.apply([9])


def test_long_vectors_become_their_leading_components() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(300, 2)) @ rng.normal(size=(2, 90))
    answers = Answers("why", "text", ["x"] * 300, vectors=x)
    block = encode(answers)
    assert block.matrix.shape == (300, 2)
    centred = x - x.mean(axis=0)
    np.testing.assert_allclose(block.matrix @ block.matrix.T, centred @ centred.T, atol=1e-6)
    np.testing.assert_allclose(fit_encoder(answers).apply(["x"], x[:1]).matrix, block.matrix[:1], atol=1e-9)


def test_stored_segments_place_people_as_they_were_placed() -> None:
    questions = survey()
    found = partition_blocks([encode(question) for question in questions], QUICK, {"how": 2.0})
    kept = fit_of(questions, found, {"how": 2.0})
    assert isinstance(kept, BlockFit)
    back = stored_and_read(kept)
    np.testing.assert_array_equal(kept.place(questions), found.labels)
    np.testing.assert_array_equal(back.place(questions), found.labels)
    others = survey(40, seed=1)
    np.testing.assert_array_equal(back.place(others), kept.place(others))
    with pytest.raises(ValueError, match="must be plan, how, values, uses"):
        back.place(questions[:2])


def test_stored_classes_place_people_as_they_were_placed() -> None:
    questions = survey()
    found = latent_classes(items_of(questions), LatentSettings(most=3, starts=5, pairs=1))
    back = stored_and_read(fit_of(questions, found))
    assert isinstance(back, ClassesFit)
    np.testing.assert_allclose(back.posterior(questions), found.posterior, atol=1e-12)
    np.testing.assert_array_equal(back.place(questions), found.labels)
    with pytest.raises(ValueError, match="must give the items"):
        back.place(questions[:1])


def test_stored_segments_of_vectors_place_people_as_before() -> None:
    rng = np.random.default_rng(0)
    vectors = (np.repeat(3 * np.eye(3, 8), 20, axis=0) + rng.normal(size=(60, 8))).astype(np.float32)
    languages = ["sv", "fi"] * 30
    _, placement = fit(vectors, QUICK, languages)
    back = stored_and_read(placement)
    np.testing.assert_array_equal(back.nearest(vectors, languages), placement.nearest(vectors, languages))


def test_another_format_is_refused() -> None:
    plain, arrays = to_dict(fit_of([], latent_classes(items_of(survey()), LatentSettings(most=1, starts=1, pairs=1))))
    with pytest.raises(ModelError, match="run the segmentation again"):
        from_dict({**plain, "what": "Mood"}, arrays)
