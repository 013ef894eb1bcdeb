"""The rules of a survey: who is asked what, in which order, with which options, and which names must exist."""

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.definition import parse, pipe
from survey.definition.context import Context, locate
from survey.definition.design import balanced_sets, base_design, default_count
from survey.errors import AppError

BRANDS = {"type": "checkbox", "name": "brands", "choices": ["volvo", "saab", "kia", "fiat"], "showNoneItem": True}
PLAN = {
    "type": "radiogroup",
    "name": "plan",
    "choices": ["free", {"value": "pro", "text": {"default": "Pro", "sv": "Proffs"}}],
}


def elements(*given: dict, **more: object):
    return parse({"elements": list(given), **more})


def note(name: str, **more: object) -> dict:
    return {"type": "comment", "name": name, **more}


def test_conditions_of_page_panel_and_question_are_all_needed() -> None:
    condition = "{brands} contains 'kia'"
    inner = {"type": "panel", "visibleIf": "{plan} = 'pro'", "elements": [note("why", visibleIf=condition)]}
    survey = parse({"pages": [{"elements": [PLAN, BRANDS]}, {"visibleIf": "{brands} notempty", "elements": [inner]}]})
    for plan in ("free", "pro"):
        for brands in ([], ["kia"], ["fiat"]):
            answers = {"plan": plan} | ({"brands": brands} if brands else {})
            assert survey.visible("why", survey.context(answers)) == (plan == "pro" and "kia" in brands)
    assert [question.name for question in survey.questions] == ["plan", "brands", "why"]


def test_a_question_may_be_required_by_a_condition() -> None:
    survey = elements(PLAN, note("why", requiredIf="{plan} = 'free'"))
    assert survey.required("why", survey.context({"plan": "free"}))
    assert not survey.required("why", survey.context({"plan": "pro"}))


@pytest.mark.parametrize(
    ("mode", "options"),
    [("all", ("volvo", "saab", "kia", "fiat")), ("selected", ("kia", "saab")), ("unselected", ("volvo", "fiat"))],
)
def test_options_are_carried_forward(mode: str, options: tuple) -> None:
    survey = elements(
        BRANDS, {"type": "ranking", "name": "order", "choicesFromQuestion": "brands", "choicesFromQuestionMode": mode}
    )
    here = survey.context({"brands": ["kia", "saab"]})
    asked = survey.question("order")
    assert set(asked.shown(here).options) == set(options)
    assert set(asked.columns(None)) == {f"order.{brand}" for brand in BRANDS["choices"]}
    assert asked.label("kia", "en") == "kia"


def test_a_question_with_nothing_to_choose_from_is_not_asked() -> None:
    carried = {
        "type": "radiogroup",
        "name": "best",
        "choicesFromQuestion": "brands",
        "choicesFromQuestionMode": "selected",
    }
    survey = elements(BRANDS, carried)
    assert not survey.visible("best", survey.context({"brands": ["none"]}))
    assert survey.visible("best", survey.context({"brands": ["fiat"]}))


def test_options_and_rows_have_conditions_of_their_own() -> None:
    kids = {"value": "kids", "text": "For children", "visibleIf": "{plan} = 'pro'"}
    matrix = {
        "type": "matrix",
        "name": "m",
        "rows": ["volvo", "saab", "kia"],
        "columns": [1, 2, 3],
        "rowsVisibleIf": "{brands} contains {item}",
    }
    survey = elements(PLAN, BRANDS, {"type": "dropdown", "name": "offer", "choices": ["a", "b", kids]}, matrix)
    assert survey.question("offer").shown(survey.context({"plan": "free"})).options == ("a", "b")
    assert survey.question("offer").shown(survey.context({"plan": "pro"})).options == ("a", "b", "kids")
    assert survey.question("m").shown(survey.context({"brands": ["kia", "saab"]})).options == ("saab", "kia")


def test_random_options_stay_the_same_for_a_respondent_and_differ_between_them() -> None:
    survey = elements({**BRANDS, "choicesOrder": "random"})
    orders = {seed: survey.questions[0].shown(survey.context(seed=seed)).options for seed in range(40)}
    assert all(survey.questions[0].shown(survey.context(seed=seed)).options == order for seed, order in orders.items())
    assert {order[-1] for order in orders.values()} == {"none"}
    assert len(set(orders.values())) > 10


