"""Answer quality of a stored study."""

from collections import defaultdict
from collections.abc import Mapping

from data.standing import moments
from data.studies import StudyFile
from survey.conversation.quality.assessing import assess
from survey.conversation.quality.records import Moment, Quality, Respondent
from survey.conversation.versions import survey_versions
from survey.definition import Survey, Value


def stored_quality(file: StudyFile) -> tuple[Quality, ...]:
    """Return what there is to notice about every response of a study, in the order they were started.

    Each response is read by the version of the survey that it was asked with.
    """
    newest, surveys = survey_versions(file)
    return assess(surveys[newest], stored_respondents(file, surveys))


def stored_respondents(file: StudyFile, surveys: Mapping[int, Survey]) -> tuple[Respondent, ...]:
    """Return everybody in a study file with the answers that count and the times of all that was stored.

    surveys: the versions by number, as survey_versions tells.
    """
    answers: defaultdict[str, dict[tuple[str, int], Value | None]] = defaultdict(dict)
    for response, question, turn, value, _detail in file.responses.standing():
        answers[response][question, turn] = value
    steps: defaultdict[str, list[Moment]] = defaultdict(list)
    for response, question, turn, at in moments(file.db):
        steps[response].append(Moment(question, turn, at))
    return tuple(
        Respondent(
            row.id,
            row.language,
            row.started,
            answers[row.id],
            tuple(steps[row.id]),
            row.trap,
            surveys[row.survey_version],
        )
        for row in file.responses.all()
    )
