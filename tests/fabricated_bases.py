"""Made-up segments on several bases, so that pages and files can be tested without computing anything."""

from collections.abc import Mapping, Sequence

import numpy as np

from models.laddering import Laddering, ladder
from models.results import ClassFit, Evidence, KEvidence, Quote, Term, Verdict
from models.solution import (
    Alternative,
    ClassEvidence,
    CodeShare,
    Crossing,
    Marker,
    Portrait,
    Solution,
    Solutions,
    Together,
)

NAMES: Mapping[str, tuple[str, ...]] = {
    "benefit": ("Fair prices", "A network that works", "Quick help", "Freedom to leave", "Green choices"),
    "psychographic": ("Calm at home", "Always out", "Care for others", "Order and control", "New things"),
}


def solutions(
    answers: Sequence[str],
    bases: Sequence[str] = ("benefit", "psychographic"),
    k: int = 3,
    verdict: Verdict = "reproducible",
    names: Sequence[str] | None = None,
) -> Solutions:
    """Return a solution of k segments on each basis; blank answers get segment 0 on all of them."""
    found = tuple(solution(basis, answers, k + at, verdict, names) for at, basis in enumerate(bases))
    crossings = tuple(
        Crossing(one.basis, other.basis, _crossed(one, other), 0.31, 0.12, 0.002)
        for at, one in enumerate(found)
        for other in found[at + 1 :]
    )
    return Solutions(len(answers), found, crossings, 0, "made-up", "Nothing was computed.", 1.0)


def solution(
    basis: str, answers: Sequence[str], k: int, verdict: Verdict = "reproducible", names: Sequence[str] | None = None
) -> Solution:
    """Return a solution that deals people out by turns."""
    people = len(answers)
    blank = np.array([not answer.strip() for answer in answers], dtype=bool)
    labels = _dealt(blank, k)
    called = names or NAMES.get(basis, NAMES["benefit"])
    confidence = np.where(blank, 0.0, np.linspace(0.3, 1.0, max(people, 1))[:people])
    tried = tuple(KEvidence(at, 0.4, 0.95 - 0.05 * at, 0.1, 0.3) for at in range(2, 7)) if people > 20 else ()
    alternatives = tuple(
        Alternative("k-means", other, _dealt(blank, other), 0.6, "constructive", 0.5)
        for other in (k - 1, k + 1)
        if k > 1
    )
    return Solution(
        basis=basis,
        labels=labels,
        confidence=confidence,
        k=k,
        method="k-means on the questions, each of equal weight",
        choice=f"{k} segments stood out most clearly from chance.",
        evidence=Evidence(
            verdict, f"What can be said of {k} groups.", tried, (0.9,) * k, n=people, n_total=people, pairs=50
        ),
        seed=0,
        questions=("why", "plan"),
        shares={"why": 0.7, "plan": 0.3},
        without={"why": 0.2, "plan": 0.8},
        alternatives=alternatives,
        coordinates=np.where(blank[:, None], np.nan, np.arange(2 * people, dtype=float).reshape(people, 2)),
        portraits=tuple(_portrait(at, called, labels, answers) for at in range(1, k + 1)),
        warnings=("A warning about all.",),
        ladders=(ladders(labels),) if k > 1 else (),
        classes=classes(k, people) if people > 20 else None,
    )


def classes(k: int, people: int) -> ClassEvidence:
    """Return what latent classes say beside k segments: two more would fit better, and two answers go together."""
    tried = tuple(
        ClassFit(at, -700.0, 12 * at, 1500.0 + 10 * abs(at - k - 2), 0.9, 3 * (k + 3 - at), 0.05 if at == k else None)
        for at in range(1, k + 4)
    )
    together = (Together("plan", "Small", "calm", "", 25.1), Together("plan", "Large", "plan", "Small", 9.9))
    return ClassEvidence(k, tried, 0.83, 55, together, 19, people, 2 * people)


def ladders(labels: np.ndarray) -> Laddering:
    """Return ladders of an open question in which people climb from price or coverage to calm, some by way of time."""
    climbed = [
        (("price",), ("saving",), ("security",)),
        (("coverage",), ("time",), ("family",)),
        (("price",), ("time",), ("security",)),
    ]
    names = {code: code.capitalize() for chain in climbed for link in chain for code in link}
    chains = [climbed[row % 3] if row % 5 else () for row in range(len(labels))]
    levels = [("attribute", "consequence", "value") if chain else () for chain in chains]
    return ladder(chains, levels, labels, names, "why")


def marker(question: str, answer: str, value: float = 0.6, total: float = 0.3) -> Marker:
    """Return a share that sets a segment apart."""
    return Marker(question, answer, "share", value, value - 0.1, value + 0.1, total, 100 * value / total, 0.6, 0.01, 40)


def _portrait(segment: int, names: Sequence[str], labels: np.ndarray, answers: Sequence[str]) -> Portrait:
    rows = np.flatnonzero(labels == segment)
    share = len(rows) / max(int((labels > 0).sum()), 1)
    quotes = tuple(Quote(int(row), answers[row], 0.9, "en") for row in rows[:3])
    return Portrait(
        segment=segment,
        name=names[(segment - 1) % len(names)],
        size=len(rows),
        share=share,
        share_low=max(0.0, share - 0.05),
        share_high=min(1.0, share + 0.05),
        confidence=0.8,
        stability=(0.91, 0.78, 0.55)[segment % 3],
        wants=(marker("why", "Price"), marker("plan", "Small", 0.1, 0.3)),
        values=(Marker("agree", "Tea calms me", "mean", 4.2, 4.0, 4.4, 3.1, None, 0.8, 0.001, 40),),
        who=(marker("age", "65 or older"),),
        codes=(CodeShare("price", "Price", 0.5, 0.2, quotes[0] if quotes else None),),
        terms=(Term("price", 0.6, 0.2, 1.0),),
        quotes=quotes,
        typical=tuple(int(row) for row in rows[:2]),
        message=f"They may listen to this. In their words: “{quotes[0].text if quotes else ''}”",
        warnings=("Shaky.",) if segment == 2 else (),
    )


def _dealt(blank: np.ndarray, k: int) -> np.ndarray:
    return np.where(blank, 0, np.arange(len(blank)) // 2 % k + 1).astype(np.int64)


def _crossed(one: Solution, other: Solution) -> np.ndarray:
    counts = np.zeros((one.k, other.k), dtype=np.int64)
    both = (one.labels > 0) & (other.labels > 0)
    np.add.at(counts, (one.labels[both] - 1, other.labels[both] - 1), 1)
    return counts
