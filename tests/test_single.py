"""One question of any type: the right number of groups, one included, and names from the answers themselves."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from models.closed.one_taste import drawn as drawn_orders
from models.closed.one_taste import worths
from models.features import Answers
from models.one_question.group_names import marked, ranges
from models.one_question.one_dimension import jenks, points
from models.one_question.pick_groups import appeals, tastes
from models.one_question.pick_groups import drawn as drawn_picks
from models.results import OneQuestion
from models.single import ROUTES, SingleSettings, one_question
from survey.definition.kinds import KINDS
from tests.fakes import FakeEmbedder

QUICK = SingleSettings(pairs=5, draws=39)


def number(x: NDArray[np.float64]) -> OneQuestion:
    return one_question(Answers("spend", "number", x.tolist()), QUICK)


def rating(x: NDArray[np.int64], levels: int = 11) -> OneQuestion:
    return one_question(Answers("score", "ordinal", x.tolist(), tuple(range(levels))), QUICK)


def bells(rng: np.random.Generator, n: int, means: tuple[float, ...], levels: int = 11) -> NDArray[np.int64]:
    drawn = rng.choice(means, n) + 0.8 * rng.normal(size=n)
    return np.clip(np.round(drawn), 0, levels - 1).astype(np.int64)


def squares(values: NDArray[np.float64], weights: NDArray[np.float64], cuts: tuple[int, ...]) -> float:
    total = 0.0
    for part, mass in zip(np.split(values, cuts), np.split(weights, cuts), strict=True):
        total += float(mass @ (part - np.average(part, weights=mass)) ** 2)
    return total


@given(
    st.lists(st.tuples(st.integers(-50, 50), st.integers(1, 4)), min_size=2, max_size=9, unique_by=lambda one: one[0]),
    st.integers(1, 4),
)
def test_breaks_are_the_best_there_are(drawn: list[tuple[int, int]], k: int) -> None:
    drawn = sorted(drawn)
    values, weights = (np.array(column, dtype=float) for column in zip(*drawn, strict=True))
    k = min(k, len(values))
    labels = jenks(values, weights, k)
    mine = squares(values, weights, tuple(np.flatnonzero(np.diff(labels)) + 1))
    best = min(squares(values, weights, cuts) for cuts in combinations(range(1, len(values)), k - 1))
    assert len(set(labels.tolist())) == k
    assert mine == pytest.approx(best, abs=1e-6)


def test_many_numbers_are_binned_without_losing_anybody() -> None:
    x = np.random.default_rng(0).normal(size=5000)
    values, weights, place = points(x)
    assert weights.sum() == 5000
    assert (np.diff(values) > 0).all()
    assert np.abs(values[place] - x).max() < 0.5


@pytest.mark.parametrize("k", [1, 2, 3])
def test_numbers_show_their_groups(k: int) -> None:
    rng = np.random.default_rng(k)
    kind = rng.integers(0, k, 300)
    found = number(20 * kind + 3 * rng.normal(size=300) + 100)
    assert found.k == k
    assert (found.labels == kind + 1).mean() > 0.97
    assert found.evidence.verdict == ("none" if k == 1 else "natural")


@pytest.mark.parametrize("means", [(5.0,), (2.0, 8.0), (1.0, 5.0, 9.0)])
def test_ratings_show_their_groups(means: tuple[float, ...]) -> None:
    found = rating(bells(np.random.default_rng(1), 400, means))
    assert found.k == len(means)
    assert (found.evidence.verdict == "none") == (len(means) == 1)
    assert [group.name for group in found.conventions] == ["0–6", "7–8", "9–10"]


def test_polarised_answers_on_five_levels_are_two_groups() -> None:
    x = np.random.default_rng(2).choice(5, 200, p=[0.4, 0.1, 0.02, 0.13, 0.35])
    assert rating(x, 5).k == 2


def vectors_of(values: list[str | None]) -> NDArray[np.float32]:
    return FakeEmbedder().encode([value or "" for value in values])


NOISE = {
    "normal": lambda rng, n: rng.normal(50, 10, n),
    "long tail": lambda rng, n: rng.lognormal(3, 1, n),
    "heavy tails": lambda rng, n: rng.standard_t(3, n),
    "even": lambda rng, n: rng.uniform(0, 100, n),
    "waiting": lambda rng, n: rng.exponential(10, n),
    "rounded": lambda rng, n: np.round(rng.normal(40, 12, n)),
}
MARKS = {
    "even": [1 / 7] * 7,
    "bell": [0.03, 0.09, 0.2, 0.3, 0.22, 0.11, 0.05],
    "rim": [0.01, 0.02, 0.04, 0.08, 0.15, 0.27, 0.43],
    "skewed": [0.02, 0.04, 0.09, 0.16, 0.27, 0.3, 0.12],
}


@pytest.mark.parametrize("kind", NOISE)
def test_numbers_with_one_mode_are_one_group(kind: str) -> None:
    found = [number(NOISE[kind](np.random.default_rng(seed), 200)).k for seed in range(40)]
    assert sum(k == 1 for k in found) >= 38


@pytest.mark.parametrize("kind", MARKS)
def test_marks_with_one_mode_are_one_group(kind: str) -> None:
    found = [rating(np.random.default_rng(seed).choice(7, 200, p=MARKS[kind]), 7).k for seed in range(40)]
    assert sum(k == 1 for k in found) >= 38


def test_a_scale_of_words_is_named_in_its_order() -> None:
    scale = ("never", "rarely", "sometimes", "often", "always")
    codes = np.random.default_rng(9).choice(5, 300, p=[0.3, 0.2, 0.02, 0.2, 0.28])
    found = one_question(Answers("how often", "ordinal", [scale[code] for code in codes], scale), QUICK)
    assert found.groups[0].name.startswith("never–")
    assert found.groups[-1].name.endswith("–always")
    with pytest.raises(ValueError, match="not on its scale"):
        one_question(Answers("how often", "ordinal", ["daily"], scale))


def test_choices_are_their_own_groups_and_rare_ones_join() -> None:
    values = ["a"] * 50 + ["b"] * 40 + ["c"] * 2 + [{"other": "mine"}] * 2 + [None]
    found = one_question(Answers("plan", "nominal", values, ("a", "b", "c", "d")), QUICK)
    assert [group.name for group in found.groups] == ["a", "b", "c / other"]
    assert [group.size for group in found.groups] == [50, 40, 4]
    assert found.labels[-1] == 0
    assert found.confidence[-1] == 0
    assert found.groups[0].share_low < 50 / 94 < found.groups[0].share_high
    assert found.evidence.verdict == "constructive"


def test_an_ordinal_choice_keeps_its_order() -> None:
    values = ["low"] * 5 + ["mid"] * 1 + ["high"] * 60
    found = one_question(Answers("how", "ordinal", values, ("low", "mid", "high")), QUICK)
    assert [group.name for group in found.groups] == ["low / mid", "high"]


def picks(rng: np.random.Generator, n: int, groups: bool) -> list[list[str]]:
    high = np.kron(np.eye(2), np.ones(4))[rng.integers(0, 2, n)] if groups else np.full((n, 8), 0.4)
    chance = 0.15 + 0.7 * high if groups else high
    return [[f"o{j}" for j in np.flatnonzero(row)] for row in rng.random((n, 8)) < chance]


def test_several_choices_show_classes_named_by_their_picks() -> None:
    options = tuple(f"o{j}" for j in range(8))
    found = one_question(Answers("uses", "multi", picks(np.random.default_rng(3), 300, True), options), QUICK)
    assert found.k == 2
    assert found.groups[0].name != found.groups[1].name
    assert "o" in found.groups[0].name
    noise = one_question(Answers("uses", "multi", picks(np.random.default_rng(4), 300, False), options), QUICK)
    assert (noise.k, noise.evidence.verdict) == (1, "none")


@pytest.mark.parametrize("groups", [True, False])
def test_rankings(groups: bool) -> None:
    rng = np.random.default_rng(5)
    taste = np.kron(np.array([[2.0, 0], [0, 2.0]]), np.ones(3))[rng.integers(0, 2, 200)] if groups else 0.0
    order = np.argsort(-(taste + rng.gumbel(size=(200, 6))), axis=1)
    values = [[f"o{j}" for j in row] for row in order]
    found = one_question(Answers("order", "ranking", values, tuple(f"o{j}" for j in range(6))), QUICK)
    believed = found.evidence.verdict in ("natural", "reproducible")
    assert believed == groups


@pytest.mark.parametrize("n", [0, 1, 10, 30])
@pytest.mark.parametrize("kind", ROUTES)
def test_every_type_answers_at_every_size(kind: str, n: int) -> None:
    rng = np.random.default_rng(6)
    draw = {
        "nominal": lambda: str(rng.choice(["a", "b"])),
        "binary": lambda: bool(rng.integers(2)),
        "ordinal": lambda: int(rng.integers(1, 6)),
        "number": lambda: float(rng.normal()),
        "date": lambda: f"2026-01-{rng.integers(1, 29):02d}",
        "multi": lambda: rng.choice(["a", "b", "c"], 2, replace=False).tolist(),
        "ranking": lambda: rng.permutation(["a", "b", "c"]).tolist(),
        "bestworst": lambda: [dict(zip(("set", "best", "worst"), (["a", "b", "c"], "a", "b"), strict=True))],
        "shares": lambda: {"a": int(rng.integers(0, 50)), "b": 50},
        "battery": lambda: {"a": int(rng.integers(1, 6)), "b": int(rng.integers(1, 6))},
        "text": lambda: f"the {rng.choice(['price', 'service'])} is {rng.choice(['good', 'bad', 'fair'])}",
    }[kind]
    values = [*(draw() for _ in range(n)), None]
    found = one_question(Answers("q", kind, values, vectors=vectors_of(values) if kind == "text" else None), QUICK)
    assert len(found.labels) == n + 1
    assert found.labels[-1] == 0
    assert (found.labels[:-1] > 0).all()
    assert sum(group.size for group in found.groups) == n
    assert len({group.name for group in found.groups}) == found.k
    if n < 20:
        assert found.evidence.verdict == "none"


@pytest.mark.parametrize("kind", sorted({kind.encoder for kind in KINDS.values()} - {"none"}))
def test_every_kind_that_a_survey_asks_has_a_route(kind: str) -> None:
    assert kind in ROUTES


def test_open_answers_show_their_themes() -> None:
    said = {
        "price": ["the price is too high", "a low price for me", "price and nothing else", "fair price please"],
        "staff": ["friendly staff there", "staff who listen", "the staff knew my name", "helpful staff always"],
    }
    values = [f"{text} {'.' * at}" for at in range(15) for texts in said.values() for text in texts]
    answers = Answers("why", "text", [*values, "...", None], vectors=vectors_of([*values, "...", None]))
    found = one_question(answers, SingleSettings(k=2, pairs=5))
    assert found.labels[-2:].tolist() == [0, 0]
    assert sorted(group.size for group in found.groups) == [60, 60]
    assert {name for group in found.groups for name in said if name in group.name.lower()} == {"price", "staff"}
    with pytest.raises(ValueError, match="needs one vector per person"):
        one_question(Answers("why", "text", values))


def test_row_order_changes_nothing() -> None:
    rng = np.random.default_rng(7)
    x = np.concatenate([rng.normal(0, 1, 60), rng.normal(9, 1, 60)])
    order = rng.permutation(120)
    one, other = number(x), number(x[order])
    assert one.labels[order].tolist() == other.labels.tolist()
    assert one.evidence == other.evidence


def test_a_number_of_groups_asked_for_is_called_a_convenience() -> None:
    x = np.random.default_rng(8).normal(size=100)
    found = one_question(Answers("spend", "number", x.tolist()), SingleSettings(k=3, pairs=5))
    assert (found.k, found.evidence.verdict) == (3, "constructive")


def test_numbers_that_are_none_have_no_group() -> None:
    found = number(np.array([1.0, np.nan, 2.0, np.inf]))
    assert found.labels.tolist() == [1, 0, 1, 0]


def one_taste(rng: np.random.Generator, n: int) -> NDArray[np.int64]:
    """People who pick more or less, all with one taste: three to five of eight options."""
    totals = rng.integers(3, 6, n)
    return drawn_picks(totals, np.array([3.0, 2.0, 1.5, 1.0, 1.0, 0.6, 0.4, 0.3]), rng)


def test_one_taste_is_drawn_as_it_was_fitted() -> None:
    rng = np.random.default_rng(8)
    picks = one_taste(rng, 3000)
    again = drawn_picks(picks.sum(axis=1), appeals(picks), rng)
    assert (again.sum(axis=1) == picks.sum(axis=1)).all()
    assert again.mean(axis=0) == pytest.approx(picks.mean(axis=0), abs=0.03)


def test_picking_a_fixed_number_is_no_sign_of_kinds_of_people() -> None:
    rng = np.random.default_rng(9)
    claims = sum(tastes(one_taste(rng, 150).astype(bool), 4, seed).p <= 0.05 for seed in range(12))
    assert claims <= 2
    appeal = np.array([9.0] * 4 + [1.0] * 4)
    kinds = np.vstack([drawn_picks(np.full(75, 3), one, rng) for one in (appeal, appeal[::-1])])
    found = tastes(kinds.astype(bool), 4, 0)
    assert (found.p <= 0.05, found.k) == (True, 2)


def test_worths_of_a_ranking_are_the_ones_it_was_drawn_from() -> None:
    worth = np.array([0.4, 0.3, 0.2, 0.1])
    for length in (4, 2):
        orders = drawn_orders(worth, [length] * 4000, np.random.default_rng(10))
        assert worths(orders, 4) == pytest.approx(worth, abs=0.02)


def test_two_sizes_of_money_are_two_groups_whichever_scale_shows_them() -> None:
    rng = np.random.default_rng(11)
    found = number(np.exp(4 + 2.4 * rng.integers(0, 2, 200) + 0.4 * rng.normal(size=200)))
    assert found.k == 2
    assert any("Logarithms" in note for note in found.notes)


def test_a_name_made_of_long_items_stays_short_enough_for_a_heading() -> None:
    long, longer = "Deciding for myself what my days look like", "Being someone my closest people can always count on"
    matrix = np.array([[2.0, 2.0, 0.0, 0.0], [0.0, 0.0, 2.0, 2.0]])
    names = marked(matrix, np.array([1, 2]), (long, longer, "Order", "Calm"), 2)
    assert names == [long, "Order + Calm"]


def test_numbers_far_apart_and_large_are_told_apart_in_names() -> None:
    assert ranges([[1044680.0, 1353300.0]]) == ["1044680–1353300"]
    assert ranges([[1e12, 1e12 + 2], [1e12 + 3, 1e12 + 5]]) == [
        "1000000000000–1000000000002",
        "1000000000003–1000000000005",
    ]


def test_small_groups_join_others_and_a_range_is_kept() -> None:
    rng = np.random.default_rng(7)
    many = one_question(
        Answers("uses", "multi", picks(rng, 300, True), tuple(f"o{j}" for j in range(8))),
        SingleSettings(k=4, min_share=0.2, pairs=4),
    )
    assert min(group.share for group in many.groups) >= 0.2
    assert many.k < 4
    assert len(many.evidence.segment_stability) == many.k
    assert any("too small" in note for note in many.notes)
    free = one_question(Answers("n", "number", rng.normal(size=200).tolist()), SingleSettings(most=5, least=3, pairs=4))
    assert free.k >= 3
    assert free.evidence.verdict in ("none", "constructive")
