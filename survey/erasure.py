"""Deleting respondents for good: their answers, their words in finished analyses, and what caches know of them.

What stays of them in a finished analysis is the number of people in each segment, words that somebody else says too,
and an unnamed point on its map.
"""

import logging
import sqlite3
from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from typing import Any

from data.db import checkpoint, transaction
from data.errors import DataError
from data.studies import Home, Studies, StudyFile
from models.texts.cleaning import without_noise
from survey.analysis.spoken import embedded, strings
from survey.analysis.unsaid import without_unsaid

_log = logging.getLogger(__name__)


def erase(home: Home, file: StudyFile, responses: Collection[str]) -> int:
    """Delete these responses of a study for good; returns how many there were.

    With them go their consents, what their invitations knew, their quotes in finished analyses, terms there that nobody
    else says, and the cached vectors of their texts. Addresses left for a prize draw lead to no response and stay.
    """
    if not responses:
        return 0
    said = {text for one in responses for row in file.holdings.history(one) for text in strings(row.value)}
    with transaction(file.db):
        erased = file.holdings.delete(responses)
        scrub(file)
    checkpoint(file.db)
    if home.vectors_path.exists():
        from data.vectors import VectorCache

        VectorCache(home.vectors_path).forget(embedded(said))
    return erased


def scrub(file: StudyFile) -> int:
    """Take the words and the numbers of responses that are no longer there out of finished runs; returns how many runs.

    Idempotent; called after a deletion and when a run ends, because somebody may have deleted answers meanwhile.
    """
    there, changed = file.holdings.existing(), 0
    for run in file.runs.list():
        if run.status != "done":
            continue
        document = file.runs.document(run.id)
        listed = document.get("responses", [])
        gone = {row for row, response in enumerate(listed) if response and response not in there}
        if gone:
            responses = ["" if row in gone else response for row, response in enumerate(listed)]
            said = (text for value in file.holdings.values() for text in strings(value))
            left = without_unsaid(_unquoted(document, gone), said)
            file.runs.redact(run.id, {**left, "responses": responses})
            changed += 1
    return changed


def purge(home: Home, study: str | None = None, now: datetime | None = None) -> dict[str, int]:
    """Delete what is older than the retention of its study, of one study or all; returns responses deleted by study.

    Also goes: unused invitations as old, and addresses of a prize draw whose week was over as long ago. Studies that
    keep everything are left alone and are not in the result. Raises NotFound when there is no such study; one that
    cannot be read is noted in the log when all are purged.
    """
    studies = Studies(home)
    if study is not None:
        return _purged(home, studies, study, now or datetime.now(UTC))
    found: dict[str, int] = {}
    for one in studies.list():
        try:
            found |= _purged(home, studies, one.slug, now or datetime.now(UTC))
        except (DataError, sqlite3.Error) as error:
            _log.warning("Old answers of '%s' were not deleted: %s", one.slug, error)
    return found


def _purged(home: Home, studies: Studies, slug: str, now: datetime) -> dict[str, int]:
    with studies.file(slug) as file:
        days = file.fieldwork.retention_days
        if days is None:
            return {}
        before = now - timedelta(days=days)
        erased = erase(home, file, file.holdings.started_by(before))
        file.invitations.withdraw(made_before=before.date())
        file.contacts.clear(weeks_before=before.date())
    return {slug: erased}


def _unquoted(value: Any, gone: Collection[int]) -> Any:
    """Return a stored result without the words of these rows: their quotes, and where a sentence quotes them."""
    quoted = [quote["text"] for quote in _quotes(value) if quote["row"] in gone]
    forms = {" ".join(form.split()) for text in quoted for form in (text, without_noise(text))}
    texts = sorted(filter(None, forms), key=lambda form: (-len(form), form))
    return _without(value, gone, texts) if texts else value


def _without(value: Any, gone: Collection[int], texts: Collection[str]) -> Any:
    if isinstance(value, dict):
        return {
            key: None if _is_quote(item) and item["row"] in gone else _without(item, gone, texts)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [_without(item, gone, texts) for item in value if not (_is_quote(item) and item["row"] in gone)]
    if isinstance(value, str):
        for text in texts:
            value = _uncited(value, text)
    return value


def _uncited(sentence: str, text: str) -> str:
    """Return a sentence with a gap where it has a text, or the beginning of it and "…", between quotation marks."""
    at = sentence.find("“") + 1
    while at:
        alike = takewhile(lambda pair: pair[0] == pair[1], zip(sentence[at:], text, strict=False))
        said = "".join(one for one, _other in alike)
        for cited in (said, said.rstrip(" ,;:-–—")):
            mark = "”" if cited == text else "…”"
            if cited and sentence.startswith(mark, at + len(cited)):
                sentence = sentence[:at] + "…" + sentence[at + len(cited) + len(mark) - 1 :]
                break
        at = sentence.find("“", at) + 1
    return sentence


def _quotes(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every quote (a text with the row it is from) in a stored result."""
    if _is_quote(value):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _quotes(item)


def _is_quote(item: Any) -> bool:
    return isinstance(item, dict) and "text" in item and isinstance(item.get("row"), int)