@given(st.integers(0, 2**32))
def test_pages_and_blocks_are_shuffled_and_nothing_is_lost(seed: int) -> None:
    block = {"type": "panel", "name": "block", "questionOrder": "random", "elements": [note(c) for c in "def"]}
    survey = parse(
        {
            "pages": [
                {"name": "first", "samtal": {"fixed": True}, "elements": [note("a")]},
                {"name": "second", "elements": [note("b"), block, note("c")]},
                {"name": "third", "elements": [note("g")]},
            ],
            "samtal": {"pageOrder": "random"},
        }
    )
    names = [question.name for question in survey.order(seed)]
    assert sorted(names) == list("abcdefg")
    assert names[0] == "a"
    assert names == [question.name for question in survey.order(seed)]
    start = names.index("b")
    assert set(names[start + 1 : start + 4]) == set("def")
    assert names[start + 4] == "c"


def test_every_order_of_a_block_comes_up() -> None:
    survey = elements(*[note(c) for c in "abc"], questionOrder="random")
    assert len({tuple(question.name for question in survey.order(seed)) for seed in range(80)}) == 6


def test_answers_are_shown_in_texts() -> None:
    survey = elements(
        PLAN,
        {**BRANDS, "showOtherItem": True},
        {"type": "text", "name": "cups", "inputType": "number"},
        note("why"),
        calculatedValues=[{"name": "week", "expression": "{cups} * 7"}],
        samtal={"descriptors": ["firm"]},
    )
    answers = {"plan": "pro", "brands": ["kia", {"other": "a  lorry"}], "cups": 1.5, "why": "x" * 500}
    here = survey.context(answers, {"firm": "Arla"}, language="sv")
    assert pipe("{plan}, {brands}, {cups}, {week}, {firm}", here) == "Proffs, kia, a lorry, 1,5, 10,5, Arla"
    assert pipe("{brands-Comment} {nothing} {plan} {", here) == "a lorry {nothing} Proffs {"
    assert pipe("{plan}?", survey.context()) == "…?"
    assert len(pipe("{why}", here)) == 200
    assert pipe("Hi {firm}", survey.context(descriptors={"firm": "{plan} <b>"})) == "Hi {plan} <b>"


@given(st.text(alphabet="{}ab.[0]-Comment plan"), st.dictionaries(st.sampled_from(["plan", "brands"]), st.text()))
def test_piping_never_raises(text: str, answers: dict) -> None:
    assert isinstance(pipe(text, elements(PLAN, BRANDS).context(answers)), str)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (
            {"visibleIf": "{pln} = 'pro'"},
            "names 'pln', which is not there; the survey has plan, q. Did you mean 'plan'",
        ),
        ({"requiredIf": "{plan.x} = 1"}, "the answer to 'plan' has no such part"),
        ({"visibleIf": "{plan} ="}, "is an expression that ends too early"),
        ({"visibleIf": "run({plan})"}, "calls 'run', but the functions are"),
        ({"visibleIf": 3}, "must be an expression"),
        ({"samtal": {"laddering": 9}}, "less than or equal to 5"),
    ],
)
def test_a_wrong_name_or_expression_is_told_with_what_is_there(more: dict, said: str) -> None:
    with pytest.raises(AppError) as error:
        elements(PLAN, note("q", **more))
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({"triggers": [{"type": "skip", "expression": "{plan} = 'pro'", "gotoName": "wy"}]}, "Did you mean 'why'"),
        (
            {"calculatedValues": [{"name": "a", "expression": "{b}"}, {"name": "b", "expression": "{a}"}]},
            "depends on itself",
        ),
        ({"calculatedValues": [{"name": "plan", "expression": "1"}]}, "two questions called 'plan'"),
        ({"samtal": {"screenOut": [{"if": "{x} = 1"}]}}, "screen-out 1, 'if' names 'x'"),
        ({"samtal": {"quotas": [{"name": "n", "if": "{plan} = 'pro'", "limit": -1}]}}, "quota 1, 'limit' is not right"),
    ],
)
def test_rules_of_the_whole_survey_are_checked_too(document: dict, said: str) -> None:
    with pytest.raises(AppError) as error:
        elements(PLAN, note("why"), **document)
    assert said in str(error.value)


