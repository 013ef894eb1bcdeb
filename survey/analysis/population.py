"""A study's people and all they answered, as the numeric core takes them: what segments on any basis are made from."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from data.responses import FULL, SCREENED, ResponseRow
from data.standing import Standing
from data.studies import StudyFile
from models.features import Answers
from models.population import LEAD_BASES, Basis, Population, Question
from survey.analysis import asked
from survey.conversation.versions import survey_versions
from survey.definition import LANGUAGES, Survey, words
from survey.definition import Question as Asked
from survey.definition.kinds import Matrix, Rating
from survey.wording import count

LANGUAGE, KNOWN = "language", "known."
"""Names of what describes people besides their answers: the language they answered in, what an invitation knew."""

LEVELS = ("attribute", "consequence", "value")


@dataclass(frozen=True)
class StudyPopulation:
    """The people of a study as they stood at one moment, one row a response.

    responses: ids. languages: in which each conversation was held. until: the moment, as Responses.last_answer counts.
    notes: what was left out and why, one sentence each.
    """

    population: Population
    responses: tuple[str, ...]
    languages: tuple[str, ...]
    until: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Given:
    """What is stored: answers by question and response, and after open questions what was said and how deep it goes."""

    answers: Mapping[str, Mapping[str, Any]]
    chains: Mapping[str, Mapping[str, Sequence[tuple[str, str]]]]

    @classmethod
    def of(cls, standing: Iterable[Standing]) -> "_Given":
        answers: dict[str, dict[str, Any]] = {}
        turns: dict[str, dict[str, dict[int, tuple[str, str]]]] = {}
        for response, question, turn, value, detail in standing:
            if not turn:
                answers.setdefault(question, {})[response] = value
            level = ((detail or {}).get("follow") or {}).get("level")
            if isinstance(value, str) and value:
                link = (value, level if level in LEVELS else "")
                turns.setdefault(question, {}).setdefault(response, {})[turn] = link
        chains = {
            question: {response: [said[turn] for turn in sorted(said)] for response, said in people.items()}
            for question, people in turns.items()
            if any(turn for said in people.values() for turn in said)
        }
        return cls(answers, chains)


def collect_population(file: StudyFile, until: int | None = None) -> StudyPopulation:
    """Return the people of a study file, as they are now or as they stood at `until`.

    Who was screened out or came to a full quota cell is left out of the people as they are now.
    """
    moment = file.responses.last_answer() if until is None else until
    rows = [row for row in file.responses.all() if until is not None or row.status not in (SCREENED, FULL)]
    _newest, surveys = survey_versions(file)
    return population(surveys, rows, file.responses.standing(moment), moment)


def describing(file: StudyFile, responses: Sequence[str], until: int) -> tuple[Question, ...]:
    """Return the closed questions that say who people are, with one answer for each of these responses.

    A response that was deleted meanwhile has none. until: the moment, as Responses.last_answer counts.
    """
    people = collect_population(file, until)
    row = {response: at for at, response in enumerate(people.responses)}
    return tuple(
        replace(one, answers=replace(one.answers, values=[_at(one.answers.values, row.get(r)) for r in responses]))
        for one in people.population.saying_who()
    )


def _at(values: Sequence[Any], row: int | None) -> Any:
    return None if row is None else values[row]


def population(
    surveys: Mapping[int, Survey], rows: Sequence[ResponseRow], standing: Iterable[Standing], until: int = 0
) -> StudyPopulation:
    """Return the people behind these responses, with every question that says something about them.

    surveys: by version, all that the responses were asked with and the newest. Questions stand in the order of the
    newest survey; those it no longer has stand behind them and only describe; then come the language of the
    conversation and what invitations knew.
    Left out: messages, e-mail addresses, links and numbers of telephones, checks of attention, and questions that
    nobody answered. An answer given to another form of a question (another scale, another kind) does not count.
    """
    given, newest = _Given.of(standing), surveys[max(surveys)]
    questions: list[Question] = []
    notes: list[str] = []
    for question in _all_questions(surveys):
        told = given.answers.get(question.name, {})
        values, otherwise = _values(question, surveys, rows, told)
        if otherwise:
            belongs = "belongs" if otherwise == 1 else "belong"
            left = "is" if otherwise == 1 else "are"
            notes.append(
                f"{count(otherwise, 'answer')} to '{question.name}' {belongs} to another form of the question and"
                f" {left} left out."
            )
        found = asked.answers(question, values, newest.locale)
        if found is not None and any(value is not None for value in found.values):
            bases = forms(question) if newest.question(question.name) else ()
            questions.append(_question(question, found, bases, rows, given, newest.locale))
    questions += _beside(rows)
    return StudyPopulation(
        Population(len(rows), tuple(questions)),
        tuple(row.id for row in rows),
        tuple(row.language for row in rows),
        until,
        tuple(notes),
    )


def with_centred(people: StudyPopulation, names: Collection[str]) -> StudyPopulation:
    """Return the people with just these batteries compared with each person's own mean."""
    questions = tuple(
        replace(one, answers=replace(one.answers, ipsatise=one.name in names)) if one.answers.kind == "battery" else one
        for one in people.population.questions
    )
    return replace(people, population=replace(people.population, questions=questions))


