"""How long-running functions of this package tell their caller how far they are."""

from collections.abc import Callable

Progress = Callable[[float, str], None]
"""Called with the fraction done (0 to 1) and a few words on what is being done."""


def silent(fraction: float, message: str) -> None:
    """A Progress that tells nobody."""


def stretch(progress: Progress, low: float, high: float) -> Progress:
    """Return a Progress that fills the stretch from low to high of another."""
    return lambda fraction, message: progress(low + (high - low) * fraction, message)
