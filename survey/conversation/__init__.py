"""The chat engine: pure functions from a state and a reply to the next state and messages."""

from survey.conversation.engine import active, cells, current, replay, start, step
from survey.conversation.progress import progress
from survey.conversation.state import (
    Agree,
    Answer,
    Answered,
    Back,
    Decline,
    Edit,
    Follow,
    Keep,
    Message,
    Progress,
    Reply,
    Skip,
    Speak,
    Stage,
    State,
    Waiting,
    World,
)
from survey.conversation.telling import transcript

__all__ = [
    "Agree",
    "Answer",
    "Answered",
    "Back",
    "Decline",
    "Edit",
    "Follow",
    "Keep",
    "Message",
    "Progress",
    "Reply",
    "Skip",
    "Speak",
    "Stage",
    "State",
    "Waiting",
    "World",
    "active",
    "cells",
    "current",
    "progress",
    "replay",
    "start",
    "step",
    "transcript",
]