def forms(question: Asked) -> tuple[Basis, ...]:
    """Return the bases whose segments the answers to a question help to form; () when it only describes.

    Open answers speak of benefits and of values alike, unless the survey says that they only describe, or that they
    are about another basis.
    """
    basis = question.samtal.basis
    if is_left_out(question) or basis == "descriptor":
        return ()
    own: Basis | None = "psychographic" if basis == "value" else basis
    if question.encoder == "text" and own in (None, *LEAD_BASES):
        return LEAD_BASES
    return () if own is None else (own,)


def forming(survey: Survey, basis: Basis) -> tuple[Asked, ...]:
    """Return the questions of a survey that form the segments of a basis."""
    return tuple(question for question in survey.questions if basis in forms(question))


def is_left_out(question: Asked) -> bool:
    """Return whether the answers to a question say nothing about people: checks, messages, ways to reach somebody."""
    notes = question.samtal
    checks = notes.honeypot or notes.attention is not None
    reaches = question.encoder == "text" and getattr(question, "inputType", "text") != "text"
    silent = question.encoder == "none" and question.kind != "expression"
    return checks or reaches or silent


def _all_questions(surveys: Mapping[int, Survey]) -> list[Asked]:
    found: dict[str, Asked] = {}
    for version in sorted(surveys, reverse=True):
        for question in surveys[version].questions:
            found.setdefault(question.name, question)
    return [question for question in found.values() if not is_left_out(question)]


def _values(
    question: Asked, surveys: Mapping[int, Survey], rows: Sequence[ResponseRow], told: Mapping[str, Any]
) -> tuple[list[Any], int]:
    """Return one value a response, and how many were given to another form of the question."""
    alike = {
        version: form is not None and _form(form) == _form(question)
        for version, survey in surveys.items()
        for form in (survey.question(question.name),)
    }
    values = [told.get(row.id) if alike[row.survey_version] else None for row in rows]
    otherwise = sum(told.get(row.id) is not None for row in rows if not alike[row.survey_version])
    return values, otherwise


def _form(question: Asked) -> tuple[Any, ...]:
    """Return what must be the same for answers to two versions of a question to be compared."""
    scale = question.steps if isinstance(question, Rating) else question.scale if isinstance(question, Matrix) else ()
    return (question.encoder, question.kind == "expression", scale)


def _question(
    question: Asked,
    found: Answers,
    bases: tuple[Basis, ...],
    rows: Sequence[ResponseRow],
    given: _Given,
    language: str,
) -> Question:
    made = Question(" ".join(question.title.text(language).split()), found, bases)
    said = given.chains.get(question.name) if made.open else None
    if not said:
        return made
    links = [said.get(row.id, ()) if found.values[at] is not None else () for at, row in enumerate(rows)]
    return replace(
        made,
        chains=tuple(tuple(text for text, _level in chain) for chain in links),
        levels=tuple(tuple(level for _text, level in chain) for chain in links),
    )


def _beside(rows: Sequence[ResponseRow]) -> list[Question]:
    """Return what describes people besides their answers: the language, and what their invitations knew."""
    found: list[Question] = []
    if len({row.language for row in rows}) > 1:
        spoken = asked.by_value(LANGUAGE, [_spoken(row.language) for row in rows])
        found += [Question("Language", spoken)] if spoken else []
    for name in dict.fromkeys(name for row in rows for name in row.descriptors):
        told = asked.by_value(f"{KNOWN}{name}", [row.descriptors.get(name) for row in rows])
        found += [Question(name, told)] if told else []
    return found


def _spoken(language: str) -> str:
    """Return the name of a language in the language itself; a code we have no words in stays one."""
    return words(language)["language_name"] if language in LANGUAGES else language
