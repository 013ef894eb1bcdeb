"""Answer quality: what gives reason to look twice at a response. Flags and a score; nothing is ever dropped."""

from survey.conversation.quality.assessing import CHECKS, assess, quality_frame, with_quality
from survey.conversation.quality.records import Flag, Moment, Quality, Respondent
from survey.conversation.quality.stored import stored_quality

__all__ = [
    "CHECKS",
    "Flag",
    "Moment",
    "Quality",
    "Respondent",
    "assess",
    "quality_frame",
    "stored_quality",
    "with_quality",
]
