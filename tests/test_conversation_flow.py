"""Which question comes next, whatever the kind: branches, going back, early ends, progress."""

from survey.conversation import (
    Agree,
    Answer,
    Answered,
    Back,
    Edit,
    Keep,
    Skip,
    World,
    active,
    cells,
    progress,
    replay,
    start,
    step,
    transcript,
)
from survey.definition import parse
from tests.talks import BATTERY, BRANCHING, LADDER, name, row, survey, talk, values, waiting


def test_what_conditions_leave_out_is_never_asked() -> None:
    about = parse(BRANCHING)
    state = talk(about, Answer("drinks", False))
    assert name(about, state) == "else"
    assert active(about, state) == {"drinks", "else"}


def test_chosen_options_are_carried_forward_and_answers_are_piped() -> None:
    about = parse(BRANCHING)
    state = talk(about, Answer("drinks", True), Answer("kinds", ["a", "c"]))
    assert set(waiting(about, state).shown.options) == {"a", "c"}
    state, _ = step(about, state, Answer("order", ["c", "a"]))
    assert waiting(about, state).text == "Why a, c?"


def test_an_edit_keeps_what_it_makes_unreachable_and_brings_it_back() -> None:
    about = parse(BRANCHING)
    done = talk(
        about,
        Answer("drinks", True),
        Answer("kinds", ["a", "c"]),
        Answer("order", ["c", "a"]),
        Answer("why", "Calm"),
        Answer("else", "No"),
    )
    assert done.stage == "done"
    state, _ = step(about, done, Edit("drinks"))
    assert waiting(about, state).editing
    assert waiting(about, state).so_far is True
    state, _ = step(about, state, Answer("drinks", False))
    assert state.stage == "done"
    assert active(about, state) == {"drinks", "else"}
    assert values(state)["why"] == "Calm"
    assert [message.text for message in transcript(about, state) if message.mine] == ["No", "No"]
    back, _ = step(about, step(about, state, Edit("drinks"))[0], Answer("drinks", True))
    assert active(about, back) == active(about, done)
    assert values(back) == values(done)


def test_an_answer_about_options_that_are_gone_is_asked_again() -> None:
    about = parse(BRANCHING)
    state = talk(about, Answer("drinks", True), Answer("kinds", ["a", "c"]), Answer("order", ["c", "a"]))
    state, _ = step(about, state, Edit("kinds"))
    state, _ = step(about, state, Answer("kinds", ["a", "b"]))
    assert name(about, state) == "order"
    assert waiting(about, state).so_far is None
    state, _ = step(about, state, Answer("order", ["b", "a"]))
    assert name(about, state) == "why"


def test_an_answer_after_a_question_that_opens_up_still_counts() -> None:
    about = survey(
        {"type": "boolean", "name": "a", "title": "A"},
        {"type": "text", "name": "b", "title": "B", "visibleIf": "{a} = true"},
        {"type": "text", "name": "c", "title": "C"},
        {"type": "text", "name": "d", "title": "D", "visibleIf": "{c} notempty"},
    )
    state = talk(about, Answer("a", False), Answer("c", "kept"))
    state, _ = step(about, step(about, state, Edit("a"))[0], Answer("a", True))
    assert name(about, state) == "b"
    assert "c" in active(about, state)
    state, _ = step(about, state, Answer("b", "new"))
    assert name(about, state) == "d"


def test_back_leads_through_what_was_answered_and_keep_leads_on() -> None:
    about = survey(
        BATTERY, {"type": "text", "name": "one", "title": "1"}, {"type": "text", "name": "two", "title": "2"}
    )
    whole = Answer("care", {"rows": {"price": 1, "taste": 2, "look": 3}})
    state = talk(about, whole, Answer("one", "first"))
    state, _ = step(about, state, Back())
    assert (name(about, state), waiting(about, state).so_far) == ("one", "first")
    state, _ = step(about, state, Back())
    assert (name(about, state), waiting(about, state).item) == ("care", "look")
    state, _ = step(about, state, Back())
    assert waiting(about, state).item == "taste"
    state, _ = step(about, state, row("taste", 1))
    assert waiting(about, state).item == "look"
    state, _ = step(about, state, Keep())
    assert name(about, state) == "two"
    assert values(state)["care"] == {"price": 1, "taste": 1, "look": 3}
    first = talk(about)
    assert step(about, first, Back())[0] == first


def test_a_skip_leads_ahead_and_what_lies_between_is_not_asked() -> None:
    about = survey(
        {"type": "boolean", "name": "short", "title": "Short?"},
        {"type": "text", "name": "long", "title": "Long"},
        {"type": "text", "name": "end", "title": "End"},
        triggers=[{"type": "skip", "expression": "{short} = true", "gotoName": "end"}],
    )
    assert name(about, talk(about, Answer("short", True))) == "end"
    assert name(about, talk(about, Answer("short", False))) == "long"


def test_early_ends_are_told_apart_and_a_condition_is_asked_only_after_its_question() -> None:
    about = survey(
        {"type": "text", "name": "hi", "title": "Hi"},
        {"type": "text", "inputType": "number", "name": "age", "title": "Age"},
        {"type": "text", "name": "why", "title": "Why"},
        triggers=[{"type": "complete", "expression": "{age} >= 100"}],
        samtal={"screenOut": [{"if": "{age} < 18 or {age} empty", "text": "Only from {age}…"}]},
    )
    state = talk(about, Answer("hi", "x"))
    assert name(about, state) == "age"
    out, messages = step(about, state, Answer("age", 12))
    assert (out.stage, out.ending, messages[0].text) == ("screened", "screenOut.1", "Only from 12…")
    assert step(about, out, Back())[0] == out
    assert step(about, out, Answer("age", 40))[0] == out
    assert step(about, state, Skip("age"))[0].stage == "screened"
    early, _ = step(about, state, Answer("age", 101))
    assert (early.stage, early.ending) == ("done", "complete.1")
    assert step(about, early, Answer("age", 40))[0].stage == "asking"


