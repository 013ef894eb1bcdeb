"""A studio without workers, and studies with answers and made-up results in it."""

from collections.abc import Callable

from data.studies import Home, Studies
from models.results import Segmentation
from survey.analysis.stored import collect, pack


class Service:
    """Stands in for SegmentationRuns: remembers what was asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[object, ...]] = []

    def start(self, slug: str, settings: object) -> str:
        self.asked.append(("start", slug, settings))
        return "run"

    def cancel(self, slug: str, run_id: str) -> None:
        self.asked.append(("cancel", slug, run_id))


def answer(home: Home, slug: str, texts: list[str]) -> None:
    with Studies(home).file(slug) as file:
        for text in texts:
            response, _token = file.responses.begin(1, "en")
            file.responses.record(response, "answer", 0, text)
            file.responses.complete(response)


def finished(home: Home, slug: str, make: Callable[[list[str]], Segmentation]) -> str:
    """Store a made-up run over all answers of the study and return its id."""
    with Studies(home).file(slug) as file:
        collected = collect(file, ["answer"])
        run = file.runs.create({"questions": ["answer"], "k": None, "min_share": 0.03, "seed": 0}, "test")
        file.runs.finish(run, *pack(make([row[0] for row in collected.answers]), collected))
    return run
