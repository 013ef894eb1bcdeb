"""The studio's pages on segments by bases: what can be chosen, and what a result shows, with made-up results."""

from collections.abc import Callable
from dataclasses import replace
from html import unescape
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from data.people import Account
from data.studies import Home, Studies
from models.closed.names import METHOD_NAMES
from models.laddering import drawn
from models.solution import Solutions
from survey.analysis.population import collect_population
from survey.analysis.stored_bases import pack_bases
from survey.bases_charts import flow_chart
from survey.errors import AppError, NotAllowed
from survey.studio import Studio
from survey.views.studio.markers import shortlist
from survey.views.studio.value_map import redrawn
from tests.fabricated_bases import ladders, marker, solutions
from tests.studio_pages import html, opened, press
from tests.studio_rig import Service

HOSTILE = '<img src=x onerror=alert(1)> **bold** $x^2$ :rocket: "quoted"'
DOCUMENT = """
elements:
- {type: comment, name: why, title: "What matters, and why?"}
- {type: rating, name: calm, title: "Calm counts", samtal: {basis: psychographic}}
- {type: radiogroup, name: plan, title: "Which plan?", choices: [Small, Large]}
"""

pytestmark = pytest.mark.usefixtures("cheap_passwords")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("SAMTAL_HOME", str(tmp_path))
    monkeypatch.setenv("SAMTAL_SURFACE", "all")
    return Home(tmp_path)


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Service:
    service = Service()
    monkeypatch.setattr("survey.views.studio.session.get_service", lambda _settings: service)
    return service


@pytest.fixture
def studio(home: Home, person: Account, cookie: str, monkeypatch: pytest.MonkeyPatch) -> Studio:
    """The studio of somebody whose browsers are signed in."""
    monkeypatch.setattr("survey.views.studio.session.cookie", lambda: cookie)
    return Studio(home, person, Service)  # type: ignore[arg-type]


def study(studio: Studio, document: str = DOCUMENT, people: int = 40, text: str = "answer") -> str:
    """Create a study, let people answer it, and return its short name."""
    slug = studio.create_from(document.encode(), "tea.yaml").slug
    with Studies(studio.home).file(slug) as file:
        for at in range(people):
            response, _token = file.responses.begin(1, "en")
            file.responses.record(response, "why", 0, f"{text} {at}")
            file.responses.record(response, "calm", 0, at % 5 + 1)
    return slug


def finished(studio: Studio, slug: str, make: Callable[[list[str]], Solutions] = solutions) -> str:
    """Store a made-up run by bases over all answers of the study and return its id."""
    with Studies(studio.home).file(slug) as file:
        people = collect_population(file)
        answers = [str(value) for value in people.population.questions[0].answers.values]
        settings = {"questions": ["why"], "bases": ["benefit", "psychographic"], "min_share": 0.03, "seed": 7}
        run = file.runs.create(settings, "test")
        file.runs.finish(run, *pack_bases(make(answers), people))
    return run


def said(app: AppTest) -> str:
    return unescape(html(app))


def ticks(app: AppTest) -> dict[str, tuple[bool, bool]]:
    return {box.label: (box.value, box.disabled) for box in app.checkbox}


# --- choosing


def test_a_study_with_several_questions_is_segmented_by_what_people_want_and_value(
    studio: Studio, service: Service
) -> None:
    slug = study(studio)
    app = opened("study.py", study=slug)
    assert app.radio[0].value == "What people want and value"
    assert ticks(app) == {
        "What they want (benefits)": (True, False),
        "What they value (lifestyle, values)": (True, False),
        "Who they are (age, household, …)": (False, True),
        "Where they live (region, kind of place)": (False, True),
        "How they buy (recency, frequency, money, channel)": (False, True),
        "What firm they are (industry, size, role)": (False, True),
    }
    assert "From “What matters, and why?” and “Calm counts”" in said(app)
    assert "No question of this survey says where people live" in said(app)
    press(app, "Segment now")
    wanted = {"bases": ["benefit", "psychographic"], "k": None, "min_share": 0.03, "seed": 0}
    assert service.asked == [("start", slug, wanted)]


