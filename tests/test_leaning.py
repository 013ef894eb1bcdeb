"""What is heard of an answer on each basis: as it was said where all of it speaks of one, else its pieces."""

from itertools import permutations
from pathlib import Path

import pytest

from models.codes.frames import read_frame
from models.embed import load_embedder
from models.leaning import MAY_SPEAK, SPEAKS, Piece, heard_on, speaking
from models.population import Basis
from models.vectors.remembering import Remembering
from survey.frames import PACKAGED, packaged_frame
from tests.fakes import FakeEmbedder

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


def sentences(words: str) -> list[str]:
    return [" ".join(pair) for pair in permutations(words.split(), 2)]


WISHES, VALUES = sentences("price cheap bill money cost"), sentences("family peace freedom nature honour")
SIDES = {
    "benefits": read_frame({"codes": [{"id": "wish", "exemplars": {"en": WISHES}}]}, "benefits"),
    "values": read_frame({"codes": [{"id": "value", "exemplars": {"en": VALUES}}]}, "values"),
}


def test_an_answer_speaks_of_a_basis_as_surely_as_its_surest_piece() -> None:
    wished, valued, both = WISHES[0], VALUES[0], f"{WISHES[0]}. {VALUES[0]}."
    answers = [*WISHES, *VALUES, both, both, "no idea"]
    embedder = Remembering(FakeEmbedder(), {})
    wish, value = (speaking(answers, basis, SIDES, embedder) for basis in ("benefit", "psychographic"))
    assert set(wish) == set(value) == {*WISHES, *VALUES, both}
    assert min(wish[wished], value[valued]) > SPEAKS
    assert max(wish[valued], value[wished]) < MAY_SPEAK
    assert min(wish[both], value[both]) > SPEAKS


def test_without_frames_of_both_sides_nothing_tells() -> None:
    assert speaking(WISHES, "benefit", {"benefits": SIDES["benefits"]}, Remembering(FakeEmbedder(), {})) == {}


LIVES = {
    "en": ["I want to be there for my old parents", "To decide for myself how I live", "A calm life without haste"],
    "sv": ["Att få vara nära mina barnbarn", "Jag trivs när det händer nya saker", "Naturen ska finnas kvar efter oss"],
    "fi": ["Minulle tärkeintä on perhe ja rauha", "Haluan nähdä maailmaa", "Oikeudenmukaisuus kaikille ihmisille"],
}
ASKED = {
    "en": ["They should answer the phone faster", "My bill was wrong twice", "More channels for the same money"],
    "sv": ["Appen hänger sig hela tiden", "Lägre månadsavgift", "Bättre täckning på landet"],
    "fi": ["Laskutus saisi olla selkeämpi", "Nopeampi netti mökille", "Asiakaspalvelu ei vastaa"],
}


@pytest.mark.slow
@pytest.mark.parametrize(("said", "basis"), [(LIVES, "psychographic"), (ASKED, "benefit")])
def test_a_whole_column_about_one_side_is_heard_as_such(
    said: dict[str, list[str]], basis: Basis, weights_dir: Path
) -> None:
    """Neither side's sentences are among the exemplars; a column of one side alone holds nothing of the other."""
    answers = [text for texts in said.values() for text in texts]
    frames = {name: packaged_frame(name) for name in PACKAGED}
    found = speaking(answers, basis, frames, Remembering(load_embedder("multilingual", weights_dir), {}))
    assert min(found[text] for text in answers) > 0.8
