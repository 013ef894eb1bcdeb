"""The rules of the chat. Nothing here reads a clock, a database or a page."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from survey.conversation.state import Agree, Answer, Answered, Decline, Message, Reply, Skip, Speak, State
from survey.definition import Question, ReplyRejected, Survey, interface_language, say

Step = tuple[State, tuple[Message, ...]]


def start(survey: Survey, language: str) -> Step:
    """Return a new conversation and what it opens with."""
    state = State("consent", survey.language(language))
    return state, _prompt(survey, state)


def step(survey: Survey, state: State, reply: Reply) -> Step:
    """Return the conversation after a reply, and what is said to it.

    A reply that cannot be taken leaves the state as it was and brings a note; one that comes twice, or too late,
    brings the current prompt again. Nothing that a page can send raises.
    """
    return REPLIES[type(reply)](survey, state, reply)


def replay(survey: Survey, language: str, consented: bool, answers: Iterable[Answered]) -> State:
    """Return the state that consent and stored answers lead to; what the survey does not ask is left out."""
    if not consented:
        return State("consent", survey.language(language))
    asked = {question.name for question in survey.questions}
    kept = tuple(answer for answer in answers if answer.question in asked and answer.turn == 0)
    return _settled(survey, State("asking", survey.language(language), kept))


def current(survey: Survey, state: State) -> Question | None:
    """Return the question that is waiting for an answer, or None."""
    if state.stage != "asking":
        return None
    given = {answer.question for answer in state.answers if answer.turn == 0}
    return next((question for question in survey.questions if question.name not in given), None)


def transcript(survey: Survey, state: State) -> tuple[Message, ...]:
    """Return the whole conversation as it stands, in the state's language, ending in the current prompt."""
    said: list[Message] = []
    for given in state.answers:
        question = survey.question(given.question)
        if question is None:
            continue
        said.append(Message("question", question.title.text(state.language), question.name))
        said.append(_answer(question, given, state.language))
    return (*said, *_prompt(survey, state))


def _answer(question: Question, given: Answered, language: str) -> Message:
    if given.value is None:
        return Message("skipped", say(language, "skipped"), question.name)
    return Message("answer", question.show(given.value, language), question.name)


def _prompt(survey: Survey, state: State) -> tuple[Message, ...]:
    """Return what the conversation waits with."""
    language = state.language
    question = current(survey, state)
    if question is not None:
        return (Message("question", question.title.text(language), question.name),)
    if state.stage == "consent":
        return (Message("consent", survey.consent(language)[0]),)
    return (Message("end", say(language, "declined") if state.stage == "declined" else survey.thanks(language)),)


def _settled(survey: Survey, state: State) -> State:
    return state if current(survey, state) else replace(state, stage="done")


def _agree(survey: Survey, state: State, _reply: Agree) -> Step:
    if state.stage in ("consent", "declined"):
        state = _settled(survey, replace(state, stage="asking"))
    return state, _prompt(survey, state)


def _decline(survey: Survey, state: State, _reply: Decline) -> Step:
    if state.stage == "consent":
        state = replace(state, stage="declined")
    return state, _prompt(survey, state)


def _take(survey: Survey, state: State, reply: Answer) -> Step:
    question = survey.question(reply.question)
    if question is None or state.stage not in ("asking", "done"):
        return state, _prompt(survey, state)
    try:
        value = question.read(reply.value)
    except ReplyRejected as rejected:
        return state, (Message("note", say(state.language, rejected.key, **rejected.values), question.name),)
    return _with(survey, state, Answered(question.name, value))


def _skip(survey: Survey, state: State, reply: Skip) -> Step:
    question = current(survey, state)
    if question is None or question.name != reply.question:
        return state, _prompt(survey, state)
    if question.isRequired:
        return state, (Message("note", say(state.language, "required"), question.name),)
    return _with(survey, state, Answered(question.name, None))


def _with(survey: Survey, state: State, answer: Answered) -> Step:
    """Return the state with one more answer, or with a new answer in the place of the old one."""
    if state.answer(answer.question):
        answers = tuple(answer if old.question == answer.question else old for old in state.answers)
    else:
        answers = (*state.answers, answer)
    state = _settled(survey, replace(state, answers=answers))
    return state, _prompt(survey, state)


def _speak(survey: Survey, state: State, reply: Speak) -> Step:
    language = interface_language(reply.language)
    if language in survey.languages:
        state = replace(state, language=language)
    return state, _prompt(survey, state)


REPLIES: dict[type[Reply], Callable[[Survey, State, Any], Step]] = {
    Agree: _agree,
    Decline: _decline,
    Answer: _take,
    Skip: _skip,
    Speak: _speak,
}
