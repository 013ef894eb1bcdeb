"""What latent class analysis says beside segments, in words and rows that studio, report and files share."""

from collections.abc import Callable
from dataclasses import dataclass

from models.results import ClassFit
from models.solution import ClassEvidence, Together
from models.words import number_word
from survey.wording import count

CLEAR = ((0.8, "clear"), (0.6, "fairly clear"))
"""How clearly people belong, by relative entropy (Clark & Muthén 2009); below the last: blurred."""

NAMED = 2
"""Pairs named in the sentence; all that are kept stand below the table."""

SHOWN = 0.05
"""p-value up to which a class more is said to be a gain."""

Named = Callable[[str, str], str]
"""An item in words, from its question and the answer, "" where the question is the item."""

ABOUT = (
    "Latent class analysis asks which kinds of people would give just these answers, each answer taken as a category."
    " BIC weighs how well so many kinds fit against how many figures they take: the smaller the better. Pairs left are"
    " those that depend on each other among people of one class (bivariate residual above 3.84)."
)


@dataclass(frozen=True)
class Row:
    """One number of classes as a table shows it; test: p-value against one class fewer, "" where it was not made."""

    classes: str
    bic: str
    clear: str
    left: str
    test: str
    best: bool


HEADS = ("Classes", "BIC", "Relative entropy", "Pairs left", "Test, p")


def rows(found: ClassEvidence) -> list[Row]:
    """Return a row for every number of classes; the one with the smallest BIC is marked."""
    return [_row(found, one) for one in found.fits]


def _row(found: ClassEvidence, fit: ClassFit) -> Row:
    best = fit.k == found.best
    return Row(
        classes=f"{fit.k}{' (these)' if fit.k == found.k else ''}",
        bic=f"{fit.bic:,.1f}{' (smallest)' if best else ''}",
        clear=f"{fit.entropy:.2f}" if fit.k > 1 else "–",
        left=str(fit.local),
        test="" if fit.blrt_p is None else f"{fit.blrt_p:.2f}",
        best=best,
    )


def lead(found: ClassEvidence, named: Named) -> str:
    """Return what it comes to: how many classes the criterion asks for, and what classes leave unexplained."""
    return " ".join(filter(None, [_number(found), _left(found, named), _reading(found)]))


def details(found: ClassEvidence) -> tuple[str, ...]:
    """Return how clear the classes are, the test, agreement with the segments, and what all this rests on."""
    return tuple(filter(None, [_clear(found), _test(found), _agreement(found), _basis(found)]))


def pair(one: Together, named: Named) -> str:
    """Return two answers in words: “fast” and “convenient”."""
    return f"“{named(one.question, one.answer)}” and “{named(one.other_question, one.other_answer)}”"


def _classes(number: int) -> str:
    return "one class" if number == 1 else f"{number_word(number)} classes"


def _number(found: ClassEvidence) -> str:
    if found.best == found.k:
        return f"BIC too asks for {_classes(found.k)}."
    if found.best > found.k:
        return f"BIC would go on to {_classes(found.best)}."
    return f"BIC would do with {_classes(found.best)}."


def _left(found: ClassEvidence, named: Named) -> str:
    where = "within classes" if found.k > 1 else "among all people"
    local = found.here.local
    if not local:
        return f"No two answers {'still ' if found.k > 1 else ''}depend on each other {where}."
    names = "; ".join(pair(one, named) for one in found.strongest[:NAMED])
    still = "still " if found.k > 1 else ""
    verb = "depends" if local == 1 else "depend"
    return f"{local} of {found.pairs} pairs of answers {still}{verb} on each other {where}, most of all {names}."


def _reading(found: ClassEvidence) -> str:
    if found.k == 1 and found.best > 1:
        return "A single scale from less to more behind the answers would look the same, so this alone shows no groups."
    if found.best < found.k:
        return "The smallest differences between these segments may be chance."
    if found.k == 1 or not found.here.local:
        return ""
    pairs = "Such pairs are often two wordings of one thing, or of its opposite"
    if found.best == found.k:
        return f"{pairs}: read them as one."
    return f"{pairs}: more classes may only describe them, not more kinds of people."


def _clear(found: ClassEvidence) -> str:
    if found.k == 1:
        return ""
    clear = next((words for least, words in CLEAR if found.here.entropy >= least), "blurred")
    return f"Where people belong among {_classes(found.k)} is {clear} (relative entropy {found.here.entropy:.2f} of 1)."


def _test(found: ClassEvidence) -> str:
    tested = found.tested
    if tested is None or tested.blrt_p is None:
        return ""
    above = round(tested.blrt_p * (found.draws + 1)) - 1
    gained = "none" if not above else number_word(above)
    said = (
        f"Bootstrap likelihood-ratio test: of {found.draws} sets of answers drawn from {_classes(tested.k - 1)}, in"
        f" {gained} did one class more gain as much as it does here (p = {tested.blrt_p:.2f})"
    )
    if tested.blrt_p <= SHOWN:
        return f"{said}: {_classes(tested.k)} explain the answers better."
    return f"{said}: {_classes(tested.k)} are not shown to be better."


def _agreement(found: ClassEvidence) -> str:
    if found.k == 1:
        return ""
    return f"These segments and as many latent classes agree {found.agreement:.2f} of 1 (adjusted Rand index)."


def _basis(found: ClassEvidence) -> str:
    many = f"few sets ({found.draws}) are drawn for the test where people are many"
    if found.n < found.n_total:
        return f"This rests on {found.n:,} of {count(found.n_total, 'person', 'people')}, drawn at random; {many}."
    return f"This rests on all {count(found.n, 'person', 'people')}; {many}." if found.draws < 20 else ""
