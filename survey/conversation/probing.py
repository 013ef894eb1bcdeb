"""Asking on after an open answer: what was decided is kept with the answer."""

from dataclasses import replace
from typing import Any

from survey.conversation.probes.prober import Prober, turns_of
from survey.conversation.probes.wording import probe_text
from survey.conversation.state import Answered, Follow, State
from survey.definition import Question, Survey


def follow_up(survey: Survey, state: State, answer: Answered, prober: Prober | None) -> Answered:
    """Return the answer with what the interviewer decides after it; as it is where nothing is ever asked on."""
    question = survey.question(answer.question)
    limit = turns_of(question) if question is not None and question.open else 0
    if prober is None or question is None or not limit or not isinstance(answer.value, str):
        return answer
    earlier = [given for given in state.chain(answer.question) if given.turn < answer.turn]
    said = (*(str(given.value) for given in earlier), answer.value)
    elsewhere = [given for given in state.answers if given.question != answer.question]
    asked = tuple(given.follow.probe for given in (*elsewhere, *earlier) if given.follow and given.follow.probe)
    follow = prober.follow(question, said, asked, state.language, state.seed)
    return replace(answer, follow=follow if answer.turn < limit else replace(follow, probe=None, text=None))


def words_of(follow: Follow, language: str) -> str:
    """Return what a probe says: the words of a language model as they were, packaged ones in the language."""
    return follow.text or probe_text(follow.probe or "", language)


class Undecided(Exception):
    """The interviewer has not been asked yet what follows this answer."""

    def __init__(self, *asked: Any) -> None:
        super().__init__("Ask the interviewer first.")
        self.asked = asked


class Remembered:
    """A prober whose decisions are made beforehand, so that none is waited for while others wait too."""

    def __init__(self, prober: Prober) -> None:
        self.prober = prober
        self._known: dict[tuple[Any, ...], Follow] = {}

    def ask(self, open_question: Undecided) -> None:
        """Let the prober decide what `follow` could not tell."""
        question, *rest = open_question.asked
        self._known[(question.name, *rest)] = self.prober.follow(question, *rest)

    def follow(
        self, question: Question, chain: tuple[str, ...], asked: tuple[str, ...], language: str, seed: int
    ) -> Follow:
        """Return the decision that was made; raises Undecided when there is none yet."""
        found = self._known.get((question.name, chain, asked, language, seed))
        if found is None:
            raise Undecided(question, chain, asked, language, seed)
        return found
