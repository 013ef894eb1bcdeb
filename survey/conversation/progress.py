"""How far a conversation is, honestly: branches that are not decided yet widen the range, and never turn it back."""

from survey.conversation.flow import Path, stands, walk
from survey.conversation.parts import given, parts
from survey.conversation.plan import in_order, plan_of
from survey.conversation.state import ENDED, Progress, State
from survey.definition import Question, Survey

NEVER = -1


def progress(survey: Survey, state: State) -> Progress:
    """Return how far the conversation is.

    Each question answered takes its part of what was left, divided by the questions that could still come at most:
    without branches that is one n-th each, a branch that falls away makes the later steps larger, and nothing ever
    makes the sum smaller.
    """
    path = walk(survey, state)
    done = sum(question.asks for question in path.passed) + len(path.beyond)
    if state.stage in ENDED:
        return Progress(done, 0, 0, 1.0)
    ahead = _Ahead(survey, path, in_order(survey, state.seed))
    if state.stage != "asking":
        return Progress(done, 0, ahead.most(0), 0.0)
    if path.waiting is None:
        return Progress(done, 0, 0, 1.0)
    most, beyond = ahead.most(path.position), len(path.beyond)
    least = 1 if survey.endings or survey.skips else max(ahead.least(path.position) - beyond, 1)
    return Progress(done, least, max(most - beyond, 1), 1 - ahead.rest() * (1 - _begun(state, path) / most))


class _Ahead:
    """What may come after each position of the order, as it was known there.

    settled: for each question the last position whose answer its conditions look at; after that it is known whether it
    comes. stands: whether it comes by what is known now.
    """

    def __init__(self, survey: Survey, path: Path, order: tuple[Question, ...]) -> None:
        places = {question.name: place for place, question in enumerate(order)}
        self.path, self.order = path, order
        plan = plan_of(survey)
        looks = [plan.looks[question.name] for question in order]
        self.settled = [max((places.get(name, NEVER) for name in names), default=NEVER) for names in looks]
        self.stands = [stands(plan.places[question.name], path.context) for question in order]

    def most(self, position: int) -> int:
        """Return how many questions could come from a position on."""
        return sum(self._may_come(later, position) for later in range(position, len(self.order)))

    def least(self, position: int) -> int:
        """Return how many of them come whatever is answered, early ends and skips aside."""
        known = (later for later in range(position, len(self.order)) if self.settled[later] < position)
        return sum(self._may_come(later, position) for later in known)

    def rest(self) -> float:
        """Return the share that is left at the question that waits."""
        passed = {question.name for question in self.path.passed if question.asks}
        rest = 1.0
        for position in range(self.path.position):
            if self.order[position].name in passed:
                rest *= 1 - 1 / self.most(position)
        return rest

    def _may_come(self, later: int, position: int) -> bool:
        known = self.settled[later] < position
        return self.order[later].asks and (later == position or not known or self.stands[later])


def _begun(state: State, path: Path) -> float:
    """Return how much of the question that waits is behind, in [0, 1]."""
    answer = state.answer(path.waiting.name) if path.waiting else None
    if path.waiting is None or answer is None:
        return 0.0
    shown = path.shown[path.waiting.name]
    several = len(parts(path.waiting, shown))
    if path.turn or not several:
        return path.turn / (path.turn + 1)
    return sum(given(answer.value, shown, part) for part in range(several)) / several
