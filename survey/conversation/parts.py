"""Answers that grow one reply at a time (a battery row by row, best-worst set by set), and answers that still fit."""

from collections.abc import Mapping
from typing import Any

from survey.definition import Question, ReplyRejected, Shown, Value

OF_OPTIONS = frozenset({"radiogroup", "dropdown", "checkbox", "ranking", "matrix", "bestworst", "allocation"})


def offers(question: Question, shown: Shown) -> bool:
    """Say whether there is anything to answer; a carry-forward of nothing leaves no options."""
    return question.kind not in OF_OPTIONS or bool(shown.sets if question.kind == "bestworst" else shown.options)


def parts(question: Question, shown: Shown) -> tuple[Any, ...]:
    """Return the rows or sets that are asked one by one; empty for a question answered at once."""
    if shown.sets:
        return shown.sets
    return shown.options if question.next_item(None, shown) is not None else ()


def given(value: Value | None, shown: Shown, part: int) -> bool:
    """Say whether a part of a growing answer is there already."""
    if isinstance(value, dict):
        return part < len(shown.options) and _key(shown.options[part]) in value
    return isinstance(value, list) and part < len(value)


def waiting(question: Question, value: Value | None, shown: Shown) -> int:
    """Return the number of the first part that is not there; the number of parts when all are."""
    total = len(parts(question, shown))
    return next((part for part in range(total) if not given(value, shown, part)), total)


def fitting(question: Question, value: Value | None, shown: Shown) -> Value | None:
    """Return what of a stored value answers the question as it is shown now; None when nothing does.

    Options may have gone since (a carry-forward from an answer that was changed, a condition on a choice).
    """
    if value is None:
        return None
    if shown.sets:
        return _same_sets(value, shown) or None
    if isinstance(value, dict) and parts(question, shown):
        rows = {_key(option) for option in shown.options}
        return {row: cell for row, cell in value.items() if row in rows} or None
    if not shown.options:
        return value
    try:
        question.read(value, shown)
    except ReplyRejected:
        return None
    return value


def read(question: Question, reply: object, shown: Shown, so_far: Value | None, part: int) -> Value:
    """Return the value after a reply to one part, or to the whole; raises ReplyRejected.

    part: the set that a best-worst reply is about unless the reply tells, under "set".
    """
    if not shown.sets or not isinstance(so_far, list | None) or not isinstance(reply, Mapping):
        return question.read(reply, shown, so_far)
    earlier = list(so_far or [])
    at = _named_set(reply, shown, part)
    choice = {key: value for key, value in reply.items() if key != "set"}
    grown = question.read(choice, shown, earlier[:at] or None)
    return [*grown, *earlier[at + 1 :]] if isinstance(grown, list) else grown


def skipped(question: Question, shown: Shown, so_far: Value | None, part: int) -> Value:
    """Return the value after one row or set was passed over: it is there, and holds nothing.

    Raises ReplyRejected when it must be answered.
    """
    if not shown.sets:
        return question.read({"row": shown.options[part], "value": None}, shown, so_far)
    if question.isRequired:
        raise ReplyRejected("required")
    earlier = list(so_far) if isinstance(so_far, list) else []
    return [*earlier[:part], {"set": list(shown.sets[part]), "best": None, "worst": None}, *earlier[part + 1 :]]


def must_answer(question: Question, shown: Shown, so_far: Value | None, part: int, required: bool) -> bool:
    """Say whether one row or set must be answered. required: whether the whole question is."""
    try:
        value = skipped(question, shown, so_far, part)
    except ReplyRejected:
        return True
    return required and question.complete(value, shown) and is_empty(value)


def is_empty(value: Value | None) -> bool:
    """Say whether every part of a growing answer was passed over."""
    if isinstance(value, dict):
        return all(cell is None for cell in value.values())
    return isinstance(value, list) and all(isinstance(entry, dict) and entry.get("best", 0) is None for entry in value)


def _key(option: Value) -> str:
    return str(option)


def _same_sets(value: Value, shown: Shown) -> list[Any]:
    entries = value if isinstance(value, list) else []
    kept = []
    for entry, items in zip(entries, shown.sets, strict=False):
        if not isinstance(entry, dict) or set(map(str, entry.get("set", ()))) != set(map(str, items)):
            break
        kept.append(entry)
    return kept


def _named_set(reply: Mapping[Any, Any], shown: Shown, part: int) -> int:
    """Return which set a reply is about, so that one sent twice does not answer the set after it."""
    named = reply.get("set")
    if not isinstance(named, list | tuple):
        return part
    return next((at for at, items in enumerate(shown.sets) if list(items) == list(named)), part)
