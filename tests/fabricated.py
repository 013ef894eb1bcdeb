"""Made-up results, so that pages and files can be tested without computing anything."""

import numpy as np

from models.results import (
    Evidence,
    KEvidence,
    Quote,
    Segmentation,
    SegmentProfile,
    Term,
    Theme,
    Verdict,
)

NAMES = ("Fair prices", "A network that works", "Quick help", "Freedom to leave", "Green choices", "Privacy")


def segmentation(
    answers: list[str],
    k: int = 3,
    verdict: Verdict = "reproducible",
    names: tuple[str, ...] = NAMES,
    themes: tuple[str, ...] = (),
) -> Segmentation:
    """Return a segmentation of the answers into k groups by turns; blank answers get segment 0."""
    n = len(answers)
    rng = np.random.default_rng(k)
    blank = np.array([not answer.strip() for answer in answers])
    labels = np.where(blank, 0, np.arange(n) % k + 1)
    confidence = np.where(blank, 0.0, rng.uniform(0.3, 1.0, n))
    profiles = []
    for segment in range(1, k + 1):
        rows = np.flatnonzero(labels == segment)
        share = len(rows) / max((~blank).sum(), 1)
        profiles.append(
            SegmentProfile(
                segment=segment,
                name=names[(segment - 1) % len(names)],
                size=len(rows),
                share=share,
                share_low=max(0.0, share - 0.05),
                share_high=min(1.0, share + 0.05),
                confidence=float(confidence[rows].mean()) if len(rows) else 0.0,
                stability=(0.91, 0.78, 0.55)[segment % 3] if k > 1 else None,
                terms=(Term("price", 0.6, 0.2, 1.0),),
                quotes=tuple(Quote(int(row), answers[row], 0.9, "en") for row in rows[:3]),
                languages={"en": len(rows)},
                warnings=("Shaky.",) if segment == 2 else (),
            )
        )
    tried = tuple(KEvidence(at, 0.4, 0.9 - 0.05 * at, 0.1, 0.3) for at in range(2, 7)) if n > 20 else ()
    return Segmentation(
        labels=labels.astype(np.int64),
        confidence=confidence,
        coordinates=np.where(blank[:, None], np.nan, rng.normal(size=(n, 2))),
        centroids=rng.normal(size=(k, 4)),
        languages=tuple("" if gone else "en" for gone in blank),
        segments=tuple(profiles),
        themes=tuple(Theme(name, 2, (Quote(0, answers[0], 1.0, "en"),)) for name in themes),
        evidence=Evidence(verdict, f"What can be said of {k} groups.", tried, n=n, n_total=n, pairs=50),
        k=k,
        answered=int((~blank).sum()),
        coverage=1.0,
        seed=0,
        embedder="made-up",
        embedder_reason="Nothing was computed.",
        seconds=1.0,
    )
