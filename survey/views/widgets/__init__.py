"""How each kind of question is answered on the page: one function a kind, from what waits to what the script draws."""

from survey.views.widgets.registry import WIDGETS, describe

__all__ = ["WIDGETS", "describe"]
