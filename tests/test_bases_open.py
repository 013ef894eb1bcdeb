"""Open answers feed both lead bases through their code frames: wishes and values said together are told apart."""

import numpy as np
import pytest

from models.bases import PopulationResult, segment_population
from models.codes.frames import Frame, read_frame
from models.features import Answers
from models.population import LEAD_BASES, Population, Question
from models.solutions import SolveSettings
from models.stability import rand_index
from tests.fakes import FakeEmbedder

QUICK = SolveSettings(pairs=5, null_sets=6, null_pairs=1, starts=3)
WISHES = {
    "price": ["cheap monthly price", "low price discount", "price fair monthly cost", "discount and low cost"],
    "coverage": [
        "coverage signal everywhere",
        "network signal strong",
        "signal coverage countryside",
        "strong network",
    ],
    "service": ["helpful staff support", "friendly support phone", "staff answer support", "helpful friendly staff"],
}
VALUES = {
    "security": ["safe secure family home", "feel safe calm", "secure calm future", "safe family protected"],
    "freedom": ["free independent choice", "own decisions freedom", "independent free life", "freedom choose myself"],
}
LIFESTYLE = {
    "outdoors": ["forest hiking mountains", "skiing mountains weekend"],
    "culture": ["museum theatre", "theatre music"],
}
EXTRA = ("today", "really", "honestly", "mostly", "quite", "always", "simply", "rather")


def frame(name: str, codes: dict[str, list[str]]) -> Frame:
    return read_frame(
        {
            "codes": [
                {"id": id, "description": {"en": said[0]}, "exemplars": {"en": said}} for id, said in codes.items()
            ]
        },
        name,
        name,
    )


FRAMES = {
    "benefits": frame("benefits", WISHES),
    "values": frame("values", VALUES),
    "lifestyle": frame("lifestyle", LIFESTYLE),
}


class People:
    """People with a wish and, independently of it, a value, and a sentence for each."""

    def __init__(self, n: int = 160, seed: int = 5) -> None:
        rng = np.random.default_rng(seed)
        self.n = n
        self.wish, self.value = rng.integers(0, 3, n), rng.integers(0, 2, n)
        self.wishes = [self._said(list(WISHES.values())[at], rng) for at in self.wish]
        self.values = [self._said(list(VALUES.values())[at], rng) for at in self.value]

    def _said(self, sentences: list[str], rng: np.random.Generator) -> str:
        return f"{sentences[rng.integers(len(sentences))]} {EXTRA[rng.integers(len(EXTRA))]}"


def question(name: str, texts: list[str | None], **more: object) -> Question:
    return Question(name, Answers(name, "text", texts), LEAD_BASES, **more)


def segmented(population: Population, k: int | tuple[int, int] | None = None) -> PopulationResult:
    settings = SolveSettings(k=k, pairs=5, null_sets=6, null_pairs=1, starts=3)
    return segment_population(population, settings=settings, embedder=FakeEmbedder(), frames=FRAMES)


def same(one: np.ndarray, other: np.ndarray) -> float:
    placed = one > 0
    return rand_index(one[placed], other[placed], np.ones(placed.sum()))


def as_one_answer(people: People) -> tuple[Question, ...]:
    return (question("q", [f"{wish}. {value}" for wish, value in zip(people.wishes, people.values, strict=True)]),)


def as_two_questions(people: People) -> tuple[Question, ...]:
    return question("want", people.wishes), question("why", people.values)


def as_a_chain(people: People) -> tuple[Question, ...]:
    chains = tuple(zip(people.wishes, people.values, strict=True))
    return (question("q", people.wishes, chains=chains, levels=(("attribute", "value"),) * people.n),)


@pytest.mark.parametrize("ask", [as_one_answer, as_two_questions, as_a_chain])
def test_wishes_form_benefit_segments_and_values_psychographic_ones(ask) -> None:
    people = People()
    found = segmented(Population(people.n, ask(people)), k=(2, 3)).solutions
    benefit, psychographic = found.on("benefit").labels, found.on("psychographic").labels
    assert same(benefit, people.wish) > 0.6
    assert same(psychographic, people.value) > 0.5
    assert same(benefit, people.value) < 0.1
    assert same(psychographic, people.wish) < 0.1
    assert found.crossings[0].cramers_v < 0.3


def test_quotes_of_values_tell_the_whole_chain_and_quotes_of_wishes_the_first_answer() -> None:
    people = People(60)
    found = segmented(Population(people.n, as_a_chain(people)), k=2).solutions
    for basis, told in (("benefit", lambda row: people.wishes[row]), ("psychographic", lambda row: whole(people, row))):
        quotes = [quote for portrait in found.on(basis).portraits for quote in portrait.quotes]
        assert quotes
        assert [quote.text for quote in quotes] == [told(quote.row) for quote in quotes]


def whole(people: People, row: int) -> str:
    return f"{people.wishes[row]} / {people.values[row]}"


def test_answers_about_wishes_only_leave_little_to_go_on_for_values() -> None:
    people = People()
    found = segmented(Population(people.n, (question("What do you want?", people.wishes),))).solutions
    assert found.on("benefit").k > 1
    nothing = found.on("psychographic")
    assert (nothing.k, nothing.evidence.verdict) == (0, "none")
    assert not nothing.labels.any()
    assert "too little to go on" in nothing.evidence.sentence
    assert "Ask why it matters to them." in nothing.choice


def test_who_says_nothing_has_no_segment() -> None:
    people = People(60)
    texts = [" ", None, *[f"{w}. {v}" for w, v in zip(people.wishes, people.values, strict=True)][2:]]
    found = segmented(Population(people.n, (question("q", texts),)), k=2).solutions
    for solution in found.solutions:
        assert solution.labels[:2].tolist() == [0, 0]
        assert (solution.labels[2:] > 0).mean() > 0.9


def test_the_order_of_people_changes_nothing() -> None:
    people = People(60)
    texts = [f"{wish}. {value}" for wish, value in zip(people.wishes, people.values, strict=True)]
    turned = np.random.default_rng(1).permutation(people.n)
    one = segmented(Population(people.n, (question("q", texts),)), k=3).solutions
    two = segmented(Population(people.n, (question("q", [texts[at] for at in turned]),)), k=3).solutions
    for basis in LEAD_BASES:
        assert np.array_equal(one.on(basis).labels[turned], two.on(basis).labels)


def test_new_vectors_come_back_and_known_ones_are_not_made_again() -> None:
    people = People(40)
    population = Population(people.n, as_one_answer(people))
    first = segmented(population, k=2)
    embedder = FakeEmbedder()
    again = segment_population(
        population,
        settings=SolveSettings(k=2, pairs=5, null_sets=6, null_pairs=1, starts=3),
        embedder=embedder,
        frames=FRAMES,
        known=first.new_vectors,
    )
    assert (embedder.calls, again.new_vectors) == ([], {})
    assert np.array_equal(first.solutions.on("benefit").labels, again.solutions.on("benefit").labels)
    assert set(first.codings["q"]) == {"benefits", "values", "lifestyle"}
