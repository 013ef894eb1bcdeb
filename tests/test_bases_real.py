"""Wishes and values told apart by the packaged text model and code frames: slow, and on sentences of our own."""

from pathlib import Path

import numpy as np
import pytest
import yaml

from models.bases import segment_population
from models.embed import load_embedder
from models.features import Answers
from models.population import LEAD_BASES, Population, Question
from models.solutions import SolveSettings
from models.stability import rand_index
from survey.frames import PACKAGED, packaged_frame

VALUES = {
    "security": [
        "I sleep badly when things are not taken care of",
        "Surprises make me nervous, I want order around me",
    ],
    "benevolence": ["My mother is ill and I want to be there for her", "If my friends are well then so am I"],
    "stimulation": ["Life gets boring without something new", "I get restless when every week is the same"],
}
QUICK = SolveSettings(k=(2, 6), pairs=5, null_sets=6, null_pairs=1, starts=3)


def same(one: np.ndarray, other: np.ndarray) -> float:
    placed = one > 0
    return rand_index(one[placed], other[placed], np.ones(placed.sum()))


@pytest.mark.slow
def test_one_answer_feeds_both_bases_apart(weights_dir: Path) -> None:
    told = yaml.safe_load((Path(__file__).parent / "benefit_answers.yaml").read_text(encoding="utf-8"))
    wishes = {code: [one["en"] for one in told if one["code"] == code] for code in ("price", "service", "design")}
    rng = np.random.default_rng(4)
    wish, value = rng.integers(0, 3, 150), rng.integers(0, 3, 150)
    texts = [
        f"{rng.choice(list(wishes.values())[one])}. {rng.choice(list(VALUES.values())[other])}."
        for one, other in zip(wish, value, strict=True)
    ]
    population = Population(150, (Question("q", Answers("q", "text", texts), LEAD_BASES),))
    frames = {name: packaged_frame(name) for name in PACKAGED}
    embedder = load_embedder("auto", weights_dir)
    found = segment_population(population, settings=QUICK, embedder=embedder, frames=frames).solutions
    benefit, psychographic = found.on("benefit").labels, found.on("psychographic").labels
    assert (benefit > 0).mean() > 0.9
    assert (psychographic > 0).mean() > 0.8
    assert same(benefit, wish) > 0.2
    assert same(psychographic, value) > 0.2
    assert abs(same(benefit, value)) < 0.05
    assert abs(same(psychographic, wish)) < 0.05
