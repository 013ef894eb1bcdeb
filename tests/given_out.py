"""A small study that is given out, with people who have answered it."""

from data.studies import Home, Studies

DOCUMENT = {"title": "Tea", "elements": [{"type": "comment", "name": "why", "title": "Why tea?"}]}


def complete(home: Home, times: int = 1) -> list[tuple[str, str]]:
    """Store so many finished responses; returns id and token of each."""
    with Studies(home).file("tea") as file:
        begun = [file.responses.begin(1, "en") for _ in range(times)]
        for response, _token in begun:
            file.responses.complete(response)
    return begun
