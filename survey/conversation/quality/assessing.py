"""All checks over a study, and the score of each response."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from survey.conversation.quality.checks import attention, honeypot, mostly_skipped, trap
from survey.conversation.quality.copies import copied, repeats_itself
from survey.conversation.quality.gibberish import gibberish
from survey.conversation.quality.patterns import same_scales, straightlining
from survey.conversation.quality.records import FULL_SCORE, Flag, Quality, Respondent, Study
from survey.conversation.quality.times import speeders, typed_fast, unread
from survey.definition import Survey

if TYPE_CHECKING:
    import pandas as pd

ABOUT = ("response", "language", "status", "started", "finished", "ending")
CHECKS: tuple[Callable[[Study], Iterator[tuple[str, Flag]]], ...] = (
    trap,
    honeypot,
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


def with_quality(frame: "pd.DataFrame", found: Sequence[Quality]) -> "pd.DataFrame":
    """Return a frame of responses with the columns of quality_frame, before the answers.

    A column that a question has taken is called "samtal.quality" or "samtal.flags" instead.
    """
    noticed = quality_frame(found).set_index("response").reindex(frame["response"])
    place = next((number for number, name in enumerate(frame.columns) if name not in ABOUT), len(frame.columns))
    named = {name: f"samtal.{name}" if name in frame.columns else name for name in noticed.columns}
    wider = frame.copy()
    for number, (name, shown) in enumerate(named.items()):
        wider.insert(place + number, shown, noticed[name].to_numpy())
    return wider
