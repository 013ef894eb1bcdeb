"""What a researcher decides about a segmentation."""

from dataclasses import dataclass

import numpy as np

MAX_FOUND = 12
PER_SEGMENT = 5
FREE_MIN_SHARE = 0.03


@dataclass(frozen=True)
class SegmentSettings:
    """What a researcher decides about a segmentation.

    k: number of segments, (lowest, highest), or None to find it (2 to 12, or one when there is no sign of groups).
    min_share: a segment with a smaller share of all answers joins its nearest neighbour, in [0, 0.5); None means
    0.03, or 0 when k is a single number. seed: same input and seed, same result.
    components, dims: principal components before and after smoothing. max_evidence_rows: search and evidence use at
    most so many answers, a random sample of them when there are more. pairs, other_pairs: bootstrap pairs for the
    number of segments chosen, and for each of the others. null_sets: structureless data sets, all of them searched,
    every second one resampled with null_pairs bootstrap pairs. handiness: how much a number of about six segments is
    preferred when the number is to be found; 0 lets separation and stability alone decide. hierarchies: starts of the
    search, the tightest groups are kept.
    """

    k: int | tuple[int, int] | None = None
    min_share: float | None = None
    seed: int = 0
    components: int = 50
    dims: int = 10
    max_evidence_rows: int = 1000
    pairs: int = 25
    other_pairs: int = 20
    null_sets: int = 20
    null_pairs: int = 2
    handiness: float = 0.15
    hierarchies: int = 12

    def __post_init__(self) -> None:
        if self.k is not None:
            ends = self._ends()
            whole = len(ends) == 2 and all(isinstance(end, int | np.integer) for end in ends)
            if not whole or not 1 <= ends[0] <= ends[1] <= 1000:
                raise ValueError(
                    "the 'k' parameter must be None, an int in [1, 1000] or (lowest, highest) with lowest <= highest, "
                    f"got {self.k!r}"
                )
        if self.min_share is not None and not 0 <= self.min_share < 0.5:
            raise ValueError(f"the 'min_share' parameter must be None or in [0, 0.5), got {self.min_share!r}")

    @property
    def fixed(self) -> bool:
        """Whether the researcher asked for one number of segments."""
        return isinstance(self.k, int | np.integer)

    @property
    def smallest_share(self) -> float:
        """The minimum share in force."""
        return self.min_share if self.min_share is not None else (0.0 if self.fixed else FREE_MIN_SHARE)

    @property
    def may_be_one(self) -> bool:
        """Whether one segment for everybody is an allowed result."""
        return self.k is None or (not self.fixed and self._ends()[0] == 1)

    def numbers(self, people: int, distinct: int) -> range:
        """Numbers of segments above one to try among `people` answers, `distinct` of which differ; may be empty."""
        if self.k is None:
            low, high = 2, max(2, min(MAX_FOUND, people // PER_SEGMENT))
        else:
            low, high = self._ends()
        return range(max(2, min(low, distinct)), min(high, distinct) + 1)

    def _ends(self) -> tuple[int, int]:
        if self.k is None:
            return 2, MAX_FOUND
        return (self.k, self.k) if isinstance(self.k, int | np.integer) else self.k


DEFAULTS = SegmentSettings()
