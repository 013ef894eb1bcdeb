"""Probes that follow an open answer: how many, kept with it, dropped with it."""

from dataclasses import dataclass

from survey.conversation import (
    Answer,
    Follow,
    Skip,
    World,
    replay,
    step,
    transcript,
)
from survey.definition import Question
from tests.talks import LADDER, name, survey, talk, waiting


@dataclass
class Interviewer:
    """Asks on after every answer with 'more' in it."""

    calls: int = 0

    def follow(
        self, question: Question, chain: tuple[str, ...], asked: tuple[str, ...], language: str, seed: int
    ) -> Follow:
        self.calls += 1
        more = "more" in chain[-1]
        return Follow("attribute" if more else "value", "test", f"attribute.{len(asked) + 1}" if more else None)


def test_probes_follow_an_open_answer_up_to_their_number_and_are_kept_with_it() -> None:
    about, world = survey(LADDER, {"type": "text", "name": "q", "title": "Q"}), World(Interviewer())
    state = talk(about, Answer("like", "more 0"), world=world)
    assert (waiting(about, state).turn, waiting(about, state).required) == (1, False)
    state, _ = step(about, state, Answer("like", "more 1", 1), world)
    state, _ = step(about, state, Answer("like", "more 2", 2), world)
    assert name(about, state) == "q"
    assert [answer.turn for answer in state.answers] == [0, 1, 2]
    assert [message.kind for message in transcript(about, state)][:6] == [
        "question",
        "answer",
        "probe",
        "answer",
        "probe",
        "answer",
    ]
    assert replay(about, "en", True, state.answers, 7) == state


def test_a_probe_may_be_skipped_and_nothing_is_decided_twice() -> None:
    about, prober = survey(LADDER), Interviewer()
    state = talk(about, Answer("like", "more"), Answer("like", "more"), world=World(prober))
    assert prober.calls == 1
    state, _ = step(about, state, Skip("like", 1), World(prober))
    assert state.stage == "done"
    assert replay(about, "en", True, state.answers, 7).stage == "done"


def test_a_changed_answer_drops_the_probes_that_followed_it() -> None:
    about, world = survey(LADDER), World(Interviewer())
    state = talk(about, Answer("like", "more"), Answer("like", "enough", 1), world=world)
    assert state.stage == "done"
    state, _ = step(about, state, Answer("like", "enough"), world)
    assert [(answer.turn, answer.value) for answer in state.answers] == [(0, "enough")]
