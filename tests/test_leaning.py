"""What is heard of an answer on each basis: as it was said where all of it speaks of one, else its pieces."""

import pytest

from models.leaning import Piece, heard_on

BOTH = "The price is low. I want to be there for my family."


@pytest.mark.parametrize(
    ("links", "leanings", "wish", "value"),
    [
        (["Cheap, but slow. I like it"], [("Cheap", 0.1), ("but slow.", 0.2), ("I like it", 0.3)], 0, ""),
        ([BOTH], [("The price is low.", 0.1), ("I want to be there for my family.", 0.9)], 1, 2),
        (["Cheap.", "My mother needs me."], [("Cheap.", 0.1), ("My mother needs me.", 0.2)], 0, ""),
        (["Cheap. No idea."], [("Cheap.", 0.1)], 1, ""),
        (["Cheap."], [("Cheap.", 0.5)], 0, 0),
        ([""], [], "", ""),
    ],
    ids=["one basis", "two", "a chain", "part says nothing", "may speak of both", "nothing"],
)
def test_who_speaks_of_one_basis_only_is_heard_as_it_was_said(links, leanings, wish, value) -> None:
    """0 stands for the whole answer, a number for that piece."""
    pieces = [Piece(0, text, leaning) for text, leaning in leanings]
    told = {0: ". ".join(links), "": "", **{at: text for at, (text, _) in enumerate(leanings, start=1)}}
    said = [[(text, "") for text in links]]
    assert heard_on(pieces, said, "benefit") == [told[wish]]
    assert heard_on(pieces, said, "psychographic") == [told[value]]
