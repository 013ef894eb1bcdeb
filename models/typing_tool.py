"""Typing tools: a few golden questions that tell a new person's segment, and how often they are right."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from models.features import Answers
from models.golden.accuracy import Step, confusion, fold_spread, kappa, rate, recommended
from models.golden.design import Design, design
from models.golden.people import FEWEST, Made, coders_of, gather, sample
from models.golden.selection import METHODS, Nested, fixed_order, nested, select
from models.golden.tool import Typed, TypingTool
from models.golden.tool_io import from_dict, from_json, to_dict, to_json
from models.progress import Progress, silent
from models.results import Ints

__all__ = [
    "DEFAULTS",
    "FEWEST",
    "Typed",
    "TypingSettings",
    "TypingTool",
    "fit_typing_tool",
    "from_dict",
    "from_json",
    "to_dict",
    "to_json",
]

FEW = 30
"""People below which a segment's recall is called rough."""

FOLDS = 10

GUESS = 0.05
"""How far above always naming the largest segment the lower end of a useful tool's accuracy is."""


@dataclass(frozen=True)
class TypingSettings:
    """most: golden questions tried. questions: a fixed number, or None to recommend one.

    cost: accuracy (0-1) that one more question must add; None takes the smallest number within one standard error of
    the best. items_apart: items of a battery count as questions of their own. method: key of METHODS. seed: same input
    and seed, same tool, whatever the order of the rows.
    """

    most: int = 10
    questions: int | None = None
    cost: float | None = None
    items_apart: bool = False
    method: str = "logistic"
    seed: int = 0

    def __post_init__(self) -> None:
        if not 1 <= self.most <= 50:
            raise ValueError(f"the 'most' parameter must be an int in [1, 50], got {self.most!r}")
        if self.questions is not None and not 1 <= self.questions <= 50:
            raise ValueError(f"the 'questions' parameter must be None or an int in [1, 50], got {self.questions!r}")
        if self.cost is not None and not 0 <= self.cost < 1:
            raise ValueError(f"the 'cost' parameter must be None or a float in [0, 1), got {self.cost!r}")
        if self.method not in METHODS:
            raise ValueError(f"the 'method' parameter must be one of {', '.join(METHODS)}, got {self.method!r}")


DEFAULTS = TypingSettings()


def fit_typing_tool(
    questions: Sequence[Answers],
    labels: Ints,
    settings: TypingSettings = DEFAULTS,
    *,
    titles: Mapping[str, str] | None = None,
    names: Mapping[int, str] | None = None,
    progress: Progress = silent,
) -> TypingTool:
    """Choose golden questions, measure what they are worth on people they were not chosen on, and fit the tool.

    labels: int (n,), segments; people with 0 are left out. titles: of the questions by name, as people read them.
    names: of the segments. Forward selection by cross-validated accuracy, nested in the cross-validation that measures
    it (Varma & Simon 2006). Raises ValueError when there is nothing to learn from.
    """
    with threadpool_limits(1):  # the same sums in the same order on every number of cores
        people, segments, notes = gather(
            questions, np.asarray(labels, dtype=np.int64), settings.items_apart, titles or {}
        )
        return _fit(people, segments, names or {}, settings, notes, progress)


def _fit(
    people: Made,
    segments: Ints,
    names: Mapping[int, str],
    settings: TypingSettings,
    notes: tuple[str, ...],
    progress: Progress,
) -> TypingTool:
    drawn, more = sample(people, settings.seed)
    coders, kept, dull = coders_of(people)
    labels = people.labels[drawn]
    folds = min(FOLDS, int(np.bincount(labels).min()))
    values = [people.values(question, people.rows[drawn]) for question in kept]
    found = design(coders, values, labels, folds, settings.seed)
    most = min(len(coders), settings.most if settings.questions is None else max(settings.most, settings.questions))

    def told(share: float) -> None:
        progress(0.85 * share, "Choosing golden questions")

    outside = nested(found, most, settings.method, told)
    order = select(found, np.ones(len(labels), dtype=bool), most, settings.method)
    steps = _steps(found, outside, order, [one.key for one in coders], settings.method)
    advised = recommended(steps, settings.cost)
    number = advised if settings.questions is None else min(settings.questions, len(order))
    chosen = [coders[q] for q in order[:number]]
    everybody = design(chosen, [people.values(kept[q]) for q in order[:number]], people.labels, folds, settings.seed)
    fit = METHODS[settings.method](*everybody.grouped(range(number), np.ones(len(people.labels), dtype=bool)))
    table = confusion(labels, outside.predicted[:, number - 1], len(segments))
    sizes = np.bincount(people.labels)
    progress(1.0, "Done")
    tool = TypingTool(
        coders=tuple(chosen),
        segments=tuple(segments.tolist()),
        names=tuple(names.get(segment, f"Segment {segment}") for segment in segments.tolist()),
        weights=fit.weights,
        intercept=fit.intercept,
        confusion=table,
        shares=tuple((sizes / sizes.sum()).tolist()),
        steps=steps,
        recommended=advised,
        method=settings.method,
        people=len(people.labels),
        validated=len(labels),
        seed=settings.seed,
    )
    asked = everybody.answered
    return replace(tool, notes=(*notes, *more, *dull, *_warnings(tool, asked, sizes, settings)))


def _steps(found: Design, outside: Nested, order: Sequence[int], names: Sequence[str], method: str) -> tuple[Step, ...]:
    flattering = fixed_order(found, order, method)
    steps = []
    for at, question in enumerate(order):
        table = confusion(found.labels, outside.predicted[:, at], found.k)
        steps.append(
            Step(
                questions=at + 1,
                added=names[question],
                accuracy=rate(int(np.trace(table)), int(table.sum())),
                kappa=kappa(table),
                recall=tuple(rate(int(table[j, j]), int(table[j].sum())) for j in range(found.k)),
                spread=fold_spread(found.labels, outside.predicted[:, at], found.folds),
                not_nested=float((flattering[:, at] == found.labels).mean()),
                again=float(np.mean([question in chosen[: at + 1] for chosen in outside.chosen])),
            )
        )
    return tuple(steps)


def _warnings(tool: TypingTool, answered: NDArray[np.bool_], sizes: Ints, settings: TypingSettings) -> tuple[str, ...]:
    found = []
    gaps = int((~answered.all(axis=1)).sum())
    if gaps:
        found.append(
            f"{gaps} of {tool.people} people left a golden question out; it counts as the mean of all people, as it "
            "will for new people."
        )
    rough = [str(segment) for segment, size in zip(tool.segments, sizes, strict=True) if size < FEW]
    if rough:
        found.append(f"Fewer than {FEW} people in segment {', '.join(rough)}: how often it is recognised is rough.")
    guess = max(tool.shares)
    if tool.step.accuracy.low < guess + GUESS:
        found.append(
            f"The tool is right for {tool.step.accuracy.value:.0%} of new people; always naming the largest segment "
            f"would be right for {guess:.0%}. These questions do not tell the segments apart."
        )
    if settings.questions is not None and settings.questions > len(tool.coders):
        found.append(f"There are only {len(tool.coders)} questions to ask, fewer than the {settings.questions} wished.")
    return tuple(found)
