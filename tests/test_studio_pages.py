"""The studio's pages: who sees them, and what they show."""

import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data.db import transaction
from data.people import Account
from data.studies import Home, Studies
from models.results import Evidence
from survey import charts
from survey.access import accounts
from survey.errors import AppError
from survey.studio import Studio
from survey.views.studio.verdict import measured
from tests.fabricated import segmentation
from tests.studio_pages import MAIN, html, opened, press
from tests.studio_rig import Service, answer, finished

ROOT = Path(__file__).parent.parent
HOSTILE = '<img src=x onerror=alert(1)> **bold** $x^2$ :rocket: ![pic](http://elsewhere.example/a.png) "quoted"'

pytestmark = pytest.mark.usefixtures("cheap_passwords")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("SAMTAL_HOME", str(tmp_path))
    monkeypatch.setenv("SAMTAL_SURFACE", "all")
    monkeypatch.setattr("survey.views.studio.session.cookie", lambda: None)
    return Home(tmp_path)


@pytest.fixture
def studio(home: Home, person: Account) -> Studio:
    return Studio(home, person, Service)  # type: ignore[arg-type]


@pytest.fixture
def signed_in(cookie: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Browsers of this test carry the cookie."""
    monkeypatch.setattr("survey.views.studio.session.cookie", lambda: cookie)


def words(app: AppTest) -> str:
    return html(app) + "\n".join(element.value for element in app.text)


def test_somebody_who_is_not_signed_in_sees_a_door_and_no_page(home: Home, studio: Studio) -> None:
    studio.create("Secret plans", "Why?")
    app = opened()
    assert "Sign in to see" in html(app)
    assert "Secret plans" not in words(app)
    for page in ("studies.py", "study.py", "segments.py"):
        with pytest.raises(ValueError, match="page"):
            app.switch_page(f"studio/{page}")


@pytest.mark.usefixtures("signed_in")
def test_an_account_without_the_role_sees_a_door_and_no_page(home: Home, studio: Studio) -> None:
    studio.create("Secret plans", "Why?")
    with home.open_catalogue() as db, transaction(db):
        db.execute("UPDATE accounts SET role = 'respondent'")
    app = opened()
    assert "may not open the studio" in html(app)
    assert "Secret plans" not in words(app)


@pytest.mark.usefixtures("signed_in")
def test_signing_out_elsewhere_closes_pages_that_are_open(home: Home, studio: Studio, cookie: str) -> None:
    studio.create("Secret plans", "Why?")
    app = opened()
    assert "Secret plans" in html(app)
    accounts.sign_out(home, cookie)
    app.run()
    assert "Secret plans" not in words(app)
    assert "Sign in to see" in html(app)


@pytest.mark.usefixtures("signed_in")
def test_an_empty_studio_says_what_to_do_and_offers_a_new_study(home: Home) -> None:
    app = opened()
    assert "There is no study yet" in html(app)
    app.button[0].click().run()
    assert [app.text_input[0].label, app.text_area[0].label] == ["Title", "Question"]


@pytest.mark.usefixtures("signed_in")
def test_a_study_without_answers_says_how_to_get_some(studio: Studio) -> None:
    slug = studio.create("What matters", "What matters most to you?").slug
    app = opened("study.py", study=slug)
    assert f"/chat?study={slug}" in app.code[0].value
    assert "Nobody has answered yet" in html(app)
    assert not [button for button in app.button if button.label == "Segment now"]


@pytest.mark.usefixtures("signed_in")
def test_segment_now_starts_a_run_with_the_chosen_settings(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    service = Service()
    monkeypatch.setattr("survey.views.studio.session.get_service", lambda _settings: service)
    slug = studio.create("What matters", "What matters most to you?").slug
    answer(studio.home, slug, ["price", "network"])
    app = opened("study.py", study=slug)
    assert "2" in html(app)
    assert set(app.dataframe[0].value["Answer"]) == {"price", "network"}
    app.segmented_control[0].set_value("Between").run()
    next(slider for slider in app.slider if slider.label == "From – to").set_range(2, 5).run()
    next(button for button in app.button if button.label == "Segment now").click().run()
    assert service.asked == [("start", slug, {"questions": ["answer"], "k": [2, 5], "min_share": 0.03, "seed": 0})]


@pytest.mark.usefixtures("signed_in")
def test_doubtful_answers_are_listed_with_their_reasons_and_leave_with_the_export(studio: Studio) -> None:
    slug = studio.create("What matters", "What matters most to you?").slug
    answer(studio.home, slug, ["price", "sdkfjh sdlkfj woeiru"])
    app = opened("study.py", study=slug)
    assert "Without any reason to look twice: 1, with a small one: 1, doubtful: 0" in html(app)
    table = next(frame.value for frame in app.dataframe if "Why" in frame.value)
    assert table["Score"].tolist() == [70]
    assert "does not look like words" in table["Why"][0]
    header, *rows = studio.answers_csv(slug).splitlines()
    assert header.split(",")[6:9] == ["quality", "flags", "answer"]
    assert [row.split(",")[6:8] for row in rows] == [["100", ""], ["70", "gibberish"]]


@pytest.mark.usefixtures("signed_in")
def test_runs_that_came_to_nothing_are_listed_with_their_reason(studio: Studio) -> None:
    slug = studio.create("What matters", "What matters most to you?").slug
    answer(studio.home, slug, ["price"])
    with Studies(studio.home).file(slug) as file:
        file.runs.fail(file.runs.create({"questions": ["answer"]}, "test"), "The worker ran out of memory.")
        file.runs.cancel(file.runs.create({"questions": ["answer"]}, "test"))
    app = opened("study.py", study=slug)
    assert "The worker ran out of memory." in html(app)
    assert "Cancelled" in html(app)


@pytest.mark.usefixtures("signed_in")
@pytest.mark.parametrize("verdict", ["natural", "reproducible", "constructive"])
def test_a_result_shows_verdict_segments_map_and_answers(studio: Studio, verdict: str) -> None:
    slug = studio.create("What matters", "What matters most to you?").slug
    answer(studio.home, slug, [f"answer {number}" for number in range(40)])
    run = finished(studio.home, slug, lambda texts: segmentation(texts, k=3, verdict=verdict))  # type: ignore[arg-type]
    app = opened("segments.py", study=slug, run=run)
    shown = html(app)
    assert "What can be said of 3 groups." in shown
    for name in ("Fair prices", "A network that works", "Quick help"):
        assert name in shown
    assert "95" not in shown.split("of answers (")[0]
    assert len(app.dataframe[0].value) == 40
    assert charts.segment_color(2) in shown
    assert [button.label for button in app.download_button] == ["Table (CSV)", "Report (HTML)", "Result (JSON)"]
    app.pills[0].set_value([2]).run()
    assert set(app.dataframe[0].value["label"]) == {"2 · A network that works"}


@pytest.mark.usefixtures("signed_in")
@pytest.mark.parametrize("people", [1, 12, 200])
def test_no_groups_is_a_helpful_result(studio: Studio, people: int) -> None:
    slug = studio.create("What matters", "What matters most to you?").slug
    answer(studio.home, slug, [f"answer {number}" for number in range(people)])
    run = finished(
        studio.home,
        slug,
        lambda texts: segmentation(texts, k=1, verdict="none", themes=("Coverage", "Price") if people > 1 else ()),
    )
    app = opened("segments.py", study=slug, run=run)
    assert ("No groups" if people > 20 else "Too few answers to tell") in html(app)
    assert "What you can do next" in html(app)
    assert ("Coverage" in html(app)) == (people > 1)
    assert any("answer 0" in text.value for text in app.text)
    assert "Segment" not in app.dataframe[0].value.columns


@pytest.mark.usefixtures("signed_in")
def test_hostile_titles_names_and_answers_are_shown_as_text(studio: Studio) -> None:
    slug = studio.create(HOSTILE, HOSTILE).slug
    answer(studio.home, slug, [HOSTILE] * 30)
    run = finished(studio.home, slug, lambda texts: segmentation(texts, names=(HOSTILE,)))
    with Studies(studio.home).file(slug) as file:
        file.runs.fail(file.runs.create({"questions": ["answer"]}, "test"), HOSTILE)
    for app in (opened(), opened("study.py", study=slug), opened("segments.py", study=slug, run=run)):
        assert "<img" not in html(app)
        assert "&lt;img src=x" in html(app)
        assert "Liv &lt;b&gt;" in html(app)
        assert not [element for element in app.markdown if "onerror" in element.value]
    assert HOSTILE in [text.value for text in app.text]


@pytest.mark.usefixtures("signed_in")
@pytest.mark.parametrize(
    ("page", "query"),
    [
        ("study.py", {}),
        ("study.py", {"study": "no-such-study"}),
        ("study.py", {"study": "../../etc/passwd"}),
        ("segments.py", {"study": "what-matters", "run": "none"}),
        ("segments.py", {"study": "what-matters"}),
    ],
)
def test_links_that_lead_nowhere_say_so(studio: Studio, page: str, query: dict[str, str]) -> None:
    studio.create("What matters", "Why?")
    app = opened(page, **query)
    assert 'role="alert"' in html(app)


def test_the_web_process_never_loads_the_heavy_libraries(studio: Studio, cookie: str) -> None:
    slug = studio.create("What matters", "What matters most to you?").slug
    answer(studio.home, slug, [f"answer {number}" for number in range(30)])
    run = finished(studio.home, slug, segmentation)
    code = f"""
import sys
import app
from streamlit.testing.v1 import AppTest
from survey.views.studio import session

session.cookie = lambda: {cookie!r}
page = AppTest.from_file({MAIN!r}, default_timeout=60).run()
for script in ("study.py", "segments.py"):
    page.query_params.update(study={slug!r}, run={run!r})
    page.switch_page(f"studio/{{script}}").run()
    assert len(page.dataframe) == 1 and not page.exception
heavy = ("sklearn", "torch", "distributed", "sentence_transformers", "scipy.cluster", "lingua", "vl_convert")
print([name for name in heavy if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_worker_that_imports_the_servers_main_script_opens_nothing(home: Home) -> None:
    runpy.run_path(MAIN, run_name="__mp_main__")
    assert not home.catalogue_path.exists()


# --- figures


def test_what_a_verdict_rests_on_is_said_in_short_facts() -> None:
    made = Evidence("constructive", "Three groups.", dip_p=0.2, n=1000, n_total=5000, phrases_p=0.31)
    assert measured(made, "answers") == [
        "evidence from 1,000 of 5,000 answers",
        "dip test p = 0.200",
        "against phrases dealt out at random p = 0.310",
    ]


@pytest.mark.usefixtures("signed_in")
def test_answers_to_an_earlier_version_are_shown_in_its_words(studio: Studio) -> None:
    choices = "[{value: bun, text: Bun}, no]"
    eats = f'elements:\n- {{type: checkbox, name: eats, title: "What do you eat?", choices: {choices}}}\n'.encode()
    slug = studio.create_from(eats, "food.yaml").slug
    with Studies(studio.home).file(slug) as file:
        response, _token = file.responses.begin(1, "en")
        file.responses.record(response, "eats", 0, ["bun"])
    studio.publish(slug, b'elements:\n- {type: comment, name: why, title: "Why?"}\n', "food.yaml")
    (shown,) = opened("study.py", study=slug).dataframe[0].value[["Answer", "Question"]].to_numpy().tolist()
    assert shown == ["Bun", "What do you eat?"]


@pytest.mark.usefixtures("signed_in")
def test_an_error_of_segment_now_leaves_the_page_as_it_is(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    class Refusing(Service):
        def start(self, slug: str, settings: object) -> str:
            raise AppError("There are no answers to segment yet.")

    monkeypatch.setattr("survey.views.studio.session.get_service", lambda _settings: Refusing())
    slug = studio.create("What matters", "What matters most to you?").slug
    answer(studio.home, slug, ["price", "network"])
    app = press(opened("study.py", study=slug), "Segment now")
    assert "no answers to segment" in html(app)
    assert set(app.dataframe[0].value["Answer"]) == {"price", "network"}
    assert "/chat?study=" in app.code[0].value
