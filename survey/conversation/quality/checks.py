"""Attention checks, traps for programs, and questions passed over."""

from collections.abc import Iterator

from survey.conversation.quality.records import Flag, Study

Finding = tuple[str, Flag]

FEWEST_ASKED = 4
MOSTLY = 0.5


def attention(study: Study) -> Iterator[Finding]:
    """Yield answers to attention checks (`samtal.attention`) other than the right one; a skipped check is no answer."""
    for respondent in study.respondents:
        for question in study.asked(respondent).questions:
            right, given = question.samtal.attention, respondent.answers.get((question.name, 0))
            if right is not None and given is not None and given not in (right, [right]):
                yield respondent.id, Flag("attention", 40, question.name)


def honeypot(study: Study) -> Iterator[Finding]:
    """Yield those who answered what people are asked to leave empty (`samtal.honeypot`)."""
    for respondent in study.respondents:
        for question in study.asked(respondent).questions:
            given = respondent.answers.get((question.name, 0))
            if question.samtal.honeypot and given not in (None, "", [], {}):
                yield respondent.id, Flag("honeypot", 60, question.name)


def trap(study: Study) -> Iterator[Finding]:
    """Yield those who wrote in the field beside the consent that people cannot see."""
    for respondent in study.respondents:
        if respondent.trap:
            yield respondent.id, Flag("trap", 60, values={"characters": len(respondent.trap)})


def mostly_skipped(study: Study) -> Iterator[Finding]:
    """Yield those who passed over more than half of the questions they were asked."""
    for respondent in study.respondents:
        given = [value for (_, turn), value in respondent.answers.items() if not turn]
        skipped = given.count(None)
        if len(given) >= FEWEST_ASKED and skipped > MOSTLY * len(given):
            yield respondent.id, Flag("mostly_skipped", 15, values={"skipped": skipped, "asked": len(given)})
