"""The rules of the chat. Nothing here reads a clock, a database or a page."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from survey.conversation.flow import Path, walk
from survey.conversation.parts import fitting, given, is_empty, parts, read, skipped, waiting
from survey.conversation.plan import in_order, plan_of
from survey.conversation.probing import follow_up
from survey.conversation.state import (
    Agree,
    Answer,
    Answered,
    Back,
    Decline,
    Edit,
    Keep,
    Message,
    Reply,
    Skip,
    Speak,
    State,
    Waiting,
    World,
)
from survey.conversation.telling import prompt, waits
from survey.definition import ReplyRejected, Shown, Survey, Value, interface_language, say

Step = tuple[State, tuple[Message, ...]]
OPEN = ("asking", "done")


def start(
    survey: Survey,
    language: str,
    seed: int = 0,
    descriptors: Iterable[tuple[str, Value]] = (),
    today: date | None = None,
) -> Step:
    """Return a new conversation and what it opens with; arguments as in State."""
    state = State("consent", survey.language(language), (), seed, tuple(descriptors), today=today)
    return state, prompt(survey, state)


def step(survey: Survey, state: State, reply: Reply, world: World | None = None) -> Step:
    """Return the conversation after a reply, and what is said to it.

    A reply that cannot be taken leaves the state as it was and brings a note; one that comes twice, or too late,
    brings the current prompt again. Nothing that a page can send raises.
    """
    return REPLIES[type(reply)](survey, state, reply, world or World())


def replay(
    survey: Survey,
    language: str,
    consented: bool,
    answers: Iterable[Answered],
    seed: int = 0,
    descriptors: Iterable[tuple[str, Value]] = (),
    ending: str | None = None,
    today: date | None = None,
) -> State:
    """Return the state that consent and stored answers lead to; what the survey does not ask is left out.

    ending: the full quota cell that ended the conversation, if one did; other ends follow from the answers.
    """
    state = State("consent", survey.language(language), (), seed, tuple(descriptors), today=today)
    if not consented:
        return state
    state = settled(survey, replace(state, stage="asking", answers=_in_order(survey, answers)))
    if ending is not None and any(quota.name == ending for quota in survey.quotas):
        return state.at("full", ending=ending)
    return state


def current(survey: Survey, state: State) -> Waiting | None:
    """Return what waits for an answer, or None."""
    return waits(survey, state, walk(survey, state)) if state.stage == "asking" else None


def active(survey: Survey, state: State) -> frozenset[str]:
    """Return the names of what the answers lead to; other answers are kept and do not count."""
    return frozenset(question.name for question in walk(survey, state).here)


def cells(survey: Survey, state: State) -> frozenset[str]:
    """Return the names of the quota cells that the answers belong to, once all that a cell looks at lies behind."""
    path = walk(survey, state)
    known = {question.name for question in path.beyond} | ({path.waiting.name} if path.waiting and path.turn else set())
    ahead = {question.name for question in in_order(survey, state.seed)[path.position :]} if path.waiting else set()
    decided = (quota for quota, names in plan_of(survey).quotas if not names & (ahead - known))
    return frozenset(quota.name for quota in decided if quota.when.holds(path.context))


def opened(survey: Survey, state: State, world: World) -> Step:
    """Return a conversation whose respondent has just agreed, ended where what is known beforehand ends it."""
    state = _within_quotas(survey, state, world)
    return state, prompt(survey, state)


def settled(survey: Survey, state: State) -> State:
    """Return the state at the stage that its answers lead to, with no answer being edited."""
    path = walk(survey, state)
    if path.ended is not None:
        kind = "screenOut" if path.ended.screened else "complete"
        alike = [ending for ending in survey.endings if ending.screened == path.ended.screened]
        ending = f"{kind}.{alike.index(path.ended) + 1}"
        return state.at("screened" if path.ended.screened else "done", ending=ending)
    return state.at("asking" if path.waiting else "done")


def _in_order(survey: Survey, answers: Iterable[Answered]) -> tuple[Answered, ...]:
    """Return the answers to what is asked, the turns of each question together and without a gap."""
    chains: dict[str, list[Answered]] = {}
    for answer in answers:
        question = survey.question(answer.question)
        if question is not None and question.asks:
            chains.setdefault(answer.question, []).append(answer)
    kept: list[Answered] = []
    for chain in chains.values():
        for turn, answer in enumerate(sorted(chain, key=lambda answer: answer.turn)):
            before = kept[-1] if turn else None
            if answer.turn != turn or (before and not (before.follow and before.follow.probe)):
                break
            kept.append(answer)
    return tuple(kept)


def _agree(survey: Survey, state: State, _reply: Agree, _world: World) -> Step:
    if state.stage in ("consent", "declined"):
        state = settled(survey, state)
    return state, prompt(survey, state)


def _decline(survey: Survey, state: State, _reply: Decline, _world: World) -> Step:
    if state.stage == "consent":
        state = state.at("declined")
    return state, prompt(survey, state)


def _take(survey: Survey, state: State, reply: Answer, world: World) -> Step:
    path = walk(survey, state)
    question = path.find(reply.question)
    here = waits(survey, state, path)
    is_here = here is not None and (here.question.name, here.turn) == (reply.question, reply.turn)
    before = state.answer(reply.question, reply.turn)
    if state.stage not in OPEN or question is None or (before is None and not is_here):
        return state, prompt(survey, state)
    shown = path.shown[question.name]
    so_far = fitting(question, before.value, shown) if before and reply.turn == 0 else None
    part = here.part if here and is_here else waiting(question, so_far, shown)
    try:
        value = (
            read(question, reply.value, shown, so_far, part) if reply.turn == 0 else question.read(reply.value, shown)
        )
        if reply.turn == 0 and question.complete(value, shown):
            question.verify(value, path.context)
    except ReplyRejected as rejected:
        return state, (Message("note", rejected.sentence(state.language), question.name, reply.turn),)
    whole = not parts(question, shown) or (isinstance(reply.value, Mapping) and "rows" in reply.value)
    return _with(survey, state, Answered(question.name, value, reply.turn), path, world, whole)


def _skip(survey: Survey, state: State, reply: Skip, world: World) -> Step:
    path = walk(survey, state)
    here = waits(survey, state, path)
    if state.stage not in OPEN or here is None or (here.question.name, here.turn) != (reply.question, reply.turn):
        return state, prompt(survey, state)
    question = here.question
    if here.required:
        required = question.requiredErrorText
        text = required.text(state.language) if required else say(state.language, "required")
        return state, (Message("note", text, question.name, here.turn),)
    value, whole = None, True
    if here.turn == 0 and parts(question, here.shown):
        value, whole = skipped(question, here.shown, here.so_far, here.part), False
        if question.complete(value, here.shown) and is_empty(value):
            value = None
    return _with(survey, state, Answered(question.name, value, here.turn), path, world, whole)


def _with(survey: Survey, state: State, answer: Answered, path: Path, world: World, whole: bool = True) -> Step:
    """Return the state with one more answer, or with a new one in the place of the old one and of what followed it."""
    before = state.answer(answer.question, answer.turn)
    if before is not None and _same(before.value, answer.value):
        after = settled(survey, state)
    else:
        answer = follow_up(survey, state, answer, world.prober)
        changed = replace(state, answers=_replaced(state.answers, answer))
        after = settled(survey, changed if before is None else _trimmed(survey, changed))
        after = _within_quotas(survey, after, world)
    if state.editing == answer.question and not whole and after.stage in OPEN:
        after = _next_part(after, answer, path.shown[answer.question], state.part + 1)
    return after, prompt(survey, after)


def _trimmed(survey: Survey, state: State) -> State:
    """Return the state after a changed answer, its growing answers without the rows and sets that have gone with it."""
    path = walk(survey, state)
    answers = list(state.answers)
    for at, answer in enumerate(answers):
        shown = path.shown.get(answer.question) if answer.turn == 0 else None
        question = path.find(answer.question)
        if shown is not None and question is not None and parts(question, shown):
            value = fitting(question, answer.value, shown)
            answers[at] = answer if value is None else replace(answer, value=value)
    return state if answers == list(state.answers) else replace(state, answers=tuple(answers))


def _next_part(state: State, answer: Answered, shown: Shown, part: int) -> State:
    """Return the state in which the next part of an edited answer is given anew, if there is one already."""
    return state.at("asking", answer.question, part) if given(answer.value, shown, part) else state


def _same(old: Value | None, new: Value | None) -> bool:
    return old == new and type(old) is type(new)


def _within_quotas(survey: Survey, state: State, world: World) -> State:
    if not world.full or state.stage not in OPEN:
        return state
    full = next((quota.name for quota in survey.quotas if quota.name in world.full & cells(survey, state)), None)
    return state if full is None else state.at("full", ending=full)


def _replaced(answers: tuple[Answered, ...], new: Answered) -> tuple[Answered, ...]:
    """Return the answers with a new one, without later turns of its question, which followed from the old one."""
    before = [index for index, old in enumerate(answers) if old.question == new.question and old.turn < new.turn]
    same = [index for index, old in enumerate(answers) if (old.question, old.turn) == (new.question, new.turn)]
    at = same[0] if same else before[-1] + 1 if before else len(answers)
    kept = [old for old in answers[at:] if old.question != new.question]
    return (*answers[:at], new, *kept)


def _speak(survey: Survey, state: State, reply: Speak, _world: World) -> Step:
    language = interface_language(reply.language)
    if language in survey.languages:
        state = replace(state, language=language)
    return state, prompt(survey, state)


def _back(survey: Survey, state: State, _reply: Back, _world: World) -> Step:
    path = walk(survey, state)
    here = waits(survey, state, path)
    if state.stage not in OPEN:
        return state, prompt(survey, state)
    if here is not None and here.turn == 0 and here.part > 0:
        return _editing(survey, state, here.question.name, here.part - 1)
    asked = path.asked
    if here is not None:
        place = [question.name for question in asked].index(here.question.name)
        asked = asked[: place + (here.turn > 0)]
    names = [question.name for question in asked if state.answer(question.name)]
    if not names:
        return state, prompt(survey, state)
    last = path.find(names[-1])
    rows = len(parts(last, path.shown[last.name])) if last else 0
    return _editing(survey, state, names[-1], max(rows - 1, 0))


def _edit(survey: Survey, state: State, reply: Edit, _world: World) -> Step:
    question = walk(survey, state).find(reply.question)
    if state.stage not in OPEN or question is None or state.answer(question.name) is None:
        return state, prompt(survey, state)
    return _editing(survey, state, question.name, 0)


def _editing(survey: Survey, state: State, question: str, part: int) -> Step:
    state = state.at("asking", question, part)
    return state, prompt(survey, state)


def _keep(survey: Survey, state: State, _reply: Keep, _world: World) -> Step:
    if state.editing is not None:
        state = settled(survey, state)
    return state, prompt(survey, state)


REPLIES: dict[type[Reply], Callable[[Survey, State, Any, World], Step]] = {
    Agree: _agree,
    Decline: _decline,
    Answer: _take,
    Skip: _skip,
    Speak: _speak,
    Back: _back,
    Edit: _edit,
    Keep: _keep,
}
