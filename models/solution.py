"""What segments on a basis are, as plain data. Light on purpose: web processes import it, so it needs numpy only."""

from dataclasses import dataclass, field

from models.laddering import Laddering
from models.results import ClassFit, Evidence, Floats, Ints, Marker, Quote, Term, Verdict


@dataclass(frozen=True)
class Alternative:
    """Another way to divide the same people, kept beside the chosen one.

    labels: int (n,), numbered so that a segment keeps the number of the chosen segment it matches best, as far as
    numbers without gaps allow. agreement: adjusted Rand index with the chosen solution.
    """

    method: str
    k: int
    labels: Ints
    stability: float
    verdict: Verdict
    agreement: float


@dataclass(frozen=True)
class CodeShare:
    """How many of a segment's answers speak of a code, against everybody's; quote: one that does, or None."""

    code: str
    label: str
    share: float
    share_total: float
    quote: Quote | None = None


@dataclass(frozen=True)
class Portrait:
    """One segment of one basis as a person reads it; shares are 0-1 with a 95 % Wilson interval.

    wants, values, who: what sets it apart among benefits, values and lifestyle, and descriptors; strongest first.
    message: what to say to them, a hypothesis drawn from the evidence. typical: rows of the people nearest its centre.
    """

    segment: int
    name: str
    size: int
    share: float
    share_low: float
    share_high: float
    confidence: float
    stability: float | None
    wants: tuple[Marker, ...] = ()
    values: tuple[Marker, ...] = ()
    who: tuple[Marker, ...] = ()
    codes: tuple[CodeShare, ...] = ()
    terms: tuple[Term, ...] = ()
    quotes: tuple[Quote, ...] = ()
    typical: tuple[int, ...] = ()
    message: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Together:
    """Two answers that go together more, or less, than latent classes explain.

    Each is a question, and an answer where the question offers several to pick or mark, else "". residual: Pearson's
    chi-square per degree of freedom.
    """

    question: str
    answer: str
    other_question: str
    other_answer: str
    residual: float


@dataclass(frozen=True)
class ClassEvidence:
    """What latent class analysis of the same answers says beside the segments.

    k: number of segments, which is looked at closely. fits: by number of classes, ascending, k among them; with blrt_p
    the number that was tested against one fewer (k, or 2 where there is one segment). agreement: adjusted Rand index of
    k classes with the segments. pairs: how many pairs of items there are; strongest: those that k classes explain
    least, at most a few. draws: data sets of the test. n: people it rests on, of n_total.
    """

    k: int
    fits: tuple[ClassFit, ...]
    agreement: float
    pairs: int
    strongest: tuple[Together, ...]
    draws: int
    n: int
    n_total: int

    @property
    def best(self) -> int:
        """The number of classes with the smallest information criterion."""
        return min(self.fits, key=lambda one: (one.bic, one.k)).k

    @property
    def here(self) -> ClassFit:
        """The fit of as many classes as there are segments."""
        return next(one for one in self.fits if one.k == self.k)

    @property
    def tested(self) -> ClassFit | None:
        """The fit that was tested against one class fewer, or None."""
        return next((one for one in self.fits if one.blrt_p is not None), None)


@dataclass(frozen=True)
class Solution:
    """Everybody's place on one basis.

    labels: int (n,), 1..k, 1 is the largest segment, 0 = said nothing that this basis is made of. confidence: float
    (n,), 0-1, 0 without a segment. method: what found the segments, in words. choice: why this method and number, one
    paragraph a marketer understands. shares: part of the difference between segments that each question carries,
    summing to 1. without: agreement (adjusted Rand index) with segments found without that question. alternatives: one
    segment fewer, one more, other methods. coordinates: float (n, 2), a picture only, NaN without a segment.
    ladders: of every open question with laddering, everybody's and each segment's. stability: agreement (adjusted Rand
    index) of these segments between resamples, by the method that found them; None when unknown. The figures by number
    of segments in `evidence` are those of k-means, which decides how many there are. classes: what latent class
    analysis says of the same answers; None where it does not apply.
    """

    basis: str
    labels: Ints
    confidence: Floats
    k: int
    method: str
    choice: str
    evidence: Evidence
    seed: int
    questions: tuple[str, ...]
    shares: dict[str, float] = field(default_factory=dict)
    without: dict[str, float] = field(default_factory=dict)
    alternatives: tuple[Alternative, ...] = ()
    coordinates: Floats | None = None
    portraits: tuple[Portrait, ...] = ()
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    ladders: tuple[Laddering, ...] = ()
    stability: float | None = None
    classes: ClassEvidence | None = None


@dataclass(frozen=True)
class Crossing:
    """Two bases over the same people. counts: int (k of one, k of other), people with a segment in both.

    cramers_v: 0-1, corrected for bias (Bergsma 2013). ami: adjusted mutual information. p: chi-square test of no
    association; None when it cannot be computed.
    """

    one: str
    other: str
    counts: Ints
    cramers_v: float
    ami: float
    p: float | None


@dataclass(frozen=True)
class Solutions:
    """All bases of one population, and how they cross. people: rows of the input."""

    people: int
    solutions: tuple[Solution, ...]
    crossings: tuple[Crossing, ...]
    seed: int
    embedder: str
    embedder_reason: str
    seconds: float
    notes: tuple[str, ...] = ()

    def on(self, basis: str) -> Solution:
        """Return the solution of one basis; raises KeyError when there is none."""
        for solution in self.solutions:
            if solution.basis == basis:
                return solution
        raise KeyError(basis)
