"""Some people mark everything high: what that habit makes of segments is told, and can be taken out."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from data.files import read_table
from models.closed.habits import FEWEST, habits_of
from models.closed.mixture import mixed
from models.features import Answers, encode
from models.single import SingleSettings, one_question
from models.solutions import SolveSettings, solve
from models.stability import rand_index
from survey.analysis.asked import answers
from survey.analysis.column_specs import parse_spec, questions
from survey.definition import parse

FAST = SolveSettings(pairs=8, null_sets=10, null_pairs=1, starts=3)
ITEMS, SCALE = 8, (1, 2, 3, 4, 5, 6, 7)
Marks = NDArray[np.int64]


@pytest.fixture(scope="module")
def people() -> tuple[Marks, Marks]:
    """Two kinds of people who put other items first, half of whom mark everything two steps higher."""
    rng = np.random.default_rng(4)
    kind, high = np.repeat([0, 1], 120), np.tile([0, 1], 120)
    first = np.where(np.arange(ITEMS) < ITEMS // 2, 1, -1) * np.where(kind == 0, 1, -1)[:, None]
    marks = 3 + 2.5 * high[:, None] + 0.6 * first + 0.5 * rng.normal(size=(len(kind), ITEMS))
    return kind, np.clip(np.round(marks), 1, 7).astype(np.int64)


def ratings(marks: Marks, scale: tuple[int, ...] = SCALE) -> list[Answers]:
    return [Answers(f"q{item}", "ordinal", column.tolist(), scale) for item, column in enumerate(marks.T)]


def battery(marks: Marks, ipsatise: bool) -> Answers:
    items = tuple(f"q{item}" for item in range(marks.shape[1]))
    rows = [dict(zip(items, row, strict=True)) for row in marks.tolist()]
    return Answers("views", "battery", rows, SCALE, items, ipsatise=ipsatise)


def test_ratings_on_one_scale_tell_that_they_show_who_marks_high(people: tuple[Marks, Marks]) -> None:
    kind, marks = people
    found = solve(ratings(marks), SolveSettings(k=2, pairs=8, null_sets=10, null_pairs=1, starts=3))
    told = " ".join(found.notes)
    assert "habit of marking high or low taken out, segments would agree 0." in told
    assert "of who marks high and who marks low on the whole. That may be a habit" in " ".join(found.warnings)
    assert "again as one battery with each person's own mean taken out" in " ".join(found.warnings)
    assert rand_index(found.labels, kind, np.ones(len(kind))) < 0.1


@pytest.mark.parametrize("ipsatise", [False, True])
def test_one_battery_shows_the_kinds_of_people_once_the_habit_is_out(
    people: tuple[Marks, Marks], ipsatise: bool
) -> None:
    kind, marks = people
    found = one_question(battery(marks, ipsatise), SingleSettings(k=2, pairs=8))
    assert (rand_index(found.labels, kind, np.ones(len(kind))) > 0.9) is ipsatise
    assert f"high or low {'left in' if ipsatise else 'taken out'}, segments would agree 0." in " ".join(found.notes)
    assert any("That may be a habit" in warning for warning in found.warnings) is not ipsatise
    assert not any("as one battery" in warning for warning in found.warnings)


def test_where_no_groups_show_a_habit_that_may_hide_them_is_told() -> None:
    rng = np.random.default_rng(3)
    level, own = rng.normal(size=(200, 1)), rng.normal(size=(200, ITEMS))
    habit, none = (np.clip(np.round(4 + much * level + own), 1, 7).astype(np.int64) for much in (1.0, 0.0))
    said = [one_question(battery(marks, False), SingleSettings(k=1, pairs=4)).warnings for marks in (habit, none)]
    hiding = [[one for one in warnings if "groups may show that do not show so" in one] for warnings in said]
    assert [len(notes) for notes in hiding] == [1, 0]


def test_beside_a_centred_battery_habits_are_compared_by_leaving_them_in_everywhere(
    people: tuple[Marks, Marks],
) -> None:
    _, marks = people
    habits = habits_of([battery(marks, True), *ratings(marks)])
    blocks = [encode(one) for one in (battery(marks, True), *ratings(marks))]
    turned = habits.turned(blocks, blocks, np.ones(len(marks), dtype=bool))
    assert not turned[0].centred
    assert all(one is other for one, other in zip(turned[1:], blocks[1:], strict=True))
    assert "left in" in habits.told(0.5)


def test_of_a_handful_of_people_nothing_is_said_of_habits() -> None:
    marks = np.repeat([[1], [7]], 5, axis=0) + np.zeros((10, ITEMS), dtype=np.int64)
    assert one_question(battery(marks, False)).warnings == ()


def test_the_same_mark_throughout_is_counted_for_ratings_as_for_a_battery() -> None:
    marks = np.random.default_rng(1).integers(1, 8, (60, ITEMS))
    marks[:3] = 5
    assert "3 people gave each of 8 questions on one scale the same mark." in solve(ratings(marks), FAST).notes
    assert "3 people gave every item of 'views' the same mark." in one_question(battery(marks, False)).notes


def test_few_ratings_and_ratings_on_other_scales_are_no_battery() -> None:
    marks = np.random.default_rng(1).integers(1, 4, (30, FEWEST))
    assert not habits_of(ratings(marks[:, 1:]))
    assert not habits_of([*ratings(marks)[:3], *ratings(marks, (1, 2, 3, 4, 5))[3:]])
    assert not habits_of(ratings(marks, (1, 2, 3)))
    assert habits_of(ratings(marks))


def test_without_the_habit_ratings_are_what_a_person_marks_above_the_own_mean() -> None:
    marks = np.random.default_rng(2).integers(1, 8, (50, ITEMS))
    blocks = [encode(one) for one in ratings(marks)]
    turned = habits_of(ratings(marks)).turned(blocks, blocks, np.ones(50, dtype=bool))
    scales = [np.linalg.norm(block.matrix) for block in turned]
    assert np.allclose(scales, np.sqrt(50)), "every one has variance 1"
    plain = np.hstack([block.matrix for block in blocks])
    left = plain - plain.mean(axis=1, keepdims=True)
    for block, column in zip(turned, left.T, strict=True):
        np.testing.assert_allclose(block.matrix[:, 0], column / column.std(), atol=1e-9)


def test_a_file_names_a_centred_battery_of_numbers_or_of_words(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("v1,v2,v3\nAgree,Neutral,Disagree\nDisagree,Agree,\n", encoding="utf-8")
    table = read_table(path)
    (read,) = questions([parse_spec("v*:centred", table)], table, {})
    found = read.question.answers
    assert (found.kind, found.ipsatise, found.options) == ("battery", True, ("Disagree", "Neutral", "Agree"))
    np.testing.assert_allclose(encode(found).matrix[0], [1, -0.5, 0], atol=1e-9)


def test_ratings_named_together_share_a_scale_though_nobody_gave_its_ends(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("a,b,c,d\n1,2,9,3\n4,4,10,2\n5,3,2,x\n", encoding="utf-8")
    table = read_table(path)
    read = questions([parse_spec("a..c:rating", table)], table, {})
    assert [one.question.answers.options for one in read] == [(1, 4, 5), (2, 3, 4), (1, 2, 3, 4, 5, 9, 10)]
    path.write_text("a,b\n1,1\n2,2\n2,3\n", encoding="utf-8")
    few = read_table(path)
    read_few = questions([parse_spec("a..b:rating", few)], few, {})
    assert [one.question.answers.options for one in read_few] == [(1, 2), (1, 2, 3)], "a choice of two stays one"
    read = questions([parse_spec("a..b:rating", table)], table, {})
    assert [one.question.answers.options for one in read] == [(1, 2, 3, 4, 5), (1, 2, 3, 4, 5)]


def test_a_survey_says_that_a_battery_is_centred() -> None:
    element = {"type": "matrix", "name": "m", "rows": ["a", "b"], "columns": [1, 2, 3], "samtal": {"centred": True}}
    (question,) = parse({"elements": [element]}).questions
    found = answers(question, [{"a": 1, "b": 3}], "en")
    assert found is not None
    assert found.ipsatise


def test_a_mixture_sees_centred_marks_without_the_sum_that_is_always_nothing() -> None:
    marks = np.random.default_rng(5).integers(1, 8, (400, ITEMS))
    raw, centred = (mixed([encode(battery(marks, ipsatise))]).graded for ipsatise in (False, True))
    assert (raw.shape, centred.shape) == ((400, ITEMS), (400, ITEMS - 1))
    assert np.linalg.matrix_rank(centred) == ITEMS - 1
    off = np.corrcoef(centred.T)[~np.eye(ITEMS - 1, dtype=bool)]
    assert abs(off.mean()) < 0.03, "items less their mean would correlate by -1/7"
