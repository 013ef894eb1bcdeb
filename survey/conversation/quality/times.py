"""Speeders: answers given faster than they can be read, typed, or than others needed."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from statistics import median

from survey.conversation.quality.records import Flag, Moment, Respondent, Study

Finding = tuple[str, Flag]

FEWEST_OTHERS = 10
FAST = 1 / 3
FEWEST_TIMED = 4
FAST_SHARE = 0.5
READ_PER_SECOND = 60.0
REACTION = 0.4
SHORTEST_TITLE = 60
TYPED_PER_SECOND = 18.0
FEWEST_TYPED = 80


def durations(respondent: Respondent) -> dict[tuple[str, int], float]:
    """Return the seconds that each question (and probe) took the first time it was answered.

    A question answered in parts counts from the moment it was reached to its last part; what is changed later does not
    count.
    """
    found: dict[tuple[str, int], float] = {}
    before = respondent.started
    ordered = sorted(respondent.moments, key=lambda moment: moment.at)
    for key, steps in groupby(ordered, key=lambda moment: (moment.question, moment.turn)):
        last: Moment = list(steps)[-1]
        found.setdefault(key, (last.at - before).total_seconds())
        before = last.at
    return found


def speeders(study: Study) -> Iterator[Finding]:
    """Yield those who took less than a third of the median time in at least half of the questions.

    The medians are the study's own, of questions that ten or more have answered; the share of the median follows
    Greszki, Meyer and Schoen (2015).
    """
    taken = {respondent.id: durations(respondent) for respondent in study.respondents}
    usual = _medians(taken)
    for person, own in taken.items():
        timed = [key for key in own if key in usual]
        fast = [key for key in timed if own[key] < FAST * usual[key]]
        if len(timed) >= FEWEST_TIMED and len(fast) >= FAST_SHARE * len(timed):
            yield person, Flag("speeder", 35, values={"fast": len(fast), "timed": len(timed)})


def unread(study: Study) -> Iterator[Finding]:
    """Yield answers that came sooner than the quickest reader could have read a long question."""
    for respondent in study.respondents:
        taken = durations(respondent)
        for question in study.asked(respondent).questions:
            seconds = taken.get((question.name, 0))
            title = question.title.text(respondent.language)
            if seconds is None or len(title) < SHORTEST_TITLE or (question.name, 0) not in respondent.answers:
                continue
            if seconds < REACTION + len(title) / READ_PER_SECOND:
                values = {"seconds": round(seconds, 1), "characters": len(title)}
                yield respondent.id, Flag("unread", 10, question.name, values)


def typed_fast(study: Study) -> Iterator[Finding]:
    """Yield long free texts that came faster than anybody types."""
    for respondent in study.respondents:
        taken = durations(respondent)
        for name, turn, text in respondent.texts(study.asked(respondent)):
            seconds = taken.get((name, turn))
            if seconds is not None and len(text) >= FEWEST_TYPED and len(text) > TYPED_PER_SECOND * seconds:
                values = {"seconds": round(seconds, 1), "characters": len(text)}
                yield respondent.id, Flag("typed_fast", 15, name, values)


def _medians(taken: Mapping[str, Mapping[tuple[str, int], float]]) -> dict[tuple[str, int], float]:
    times: dict[tuple[str, int], list[float]] = {}
    for own in taken.values():
        for key, seconds in own.items():
            times.setdefault(key, []).append(seconds)
    return {key: median(found) for key, found in times.items() if len(found) >= FEWEST_OTHERS}
