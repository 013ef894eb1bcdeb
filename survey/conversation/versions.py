"""The surveys behind the responses of a study: each is read by the version it was asked with."""

from collections.abc import Mapping

from data.studies import StudyFile
from survey.definition import Survey, parse


def survey_versions(file: StudyFile) -> tuple[int, Mapping[int, Survey]]:
    """Return the number of the newest version, and the survey of that one and of each that somebody answered."""
    newest, document = file.survey()
    answered = {row.survey_version for row in file.responses.all()} - {newest}
    return newest, {newest: parse(document), **{one: parse(file.survey(one)[1]) for one in sorted(answered)}}
