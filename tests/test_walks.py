"""Any replies to any survey, ours or not: nothing raises, nothing is lost or doubled, and the way is always right."""

import tempfile
from functools import cache
from importlib.resources import files
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given, settings

from data.studies import Home, Studies
from survey.conversation import (
    Agree,
    Answer,
    Reply,
    Skip,
    Speak,
    State,
    Waiting,
    World,
    active,
    current,
    progress,
    replay,
    session,
    start,
    step,
    transcript,
)
from survey.conversation.export import study_frame
from survey.conversation.flow import walk
from survey.conversation.probes import RuleProber
from survey.conversation.state import ENDED
from survey.definition import Survey, load
from tests.walker import WALKS, Walk, sensible

PACKAGED = Path(str(files("data"))) / "packaged"
HERE = Path(__file__).parent
OTHERS = [PACKAGED / "demo" / "survey.yaml", HERE / "every_logic.yaml", *sorted((HERE / "surveyjs").glob("*.json"))]
SURVEYS = {path.stem: path for path in [*sorted((PACKAGED / "surveys").glob("*.yaml")), *OTHERS]}
PROBER = RuleProber()
PATIENCE = 400
CHOSEN = settings(derandomize=True, deadline=None, database=None)


@cache
def survey_of(path: Path) -> Survey:
    return load(path)[1]


def replayed(survey: Survey, state: State) -> State:
    ending = state.ending if state.stage == "full" else None
    return replay(survey, state.language, True, state.answers, state.seed, state.descriptors, ending, state.today)


def check(survey: Survey, state: State) -> None:
    """Assert what must be true of every state."""
    given = [(answer.question, answer.turn) for answer in state.answers]
    assert len(given) == len(set(given))
    rebuilt = replayed(survey, state)
    assert rebuilt.answers == state.answers
    assert rebuilt == state or state.editing is not None
    way, waiting = active(survey, state), current(survey, state)
    values = {
        answer.question: answer.value
        for answer in state.answers
        if answer.question in way and answer.turn == 0 and answer.value is not None
    }
    values |= walk(survey, state).computed
    context = survey.context(values, dict(state.descriptors), state.language, state.seed)
    if waiting is not None:
        assert waiting.question.asks
        assert survey.visible(waiting.question.name, context)
    elif state.stage == "done" and state.ending is None and not survey.skips:
        wanted = {question.name for question in survey.questions if question.asks}
        assert {name for name in wanted if survey.visible(name, context)} == way & wanted
        assert way & wanted <= {answer.question for answer in state.answers} | walk(survey, state).computed.keys()
    told = {message.question for message in transcript(survey, state) if message.question}
    assert told <= way
    far = progress(survey, state)
    assert 0 <= far.left_least <= far.left_most
    assert 0 <= far.fraction <= 1
    assert (state.stage in ENDED) == (waiting is None and state.stage != "consent")
    assert (far.fraction == 1) == (state.stage in ENDED or (state.editing is not None and not far.left_most))


def is_forward(reply: Reply, waiting: Waiting | None) -> bool:
    here = (waiting.question.name, waiting.turn) if waiting and not waiting.editing else None
    return isinstance(reply, Answer | Skip) and (reply.question, reply.turn) == here


def follow(survey: Survey, chosen: Walk) -> None:
    """Begin, reply as the walk says, then answer sensibly until the end; assert what must hold at each step."""
    state, _ = start(survey, survey.languages[chosen.seed % len(survey.languages)], seed=chosen.seed)
    state, _ = step(survey, state, Agree())
    for move in chosen.moves:
        cells = [quota.name for quota in survey.quotas][move.full : move.full + 1] if move.full >= 0 else []
        reply = move.reply(survey, state)
        waiting, before = current(survey, state), state
        state, messages = step(survey, before, reply, World(PROBER, frozenset(cells)))
        assert messages
        assert {answer.question for answer in before.answers} <= {answer.question for answer in state.answers}
        if any(message.kind == "note" for message in messages):
            assert state == before
        again, _ = step(survey, state, reply, World(PROBER))
        if isinstance(reply, Answer) and before.editing is None and "set" not in str(reply.value):
            assert again.answers == state.answers or waiting is None or waiting.set
        if is_forward(reply, waiting):
            assert progress(survey, state).fraction >= progress(survey, before).fraction
        check(survey, state)
    refused = False
    for number in islice(chosen.endless(), PATIENCE):
        waiting = current(survey, state)
        if waiting is None:
            break
        skips = not waiting.required and (refused or number % 10 == 9)
        given = Answer(waiting.question.name, sensible(waiting, number), waiting.turn)
        reply = Skip(waiting.question.name, waiting.turn) if skips else given
        before = state
        state, _ = step(survey, before, reply, World(PROBER))
        refused = state == before
    assert state.stage in ENDED, f"waits at {current(survey, state)}"
    check(survey, state)


@pytest.mark.parametrize("name", SURVEYS)
@settings(CHOSEN, max_examples=2)
@given(chosen=WALKS)
def test_a_walk_through_the_file_with_restarts_and_a_second_tab_loses_nothing(name: str, chosen: Walk) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patched:
        patched.setattr(session.secrets, "randbelow", lambda _limit: chosen.seed)
        through_the_file(Home(Path(folder)), SURVEYS[name], chosen)


def through_the_file(home: Home, path: Path, chosen: Walk) -> None:
    """Follow the moves of a walk through a study's file, resuming it and changing tabs on the way."""
    document, _survey = load(path)
    Studies(home).create("walk", "Walk", document)
    chat = session.reply(home, session.begin(home, "walk"), Agree(), PROBER)
    other, survey = chat, chat.survey
    for number, move in enumerate(chosen.moves):
        chat = session.reply(home, chat, move.reply(survey, chat.state), PROBER)
        if number % 4 == 0:
            again = session.resume(home, "walk", chat.token or "", chat.state.language)
            assert again.state == replayed(survey, chat.state)
            chat = again
        if number % 7 == 0:
            chat, other = other, chat
            chat = session.reply(home, chat, Speak(chat.state.language))
    with Studies(home).file("walk") as file:
        stored = file.responses.kept(chat.response or "").answers
        found = {(row.question, row.turn): row.value for row in stored}
        assert len(found) == len(stored)
        for answer in chat.state.answers:
            assert found[answer.question, answer.turn] == answer.value
        assert len(study_frame(file)) == 1
        counts = file.responses.counts()
        assert (counts.started, counts.complete) == (1, int(replayed(survey, chat.state).stage == "done"))


@pytest.mark.parametrize("name", SURVEYS)
@settings(CHOSEN, max_examples=30)
@given(chosen=WALKS)
def test_any_replies_lead_somewhere_right(name: str, chosen: Walk) -> None:
    follow(survey_of(SURVEYS[name]), chosen)


@pytest.mark.slow
@pytest.mark.parametrize("name", SURVEYS)
@settings(CHOSEN, max_examples=2_000)
@given(chosen=WALKS)
def test_two_thousand_sequences_of_any_replies_lead_somewhere_right(name: str, chosen: Walk) -> None:
    follow(survey_of(SURVEYS[name]), chosen)