def test_a_descriptor_alone_may_end_it_at_once() -> None:
    about = survey(
        {"type": "text", "name": "q", "title": "Q"},
        samtal={"descriptors": ["plan"], "screenOut": [{"if": "{plan} = 'none'"}]},
    )
    for plan, stage in (("none", "screened"), ("some", "asking")):
        state, _ = step(about, start(about, "en", descriptors=[("plan", plan)])[0], Agree())
        assert state.stage == stage


def test_a_full_cell_ends_politely_and_stays_so_when_replayed() -> None:
    about = survey(
        {"type": "radiogroup", "name": "sex", "title": "Sex", "choices": ["f", "m"]},
        {"type": "text", "name": "q", "title": "Q"},
        samtal={"quotas": [{"name": "women", "if": "{sex} = 'f'", "limit": 1, "text": "Enough"}]},
    )
    state, messages = step(about, talk(about), Answer("sex", "f"), World(full=frozenset({"women"})))
    assert (state.stage, state.ending, messages[0].text) == ("full", "women", "Enough")
    assert replay(about, "en", True, state.answers, 7, ending="women") == state
    other = talk(about, Answer("sex", "m"), world=World(full=frozenset({"women"})))
    assert other.stage == "asking"
    assert cells(about, talk(about, Answer("sex", "f"))) == {"women"}


def test_a_cell_is_judged_only_when_all_that_it_looks_at_lies_behind() -> None:
    about = survey(
        {"type": "text", "name": "hi", "title": "Hi"},
        {"type": "radiogroup", "name": "sex", "title": "Sex", "choices": ["f", "m"]},
        {"type": "text", "name": "q", "title": "Q"},
        samtal={"quotas": [{"name": "others", "if": "{sex} <> 'f'", "limit": 1}]},
    )
    world = World(full=frozenset({"others"}))
    state = talk(about, Answer("hi", "x"), world=world)
    assert state.stage == "asking"
    assert step(about, state, Answer("sex", "f"), world)[0].stage == "asking"
    assert step(about, state, Answer("sex", "m"), world)[0].stage == "full"


def test_messages_and_computed_values_are_on_the_way_and_nobody_answers_them() -> None:
    about = survey(
        {"type": "html", "name": "intro", "html": "<b>Welcome</b>"},
        {"type": "text", "inputType": "number", "name": "n", "title": "N"},
        {"type": "expression", "name": "twice", "title": "Twice", "expression": "{n} * 2"},
        {"type": "text", "inputType": "number", "name": "m", "title": "M", "setValueExpression": "{twice} + 1"},
        {"type": "html", "name": "bye", "html": "You said {n}, that is {twice}"},
        {"type": "text", "name": "q", "title": "Q for {m}", "description": "After {n}"},
        completedHtml="Thanks for {n}",
    )
    state = talk(about)
    assert [(message.kind, message.text) for message in transcript(about, state)] == [
        ("info", "Welcome"),
        ("question", "N"),
    ]
    state, messages = step(about, state, Answer("n", "4"))
    assert [message.text for message in messages] == ["You said 4, that is 8", "Q for 9"]
    assert waiting(about, state).description == "After 4"
    assert step(about, state, Answer("twice", 1))[0] == state
    assert step(about, state, Skip("q"))[1][0].text == "Thanks for 4"


def test_progress_without_branches_is_one_part_a_question() -> None:
    about = survey(*({"type": "text", "name": f"q{number}", "title": "Q"} for number in range(4)))
    state, seen = talk(about), []
    for number in range(4):
        far = progress(about, state)
        seen.append((far.done, far.left_least, far.left_most, round(far.fraction, 6)))
        state, _ = step(about, state, Answer(f"q{number}", "x"))
    assert seen == [(0, 4, 4, 0.0), (1, 3, 3, 0.25), (2, 2, 2, 0.5), (3, 1, 1, 0.75)]
    assert progress(about, state).fraction == 1


def test_progress_says_between_what_a_branch_leaves_it_and_a_battery_moves_it() -> None:
    about = survey(
        {"type": "boolean", "name": "a", "title": "A"},
        {**BATTERY, "visibleIf": "{a} = true"},
        {"type": "text", "name": "c", "title": "C"},
    )
    far = progress(about, talk(about))
    assert (far.left_least, far.left_most) == (2, 3)
    assert progress(about, talk(about, Answer("a", False))).left_most == 1
    fractions = [progress(about, talk(about, Answer("a", True), *rows)).fraction for rows in ((), [row("price", 1)])]
    assert fractions[0] < fractions[1] < 2 / 3


def test_replay_mends_what_stored_answers_cannot_be() -> None:
    about = survey(LADDER, {"type": "text", "name": "q", "title": "Q"})
    stored = [Answered("gone", 1), Answered("like", "x", 2), Answered("q", "late"), Answered("like", "y")]
    state = replay(about, "en", True, stored)
    assert state.answers == (Answered("like", "y"), Answered("q", "late")) or state.answers == (
        Answered("q", "late"),
        Answered("like", "y"),
    )
    assert state.stage == "done"
