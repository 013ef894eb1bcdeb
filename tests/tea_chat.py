"""Chats about tea, stored in the study `tea` of a home."""

from typing import Any

from data.responses import Counts, ResponseRow
from data.studies import Home, Studies
from survey.conversation import Agree, Answer, Follow, Reply, Skip, session
from survey.conversation.session import Chat
from survey.definition import Question

SURVEY = {
    "elements": [
        {"type": "radiogroup", "name": "sex", "title": "Sex", "choices": ["f", "m", "x"], "choicesOrder": "random"},
        {"type": "text", "inputType": "number", "name": "age", "title": "Age"},
        {"type": "text", "name": "school", "title": "School?", "visibleIf": "{age} < 30"},
        {"type": "matrix", "name": "care", "title": "Care?", "columns": [1, 2], "rows": ["price", "taste"]},
        {"type": "expression", "name": "double", "title": "Double", "expression": "{age} * 2"},
        {"type": "comment", "name": "why", "title": "Why?", "samtal": {"laddering": 2}},
    ],
    "samtal": {
        "screenOut": [{"if": "{age} < 18"}],
        "quotas": [{"name": "women", "if": "{sex} = 'f'", "limit": 2}],
        "descriptors": ["plan"],
    },
}


class Twice:
    """Asks on once, whatever is said."""

    def follow(
        self, question: Question, chain: tuple[str, ...], asked: tuple[str, ...], language: str, seed: int
    ) -> Follow:
        return Follow("attribute", "test", None if asked else "attribute.1")


def chat_after(home: Home, *replies: Reply, chat: Chat | None = None) -> Chat:
    chat = chat or session.reply(home, session.begin(home, "tea"), Agree())
    for reply in replies:
        chat = session.reply(home, chat, reply, Twice())
    return chat


def rows(home: Home, chat: Chat) -> dict[tuple[str, int], Any]:
    with Studies(home).file("tea") as file:
        return {(row.question, row.turn): row for row in file.responses.kept(chat.response or "").answers}


def response(home: Home, chat: Chat) -> ResponseRow:
    with Studies(home).file("tea") as file:
        return file.responses.get(chat.response or "")


def counts(home: Home) -> Counts:
    with Studies(home).file("tea") as file:
        return file.responses.counts()


def row(item: str, value: int) -> Answer:
    return Answer("care", {"row": item, "value": value})


FINISH = (row("price", 1), row("taste", 2), Skip("why"))
