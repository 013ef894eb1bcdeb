"""The validators of a question, applied to one answer. Expression validators need the other answers: see `verify`."""

from collections.abc import Callable, Iterable, Sequence

import regex

from survey.definition.base import ReplyRejected, Validator

PATIENCE = 0.1


def check_text(rules: Iterable[Validator], text: str) -> None:
    """Raise ReplyRejected when a text breaks a rule."""
    for rule in rules:
        if rule.type in _TEXT and not _TEXT[rule.type](rule, text):
            raise ReplyRejected("not_valid", rule.text)


def check_number(rules: Iterable[Validator], number: int | float) -> None:
    """Raise ReplyRejected when a number breaks a rule."""
    for rule in rules:
        if rule.type == "numeric" and not _within(rule, number):
            raise ReplyRejected("not_valid", rule.text)


def check_count(rules: Iterable[Validator], chosen: Sequence[object]) -> None:
    """Raise ReplyRejected when too few or too many are chosen."""
    for rule in rules:
        low, high = rule.minCount or 0, rule.maxCount or len(chosen)
        if rule.type == "answercount" and not low <= len(chosen) <= high:
            raise ReplyRejected("not_valid", rule.text)


def _numeric(rule: Validator, text: str) -> bool:
    from survey.definition.kinds.amounts import number_from

    number = number_from(text, "en")
    return number is not None and _within(rule, number)


def _within(rule: Validator, number: int | float) -> bool:
    above = rule.minValue is None or number >= rule.minValue
    return above and (rule.maxValue is None or number <= rule.maxValue)


def _length(rule: Validator, text: str) -> bool:
    fits = rule.minLength <= len(text) <= (rule.maxLength or len(text))
    return fits and (rule.allowDigits or not any(c.isdigit() for c in text))


def _matches(rule: Validator, text: str) -> bool:
    """Return whether the pattern is found; a pattern that takes too long on an answer does not reject it."""
    flags = regex.IGNORECASE if rule.caseInsensitive else 0
    try:
        return regex.search(rule.pattern or "", text, flags, timeout=PATIENCE) is not None
    except TimeoutError:
        return True


def _email(_rule: Validator, text: str) -> bool:
    from survey.definition.kinds.opened import is_email

    return is_email(text)


_TEXT: dict[str, Callable[[Validator, str], bool]] = {
    "numeric": _numeric,
    "text": _length,
    "regex": _matches,
    "email": _email,
}
