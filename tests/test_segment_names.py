"""Names of segments that are made of numbers and of yes and no: what is said, what is not, and who is in the middle."""

import numpy as np
import pytest

from models.features import Answers
from models.population import Population, Question
from models.portraits import portray
from models.results import Evidence
from models.solution import Solution

INCOME, SPENDING = "Annual Income (k$)", "Spending Score (1-100)"


def named(centres: list[tuple[float, float]], titles: tuple[str, str] = (INCOME, SPENDING), language: str = "en"):
    """Return the names of segments of forty people around these means of two numbers."""
    rng = np.random.default_rng(0)
    labels = np.repeat(np.arange(1, len(centres) + 1), 40)
    numbers = np.array(centres)[labels - 1] + rng.normal(size=(len(labels), 2))
    questions = [
        Question(title, Answers(title, "number", column.tolist()), ("behaviour",))
        for title, column in zip(titles, numbers.T, strict=True)
    ]
    confidence = np.full(len(labels), 0.9)
    found = Solution("behaviour", labels, confidence, len(centres), "", "", Evidence("natural", ""), 0, titles)
    return [one.name for one in portray(Population(len(labels), tuple(questions)), found, language=language)]


def test_numbers_that_lie_the_same_way_share_one_word() -> None:
    assert named([(10, 10), (0, 0)]) == [
        f"{INCOME} and {SPENDING}: above average",
        f"{INCOME} and {SPENDING}: below average",
    ]


def test_numbers_that_lie_apart_are_told_apart_as_they_are_written() -> None:
    assert named([(10, 0), (0, 10)])[0] == f"{INCOME}: above average, {SPENDING}: below average"


def test_small_words_stay_small_inside_a_name() -> None:
    assert named([(10, 10), (0, 0)], ("Visits", "Spend"))[0] == "Visits and spend: above average"


@pytest.mark.parametrize(
    ("language", "middle"), [("en", "Near the average"), ("sv", "Nära snittet"), ("fi", "Lähellä keskiarvoa")]
)
def test_who_is_never_as_far_off_as_others_is_near_the_average(language: str, middle: str) -> None:
    corners = [(0, 10), (10, 10), (10, 0), (0, 0)]
    names = named([(4, 4), *corners], language=language)
    assert names[0] == named([(5, 5), *corners], language=language)[0] == middle
    assert middle not in names[1:]
    assert len(set(names)) == len(names)


def test_of_two_in_the_middle_the_other_is_named_by_its_numbers() -> None:
    names = named([(5, 5), (7, 5), (0, 10), (10, 10), (10, 0), (0, 0)])
    assert names[0] == "Near the average"
    assert names[1] == f"{INCOME}: above average"
    assert len(set(names)) == len(names)


def of_yes_and_no(shares: list[dict[str, float]]) -> list[str]:
    """Return the names of segments of a hundred people of whom these parts say yes."""
    titles = tuple(shares[0])
    labels = np.repeat(np.arange(1, len(shares) + 1), 100)
    said = {title: [at < 100 * share[title] for share in shares for at in range(100)] for title in titles}
    questions = tuple(Question(title, Answers(title, "binary", said[title]), ("benefit",)) for title in titles)
    evidence = Evidence("natural", "")
    found = Solution("benefit", labels, np.full(len(labels), 0.9), len(shares), "", "", evidence, 0, titles)
    return [one.name for one in portray(Population(len(labels), questions), found)]


def test_what_is_missing_comes_before_a_second_thing_that_hardly_tells() -> None:
    names = of_yes_and_no([{"Cheap": 0.9, "Near": 0.6, "Tasty": 0.1}, {"Cheap": 0.4, "Near": 0.4, "Tasty": 0.9}])
    assert names[0] == "Cheap, not tasty"


def test_the_same_two_things_in_another_order_are_the_same_name() -> None:
    one = {"Cheap": 0.9, "Near": 0.8, "Tasty": 0.3, "Quick": 0.35}
    other = {"Cheap": 0.8, "Near": 0.9, "Tasty": 0.35, "Quick": 0.3}
    names = of_yes_and_no([one, other, {title: 0.1 if title in ("Cheap", "Near") else 0.9 for title in one}])
    assert names[0] == "Cheap and near"
    assert names[1] not in ("Cheap and near", "Near and cheap")


def test_a_denial_is_not_denied_again() -> None:
    names = of_yes_and_no([{"Cheap": 0.9, "Not far": 0.1}, {"Cheap": 0.1, "Not far": 0.9}])
    assert names == ["Cheap, far", "Not far, not cheap"]


def test_of_two_segments_neither_is_in_the_middle() -> None:
    assert "Near the average" not in named([(5, 5.4), (5, 4.6)])


def test_an_answer_that_only_one_segment_gave_can_name_it() -> None:
    rng = np.random.default_rng(0)
    labels = np.repeat([1, 2], 40)
    visits = [*(10 + rng.normal(size=40)), *[None] * 40]
    spend = [*(10 + rng.normal(size=40)), *rng.normal(size=40)]
    questions = tuple(
        Question(title, Answers(title, "number", values), ("behaviour",))
        for title, values in (("Visits", visits), ("Spend", spend))
    )
    evidence = Evidence("natural", "")
    found = Solution("behaviour", labels, np.full(80, 0.9), 2, "", "", evidence, 0, ("Visits", "Spend"))
    names = [one.name for one in portray(Population(80, questions), found, language="en")]
    assert names == ["Spend: above average", "Spend: below average"]
