"""Probes: how the interviewer asks on after an open answer, from what people like to what they value (laddering)."""

from survey.conversation.probes.prober import Prober, RuleProber
from survey.conversation.probes.serving import prober_for
from survey.conversation.probes.wording import probe_text

__all__ = ["Prober", "RuleProber", "probe_text", "prober_for"]
