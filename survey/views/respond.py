"""The respondent's chat."""

from survey.settings import Settings
from survey.views import chat

chat.draw(Settings.from_env())
