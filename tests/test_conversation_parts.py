"""Questions that are asked in parts, and orders that are shuffled: row by row, set by set, the same for a seed."""

from survey.conversation import (
    Answer,
    Skip,
    step,
    transcript,
)
from tests.talks import BATTERY, BEST, name, row, survey, talk, values, waiting


def test_a_battery_is_asked_row_by_row_and_is_whole_with_its_last_row() -> None:
    about = survey(BATTERY, {"type": "text", "name": "end", "title": "End"})
    state = talk(about)
    assert (waiting(about, state).item, waiting(about, state).part, waiting(about, state).parts) == ("price", 0, 3)
    state, _ = step(about, state, row("price", 2))
    assert (waiting(about, state).item, waiting(about, state).so_far) == ("taste", {"price": 2})
    assert [message.text for message in transcript(about, state)] == ["Care?", "price: 2", "taste"]
    state, _ = step(about, state, Skip("care"))
    state, messages = step(about, state, row("look", 3))
    assert values(state) == {"care": {"price": 2, "taste": None, "look": 3}}
    assert [message.text for message in messages] == ["End"]


def test_a_row_sent_twice_answers_one_row_and_a_battery_may_come_whole() -> None:
    about = survey(BATTERY)
    state = talk(about, row("price", 2), row("price", 2))
    assert waiting(about, state).item == "taste"
    assert talk(about, Answer("care", {"rows": {"price": 1, "taste": 1, "look": 1}})).stage == "done"


def test_a_battery_passed_over_row_by_row_is_skipped_unless_it_is_required() -> None:
    skips = [Skip("care")] * 3
    assert values(talk(survey(BATTERY), *skips)) == {"care": None}
    required = survey({**BATTERY, "isRequired": True})
    state = talk(required, *skips)
    assert waiting(required, state).required
    assert waiting(required, state).item == "look"


def test_best_and_worst_are_asked_set_by_set_and_a_set_sent_twice_answers_one() -> None:
    about = survey(BEST)
    state = talk(about)
    first = waiting(about, state).set
    assert len(first) == 4
    reply = Answer("pick", {"best": first[0], "worst": first[1], "set": list(first)})
    state, _ = step(about, state, reply)
    again, _ = step(about, state, reply)
    assert again == state
    assert waiting(about, state).part == 1
    state, _ = step(about, state, Skip("pick"))
    third = waiting(about, state).set
    state, _ = step(about, state, Answer("pick", {"best": third[0], "worst": third[1]}))
    assert state.stage == "done"
    assert [entry["best"] for entry in values(state)["pick"]] == [first[0], None, third[0]]


def test_the_order_shown_is_the_same_for_a_seed_and_differs_between_seeds() -> None:
    many = survey(
        {"type": "radiogroup", "name": "q", "title": "Q", "choices": list("abcdefgh"), "choicesOrder": "random"}
    )
    shown = {seed: waiting(many, talk(many, seed=seed)).shown.options for seed in range(5)}
    assert len(set(shown.values())) > 1
    assert shown[3] == waiting(many, talk(many, seed=3)).shown.options


def test_shuffled_questions_never_come_before_what_they_build_on() -> None:
    about = survey(
        {"type": "checkbox", "name": "kinds", "title": "Kinds", "choices": ["a", "b"]},
        *({"type": "text", "name": f"q{number}", "title": "Q"} for number in range(4)),
        {"type": "text", "name": "why", "title": "Why {kinds}?", "visibleIf": "{kinds} contains 'a'"},
        {"type": "ranking", "name": "order", "title": "O", "choicesFromQuestion": "kinds"},
        questionOrder="random",
    )
    orders = set()
    for seed in range(30):
        state, seen = talk(about, seed=seed), []
        while state.stage == "asking":
            seen.append(name(about, state))
            reply = {"kinds": ["a", "b"], "order": ["b", "a"]}.get(seen[-1], "x")
            state, _ = step(about, state, Answer(seen[-1], reply))
        assert sorted(seen) == sorted(question.name for question in about.questions)
        assert seen.index("kinds") < min(seen.index("why"), seen.index("order"))
        orders.add(tuple(seen))
    assert len(orders) > 5
