"""What an early layer says of the words: each row on its own, heard in each thread as the model itself tells it."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import torch
from sentence_transformers import SentenceTransformer

from models.embed import load_embedder
from models.vectors.packaged_weights import minilm_folder
from models.vectors.space_map import unit
from models.vectors.word_layer import WEIGHT, load_word_layer
from models.vectors.word_layer.fit import LAYERS, fit_word_layer, read_words, save
from models.vectors.word_layer.tap import Tap

SENTENCES = (
    "The bill was wrong again.",
    "A small boat lay in the harbour",
    "She plays the violin",
    "Trains run late in winter, and nobody says why before you stand on the platform and freeze",
)


@pytest.mark.parametrize(("model", "width"), [("minilm", 384), ("e5", 384), ("mpnet", 768)])
def test_a_row_depends_on_itself_alone_and_the_words_weigh_less(model: str, width: int) -> None:
    found, rng = load_word_layer(model), np.random.default_rng(0)
    assert found.layer == LAYERS[model]
    whole = unit(rng.standard_normal((20, 32)))
    words = rng.standard_normal((20, width)).astype(np.float32)
    rows = found.beside(whole, words)
    assert rows.shape == (20, 32 + found.dim)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(rows[:, 32:], axis=1), WEIGHT / np.hypot(1, WEIGHT), atol=1e-5)
    alone = np.vstack([found.beside(whole[[row]], words[[row]]) for row in range(20)])
    np.testing.assert_allclose(rows, alone, atol=1e-6)


def test_the_fit_finds_the_directions_that_differ_and_survives_the_file(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    words = (rng.standard_normal((500, 6)) * [5, 4, 0.1, 0.1, 0.1, 0.1] + 3).astype(np.float32)
    found = fit_word_layer(2, words, directions=2)
    assert (np.abs(found.directions[:2]).sum(axis=0) > 0.9).all()
    np.testing.assert_allclose(np.abs(found.directions[2:]), 0, atol=0.05)
    save({"small": found}, tmp_path / "layers.npz")
    again = load_word_layer("small", tmp_path / "layers.npz")
    np.testing.assert_allclose(again.directions, found.directions, atol=1e-3)
    np.testing.assert_array_equal(again.mean, found.mean)
    assert (again.layer, again.version) == (found.layer, found.version)


def test_a_layer_is_heard_as_the_model_itself_tells_it() -> None:
    model = SentenceTransformer(str(minilm_folder()), local_files_only=True)
    expected = []
    for sentence in SENTENCES:
        features = {name: value for name, value in model.preprocess([sentence]).items() if torch.is_tensor(value)}
        with torch.inference_mode():
            states = model[0].auto_model(**features, output_hidden_states=True).hidden_states[3]
        expected.append(states[0].mean(dim=0).numpy())
    np.testing.assert_allclose(read_words(minilm_folder(), None, 3, SENTENCES), expected, atol=1e-4)


def test_each_thread_hears_its_own_batch() -> None:
    model = SentenceTransformer(str(minilm_folder()), local_files_only=True)
    tap = Tap(model, 3)

    def hear(text: str) -> np.ndarray:
        features = model.preprocess([text])
        with torch.inference_mode():
            return tap.mean(model(features)["attention_mask"])

    texts = [f"{sentence} {number}" for number in range(10) for sentence in SENTENCES]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(hear, texts))
    np.testing.assert_allclose(np.vstack(together), np.vstack([hear(text) for text in texts]), atol=1e-5)


def test_a_layer_that_is_not_there_is_said() -> None:
    with pytest.raises(ValueError, match="no layer 99"):
        Tap(SentenceTransformer(str(minilm_folder()), local_files_only=True), 99)


def test_a_packaged_model_gives_the_words_beside_the_sentence() -> None:
    minilm, found = load_embedder("minilm"), load_word_layer("minilm")
    rows = minilm.encode(SENTENCES)
    words, whole = rows[:, -found.dim :], rows[:, : -found.dim]
    said = read_words(minilm_folder(), None, found.layer, SENTENCES)
    expected = found.beside(unit(whole), said)
    assert (rows * expected).sum(axis=1).min() > 0.999
    apart = unit(words) @ unit(words).T
    assert np.abs(apart[~np.eye(len(SENTENCES), dtype=bool)]).max() < 0.5
    assert f"words {found.version}" in minilm.name
