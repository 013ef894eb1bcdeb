"""Everything the writers of a report may say, gathered once."""

from collections.abc import Sequence
from dataclasses import dataclass

from models.results import UNSURE, KEvidence, Marker, Segmentation
from survey.report.markers import label


@dataclass(frozen=True)
class ReportContext:
    """A finished segmentation and where it comes from.

    source: file or study it was made of. questions: columns or questions that were answered. answers: one text per
    input row, "" where there is none. ids: one per input row, or None when none were asked for. seconds: wall time
    from the start of the work. notes: what was assumed while reading the answers, in sentences.
    """

    segmentation: Segmentation
    source: str
    questions: tuple[str, ...]
    answers: Sequence[str]
    seconds: float
    ids: Sequence[str] | None = None
    notes: tuple[str, ...] = ()

    def title(self, question: str) -> str:
        """Return a question as people read it."""
        return question

    def label(self, marker: Marker) -> str:
        """Return the answer that a marker is about."""
        return label(marker.question, marker)

    @property
    def rows(self) -> int:
        """Rows of the input, answered or not."""
        return len(self.segmentation.labels)

    @property
    def chosen(self) -> KEvidence | None:
        """The evidence for the number of segments of this solution; None when there were too few answers for any."""
        return self.segmentation.evidence.of(self.segmentation.k)

    @property
    def unsure(self) -> int:
        """Answers that were placed with little confidence."""
        placed = self.segmentation.labels > 0
        return int((self.segmentation.confidence[placed] < UNSURE).sum())
