"""The chat engine: pure functions from a state and a reply to the next state and messages."""

from survey.conversation.engine import current, replay, start, step, transcript
from survey.conversation.state import Agree, Answer, Answered, Decline, Message, Reply, Skip, Speak, State

__all__ = [
    "Agree",
    "Answer",
    "Answered",
    "Decline",
    "Message",
    "Reply",
    "Skip",
    "Speak",
    "State",
    "current",
    "replay",
    "start",
    "step",
    "transcript",
]
