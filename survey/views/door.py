"""What `/` says on a server that only collects answers."""

from survey.definition import say
from survey.views.chat import notice
from survey.views.chat_state import reader_language

language = reader_language()
notice(language, "Samtal", say(language, "door"))
