"""What latent classes say beside segments, in plain words, in the files and in the report."""

import json
from dataclasses import replace

from models.features import Answers
from models.population import Population, Question
from models.results import ClassFit
from survey import class_words
from survey.report.bases_context import BasesContext
from survey.report.bases_page import bases_html
from survey.report.bases_writers import bases_json
from tests.fabricated_bases import classes, solutions

N = 40


def named(question: str, answer: str) -> str:
    return f"{question}: {answer}" if answer else question


def test_more_classes_and_pairs_left_are_said_with_what_they_mean() -> None:
    said = class_words.lead(classes(4, N), named)
    assert said.startswith(
        "BIC would go on to six classes. 9 of 55 pairs of answers still depend on each other within classes"
    )
    assert "“plan: Small” and “calm”" in said
    assert "two wordings of one thing" in said


def test_each_number_that_bic_may_ask_for_has_its_own_reading() -> None:
    found = classes(4, N)
    same = replace(found, fits=tuple(replace(one, bic=abs(one.k - 4.0), local=0) for one in found.fits), strongest=())
    assert class_words.lead(same, named) == (
        "BIC too asks for four classes. No two answers still depend on each other within classes."
    )
    fewer = replace(found, fits=tuple(replace(one, bic=float(one.k)) for one in found.fits))
    assert "BIC would do with one class." in class_words.lead(fewer, named)
    assert "may be chance" in class_words.lead(fewer, named)
    alone = class_words.lead(replace(found, k=1), named)
    assert "among all people" in alone
    assert "this alone shows no groups" in alone


def test_the_test_is_told_with_how_many_sets_were_drawn() -> None:
    found = classes(3, N)
    told = " ".join(class_words.details(found))
    assert "of 19 sets of answers drawn from two classes, in none did one class more gain as much" in told
    assert "three classes explain the answers better" in told
    assert "40 of 80 people" in told
    assert "few sets (19)" in told
    weak = replace(found, fits=(*found.fits[:2], ClassFit(3, -7.0, 3, 1.0, 0.5, 0, 0.2)))
    told = " ".join(class_words.details(weak))
    assert "in three did one class more" in told
    assert "not shown to be better" in told
    assert "blurred" in told


def test_the_smallest_criterion_is_marked_in_one_row() -> None:
    rows = class_words.rows(classes(3, N))
    assert [row.best for row in rows] == [False] * 4 + [True, False]
    assert rows[4].bic == "1,500.0 (smallest)"
    assert rows[2].classes == "3 (these)"
    assert (rows[2].test, rows[3].test) == ("0.05", "")


def test_files_and_report_carry_it_with_titles_as_text() -> None:
    asked = (Question("Which <b>plan</b>?", Answers("plan", "nominal", ["Small"] * N), ("benefit",)),)
    found = solutions(["a"] * N, ("benefit",))
    context = BasesContext(found, Population(N, asked), "file.csv", 1.0)
    kept = json.loads(bases_json(context))["bases"]["benefit"]["classes"]
    assert (kept["k"], kept["best"], kept["pairs_left"], kept["draws"]) == (3, 5, 9, 19)
    assert [one["k"] for one in kept["by_k"]] == [1, 2, 3, 4, 5, 6]
    assert kept["by_k"][2]["blrt_p"] == 0.05
    assert kept["strongest"][0]["one"] == "Which <b>plan</b>?: Small"
    page = bases_html(context)
    assert "What latent classes say" in page
    assert "BIC would go on to five classes." in page
    assert "Which &lt;b&gt;plan&lt;/b&gt;?: Small" in page
    without = replace(found, solutions=(replace(found.solutions[0], classes=None),))
    context = replace(context, solutions=without)
    assert json.loads(bases_json(context))["bases"]["benefit"]["classes"] is None
    assert "latent classes say" not in bases_html(context)
