"""The fieldwork of a study: from whom it takes answers, until when, how many, and how long they are kept."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from data.db import moment, stamp
from data.errors import DataError

ClosedBy = Literal["switch", "date", "cap"]
"""What keeps a study from taking answers: the researcher, its closing date, or enough complete responses."""


@dataclass(frozen=True)
class Fieldwork:
    """The settings of one study's fieldwork; a limit of None, or an empty text or list, is no limit.

    closes: from this moment on no conversation begins or is resumed; an open tab may finish. cap: as many complete
    responses are wanted. retention_days: a response is deleted this many days after it was started. invited_only: the
    open link takes nobody, only personal invitations do. embed_origins: the sites that may show the chat inside a page.
    prize: what may be won by those who leave an address after the last question.
    """

    closes: datetime | None = None
    cap: int | None = None
    retention_days: int | None = None
    invited_only: bool = False
    embed_origins: tuple[str, ...] = ()
    prize: str = ""

    @classmethod
    def from_meta(cls, meta: Mapping[str, str]) -> "Fieldwork":
        """Return the settings that a study file's facts describe; raises DataError when they cannot be read."""
        try:
            return cls(
                closes=moment(meta.get("closes")),
                cap=_number(meta.get("cap")),
                retention_days=_number(meta.get("retention_days")),
                invited_only=meta.get("invited_only") == "1",
                embed_origins=tuple(json.loads(meta.get("embed_origins", "[]"))),
                prize=meta.get("prize", ""),
            )
        except ValueError as error:
            raise DataError(f"The settings of the study cannot be read: {error}.") from error

    def to_meta(self) -> dict[str, str]:
        """Return the settings as facts of a study file; what is not limited is the empty text."""
        return {
            "closes": stamp(self.closes) if self.closes else "",
            "cap": _text(self.cap),
            "retention_days": _text(self.retention_days),
            "invited_only": "1" if self.invited_only else "0",
            "embed_origins": json.dumps(list(self.embed_origins)),
            "prize": self.prize,
        }

    def kept_until(self, started: datetime) -> datetime | None:
        """Return when a response that was started then is deleted; None while no such day is set."""
        return started + timedelta(days=self.retention_days) if self.retention_days is not None else None


def _number(text: str | None) -> int | None:
    return int(text) if text else None


def _text(number: int | None) -> str:
    return "" if number is None else str(number)
