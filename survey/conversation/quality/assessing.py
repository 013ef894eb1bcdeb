"""All checks over a study, and the score of each response."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from survey.conversation.quality.checks import attention, honeypot, mostly_skipped, no_proof
from survey.conversation.quality.copies import copied, repeats_itself
from survey.conversation.quality.gibberish import gibberish
from survey.conversation.quality.patterns import same_scales, straightlining
from survey.conversation.quality.records import FULL_SCORE, Flag, Quality, Respondent, Study
from survey.conversation.quality.times import speeders, typed_fast, unread
from survey.definition import Survey

if TYPE_CHECKING:
    import pandas as pd

CHECKS: tuple[Callable[[Study], Iterator[tuple[str, Flag]]], ...] = (
    honeypot,
    no_proof,
    attention,
    speeders,
    unread,
    typed_fast,
    straightlining,
    same_scales,
    gibberish,
    copied,
    repeats_itself,
    mostly_skipped,
)


def assess(survey: Survey, respondents: Iterable[Respondent]) -> tuple[Quality, ...]:
    """Return what there is to notice about every respondent, in their order; everybody is in it."""
    study = Study(survey, tuple(respondents))
    found: defaultdict[str, list[Flag]] = defaultdict(list)
    for check in CHECKS:
        for response, flag in check(study):
            found[response].append(flag)
    return tuple(
        Quality(
            respondent.id,
            max(0, FULL_SCORE - sum(flag.points for flag in found[respondent.id])),
            tuple(found[respondent.id]),
        )
        for respondent in study.respondents
    )


def quality_frame(found: Sequence[Quality]) -> "pd.DataFrame":
    """Return one row per response: response, quality (the score) and flags (their keys, joined with "; ")."""
    import pandas as pd

    rows = [(one.response, one.score, "; ".join(one.keys)) for one in found]
    return pd.DataFrame(rows, columns=["response", "quality", "flags"])
