"""What the conversation says: what waits, the prompt for it, and the whole transcript."""

from collections.abc import Iterator

from survey.conversation.flow import Path, walk
from survey.conversation.parts import fitting, must_answer, parts, waiting
from survey.conversation.probing import words_of
from survey.conversation.state import Message, State, Waiting
from survey.definition import Question, Survey, Value, pipe, say


def waits(survey: Survey, state: State, path: Path) -> Waiting | None:
    """Return what waits for an answer on the way of a state, or None."""
    if state.stage != "asking":
        return None
    edited = path.find(state.editing) if state.editing and state.answer(state.editing) else None
    if edited is not None:
        return _waiting(survey, state, path, edited, 0, True)
    return _waiting(survey, state, path, path.waiting, path.turn, False) if path.waiting else None


def prompt(survey: Survey, state: State) -> tuple[Message, ...]:
    """Return what the conversation waits with: remarks on the way to the next question, and that question."""
    path = walk(survey, state)
    here = waits(survey, state, path)
    if state.editing and here is not None:
        return tuple(_asking(here, True))
    remarks: list[Message] = []
    for question in reversed(path.passed if state.stage not in ("consent", "declined") else ()):
        if question.asks and question.name not in path.computed:
            break
        remarks = [*_info(path, question), *remarks]
    return (*remarks, *(_asking(here, here.so_far is None) if here else _end(survey, state, path)))


def transcript(survey: Survey, state: State) -> tuple[Message, ...]:
    """Return the whole conversation as it stands, in the state's language, ending in the current prompt."""
    path = walk(survey, state)
    here = waits(survey, state, path)
    said: list[Message] = []
    if state.stage not in ("consent", "declined"):
        for question in path.here:
            begun = question.asks and _so_far(state, path, question) is not None
            if question is not path.waiting or path.turn or begun:
                said += _told(state, path, question) if question.asks else _info(path, question)
    if here is None:
        return (*said, *_end(survey, state, path))
    return (*said, *_asking(here, here.editing or here.so_far is None))


def title(path: Path, question: Question) -> str:
    """Return the title of a question with answers piped in, in the language of the conversation."""
    return pipe(question.title.text(path.context.language), path.context)


def _waiting(survey: Survey, state: State, path: Path, question: Question, turn: int, editing: bool) -> Waiting:
    shown = path.shown[question.name]
    if turn:
        follow = state.chain(question.name)[-1].follow
        words = words_of(follow, state.language) if follow else ""
        return Waiting(question, turn, shown, None, words, False)
    so_far = _so_far(state, path, question)
    several = parts(question, shown)
    part = min(state.part, len(several) - 1) if editing and several else waiting(question, so_far, shown)
    sets = bool(shown.sets)
    required = survey.required(question.name, path.context)
    return Waiting(
        question,
        0,
        shown,
        so_far,
        title(path, question),
        must_answer(question, shown, so_far, part, required) if several else required,
        item=several[part] if several and not sets else None,
        set=several[part] if several and sets else (),
        part=part,
        parts=max(len(several), 1),
        default=None if so_far is not None else question.suggested(path.context, shown),
        editing=editing,
        description=pipe(question.description.text(state.language), path.context) if question.description else "",
    )


def _so_far(state: State, path: Path, question: Question) -> Value | None:
    given = state.answer(question.name)
    return fitting(question, given.value, path.shown[question.name]) if given else None


def _asking(here: Waiting, whole: bool) -> Iterator[Message]:
    """Yield the prompt of what waits; with the title unless only the next row of a battery is asked."""
    name = here.question.name
    if here.turn:
        yield Message("probe", here.text, name, here.turn)
        return
    if whole or here.set or here.item is None:
        yield Message("question", here.text, name)
    if here.item is not None:
        yield Message("item", here.question.label(here.item, here.shown.language), name)


def _told(state: State, path: Path, question: Question) -> Iterator[Message]:
    """Yield a question that was answered, its answers and its probes."""
    if question.name in path.computed:
        return
    for given in state.chain(question.name):
        if given.turn == 0:
            yield Message("question", title(path, question), question.name)
        value = fitting(question, given.value, path.shown[question.name]) if given.turn == 0 else given.value
        if value is None:
            yield Message("skipped", say(state.language, "skipped"), question.name, given.turn)
        else:
            text = question.show(value, state.language) if given.turn == 0 else str(value)
            yield Message("answer", text, question.name, given.turn)
        follow = given.follow
        if follow and follow.probe and state.answer(question.name, given.turn + 1):
            yield Message("probe", words_of(follow, state.language), question.name, given.turn + 1)


def _info(path: Path, question: Question) -> list[Message]:
    if question.kind != "html":
        return []
    return [Message("info", title(path, question), question.name)]


def _end(survey: Survey, state: State, path: Path) -> Iterator[Message]:
    language = state.language
    if state.stage == "consent":
        yield Message("consent", survey.consent(language)[0])
    elif state.stage == "declined":
        yield Message("end", say(language, "declined"))
    elif state.stage == "screened":
        text = path.ended.text.text(language) if path.ended and path.ended.text else say(language, "screened")
        yield Message("end", pipe(text, path.context))
    elif state.stage == "full":
        found = next((quota.message for quota in survey.quotas if quota.name == state.ending), None)
        yield Message("end", pipe(found.text(language), path.context) if found else say(language, "full"))
    else:
        yield Message("end", pipe(survey.thanks(language, path.context), path.context))
