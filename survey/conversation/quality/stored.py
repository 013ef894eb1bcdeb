"""Answer quality of a stored study."""

from collections import defaultdict

from data.standing import moments
from data.studies import StudyFile
from survey.conversation.quality.assessing import assess
from survey.conversation.quality.records import Moment, Quality, Respondent
from survey.definition import Survey, Value


def stored_quality(file: StudyFile, survey: Survey) -> tuple[Quality, ...]:
    """Return what there is to notice about every response of a study, in the order they were started."""
    return assess(survey, stored_respondents(file))


def stored_respondents(file: StudyFile) -> tuple[Respondent, ...]:
    """Return everybody in a study file with the answers that count and the times of all that was stored."""
    answers: defaultdict[str, dict[tuple[str, int], Value | None]] = defaultdict(dict)
    for response, question, turn, value, _detail in file.responses.standing():
        answers[response][question, turn] = value
    steps: defaultdict[str, list[Moment]] = defaultdict(list)
    for response, question, turn, at in moments(file.db):
        steps[response].append(Moment(question, turn, at))
    return tuple(
        Respondent(row.id, row.language, row.started, answers[row.id], tuple(steps[row.id]), row.trap)
        for row in file.responses.all()
    )
