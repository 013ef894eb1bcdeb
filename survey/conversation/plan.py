"""What a survey says about its own order: which element looks back at which. Worked out once for each survey."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from survey.definition import Ending, Question, Quota, Skip, Survey
from survey.definition.context import locate
from survey.definition.expressions import Expression
from survey.definition.piping import piped_names
from survey.definition.structure import Placed

Names = frozenset[str]
MOST_SURVEYS = 32
MOST_ORDERS = 1024


@dataclass(frozen=True)
class Plan:
    """What the order of a survey's elements rests on.

    places: where each element stands. looks: what the conditions of each element depend on; needs: what anything in it
    does. endings, skips, quotas: each with what it depends on. orders: by seed, for those who answer now.
    """

    survey: Survey
    places: Mapping[str, Placed]
    looks: Mapping[str, Names]
    needs: Mapping[str, Names]
    endings: tuple[tuple[Ending, Names], ...]
    skips: tuple[tuple[Skip, Names], ...]
    quotas: tuple[tuple[Quota, Names], ...]
    orders: dict[int, tuple[Question, ...]] = field(default_factory=dict, compare=False)


class _Same:
    """A survey as a key: the very same object, which is not compared part by part."""

    def __init__(self, survey: Survey) -> None:
        self.survey = survey

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.survey is self.survey

    def __hash__(self) -> int:
        return id(self.survey)


def plan_of(survey: Survey) -> Plan:
    """Return the plan of a survey."""
    return _plan(_Same(survey))


def in_order(survey: Survey, seed: int) -> tuple[Question, ...]:
    """Return all elements in one respondent's order, none before an element of the document that it looks back at.

    Shuffling alone could ask what a condition, a text or a carry-forward builds on only after it.
    """
    plan = plan_of(survey)
    order = plan.orders.get(seed)
    if order is None:
        if len(plan.orders) >= MOST_ORDERS:
            plan.orders.clear()
        order = plan.orders[seed] = _arranged(plan, seed)
    return order


def roots(survey: Survey, expressions: Iterable[Expression | None]) -> Names:
    """Return the names of all questions and descriptors that expressions depend on, also through computed values."""
    found: set[str] = set()
    waiting = [name for expression in expressions if expression for name in expression.names]
    while waiting:
        path = waiting.pop()
        place = locate(path, survey.names.__contains__)
        name = place[0] if place else path
        if name not in found:
            found.add(name)
            formula = survey.formula(name)
            waiting.extend(formula.names if formula else ())
    return frozenset(found)


@lru_cache(maxsize=MOST_SURVEYS)
def _plan(same: _Same) -> Plan:
    survey = same.survey
    places = {place.question.name: place for place in survey.placed}
    return Plan(
        survey,
        places,
        {name: roots(survey, place.conditions) for name, place in places.items()},
        {name: _needs(survey, place) for name, place in places.items()},
        tuple((ending, roots(survey, [ending.when])) for ending in survey.endings),
        tuple((skip, roots(survey, [skip.when])) for skip in survey.skips),
        tuple((quota, roots(survey, [quota.when])) for quota in survey.quotas),
    )


def _arranged(plan: Plan, seed: int) -> tuple[Question, ...]:
    survey, needs = plan.survey, plan.needs
    written = {question.name: place for place, question in enumerate(survey.questions)}
    drawn = survey.order(seed)
    if drawn == survey.questions:
        return drawn
    placed: dict[str, Question] = {}
    waiting: list[tuple[Question, Names]] = []
    for question in drawn:
        place = written[question.name]
        earlier = frozenset(name for name in needs[question.name] if written.get(name, place) < place)
        waiting.append((question, earlier))
        while ready := next((entry for entry in waiting if entry[1] <= placed.keys()), None):
            placed[ready[0].name] = ready[0]
            waiting.remove(ready)
    return (*placed.values(), *(question for question, _ in waiting))


def _needs(survey: Survey, place: Placed) -> Names:
    """Return what an element looks back at: in conditions, formulas, its title and the choices carried forward."""
    question = place.question
    formulas = (question.setValueExpression, question.defaultValueExpression, survey.formula(question.name))
    source = getattr(question, "choicesFromQuestion", None)
    piped = (name for text in question.title.root.values() for name in piped_names(text))
    heads = (found[0] for name in piped if (found := locate(name, survey.names.__contains__)))
    return roots(survey, (*place.conditions, *formulas)) | frozenset(heads) | frozenset((source,) if source else ())
