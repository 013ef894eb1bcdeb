"""A survey with a question of every kind, and an answer to each as the page sends it and as it is stored."""

from typing import Any


def _text(default: str, fi: str) -> dict[str, str]:
    return {"default": default, "fi": fi}


def _question(kind: str, name: str, default: str, fi: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "name": name, "title": _text(default, fi), **more}


DOCUMENT: dict[str, Any] = {
    "title": _text("All about tea", "Kaikki teestä"),
    "elements": [
        {"type": "html", "name": "hello", "html": _text("Nice that you are here.", "Mukavaa, että tulit.")},
        _question("comment", "why", "Why tea?", "Miksi teetä?", isRequired=True),
        _question("text", "word", "Tea in one word?", "Tee yhdellä sanalla?"),
        _question("text", "mail", "Where can we write to you?", "Mihin voimme kirjoittaa?", inputType="email"),
        _question("text", "cups", "How many cups a day?", "Montako kupillista päivässä?", inputType="number", max=30),
        _question("text", "day", "When was the last cup?", "Milloin joit viimeksi?", inputType="date"),
        _question("radiogroup", "sort", "Which sort?", "Mitä lajia?", choices=["Green", "Black"], showOtherItem=True),
        _question("dropdown", "where", "Where do you drink it?", "Missä juot?", choices=["Home", "Work", "Out"]),
        _question("boolean", "sugar", "With sugar?", "Sokerilla?"),
        _question(
            "rating",
            "again",
            "Would you recommend it?",
            "Suosittelisitko?",
            rateMin=0,
            rateMax=10,
            minRateDescription=_text("not at all", "en lainkaan"),
            maxRateDescription=_text("certainly", "varmasti"),
        ),
        _question("slider", "warm", "How warm?", "Kuinka lämmintä?", min=0, max=100, step=5),
        _question(
            "checkbox",
            "with",
            "What goes with it?",
            "Mitä sen kanssa?",
            choices=["Milk", "Lemon", "Honey"],
            minSelectedChoices=2,
            showNoneItem=True,
            showOtherItem=True,
        ),
        _question("ranking", "order", "What comes first?", "Mikä on tärkeintä?", choices=["Taste", "Price", "Calm"]),
        _question(
            "matrix",
            "agree",
            "Do you agree?",
            "Oletko samaa mieltä?",
            rows=["Tea wakes me", "Tea calms me"],
            columns=[{"value": 1, "text": "No"}, {"value": 2, "text": "Partly"}, {"value": 3, "text": "Yes"}],
        ),
        _question(
            "bestworst",
            "shop",
            "What counts in a tea shop?",
            "Mikä on tärkeää teekaupassa?",
            choices=["Range", "Advice", "Smell", "Distance"],
            setSize=4,
            sets=2,
            bestText=_text("Yes please", "Kiitos"),
            worstText=_text("No thanks", "Ei kiitos"),
        ),
        _question("allocation", "money", "How do you spend it?", "Mihin rahasi menevät?", choices=["Leaves", "Cups"]),
        _question("comment", "else", "Anything else?", "Vielä jotain?"),
    ],
}
KINDS = (
    *("comment", "text", "email", "number", "date", "radiogroup", "dropdown", "boolean", "rating", "slider"),
    *("checkbox", "ranking", "matrix", "bestworst", "allocation", "html"),
)
ANSWERS: dict[str, Any] = {
    "why": "It is calm <b>",
    "word": "Warm",
    "mail": "tea@example.org",
    "cups": 3.5,
    "day": "2026-03-09",
    "sort": {"other": "Oolong"},
    "where": "Work",
    "sugar": False,
    "again": 9,
    "warm": 60,
    "with": ["Milk", {"other": "Jam"}],
    "order": ["Price", "Taste", "Calm"],
    "agree": {"Tea wakes me": 2, "Tea calms me": 2},
    "money": {"Leaves": 75, "Cups": 25},
    "else": None,
}
"""What is stored of everybody who answers as the tests do; the best-worst sets depend on the respondent."""
