"""Typing tools of a study: made from a finished run, kept in its file, put to work on whoever answers after it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from data.errors import NotFound
from data.studies import StudyFile
from models.features import Answers
from models.golden.tool import Typed, TypingTool
from models.golden.tool_io import from_json, to_json
from models.results import Ints
from survey.analysis.population import collect_population
from survey.analysis.stored_bases import unpack_bases
from survey.analysis.typing_survey import golden_survey, reads, type_answers
from survey.definition import parse
from survey.errors import AppError

if TYPE_CHECKING:
    import pandas as pd

TYPED = "typed."
"""Before the names of the columns that say where a tool puts people."""


@dataclass(frozen=True)
class Material:
    """What a tool of a study is made from; hand it to `models.typing_tool.fit_typing_tool`, in a worker.

    labels: int (n,), 0 without a segment. titles: of the questions by name. names: of the segments.
    """

    basis: str
    run: str
    questions: tuple[Answers, ...]
    labels: Ints
    titles: Mapping[str, str]
    names: Mapping[int, str]


def material(file: StudyFile, run_id: str, basis: str, describing: bool = False) -> Material:
    """Return what the tool for one basis of a finished run is made from.

    Asked may be the closed questions that formed the segments; with `describing` all other closed ones too. Raises
    NotFound for an unknown run and AppError when it has no such basis or no closed question can be asked.
    """
    run = unpack_bases(*file.runs.load(run_id))
    try:
        solution = run.solutions.on(basis)
    except KeyError as error:
        found = ", ".join(one.basis for one in run.solutions.solutions)
        raise AppError(f"This run has no segments on the basis '{basis}'; it has {found}.") from error
    segment = dict(zip(run.responses, solution.labels.tolist(), strict=True))
    people = run.as_seen(collect_population(file, run.until))
    survey = parse(file.survey()[1])
    known = {question.name for question in survey.questions if reads(question)}
    questions = [
        question
        for question in people.population.questions
        if question.name in known and not question.open and (describing or question.name in solution.questions)
    ]
    rows = [row for row, response in enumerate(people.responses) if response in segment]
    if not questions:
        raise AppError(
            f"The {basis} segments come from open answers only, which a typing tool cannot ask.",
            "Let the tool ask the other closed questions of the survey as well, or add one.",
        )
    return Material(
        basis,
        run_id,
        tuple(replace(one.answers, values=tuple(one.answers.values[row] for row in rows)) for one in questions),
        np.array([segment[people.responses[row]] for row in rows], dtype=np.int64),
        {question.name: question.title for question in questions},
        {portrait.segment: portrait.name for portrait in solution.portraits},
    )


def keep_tool(file: StudyFile, basis: str, tool: TypingTool, run_id: str | None) -> TypingTool:
    """Store a tool as the one of its basis, with its golden questions as a survey, and return it.

    Raises AppError when the questions cannot be asked in a chat.
    """
    made = replace(tool, survey=golden_survey(tool, file.survey()[1]))
    file.typing_tools.put(basis, to_json(made), run_id)
    return made


def stored_tools(file: StudyFile) -> dict[str, TypingTool]:
    """Return the tools of a study by basis; raises ModelError for one that this version cannot read."""
    return {row.basis: from_json(row.tool) for row in file.typing_tools.list()}


def type_response(file: StudyFile, response_id: str) -> dict[str, Typed]:
    """Return where one respondent belongs by the tools of the study, by basis; light enough for the chat.

    Only answers that count are read. Raises NotFound for an unknown response.
    """
    kept, tools = file.responses.kept(response_id), stored_tools(file)
    if not tools:
        return {}
    survey = parse(file.survey(kept.response.survey_version)[1])
    values = {
        row.question: row.value for row in kept.answers if not row.turn and (row.question, 0) not in kept.inactive
    }
    return {basis: type_answers(tool, survey, values) for basis, tool in tools.items()}


def typed_people(file: StudyFile, responses: Sequence[str]) -> dict[str, dict[str, Typed]]:
    """Return where many respondents belong, by basis and response; those who were screened out are not typed."""
    tools = stored_tools(file)
    if not tools:
        return {}
    people = collect_population(file)
    answers = {question.name: question.answers.values for question in people.population.questions}
    wanted, found = set(responses), {}
    for basis, tool in tools.items():
        labels, sure, p = tool.classify_all(answers, len(people.responses))
        found[basis] = {
            response: Typed(int(labels[row]), float(sure[row]), dict(zip(tool.segments, p[row].tolist(), strict=True)))
            for row, response in enumerate(people.responses)
            if response in wanted
        }
    return found


def with_typed(file: StudyFile, frame: "pd.DataFrame") -> "pd.DataFrame":
    """Return the answers of a study with three more columns for each of its tools, or unchanged when it has none.

    typed.<basis>: segment, 0 when no golden question was answered, missing for who was screened out; with .name and
    .probability. frame: has the column response.
    """
    tools = stored_tools(file)
    typed = typed_people(file, frame["response"].tolist())
    columns: dict[str, list[Any]] = {}
    for basis, by_response in typed.items():
        rows = [by_response.get(response) for response in frame["response"]]
        tool = tools[basis]
        columns[f"{TYPED}{basis}"] = [row.segment if row else None for row in rows]
        columns[f"{TYPED}{basis}.name"] = [tool.name(row.segment) or None if row else None for row in rows]
        columns[f"{TYPED}{basis}.probability"] = [round(row.probability, 4) if row else None for row in rows]
    return frame.assign(**{name: _objects(values) for name, values in columns.items()})


def _objects(values: Sequence[Any]) -> "pd.Series":
    import pandas as pd

    return pd.Series(values, dtype=object)


def tool_of(file: StudyFile, basis: str) -> TypingTool:
    """Return the tool of one basis; raises NotFound when there is none."""
    tools = stored_tools(file)
    if basis not in tools:
        raise NotFound(f"The study has no typing tool for '{basis}'.")
    return tools[basis]
