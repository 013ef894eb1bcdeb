"""The prober of this process."""

from functools import lru_cache

from survey.conversation.llm import LLMProber
from survey.conversation.probes.levels import packaged_levels
from survey.conversation.probes.meaning import Meaning, packaged_encoder
from survey.conversation.probes.prober import Prober, RuleProber
from survey.settings import Settings


@lru_cache(maxsize=1)
def meaning() -> Meaning:
    """Return the comparison with exemplars that this process shares; `meaning().start()` loads it."""
    return Meaning(packaged_encoder, packaged_levels)


@lru_cache(maxsize=4)
def prober_for(settings: Settings) -> Prober:
    """Return the interviewer that the settings ask for: the rules, with a language model's words where one is named."""
    rules = RuleProber(meaning())
    if not settings.llm_url:
        return rules
    return LLMProber(settings.llm_url, settings.llm_model, settings.llm_key, rules)