def test_a_method_can_be_named(studio: Studio, service: Service) -> None:
    slug = study(studio)
    app = opened("study.py", study=slug)
    app.selectbox(key="method").set_value("consensus").run()
    press(app, "Segment now")
    assert service.asked[0][2]["method"] == "consensus"  # type: ignore[index]


def test_the_marks_of_a_battery_can_be_compared_with_own_means(studio: Studio, service: Service) -> None:
    battery = "- {type: matrix, name: agree, rows: [a, b, c], columns: [1, 2, 3], samtal: {basis: psychographic}}\n"
    slug = study(studio, DOCUMENT + battery)
    app = opened("study.py", study=slug)
    app.selectbox(key="centred").set_value(True).run()
    press(app, "Segment now")
    assert service.asked[0][2]["centred"] is True  # type: ignore[index]
    without = opened("study.py", study=study(studio))
    assert "centred" not in [box.key for box in without.selectbox]


def test_topics_of_an_open_answer_are_one_choice_away(studio: Studio, service: Service) -> None:
    slug = study(studio)
    app = opened("study.py", study=slug)
    app.radio[0].set_value("Topics in one open answer").run()
    press(app, "Segment now")
    assert service.asked == [("start", slug, {"questions": ["why"], "k": None, "min_share": 0.03, "seed": 0})]


def test_nothing_chosen_starts_nothing(studio: Studio, service: Service) -> None:
    app = opened("study.py", study=study(studio))
    for box in app.checkbox[:2]:
        box.uncheck()
    app.run()
    assert "Choose at least one thing to segment by." in said(app)
    assert next(button for button in app.button if button.label == "Segment now").disabled


def test_a_study_of_closed_questions_alone_can_be_segmented(studio: Studio, service: Service) -> None:
    document = DOCUMENT.replace("{type: comment, name: why, title", "{type: boolean, name: why, title")
    slug = studio.create_from(document.encode(), "tea.yaml").slug
    with Studies(studio.home).file(slug) as file:
        file.responses.record(file.responses.begin(1, "en")[0], "calm", 0, 3)
    app = opened("study.py", study=slug)
    assert not app.radio
    assert ticks(app)["What they want (benefits)"] == (False, True)
    press(app, "Segment now")
    assert service.asked[0][2] == {"bases": ["psychographic"], "k": None, "min_share": 0.03, "seed": 0}


def test_a_study_that_asks_nothing_of_the_kind_says_what_to_add(studio: Studio) -> None:
    slug = studio.create_from(b"{type: boolean, title: Tea}", "tea.yaml").slug
    with Studies(studio.home).file(slug) as file:
        file.responses.begin(1, "en")
    app = opened("study.py", study=slug)
    assert "Nothing this study asks forms segments." in said(app)
    assert not [button for button in app.button if button.label == "Segment now"]


# --- a result


def test_a_result_shows_one_basis_at_a_time_with_verdict_reasons_and_segments(studio: Studio) -> None:
    slug = study(studio)
    app = opened("segments.py", study=slug, run=finished(studio, slug))
    shown = said(app)
    for text in ("What can be said of 3 groups.", "3 segments stood out most clearly", "A warning about all."):
        assert text in shown
    assert [name in shown for name in ("Fair prices", "Quick help", "Calm at home")] == [True, True, False]
    assert "What to say to them: an idea to test" in shown
    assert "▲ 60 %" in shown
    assert "▼ 10 %" in shown
    assert "answer 0" in [text.value for text in app.text]
    assert "What matters, and why?" in shown
    assert "other segments (0.20)" in shown
    app.segmented_control(key="look-at").set_value("psychographic").run()
    shown = said(app)
    assert [name in shown for name in ("Fair prices", "Calm at home", "Order and control")] == [False, True, True]
    assert [button.label for button in app.download_button] == ["Table (CSV)", "Report (HTML)", "Result (JSON)"]


