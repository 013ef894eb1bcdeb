"""From resamples to a verdict, and to the sentence a marketer reads."""

import diptest
import numpy as np
from numpy.typing import NDArray

from models.kmeans import Fits
from models.results import Evidence, Ints, KEvidence, Verdict
from models.stability import bootstrap_stability, segment_jaccard

TOO_FEW = 20


def too_few(n: int) -> Evidence:
    """Evidence that says there is nothing to say."""
    return Evidence("none", f"{n} answers are too few to speak of groups.", n=n, n_total=n)


def weigh(
    z: NDArray[np.float64],
    nulls: list[NDArray[np.float64]],
    labels: Ints,
    weights: NDArray[np.float64],
    quality: dict[int, float],
    n_total: int,
    pairs: int,
    rng: np.random.Generator,
) -> tuple[Evidence, Fits]:
    """Verdict on `labels`, and the resamples behind it."""
    k = int(labels.max()) + 1
    by_k = []
    kept = None
    for tried in sorted({*quality, k}):
        found = bootstrap_stability(z, tried, rng, weights, pairs)
        empty = [bootstrap_stability(null, tried, rng, weights, max(5, pairs // 5)).median for null in nulls]
        by_k.append(
            KEvidence(
                tried,
                quality.get(tried, float("nan")),
                found.median,
                float(np.median(empty)),
                float(np.quantile(empty, 0.95)),
            )
        )
        if tried == k:
            kept = found
    assert kept is not None
    jaccard = segment_jaccard(labels, kept.fits.labels, weights).mean(axis=0)
    mine = next(entry for entry in by_k if entry.k == k)
    verdict: Verdict = "constructive"
    if k > 1 and mine.stability > mine.null_upper:
        verdict = "natural" if mine.stability >= 0.8 and jaccard.min() >= 0.75 else "reproducible"
    dip_p = float(diptest.diptest(z[:, 0])[1])
    return (
        Evidence(
            verdict, f"{k} groups ({verdict}).", tuple(by_k), tuple(jaccard.tolist()), dip_p, len(z), n_total, pairs
        ),
        kept.fits,
    )
