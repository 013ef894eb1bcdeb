"""Which way the answers lead: from the first question along conditions, skips and early ends to the one that waits."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from survey.conversation.parts import fitting, offers
from survey.conversation.plan import in_order, plan_of
from survey.conversation.state import Answered, State
from survey.definition import Context, Ending, Question, Shown, Survey, Value
from survey.definition.expressions import Expression
from survey.definition.structure import Placed


@dataclass(frozen=True)
class Path:
    """The way that the answers lead.

    passed: everything on it that lies behind, in order, also what is only shown or computed. context: the answers that
    count. waiting: the question that is next, at its `turn`; None at an end. ended: the early end, if there is one.
    beyond: questions after the one that waits that were answered before an earlier answer was changed, and still stand.
    shown: what the respondent is shown of each question. computed: answers that nobody gave but a formula.
    position: how many elements of the survey's order lie behind.
    """

    passed: tuple[Question, ...]
    context: Context
    waiting: Question | None = None
    turn: int = 0
    ended: Ending | None = None
    beyond: tuple[Question, ...] = ()
    shown: Mapping[str, Shown] = field(default_factory=dict)
    computed: Mapping[str, Value] = field(default_factory=dict)
    position: int = 0

    @property
    def here(self) -> tuple[Question, ...]:
        """Everything on the way, with the question that waits."""
        return (*self.passed, *((self.waiting,) if self.waiting else ()), *self.beyond)

    @property
    def asked(self) -> tuple[Question, ...]:
        """The questions on the way that the respondent answers, with the one that waits."""
        return tuple(question for question in self.here if question.asks and question.name not in self.computed)

    def find(self, name: str) -> Question | None:
        """Return the question of that name when the respondent answers it on this way, or None."""
        return next((question for question in self.asked if question.name == name), None)


def walk(survey: Survey, state: State) -> Path:
    """Return the way that the answers of a state lead.

    A question is judged by the answers before it only. An answer that is no longer led to stays in the state, but
    counts for nothing: conditions see its question as unanswered.
    """
    known: tuple[Survey, Path] | None = state.memo.get("way")
    if known is None or known[0] is not survey:
        known = state.memo["way"] = survey, _Walk(survey, state).path()
    return known[1]


def context_of(survey: Survey, state: State, answers: Mapping[str, Value]) -> Context:
    """Return what conditions and texts look at."""
    known = dict(state.descriptors)
    if state.today is None:
        return Context(answers, known, state.language, state.seed, survey)
    return Context(answers, known, state.language, state.seed, survey, state.today)


def stands(place: Placed, context: Context) -> bool:
    """Say whether the conditions of an element, its panels and its page let it be reached."""
    return not place.never and all(condition.holds(context) for condition in place.conditions)


class _Walk:
    """One walk; the answers grow as it goes on."""

    def __init__(self, survey: Survey, state: State) -> None:
        self.survey = survey
        self.plan = plan_of(survey)
        self.order = in_order(survey, state.seed)
        self.given = _by_question(state.answers)
        self.answers: dict[str, Value] = {}
        self.context = context_of(survey, state, self.answers)
        self.passed: list[Question] = []
        self.beyond: list[Question] = []
        self.begun: set[str] = set()
        self.shown: dict[str, Shown] = {}
        self.computed: dict[str, Value] = {}

    def path(self) -> Path:
        ended = next((ending for ending, names in self.plan.endings if self._known_at_once(ending.when, names)), None)
        position = 0
        while ended is None and position < len(self.order):
            question = self.order[position]
            turn = self._pass(question) if self._visible(question) else 0
            if turn is not None and question.name in self.shown:
                return self._path_beyond(position, question, turn)
            if turn is None:
                self.passed.append(question)
                ended = next((end for end, names in self.plan.endings if self._fires(end.when, names, question)), None)
                position = self._next(position, question)
            else:
                position += 1
        return self._path(position, None, 0, ended)

    def _path_beyond(self, here: int, waiting: Question, turn: int) -> Path:
        """Return the way with a question that waits, and with what was answered after it and still stands."""
        position = here + 1
        while any(question.name in self.given for question in self.order[position:]):
            question = self.order[position]
            passed = self._visible(question) and self._pass(question) is None
            if question.asks and (question.name in self.begun or (passed and question.name in self.given)):
                self.beyond.append(question)
            position = self._next(position, question) if passed else position + 1
        return self._path(here, waiting, turn, None)

    def _path(self, position: int, waiting: Question | None, turn: int, ended: Ending | None) -> Path:
        return Path(
            tuple(self.passed),
            self.context,
            waiting,
            turn,
            ended,
            tuple(self.beyond),
            self.shown,
            self.computed,
            position,
        )

    def _visible(self, question: Question) -> bool:
        if not stands(self.plan.places[question.name], self.context):
            return False
        if not question.asks:
            return True
        shown = question.shown(self.context)
        if not offers(question, shown):
            return False
        self.shown[question.name] = shown
        return True

    def _pass(self, question: Question) -> int | None:
        """Return the turn at which a question waits, or None when it lies behind; its answer counts from now on."""
        if not question.asks:
            value = self.context.value(question.name) if self.survey.formula(question.name) else None
            if value is not None:
                self.computed[question.name] = value
            return None
        shown = self.shown[question.name]
        value = question.computed(self.context, shown)
        if value is not None:
            self.computed[question.name] = self.answers[question.name] = value
            return None
        chain = self.given.get(question.name, ())
        if not chain:
            return 0
        value = fitting(question, chain[0].value, shown)
        if value is None and (chain[0].value is not None or self.survey.required(question.name, self.context)):
            return 0
        if value is not None:
            self.begun.add(question.name)
            if not question.complete(value, shown):
                return 0
            self.answers[question.name] = value
        last = chain[-1]
        return last.turn + 1 if last.value is not None and last.follow and last.follow.probe else None

    def _next(self, position: int, question: Question) -> int:
        """Return the position after a question, further ahead when a skip leads there."""
        target = next((skip.to for skip, names in self.plan.skips if self._fires(skip.when, names, question)), None)
        ahead = (at for at in range(position + 1, len(self.order)) if self.order[at].name == target)
        return next(ahead, position + 1)

    def _fires(self, when: Expression, names: frozenset[str], question: Question) -> bool:
        return question.name in names and when.holds(self.context)

    def _known_at_once(self, when: Expression, names: frozenset[str]) -> bool:
        """Say whether a condition holds by what an invitation told alone."""
        return bool(names) and names <= self.context.descriptors.keys() and when.holds(self.context)


def _by_question(answers: Iterable[Answered]) -> dict[str, tuple[Answered, ...]]:
    found: dict[str, tuple[Answered, ...]] = {}
    for answer in answers:
        found[answer.question] = (*found.get(answer.question, ()), answer)
    return found
