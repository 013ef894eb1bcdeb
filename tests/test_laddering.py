"""Laddering: the implication matrix of chains that were counted by hand, cut-offs, and a map for each segment."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from models.codes.frames import read_frame
from models.codes.links import coded_links
from models.features import Answers
from models.laddering import Laddering, drawn, ladder
from models.population import Question
from models.solution_io import apart, together
from tests.fakes import FakeEmbedder

CHAINS = [
    [["price"], ["saving"], ["security"]],
    [["price"], ["saving"], ["family"]],
    [["price"], ["saving"], ["security"]],
    [["design"], ["pride"]],
    [["design"], ["saving"]],
    [["price"], [], ["security"]],
    [["price"]],
    [],
]
LEVELS = [["attribute", "consequence", "value"][: len(chain)] for chain in CHAINS]
LEVELS[3] = ["attribute", "value"]
LABELS = np.array([1, 1, 1, 2, 2, 1, 2, 0])


def pair(found: Laddering, segment: int, source: str, target: str) -> tuple[int, int]:
    at = {concept.code: place for place, concept in enumerate(found.concepts)}
    here = found.maps[segment]
    return int(here.direct[at[source], at[target]]), int(here.indirect[at[source], at[target]])


def test_the_matrix_is_the_one_counted_by_hand() -> None:
    found = ladder(CHAINS, LEVELS, LABELS)
    assert [concept.code for concept in found.concepts] == ["design", "price", "saving", "family", "pride", "security"]
    assert pair(found, 0, "price", "saving") == (3, 0)
    assert pair(found, 0, "price", "security") == (0, 3)
    assert pair(found, 0, "saving", "security") == (2, 0)
    assert pair(found, 0, "price", "family") == (0, 1)
    assert pair(found, 0, "design", "pride") == (1, 0)
    assert pair(found, 0, "saving", "price") == (0, 0)
    everybody = found.maps[0]
    assert (everybody.direct.sum(), everybody.indirect.sum(), everybody.people) == (8, 4, 6)
    assert (everybody.direct + everybody.indirect == sum(m.direct + m.indirect for m in found.maps[1:])).all()


def test_cut_offs_say_how_many_links_they_keep() -> None:
    everybody = ladder(CHAINS, LEVELS, LABELS).maps[0]
    assert [(one.cutoff, one.pairs, one.links) for one in everybody.sweep] == [(1, 7, 12), (2, 3, 8), (3, 2, 6)]
    assert [round(one.share, 3) for one in everybody.sweep] == [1.0, 0.667, 0.5]
    assert everybody.cutoff == 2


def test_a_map_holds_what_passes_the_cut_off_and_says_nothing_twice() -> None:
    found = ladder(CHAINS, LEVELS, LABELS)
    everybody = found.maps[0]
    lines = {(found.concepts[one.source].code, found.concepts[one.target].code) for one in everybody.links}
    assert lines == {("price", "saving"), ("saving", "security")}  # price leads to security through saving
    people = {found.concepts[node.concept].code: node.people for node in everybody.nodes}
    assert people == {"price": 5, "saving": 4, "security": 3}
    assert [node.abstractness for node in everybody.nodes] == pytest.approx([0.0, 4 / 7, 1.0])
    alone = ladder([[["price"], [], ["security"]]] * 3, [["attribute", "consequence", "value"]] * 3, np.ones(3, int))
    assert [(line.direct, line.indirect) for line in alone.maps[0].links] == [(0, 3)]


COUNTS = arrays(np.int64, (5, 5), elements=st.integers(0, 3))


def led_to(lines: np.ndarray) -> np.ndarray:
    """Which concept leads to which, over any number of lines."""
    reached = lines.astype(np.int64)
    for _ in range(len(lines)):
        reached = np.minimum(reached + reached @ reached, 1)
    return reached


@given(COUNTS, COUNTS, st.integers(1, 4))
def test_what_a_map_leaves_out_is_still_led_to_by_what_stays(
    direct: np.ndarray, indirect: np.ndarray, cutoff: int
) -> None:
    for counts in (direct, indirect):
        np.fill_diagonal(counts, 0)
    lines = np.zeros((5, 5), dtype=np.int64)
    for line in drawn(direct, indirect, cutoff):
        lines[line.source, line.target] = 1
    assert (led_to(lines) == led_to(direct + indirect >= cutoff)).all()


def test_segments_have_maps_of_their_own() -> None:
    found = ladder(CHAINS, LEVELS, LABELS, names={"price": "Price"})
    assert [one.segment for one in found.maps] == [0, 1, 2]
    assert pair(found, 1, "design", "pride") == (0, 0)
    assert pair(found, 2, "design", "pride") == (1, 0)
    assert found.concepts[1].label == "Price"
    assert ladder(CHAINS, LEVELS, LABELS, cutoff=3).maps[1].cutoff == 3


def test_a_person_counts_once_however_often_a_pair_is_said() -> None:
    found = ladder([[["a"], ["b"], ["a"], ["b"]]], [["attribute", "consequence"] * 2], np.array([1]))
    assert pair(found, 0, "a", "b") == (1, 0)
    assert pair(found, 0, "b", "a") == (1, 0)


def test_nobody_with_a_chain_is_no_error_and_a_wrong_length_is() -> None:
    found = ladder([[], []], [[], []], np.array([1, 0]))
    assert (found.concepts, found.maps[0].links, found.maps[1].sweep) == ((), (), ())
    with pytest.raises(ValueError, match="2 links has 1 levels"):
        ladder([[["a"], ["b"]]], [["attribute"]], np.array([1]))
    with pytest.raises(ValueError, match="1 chains, 1 lists of levels and 2 labels"):
        ladder([[]], [[]], np.array([1, 2]))


def test_ladders_can_be_stored() -> None:
    found = ladder(CHAINS, LEVELS, LABELS)
    back = together(Laddering, *apart(found))
    assert back.concepts == found.concepts
    assert [one.links for one in back.maps] == [one.links for one in found.maps]
    assert (back.maps[1].direct == found.maps[1].direct).all()


def test_links_are_coded_by_their_level() -> None:
    benefits = read_frame(
        {"id": "benefits", "codes": {"price": "cheap price money cost", "ease": "easy simple quick time"}}
    )
    values = read_frame(
        {"id": "values", "codes": {"security": "secure safe calm sure", "family": "family children home"}}
    )
    chains = (("cheap price", "secure and safe"), ("easy and simple", "my family and children"))
    levels = (("attribute", "value"),) * 2
    answers = Answers("why", "text", [" ".join(chain) for chain in chains])
    question = Question("Why?", answers, ("benefit",), chains, levels)
    links = coded_links(question, {"benefits": benefits, "values": values}, FakeEmbedder())
    assert links is not None
    found = links.ladders(np.array([1, 1]))
    assert {(concept.level, concept.code) for concept in found.concepts} == {
        ("attribute", "price"),
        ("attribute", "ease"),
        ("value", "security"),
        ("value", "family"),
    }
    assert found.question == "why"
    assert coded_links(Question("Why?", question.answers), {"benefits": benefits}, FakeEmbedder()) is None
    assert coded_links(question, {}, FakeEmbedder()) is None
