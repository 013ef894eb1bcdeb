"""The learned map: each row on its own, and reproducible by its script."""

from pathlib import Path

import numpy as np
import pytest

from models.vectors.space_map import load_space_map, unit
from models.vectors.space_map.fit import fit_map, save
from models.vectors.space_map.sentences import read_synopses, read_wordnet, split_gloss


@pytest.fixture
def vectors() -> np.ndarray:
    rng = np.random.default_rng(0)
    return unit(rng.standard_normal((50, 384)) + 3)


def test_a_joined_row_depends_on_itself_alone(vectors: np.ndarray) -> None:
    space_map = load_space_map()
    joined = space_map.join(vectors)
    assert joined.shape == (50, space_map.dim) == (50, 768)
    np.testing.assert_allclose(np.linalg.norm(joined, axis=1), 1, atol=1e-5)
    alone = np.vstack([space_map.join(vectors[row : row + 1]) for row in range(len(vectors))])
    np.testing.assert_allclose(joined, alone, atol=1e-5)


def test_the_fit_finds_a_map_that_is_there_and_survives_the_file(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    source = unit(rng.standard_normal((600, 8)))
    target = unit(source @ rng.standard_normal((8, 6)))
    fitted = fit_map(source, target, epochs=200)
    assert (fitted.map(source) * target).sum(axis=1).mean() > 0.98
    np.testing.assert_allclose(fitted.map(source).mean(axis=0), fitted.mapped_mean, atol=1e-5)
    save(fitted, tmp_path / "map.npz")
    np.testing.assert_allclose(load_space_map(tmp_path / "map.npz").join(source), fitted.join(source), atol=1e-5)


def test_wordnet_glosses_become_sentences(tmp_path: Path) -> None:
    assert split_gloss('a fee; paid "monthly" ; "the fee rose"  ') == [
        "a fee; paid",
        "monthly",
        "the fee rose",
    ]
    for part in ("noun", "verb", "adj", "adv"):
        (tmp_path / f"data.{part}").write_text(
            "  1 The licence | is no sentence\n"
            '00001740 03 n 01 fee 0 000 | a fixed charge; "a fee was paid"; "dear"\n'
            "00001741 03 n 01 cost 0 000 | a fixed charge  \n",
            encoding="latin-1",
        )
    assert read_wordnet(tmp_path) == ["a fixed charge", "a fee was paid"]


def test_package_indexes_become_synopses(tmp_path: Path) -> None:
    index = tmp_path / "packages.txt"
    index.write_text(
        "Package: a\nDescription: draws pretty pictures quickly (data files)\n long text\n\n"
        "Package: b\nDescription: Draws pretty pictures quickly\n\nPackage: c\nDescription: tools\n",
        encoding="utf-8",
    )
    assert read_synopses(index) == ["draws pretty pictures quickly"]
