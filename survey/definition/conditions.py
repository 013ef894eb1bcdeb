"""Whether a condition can ever hold, and whether it always does: only what is certain is said.

A condition is taken apart into alternatives of requirements (disjunctive normal form, negations pushed inwards). A
requirement about one question is tried on values that stand for every answer the question can have; requirements
that compare questions, or look at the day or at free texts, count as possible. So "never" is certain, "possible" not.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, product
from typing import TYPE_CHECKING, Any

from survey.definition.context import Context, locate
from survey.definition.domains import domain
from survey.definition.expressions import Call, Expression, Literal, Logic, Name, Node, Unary, nodes
from survey.definition.values import is_true

if TYPE_CHECKING:
    from survey.definition.document import Survey

MOST_ALTERNATIVES = 200
VARYING = frozenset({"today", "currentDate", "currentYear", "age", "year", "month", "day", "weekday", "displayValue"})
Requirements = frozenset[Node]


@dataclass(frozen=True)
class Reasoner:
    """What can be told of the conditions of one survey. Its questions are judged in the order of the document."""

    survey: "Survey"

    def never(self, conditions: Iterable[Node], at: str | None = None) -> bool:
        """Return whether it is certain that conditions never hold together; `at`: when that question is reached.

        Then questions that stand after `at` are unanswered, and answers to questions before it must have been reached
        themselves. Without `at`, any answers count.
        """
        alternatives = _alternatives(Logic("and", tuple(conditions)), True)
        return alternatives is not None and all(self._impossible(one, at, frozenset()) for one in alternatives)

    def always(self, condition: Node) -> bool:
        """Return whether it is certain that a condition holds whatever is answered."""
        return self.never([Unary("not", condition)])

    def _impossible(self, required: Requirements, at: str | None, expanded: frozenset[str]) -> bool:
        by_question: dict[str, list[Node]] = {}
        for one in required:
            name = self._about(one)
            if name is not None:
                by_question.setdefault(name, []).append(one)
            elif not list(_names(one)) and not _varies(one) and not self._holds(one, Context(survey=self.survey)):
                return True
        needed = []
        for name, requirements in by_question.items():
            values = self._values(name, requirements, at)
            if values is None:
                continue
            fitting = [value for value in values if self._fits(name, value, requirements)]
            if not fitting:
                return True
            if None not in fitting and name not in expanded and self.survey.question(name):
                needed.append(name)
        return bool(needed) and self._unreached(required, needed, at, expanded)

    def _unreached(self, required: Requirements, needed: list[str], at: str | None, expanded: frozenset[str]) -> bool:
        """Return whether the questions that must have been answered cannot all have been reached."""
        places = self.places
        gates = tuple(condition.root for name in needed for condition in places[name].conditions)
        if any(places[name].never for name in needed):
            return True
        grown = _alternatives(Logic("and", (*required, *gates)), True)
        if not gates or grown is None:
            return False
        return all(self._impossible(one, at, expanded | frozenset(needed)) for one in grown)

    def _values(self, name: str, requirements: list[Node], at: str | None) -> list[Any] | None:
        """Return values that stand for all answers to a question, None for no answer; None when that cannot be told."""
        if at is not None and self.fixed and self.position[name] >= self.position[at]:
            return [None]
        question = self.survey.question(name)
        return None if question is None else domain(question, requirements)

    def _fits(self, name: str, value: Any, requirements: list[Node]) -> bool:
        answers = {} if value is None else {name: value}
        context = Context(answers, survey=self.survey)
        return all(self._holds(one, context) for one in requirements)

    def _holds(self, node: Node, context: Context) -> bool:
        return is_true(Expression("", node).evaluate(context))

    def _about(self, node: Node) -> str | None:
        """Return the one asked question that a requirement looks at, or None."""
        names = {found[0] if (found := locate(path, self.survey.names.__contains__)) else path for path in _names(node)}
        if len(names) != 1 or _varies(node):
            return None
        name = names.pop()
        question = self.survey.question(name)
        return name if question is not None and question.asks else None

    @cached_property
    def places(self) -> dict[str, Any]:
        """Where each question stands, by name."""
        return {one.question.name: one for one in self.survey.placed}

    @cached_property
    def position(self) -> dict[str, int]:
        """The place of each question in the order of the document."""
        return {one.question.name: at for at, one in enumerate(self.survey.placed)}

    @cached_property
    def fixed(self) -> bool:
        """Whether everybody meets the questions in the order of the document."""
        return not _shuffles(self.survey)


def _shuffles(survey: "Survey") -> bool:
    def any_random(groups: Iterable[Any]) -> bool:
        return any(
            getattr(group, "questionOrder", "") == "random" or any_random(getattr(group, "elements", ()))
            for group in groups
        )

    return survey.samtal.pageOrder == "random" or survey.questionOrder == "random" or any_random(survey.pages)


def _names(node: Node) -> Iterator[str]:
    for found in nodes(node):
        if isinstance(found, Name):
            yield found.path.removeprefix("#")
        elif isinstance(found, Call) and found.function == "displayValue":
            yield from (str(part.value) for part in found.parts[:1] if isinstance(part, Literal))


def _varies(node: Node) -> bool:
    return any(isinstance(found, Call) and found.function in VARYING for found in nodes(node))


def _alternatives(node: Node, wanted: bool) -> list[Requirements] | None:
    """Return the alternatives under which a node is true (or false); None when they are too many."""
    if isinstance(node, Unary) and node.operator == "not":
        return _alternatives(node.operand, not wanted)
    if not isinstance(node, Logic):
        return [frozenset({node if wanted else Unary("not", node)})]
    parts = [_alternatives(part, wanted) for part in node.parts]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    if (node.operator == "or") == wanted:
        found = list(chain.from_iterable(known))
        return found if len(found) <= MOST_ALTERNATIVES else None
    joined: list[Requirements] = [frozenset()]
    for part in known:
        if len(joined) * len(part) > MOST_ALTERNATIVES:
            return None
        joined = [one | other for one, other in product(joined, part)]
    return joined