def test_what_latent_classes_say_stands_with_the_evidence(studio: Studio) -> None:
    slug = study(studio)
    app = opened("segments.py", study=slug, run=finished(studio, slug))
    evidence = next(box for box in app.expander if box.label.startswith("How sure is this?"))
    shown = unescape(" ".join(block.body for block in evidence.get("html")))
    assert "BIC would go on to five classes." in shown
    assert "most of all “plan: Small” and “Calm counts”" in shown
    assert "1,500.0 (smallest)" in shown
    assert "of 19 sets of answers drawn from two classes" in shown


def test_two_bases_cross_in_a_table_with_the_association_in_words(studio: Studio) -> None:
    slug = study(studio)
    app = opened("segments.py", study=slug, run=finished(studio, slug))
    app.segmented_control(key="look-at").set_value("benefit-psychographic").run()
    shown = said(app)
    assert "The two go together" in shown
    assert shown.count("<tr>") == 1 + 3
    assert shown.count("color-mix(in srgb, #206b8d") == 3 * 4


def test_an_alternative_is_one_click_away_and_leaves_the_result_alone(studio: Studio, service: Service) -> None:
    slug = study(studio)
    run = finished(studio, slug)
    app = opened("segments.py", study=slug, run=run)
    assert "agreement with these segments 0.50 of 1" in said(app)
    press(app, "Segment with 4 instead")
    wanted = {"bases": ["benefit", "psychographic"], "min_share": 0.03, "seed": 7, "k": 4}
    assert service.asked == [("start", slug, wanted)]
    assert studio.bases(slug, run).solutions.on("benefit").k == 3


def test_another_method_is_one_click_away(studio: Studio, service: Service) -> None:
    slug = study(studio)

    def with_classes(texts: list[str]) -> Solutions:
        found = solutions(texts)
        first = found.solutions[0]
        other = replace(first.alternatives[0], method=METHOD_NAMES["classes"], k=first.k, labels=first.labels)
        return replace(found, solutions=(replace(first, alternatives=(other,)), *found.solutions[1:]))

    app = opened("segments.py", study=slug, run=finished(studio, slug, with_classes))
    press(app, "Segment by latent classes instead")
    wanted = {"bases": ["benefit", "psychographic"], "min_share": 0.03, "seed": 7, "k": 3, "method": "classes"}
    assert service.asked == [("start", slug, wanted)]


def test_what_leads_to_what_they_value_is_drawn_for_everybody_and_each_segment_at_any_cut_off(studio: Studio) -> None:
    slug = study(studio)
    app = opened("segments.py", study=slug, run=finished(studio, slug))
    assert "From the answers to “What matters, and why?” and the questions after them." in said(app)
    assert "32 people climbed at least one step" in said(app)
    cutoff = app.select_slider(key="cutoff-benefit-why-0")
    cutoff.set_value(cutoff.options[-1]).run()
    assert "1 way shown" in said(app) or "2 ways shown" in said(app)
    app.selectbox(key="whose-benefit-why").set_value(2).run()
    assert "32 people" not in said(app)
    assert "people climbed at least one step" in said(app)


def test_a_map_at_another_cut_off_holds_the_lines_that_are_left() -> None:
    everybody = ladders(np.ones(40, dtype=np.int64)).maps[0]
    counts = (everybody.direct + everybody.indirect).max()
    assert redrawn(everybody, 1).links == drawn(everybody.direct, everybody.indirect, 1)
    assert redrawn(everybody, int(counts) + 1).nodes == ()
    lowest = redrawn(redrawn(everybody, int(counts)), 1)
    assert {node.concept for node in lowest.nodes} == set(range(6))


def test_no_groups_on_a_basis_is_a_helpful_result(studio: Studio) -> None:
    slug = study(studio, people=12)
    run = finished(studio, slug, lambda texts: solutions(texts, ("benefit",), k=1, verdict="none"))
    app = opened("segments.py", study=slug, run=run)
    assert "Too few answers to tell" in said(app)
    assert "What you can do next" in said(app)
    assert "answer 0" in [text.value for text in app.text]
    assert not app.segmented_control


