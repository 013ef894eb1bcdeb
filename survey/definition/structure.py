"""Pages and panels: how questions are grouped, when a group is asked, and in which order."""

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from survey.definition.base import Formula, Question, Strict
from survey.definition.expressions import Expression
from survey.definition.kinds import Asked, Computed, kind_of
from survey.definition.text import Localised

Order = Literal["default", "initial", "random"]


class GroupNotes(Strict):
    """Our own additions to a page or panel; fixed: it keeps its place when its neighbours are shuffled."""

    fixed: bool = False


class Group(Strict):
    """What pages and panels have in common."""

    place: ClassVar[str] = "page"
    name: str | None = None
    title: Localised | None = None
    description: Localised | None = None
    visible: bool = True
    visibleIf: Formula | None = None
    enableIf: Formula | None = None
    questionOrder: Order = "default"
    samtal: GroupNotes = GroupNotes()

    @model_validator(mode="before")
    @classmethod
    def _older_name(cls, value: Any) -> Any:
        if not isinstance(value, Mapping):
            return value
        newer = {"questionsOrder": "questionOrder", "questions": "elements"}
        return {newer.get(key, key): entry for key, entry in value.items()}


class Panel(Group):
    """A block of questions within a page or another panel."""

    type: Literal["panel"]
    elements: "list[Element]" = Field(default_factory=list)


Element = Annotated[Asked | Annotated[Panel, Tag("<panel>")], Discriminator(kind_of)]


class Page(Group):
    """A group of questions; the chat asks them one at a time."""

    elements: list[Element] = Field(min_length=1)


Panel.model_rebuild()


@dataclass(frozen=True)
class Placed:
    """A question and what stands in its way: every condition of its own and of the groups around it.

    path: where it stands in the document, as keys and indices. never: it is hidden for good by `visible: false`, which
    does not keep a computed value from being computed.
    """

    question: Question
    conditions: tuple[Expression, ...]
    path: tuple[str | int, ...]
    page: int
    never: bool


def placed(pages: list[Page]) -> tuple[Placed, ...]:
    """Return every question of every page, in the order of the document."""
    return tuple(found for at, page in enumerate(pages) for found in _within(page, (), ("pages", at), at, False))


def _conditions(element: Question | Group) -> tuple[Expression, ...]:
    return tuple(condition for condition in (element.visibleIf, element.enableIf) if condition)


def _within(
    group: Page | Panel, before: tuple[Expression, ...], path: tuple[str | int, ...], page: int, never: bool
) -> Iterator[Placed]:
    outer, hidden = (*before, *_conditions(group)), never or not group.visible
    for at, element in enumerate(group.elements):
        here = (*path, "elements", at)
        if isinstance(element, Panel):
            yield from _within(element, outer, here, page, hidden)
        else:
            never = (hidden or not element.visible) and not isinstance(element, Computed)
            yield Placed(element, (*outer, *_conditions(element)), here, page, never)


def shuffled(pages: list[Page], order: Order, page_order: str, chance: Callable[[str], random.Random]) -> list[str]:
    """Return the names of all questions in one respondent's order.

    order: of the questions of every group that does not say otherwise. chance: from a purpose to its random source.
    """
    turn = _mixed(pages, page_order == "random", chance("pages"))
    return [name for page in turn for name in _names(page, order, chance, f"page:{page.name or pages.index(page)}")]


def _names(group: Page | Panel, order: Order, chance: Callable[[str], random.Random], purpose: str) -> Iterator[str]:
    own = order if group.questionOrder == "default" else group.questionOrder
    for at, element in enumerate(_mixed(group.elements, own == "random", chance(purpose))):
        if isinstance(element, Panel):
            yield from _names(element, own, chance, f"{purpose}/{element.name or at}")
        else:
            yield element.name


def _mixed(elements: list[Any], mix: bool, chance: random.Random) -> list[Any]:
    """Return the elements shuffled, those that are fixed in their places."""
    loose = [element for element in elements if mix and not (isinstance(element, Group) and element.samtal.fixed)]
    order = iter(chance.sample(loose, len(loose)))
    kept = {id(element) for element in loose}
    return [next(order) if id(element) in kept else element for element in elements]
