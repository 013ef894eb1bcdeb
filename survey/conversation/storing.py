"""What a conversation leaves in the study's file: the state out of it, and a change of the state into it."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from data.quotas import Quotas
from data.responses import COMPLETE, FULL, PARTIAL, SCREENED, Kept, Mark, ResponseRow
from data.studies import StudyFile
from survey.conversation.engine import cells, replay, settled
from survey.conversation.flow import Path, walk
from survey.conversation.parts import fitting
from survey.conversation.state import Answer, Answered, Follow, Reply, Skip, Stage, State
from survey.definition import Survey, Value

STATUS: Mapping[Stage, str] = {"done": COMPLETE, "screened": SCREENED, "full": FULL}


def stored(kept: Kept, survey: Survey, language: str | None = None) -> State:
    """Return the state of the conversation that the file holds, in the language given or in its own."""
    row = kept.response
    answers = (
        Answered(given.question, given.value, given.turn, _follow(given.detail))
        for given in kept.answers
        if given.turn == 0 or (given.question, given.turn) not in kept.inactive
    )
    return replay(
        survey,
        language or row.language,
        kept.consented,
        answers,
        seed=row.seed,
        descriptors=row.descriptors.items(),
        ending=row.ending if row.status == FULL else None,
        today=row.started.date(),
    )


def edited(survey: Survey, state: State, page: State) -> State:
    """Return the stored state with the edit that is going on in a page, as long as there is such an answer."""
    question = walk(survey, state).find(page.editing) if page.editing else None
    if question is None or state.answer(question.name) is None or state.stage not in ("asking", "done"):
        return state
    return state.at("asking", page.editing, page.part)


def overtaken(page: State, state: State, said: Reply) -> bool:
    """Whether a page answers what it has not seen: the stored answer, or those before it, came from somewhere else."""
    if not isinstance(said, Answer | Skip):
        return False
    seen, there = (one.chain(said.question)[: said.turn + 1] for one in (page, state))
    return seen != there


def commit(file: StudyFile, survey: Survey, kept: Kept, before: State, after: State) -> None:
    """Write the difference between two states; belongs inside the transaction that has read what is kept."""
    responses, response = file.responses, kept.response.id
    if before.stage == "consent" and after.stage != "consent":
        responses.consent(response, survey.consent(after.language)[1], after.language)
    if after.language != before.language:
        responses.set_language(response, after.language)
    if after.answers == before.answers and (after.stage == before.stage or after.editing):
        return
    path = walk(survey, after)
    values: dict[Mark, Value | None] = {(row.question, row.turn): row.value for row in kept.answers}
    for answer in after.answers:
        if before.answer(answer.question, answer.turn) != answer:
            responses.record(response, answer.question, answer.turn, answer.value, detail=_detail(path, answer))
            values[answer.question, answer.turn] = answer.value
    formulas = computed(survey, path)
    for name, value in formulas.items():
        if value != values.get((name, 0)):
            responses.record(response, name, 0, value)
    inactive = values.keys() - _counting(after, path) - {(name, 0) for name in formulas}
    if inactive != kept.inactive:
        responses.set_inactive(response, inactive)
    _finish(file, survey, kept.response, after)


def computed(survey: Survey, path: Path) -> dict[str, Value | None]:
    """Return the values of formulas that are kept with the answers."""
    named = {one.name: one.expression.evaluate(path.context) for one in survey.calculated if one.stored}
    reached = {question.name for question in path.passed}
    return {
        **{name: value for name, value in named.items() if survey.question(name) is None or name in reached},
        **path.computed,
    }


def _detail(path: Path, answer: Answered) -> dict[str, Any] | None:
    """Return what is noted with an answer: what was shown, in which order, and what the interviewer decided."""
    shown = path.shown.get(answer.question) if answer.turn == 0 else None
    detail: dict[str, Any] = {}
    if shown is not None and shown.sets:
        detail["shown"] = [list(items) for items in shown.sets]
    elif shown is not None and shown.options:
        detail["shown"] = list(shown.options)
    if answer.follow is not None:
        detail["follow"] = asdict(answer.follow)
    return detail or None


def _follow(detail: Mapping[str, Any] | None) -> Follow | None:
    found = (detail or {}).get("follow")
    return Follow(**found) if found else None


def _counting(state: State, path: Path) -> set[Mark]:
    """Return what counts: answers on the way, and the probes that followed from them as they stand."""
    counting: set[Mark] = set()
    for question in path.asked:
        first = state.answer(question.name)
        if (
            first is None
            or first.value is None
            or fitting(question, first.value, path.shown[question.name]) is not None
        ):
            counting |= {(question.name, given.turn) for given in state.chain(question.name)}
    return counting


def _finish(file: StudyFile, survey: Survey, row: ResponseRow, after: State) -> None:
    """Note how the conversation stands, and which quota cells a complete one fills."""
    state = settled(survey, after) if after.editing else after
    status = STATUS.get(state.stage, PARTIAL)
    if (status, state.ending) != (row.status, row.ending):
        if status == PARTIAL:
            file.responses.reopen(row.id)
        else:
            file.responses.finish(row.id, status, state.ending)
    if survey.quotas and (status == COMPLETE or row.status == COMPLETE):
        Quotas(file.db).mark(row.id, cells(survey, state) if status == COMPLETE else ())
