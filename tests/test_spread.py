"""Many texts on several workers: the same vectors, each text once, and no text in an error."""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from distributed import LocalCluster
from numpy.typing import NDArray

from models.engine import Engine
from models.errors import ModelError
from models.progress import Progress, silent
from models.vectors.portions import PORTION, portions
from models.vectors.table import VectorTable
from models.work.job import JobFailed
from models.work.spread import Spread
from tests.fakes import FakeEmbedder

LONG = 120.0
TEXTS = [f"answer number {at} " + "x" * (at % 7) for at in range(3 * PORTION + 5)]


class Forgetful(FakeEmbedder):
    """Refuses to work anywhere."""

    def encode(self, texts: Sequence[str], progress: Progress = silent) -> NDArray[np.float32]:
        raise KeyError(texts[0])


class Refusing(FakeEmbedder):
    def encode(self, texts: Sequence[str], progress: Progress = silent) -> NDArray[np.float32]:
        raise ModelError("This text model cannot be used here.")


LOADERS = {"fake": FakeEmbedder, "forgetful": Forgetful, "refusing": Refusing}


def load(kind: str) -> FakeEmbedder:
    return LOADERS[kind]()


def embed_texts(kind: str, texts: Sequence[str], progress: Progress) -> tuple[Any, int]:
    """What the cluster is asked to do: the vectors, and how many texts were embedded by the job's own process."""
    own = FakeEmbedder()
    return Spread(own, "tests.test_spread:load", kind).encode(texts, progress), sum(map(len, own.calls))


@pytest.fixture(scope="module")
def cluster() -> Iterator[Engine]:
    with LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0"
    ) as processes:
        engine = Engine(processes.scheduler_address)
        yield engine
        engine.close()


def test_portions_depend_on_the_texts_and_not_on_their_order() -> None:
    def read(texts: Sequence[str]) -> list[list[str]]:
        return [[texts[row] for row in portion] for portion in portions(texts)]

    assert read(TEXTS) == read(TEXTS[::-1])
    assert [len(portion) for portion in portions(TEXTS)] == [PORTION] * 3 + [5]


def test_workers_share_the_texts_and_the_vectors_are_those_of_one_process(cluster: Engine) -> None:
    vectors, at_home = cluster.submit("tests.test_spread:embed_texts", "fake", TEXTS).result(LONG)
    assert at_home == 0
    np.testing.assert_array_equal(vectors, FakeEmbedder().encode(TEXTS))


def test_a_few_texts_stay_where_the_job_is(cluster: Engine) -> None:
    vectors, at_home = cluster.submit("tests.test_spread:embed_texts", "fake", TEXTS[:10]).result(LONG)
    assert at_home == 10
    np.testing.assert_array_equal(vectors, FakeEmbedder().encode(TEXTS[:10]))


def test_outside_a_cluster_the_text_model_itself_works() -> None:
    own = FakeEmbedder()
    np.testing.assert_array_equal(Spread(own, "no:where").encode(TEXTS), FakeEmbedder().encode(TEXTS))
    assert len(own.calls) == 1


@pytest.mark.parametrize(
    ("kind", "reason"), [("refusing", "This text model cannot be used here"), ("forgetful", "unexpected KeyError")]
)
def test_a_worker_that_cannot_embed_says_why_without_the_texts(
    cluster: Engine, capfd: pytest.CaptureFixture[str], kind: str, reason: str
) -> None:
    job = cluster.submit("tests.test_spread:embed_texts", kind, TEXTS)
    with pytest.raises(JobFailed, match=reason):
        job.result(LONG)
    assert "answer number" not in "".join(capfd.readouterr()) + job.error
    assert cluster.submit("tests.steps:add", 1, 2).result(LONG) == 3


def test_vectors_that_find_no_room_on_the_disk_say_so_and_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    table = VectorTable("ab", np.eye(2, dtype=np.float32))
    with monkeypatch.context() as patched:
        patched.setattr("tempfile.TemporaryFile", partial(Path("/dev/full").open, "wb"))
        with pytest.raises(ModelError, match=r"no room for the vectors of 2 texts .* TMPDIR"):
            table.rest()
    np.testing.assert_array_equal(table["b"], [0, 1])


@pytest.mark.parametrize("resting", [False, True])
@pytest.mark.parametrize("cuts", [(), (1,), (0, 2)])
def test_a_table_of_vectors_is_a_mapping_that_travels_as_few_matrices(cuts: tuple[int, ...], resting: bool) -> None:
    import pickle

    vectors = dict(zip("abc", np.eye(3, dtype=np.float32), strict=True))
    table = VectorTable("abc", *np.split(np.eye(3, dtype=np.float32), cuts))
    if resting:
        table.rest()
        table.rest()
        np.testing.assert_array_equal([table["c"], table["a"]], np.eye(3)[[2, 0]])
    back = pickle.loads(pickle.dumps(table))  # noqa: S301
    assert list(back) == ["a", "b", "c"]
    assert ("b" in back, "z" in back, len(back)) == (True, False, 3)
    for text, vector in vectors.items():
        np.testing.assert_array_equal(back[text], vector)
    assert len(back.matrices) == (1 if resting else len(cuts) + 1)
    assert VectorTable.of(table) is table
    np.testing.assert_array_equal(VectorTable.of(vectors)["b"], vectors["b"])
    assert len(VectorTable.of({})) == 0
