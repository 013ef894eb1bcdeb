"""The chat engine and its glue to the study's file."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.studies import Home, Studies
from survey.conversation import (
    Agree,
    Answer,
    Answered,
    Decline,
    Reply,
    Skip,
    Speak,
    State,
    current,
    replay,
    session,
    start,
    step,
    transcript,
)
from survey.definition import parse

DOCUMENT = {
    "title": {"default": "Tea", "sv": "Te"},
    "elements": [
        {"type": "comment", "name": "why", "title": {"default": "Why tea?", "sv": "Varför te?"}, "isRequired": True},
        {"type": "radiogroup", "name": "kind", "title": {"default": "Which?", "sv": "Vilket?"}, "choices": ["a", "b"]},
        {"type": "rating", "name": "again", "title": {"default": "Again?", "sv": "Igen?"}},
    ],
}
SURVEY = parse(DOCUMENT)
NAMES = ["why", "kind", "again", "unknown"]
REPLIES: st.SearchStrategy[Reply] = st.one_of(
    st.just(Agree()),
    st.just(Decline()),
    st.builds(
        Answer, st.sampled_from(NAMES), st.text(max_size=20) | st.sampled_from(["a", "b", 3, "5", None, True, 2.5])
    ),
    st.builds(Skip, st.sampled_from(NAMES)),
    st.builds(Speak, st.sampled_from(["en", "sv", "fi", "xx"])),
)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    Studies(home).create("tea", "Tea", DOCUMENT)
    return home


def said(survey_state: State) -> list[str]:
    return [message.text for message in transcript(SURVEY, survey_state)]


def test_consent_comes_first_then_the_questions_in_order() -> None:
    state, messages = start(SURVEY, "en")
    assert [message.kind for message in messages] == ["consent"]
    for reply in (Agree(), Answer("why", "It warms me"), Skip("kind"), Answer("again", 5)):
        state, messages = step(SURVEY, state, reply)
    assert state.stage == "done"
    kinds = [message.kind for message in transcript(SURVEY, state)]
    assert kinds == ["question", "answer", "question", "skipped", "question", "answer", "end"]


def test_a_required_question_cannot_be_skipped_and_a_bad_reply_is_noted() -> None:
    state, _ = step(SURVEY, start(SURVEY, "sv")[0], Agree())
    for reply in (Skip("why"), Answer("why", "  "), Answer("why", "x" * 20_001)):
        after, messages = step(SURVEY, state, reply)
        assert after == state
        assert [message.kind for message in messages] == ["note"]
    assert "20\u00a0001" in messages[0].text


def test_a_reply_that_comes_twice_changes_nothing() -> None:
    state, _ = step(SURVEY, start(SURVEY, "en")[0], Agree())
    once, _ = step(SURVEY, state, Answer("why", "It warms me"))
    twice, messages = step(SURVEY, once, Answer("why", "It warms me"))
    assert twice == once
    assert messages[0].text == "Which?"
    assert step(SURVEY, once, Skip("why"))[0] == once


def test_the_language_changes_midway_and_the_answers_stay() -> None:
    state, _ = step(SURVEY, start(SURVEY, "en")[0], Agree())
    state, _ = step(SURVEY, state, Answer("why", "It warms me"))
    state, _ = step(SURVEY, state, Speak("sv"))
    assert said(state) == ["Varför te?", "It warms me", "Vilket?"]
    assert step(SURVEY, state, Speak("fi"))[0] == state


@given(st.lists(REPLIES, max_size=15))
def test_any_replies_lead_to_a_state_that_stored_answers_rebuild(replies: list[Reply]) -> None:
    state, _ = start(SURVEY, "en")
    for reply in replies:
        before = state
        state, messages = step(SURVEY, state, reply)
        assert messages
        assert {answer.question for answer in before.answers} <= {answer.question for answer in state.answers}
    rebuilt = replay(SURVEY, state.language, state.stage in ("asking", "done"), state.answers)
    assert rebuilt == state or state.stage == "declined"
    kinds = [message.kind for message in transcript(SURVEY, state)]
    assert all(kind in ("answer", "skipped") for kind in kinds[1::2])
    assert not any(kind in ("answer", "skipped") for kind in kinds[::2])


def test_what_a_survey_no_longer_asks_is_left_out_of_a_rebuilt_state() -> None:
    state = replay(SURVEY, "en", True, [Answered("gone", "x"), Answered("why", "y"), Answered("why", "probe", turn=1)])
    assert state.answers == (Answered("why", "y"),)
    waiting = current(SURVEY, state)
    assert waiting is not None
    assert waiting.question is SURVEY.question("kind")


def test_nothing_is_stored_before_consent_or_after_a_refusal(home: Home) -> None:
    chat = session.reply(home, session.begin(home, "tea"), Decline())
    assert chat.state.stage == "declined"
    with Studies(home).file("tea") as file:
        assert file.responses.counts().started == 0


def test_an_answer_is_stored_when_the_reply_returns_and_the_link_leads_back(home: Home) -> None:
    chat = session.reply(home, session.begin(home, "tea", "sv"), Agree())
    chat = session.reply(home, chat, Answer("why", "Det värmer"))
    with Studies(home).file("tea") as file:
        rows = file.responses.kept(chat.response or "").answers
        assert [(row.question, row.value) for row in rows] == [("why", "Det värmer")]
    again = session.resume(home, "tea", chat.token or "")
    assert again.state == chat.state
    assert again.said[0].kind == "note"


def test_two_tabs_with_one_link_do_not_double_or_lose_answers(home: Home) -> None:
    first = session.reply(home, session.begin(home, "tea"), Agree())
    second = session.resume(home, "tea", first.token or "")
    first = session.reply(home, first, Answer("why", "It warms me"))
    second = session.reply(home, second, Answer("why", "It warms me"))
    second = session.reply(home, second, Answer("kind", "a"))
    first = session.reply(home, first, Skip("kind"))
    first = session.reply(home, first, Answer("again", 4))
    assert first.state.stage == "done"
    with Studies(home).file("tea") as file:
        rows = file.responses.kept(first.response or "").answers
        assert [(row.question, row.value, row.revision) for row in rows] == [
            ("why", "It warms me", 1),
            ("kind", "a", 1),
            ("again", 4, 1),
        ]
        assert file.responses.counts().complete == 1


def test_a_new_survey_version_does_not_disturb_a_conversation_under_way(home: Home) -> None:
    chat = session.reply(home, session.begin(home, "tea"), Agree())
    with Studies(home).file("tea") as file:
        file.publish({"elements": [{"type": "comment", "name": "new", "title": "New?"}]})
    assert said(session.resume(home, "tea", chat.token or "").state) == ["Why tea?"]
    assert session.begin(home, "tea").survey.questions[0].name == "new"


def test_links_that_lead_nowhere_are_told_apart(home: Home) -> None:
    for slug in ("none", "../tea", "", "TEA"):
        with pytest.raises(session.UnknownStudy):
            session.begin(home, slug)
    with pytest.raises(session.UnknownConversation):
        session.resume(home, "tea", "guess")
    chat = session.reply(home, session.begin(home, "tea"), Agree())
    Studies(home).set_open("tea", False)
    with pytest.raises(session.StudyClosed):
        session.begin(home, "tea")
    with pytest.raises(session.StudyClosed):
        session.resume(home, "tea", chat.token or "")
    Studies(home).delete("tea")
    with pytest.raises(session.UnknownStudy):
        session.reply(home, chat, Answer("why", "x"))


def test_a_deleted_response_ends_the_conversation(home: Home) -> None:
    chat = session.reply(home, session.begin(home, "tea"), Agree())
    with Studies(home).file("tea") as file:
        file.responses.delete(chat.response or "")
    with pytest.raises(session.UnknownConversation):
        session.reply(home, chat, Answer("why", "x"))
