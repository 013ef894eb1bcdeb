"""The registry of question kinds, and how an element of a document is one of them.

A new kind is one class and one entry here; its widget, encoder and words are registered under the same name.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Tag

from survey.definition.base import Question
from survey.definition.kinds.allocation import Allocation
from survey.definition.kinds.amounts import Number, Rating, Slider
from survey.definition.kinds.bestworst import BestWorst
from survey.definition.kinds.boolean import Boolean
from survey.definition.kinds.choices import Choice, ChoiceQuestion, Dropdown, Optioned, Radiogroup, Selecting
from survey.definition.kinds.dates import Date
from survey.definition.kinds.matrix import Matrix
from survey.definition.kinds.opened import Comment, Email, OpenQuestion, Text
from survey.definition.kinds.several import Checkbox, Ranking
from survey.definition.kinds.silent import Computed, Html

KINDS: dict[str, type[Question]] = {
    one.kind: one
    for one in (
        Comment,
        Text,
        Number,
        Date,
        Email,
        Radiogroup,
        Dropdown,
        Boolean,
        Rating,
        Slider,
        Checkbox,
        Ranking,
        Matrix,
        BestWorst,
        Allocation,
        Html,
        Computed,
    )
}
TYPES = (
    "comment",
    "text",
    "radiogroup",
    "dropdown",
    "boolean",
    "rating",
    "slider",
    "checkbox",
    "tagbox",
    "ranking",
    "matrix",
    "bestworst",
    "allocation",
    "html",
    "expression",
    "panel",
)
INPUTS = {
    "text": "text",
    "tel": "text",
    "url": "text",
    "number": "number",
    "range": "number",
    "date": "date",
    "email": "email",
}
UNKNOWN_INPUT = "text, inputType "


def kind_of(element: Any) -> str | None:
    """Return the tag of the kind of an element, or None when no kind can be told.

    The tag is the kind in angle brackets, so that it is never mistaken for a key of the document.
    """
    if isinstance(element, Question):
        return f"<{element.kind}>"
    if not isinstance(element, Mapping) or not isinstance(element.get("type"), str):
        return None
    word = element["type"]
    if word == "text":
        given = element.get("inputType", "text")
        return f"<{INPUTS[given]}>" if isinstance(given, str) and given in INPUTS else f"{UNKNOWN_INPUT}{given}"
    return f"<{'checkbox' if word == 'tagbox' else word}>" if word in TYPES else word


Asked = (
    Annotated[Comment, Tag("<comment>")]
    | Annotated[Text, Tag("<text>")]
    | Annotated[Number, Tag("<number>")]
    | Annotated[Date, Tag("<date>")]
    | Annotated[Email, Tag("<email>")]
    | Annotated[Radiogroup, Tag("<radiogroup>")]
    | Annotated[Dropdown, Tag("<dropdown>")]
    | Annotated[Boolean, Tag("<boolean>")]
    | Annotated[Rating, Tag("<rating>")]
    | Annotated[Slider, Tag("<slider>")]
    | Annotated[Checkbox, Tag("<checkbox>")]
    | Annotated[Ranking, Tag("<ranking>")]
    | Annotated[Matrix, Tag("<matrix>")]
    | Annotated[BestWorst, Tag("<bestworst>")]
    | Annotated[Allocation, Tag("<allocation>")]
    | Annotated[Html, Tag("<html>")]
    | Annotated[Computed, Tag("<expression>")]
)
__all__ = [
    "INPUTS",
    "KINDS",
    "TYPES",
    "UNKNOWN_INPUT",
    "Allocation",
    "Asked",
    "BestWorst",
    "Boolean",
    "Checkbox",
    "Choice",
    "ChoiceQuestion",
    "Comment",
    "Computed",
    "Date",
    "Dropdown",
    "Email",
    "Html",
    "Matrix",
    "Number",
    "OpenQuestion",
    "Optioned",
    "Radiogroup",
    "Ranking",
    "Rating",
    "Selecting",
    "Slider",
    "Text",
    "kind_of",
]
