"""The ten example surveys: whole in five languages, and together they show every kind of question and form of logic."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from survey.definition import LANGUAGES, load
from survey.definition.kinds import KINDS
from survey.definition.loading import check_file
from survey.definition.piping import piped_names
from survey.definition.text import DEFAULT
from survey.errors import AppError
from survey.examples import examples, write_example

FOLDER = Path(__file__).parent.parent / "data" / "packaged" / "surveys"
EXAMPLES = {path.stem: load(path) for path in sorted(FOLDER.glob("*.yaml"))}
DOCUMENTS = [document for document, _ in EXAMPLES.values()]


def mappings(part: Any) -> Iterator[Mapping[str, Any]]:
    """Every mapping in a document, the document itself first."""
    if isinstance(part, Mapping):
        yield part
        for inner in part.values():
            yield from mappings(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from mappings(inner)


def elements(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Every question, message, computed value and panel of a document."""
    return (part for part in mappings(document["pages"]) if "type" in part and "name" in part)


def choices(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    return (choice for element in elements(document) for choice in element.get("choices", []))


def rules(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    return (rule for element in elements(document) for rule in element.get("validators", []))


def expressions(document: Mapping[str, Any]) -> Iterator[str]:
    keys = ("visibleIf", "requiredIf", "setValueIf", "setValueExpression", "expression", "if", "defaultValueExpression")
    for part in mappings(document):
        yield from (part[key] for key in keys if key in part)


def of_element(key: str, *values: Any) -> Callable[[Mapping[str, Any]], bool]:
    """Whether some question has the key, with one of the values if any are given."""
    return lambda document: any(key in one and (not values or one[key] in values) for one in elements(document))


def of_notes(key: str) -> Callable[[Mapping[str, Any]], bool]:
    return lambda document: any(key in one.get("samtal", {}) for one in elements(document))


def of_survey(key: str) -> Callable[[Mapping[str, Any]], bool]:
    return lambda document: bool(document.get(key)) or bool(document["samtal"].get(key))


def of_trigger(kind: str) -> Callable[[Mapping[str, Any]], bool]:
    return lambda document: any(trigger["type"] == kind for trigger in document.get("triggers", []))


def of_choice(key: str) -> Callable[[Mapping[str, Any]], bool]:
    return lambda document: any(key in choice for choice in choices(document))


def of_page(key: str) -> Callable[[Mapping[str, Any]], bool]:
    return lambda document: any(key in page for page in document["pages"])


def validator(kind: str) -> Callable[[Mapping[str, Any]], bool]:
    return lambda document: any(
        rule["type"] == kind for one in elements(document) for rule in one.get("validators", [])
    )


def _names_a_descriptor(document: Mapping[str, Any]) -> bool:
    known = document["samtal"].get("descriptors", [])
    return any(f"{{{name}}}" in written for name in known for written in expressions(document))


def _pipes(document: Mapping[str, Any]) -> bool:
    return any(piped_names(one.get("title", {}).get(DEFAULT, "")) for one in elements(document))


FORMS: dict[str, Callable[[Mapping[str, Any]], bool]] = {
    "condition of a question": of_element("visibleIf"),
    "condition of a page": of_page("visibleIf"),
    "panel with a condition": lambda document: any(
        one["type"] == "panel" and "visibleIf" in one for one in elements(document)
    ),
    "condition of a choice": of_choice("visibleIf"),
    "condition on a descriptor": _names_a_descriptor,
    "required": of_element("isRequired"),
    "required on a condition": of_element("requiredIf"),
    "calculated values": of_survey("calculatedValues"),
    "computed answer": of_element("setValueExpression"),
    "computed answer on a condition": of_element("setValueIf"),
    "starting value": of_element("defaultValueExpression"),
    "answers in texts": _pipes,
    "skip": of_trigger("skip"),
    "early end": of_trigger("complete"),
    "screen-out": of_survey("screenOut"),
    "quotas": of_survey("quotas"),
    "last words": of_survey("completedHtml"),
    "last words on a condition": of_survey("completedHtmlOnCondition"),
    "own thanks": of_survey("thanks"),
    "chosen options carried forward": of_element("choicesFromQuestionMode", "selected"),
    "unchosen options carried forward": of_element("choicesFromQuestionMode", "unselected"),
    "options in random order": of_element("choicesOrder", "random"),
    "rows in random order": of_element("rowOrder", "random"),
    "block in random order": of_page("questionOrder"),
    "pages in random order": of_survey("pageOrder"),
    "page that keeps its place": of_page("samtal"),
    "exclusive option": of_choice("isExclusive"),
    "other": of_element("showOtherItem"),
    "none": of_element("showNoneItem"),
    "refusal": of_element("showRefuseItem"),
    "least and most choices": of_element("minSelectedChoices"),
    "choose, then rank": of_element("selectToRankEnabled"),
    "every row required": of_element("eachRowRequired"),
    "labelled steps": of_element("rateValues"),
    "longest answer": of_element("maxLength"),
    "laddering": of_notes("laddering"),
    "clarifying": of_notes("clarify"),
    "attention check": of_notes("attention"),
    "honeypot": of_notes("honeypot"),
    **{f"validator {kind}": validator(kind) for kind in ("numeric", "text", "regex", "expression", "answercount")},
}


def test_ten_surveys_of_which_the_median_has_twelve_questions() -> None:
    assert len(EXAMPLES) == 10
    asked = [sum(question.asks for question in survey.questions) for _, survey in EXAMPLES.values()]
    assert median(asked) == 12
    assert asked.count(1) == 2


def test_together_they_use_every_kind_of_question() -> None:
    used = {question.kind for _, survey in EXAMPLES.values() for question in survey.questions}
    assert used == set(KINDS)


@pytest.mark.parametrize("form", FORMS)
def test_together_they_use_every_form_of_logic(form: str) -> None:
    assert any(FORMS[form](document) for document in DOCUMENTS)


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_text_is_there_in_five_languages(name: str) -> None:
    document, survey = EXAMPLES[name]
    texts = [part for part in mappings(document) if DEFAULT in part]
    assert all(set(text) == {DEFAULT, *LANGUAGES} - {survey.locale} for text in texts)
    assert survey.languages == LANGUAGES
    assert {"title", "description"} <= set(document)
    assert len({survey.consent(language)[0] for language in LANGUAGES}) == len(LANGUAGES)
    named = [{frozenset(piped_names(words)) for words in text.values()} for text in texts]
    assert all(len(names) == 1 for names in named), "every language pipes the same answers"


@pytest.mark.parametrize("name", EXAMPLES)
def test_nothing_is_wrong_or_doubtful(name: str) -> None:
    assert [found for found in check_file(FOLDER / f"{name}.yaml") if found.severity != "note"] == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_question_says_what_its_answers_may_form(name: str) -> None:
    _, survey = EXAMPLES[name]
    silent = {question.name for question in survey.questions if question.asks and question.samtal.basis is None}
    checks = {one.name for one in survey.questions if one.samtal.attention is not None or one.samtal.honeypot}
    assert silent - checks <= {"answer_wanted", "reply_to"}, "contact details form nothing"


def test_surveys_begin_in_different_languages() -> None:
    locales = [survey.locale for _, survey in EXAMPLES.values()]
    assert set(locales) == set(LANGUAGES)


def test_what_excludes_all_others_stays_last_in_a_shuffle() -> None:
    _, survey = EXAMPLES["telecom_benefits"]
    uses = survey.question("uses")
    assert uses is not None
    orders = {uses.shown(survey.context(seed=seed)).options for seed in range(20)}
    assert len(orders) > 10
    assert {order[-2:] for order in orders} == {("barely", "other")}


def test_the_median_study_asks_why_screens_out_and_counts() -> None:
    _, survey = EXAMPLES["telecom_benefits"]
    matters = survey.question("matters")
    assert matters is not None
    assert matters.samtal.laddering is not None
    assert matters.samtal.laddering.turns == 3
    assert [quota.limit for quota in survey.quotas] == [200, 300]
    assert survey.endings[0].screened


def test_examples_are_listed_with_the_shortest_first() -> None:
    listed = examples()
    assert {example.name for example in listed} == set(EXAMPLES)
    assert [example.questions for example in listed] == sorted(example.questions for example in listed)
    assert next(example.title for example in listed if example.name == "ski_resort") == "Dagene dine på Høgskar"


def test_an_example_is_copied_as_it_is_and_never_over_a_file(tmp_path: Path) -> None:
    out = tmp_path / "mine.yaml"
    assert write_example("one_bestworst", out).questions == 1
    assert load(out)[0] == EXAMPLES["one_bestworst"][0]
    with pytest.raises(AppError, match="there already"):
        write_example("bank_trust", out)
    with pytest.raises(AppError, match="cannot be written"):
        write_example("bank_trust", tmp_path / "no" / "folder.yaml")
    with pytest.raises(AppError, match="Choose telecom_benefits"):
        write_example("telecom_benefit", tmp_path / "new.yaml")