def test_hostile_titles_names_and_answers_are_shown_as_text(studio: Studio) -> None:
    document = DOCUMENT.replace("What matters, and why?", HOSTILE.replace('"', "'")).replace("Calm counts", "<b>")
    slug = study(studio, document, text=HOSTILE)
    run = finished(studio, slug, lambda texts: solutions(texts, names=[HOSTILE]))
    app = opened("segments.py", study=slug, run=run)
    crossed = opened("segments.py", study=slug, run=run)
    crossed.segmented_control(key="look-at").set_value("benefit-psychographic").run()
    for shown in (app, crossed, opened("study.py", study=slug)):
        assert "<img" not in html(shown)
        assert "&lt;img src=x" in html(shown)
        assert not [element for element in shown.markdown if "onerror" in element.value]
    assert f"{HOSTILE} 0" in [text.value for text in app.text]


def test_a_run_by_bases_leaves_as_files_with_columns_for_every_basis(studio: Studio) -> None:
    slug = study(studio)
    result = studio.bases(slug, finished(studio, slug))
    header, *rows = result.file("segments.csv").splitlines()
    assert header.replace('"', "").split(",")[:2] == ["row", "id"]
    assert {"segment_benefit", "confidence_benefit", "segment_psychographic"} <= set(header.replace('"', "").split(","))
    assert len(rows) == 40
    assert '"psychographic"' in result.file("result.json")
    report = result.file("report.html")
    assert "Fair prices" in report
    assert "What matters, and why?" in report
    with pytest.raises(AppError, match="no file 'x'"):
        result.file("x")


@pytest.mark.parametrize("role", [None, "respondent"])
def test_nobody_sees_a_result_without_a_role_that_allows_it(studio: Studio, role: str | None) -> None:
    slug = study(studio)
    run = finished(studio, slug)
    account = None if role is None else replace(studio.account, role=role)  # type: ignore[type-var]
    stranger = Studio(studio.home, account, Service)  # type: ignore[arg-type]
    for attempt in (stranger.bases, stranger.outcome):
        with pytest.raises(NotAllowed):
            attempt(slug, run)


def test_a_yes_is_shown_by_its_question() -> None:
    markers = [marker("calm", "yes", 0.7), marker("cheap", "yes", 0.6)]
    assert [one.question for one in shortlist(markers)] == ["calm", "cheap"]


def test_a_card_shows_what_stands_out_strongest_first_and_each_answer_once() -> None:
    markers = [
        marker("why", "Price", 0.7),
        marker("plan", "Price", 0.6),
        marker("plan", "Large", 0.1),
        marker("plan", "Family", 0.12),
        marker("why", "Calm", 0.31),
        replace(marker("why", "Chance", 0.6), p=0.2),
        replace(marker("why", "Formed", 0.6), p=0.2, formed=True),
    ]
    found = shortlist(markers)
    assert [(one.question, one.answer) for one in found] == [("why", "Price"), ("why", "Formed"), ("plan", "Large")]


# --- the flows


def test_flows_hold_everybody_who_is_placed_in_both_and_keep_colours() -> None:
    one, other = np.array([1, 1, 1, 2, 2, 0]), np.array([1, 1, 2, 2, 3, 1])
    layers = flow_chart([("two", one), ("three", other)]).to_dict()["layer"]
    flows, bars = (layer["data"]["name"] for layer in layers[:2])
    data = flow_chart([("two", one), ("three", other)]).to_dict()["datasets"]
    told = {row["told"] for row in data[flows]}
    assert told == {
        "2 people from segment 1 to segment 1",
        "1 person from segment 1 to segment 2",
        "1 person from segment 2 to segment 2",
        "1 person from segment 2 to segment 3",
    }
    sizes = {(row["column"], row["segment"]): row["size"] for row in data[bars]}
    assert sizes == {(0, 1): 3, (0, 2): 2, (1, 1): 2, (1, 2): 2, (1, 3): 1}
    assert len({row["color"] for row in data[bars] if row["segment"] == 1}) == 1
    ends = [row for row in data[flows] if row["band"] == "0-1-1"]
    heights = [row["high"] - row["low"] for row in (ends[0], ends[-1])]
    bar = {(row["column"], row["segment"]): row["high"] - row["low"] for row in data[bars]}
    assert heights == pytest.approx([bar[0, 1] * 2 / 3, bar[1, 1]])
