"""Many texts in portions that several processes can share."""

from collections.abc import Iterator, Sequence

PORTION = 2048
"""Texts in a portion; what a processor embeds in a few seconds."""


def by_length(texts: Sequence[str]) -> list[int]:
    """Return row numbers, longest texts first, equal lengths in the alphabet's order."""
    return sorted(range(len(texts)), key=lambda row: (-len(texts[row]), texts[row]))


def portions(texts: Sequence[str]) -> Iterator[list[int]]:
    """Yield row numbers in portions, longest texts first; they depend on which texts there are, not on their order."""
    order = by_length(texts)
    yield from (order[low : low + PORTION] for low in range(0, len(order), PORTION))