def test_carrying_needs_an_earlier_question_with_choices() -> None:
    with pytest.raises(AppError, match="is no earlier question with choices; the earlier ones with choices are plan"):
        elements(PLAN, {"type": "ranking", "name": "r", "choicesFromQuestion": "brands"}, BRANDS)


def test_the_rules_of_a_survey_are_read() -> None:
    survey = elements(
        PLAN,
        note("why", samtal={"basis": "value", "laddering": True, "clarify": True}),
        samtal={
            "screenOut": [{"if": "{plan} = 'free'", "text": {"default": "Sorry", "sv": "Tyvärr"}}],
            "quotas": [{"name": "pros", "if": "{plan} = 'pro'", "limit": 200, "text": "Full"}],
        },
        triggers=[{"type": "complete", "expression": "{why} contains 'stop'"}],
    )
    assert [(ending.screened, ending.text is None) for ending in survey.endings] == [(True, False), (False, True)]
    assert [(quota.name, quota.limit) for quota in survey.quotas] == [("pros", 200)]
    assert survey.question("why").samtal.laddering.turns == 3


def test_the_longest_name_of_a_path_counts() -> None:
    assert locate("a.b.c", {"a", "a.b"}.__contains__) == ("a.b", ("c",))
    assert Context({"a.b": {"c": 1}, "a": 2}).value("a.b.c") == 1


@pytest.mark.parametrize(
    ("items", "size"), [(7, 3), (13, 4), (6, 3), (8, 4), (9, 3), (10, 4), (12, 4), (16, 4), (20, 5), (5, 4)]
)
def test_best_worst_sets_are_balanced(items: int, size: int) -> None:
    count = default_count(items, size)
    sets = base_design(items, size, count)
    shown = Counter(item for one in sets for item in one)
    met = Counter(frozenset(pair) for one in sets for pair in combinations(one, 2))
    placed = Counter((item, place) for one in sets for place, item in enumerate(one))
    pairs = [met[frozenset(pair)] for pair in combinations(range(items), 2)]
    assert len(sets) == count
    assert all(len(set(one)) == size for one in sets)
    assert max(shown.values()) - min(shown[item] for item in range(items)) <= 1
    assert min(shown.values()) >= 3
    ideal = sum(pairs) / len(pairs)
    assert sum((times - ideal) ** 2 for times in pairs) <= len(pairs) * 0.5
    assert max(placed.values()) - min(placed[item, place] for item in range(items) for place in range(size)) <= 2


@pytest.mark.parametrize(("items", "size"), [(7, 3), (13, 4), (21, 5)])
def test_perfect_designs_are_found_where_they_exist(items: int, size: int) -> None:
    sets = base_design(items, size, items)
    assert set(Counter(frozenset(pair) for one in sets for pair in combinations(one, 2)).values()) == {1}
    assert set(Counter((item, place) for one in sets for place, item in enumerate(one)).values()) == {1}


@given(st.integers(3, 15), st.integers(2, 6), st.integers(1, 20), st.integers())
def test_every_version_of_a_design_has_what_was_asked_for(items: int, size: int, count: int, seed: int) -> None:
    size = min(size, items)
    chance = Context(seed=seed).random
    sets = balanced_sets(items, size, count, chance("q"))
    assert sets == balanced_sets(items, size, count, chance("q"))
    assert [len(set(one)) for one in sets] == [size] * count
    shown = Counter(item for one in sets for item in one)
    assert max(shown.values()) - min(shown[item] for item in range(items)) <= 1


def test_versions_differ_by_respondent() -> None:
    survey = elements({"type": "bestworst", "name": "b", "choices": list("abcdefgh")})
    versions = {survey.questions[0].shown(survey.context(seed=seed)).sets for seed in range(30)}
    assert len(versions) == 30
