"""What the page's script sends, read as replies; nothing in it is trusted."""

from collections.abc import Callable, Mapping

from survey.conversation import Agree, Answer, Back, Decline, Edit, Keep, Reply, Skip, Speak

Said = Mapping[str, object]
MOST_TRAPPED = 200
"""Characters kept of what a program wrote in the hidden field."""


def reply_from(said: object) -> Reply | None:
    """Return the reply that a message of the page stands for, or None when it is none.

    >>> reply_from({"do": "answer", "question": "why", "value": "Because", "turn": 1})
    Answer(question='why', value='Because', turn=1)
    >>> reply_from({"do": "anything"}), reply_from([]), reply_from({"do": ["skip"]})
    (None, None, None)
    >>> reply_from({"do": "agree", "trap": "http://buy.example \\ud800"})
    Agree(trap='http://buy.example ?')
    """
    do = said.get("do") if isinstance(said, Mapping) else None
    make = REPLIES.get(do) if isinstance(do, str) else None
    return make(said) if make and isinstance(said, Mapping) else None


def _text(said: Said, name: str) -> str:
    value = said.get(name)
    return value if isinstance(value, str) else ""


def _trapped(said: Said) -> str:
    """Return what a program wrote in the hidden field, short and without halves of characters."""
    return _text(said, "trap")[:MOST_TRAPPED].encode("utf-8", "replace").decode()


def _turn(said: Said) -> int:
    value = said.get("turn")
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


REPLIES: dict[str, Callable[[Said], Reply]] = {
    "agree": lambda said: Agree(_trapped(said)),
    "decline": lambda _said: Decline(),
    "answer": lambda said: Answer(_text(said, "question"), said.get("value"), _turn(said)),
    "skip": lambda said: Skip(_text(said, "question"), _turn(said)),
    "back": lambda _said: Back(),
    "edit": lambda said: Edit(_text(said, "question")),
    "keep": lambda _said: Keep(),
    "speak": lambda said: Speak(_text(said, "language")),
}
