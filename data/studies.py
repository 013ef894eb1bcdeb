"""Where everything lives: one folder with a catalogue, one SQLite file per study, and a cache that may be deleted."""

import json
import logging
import re
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from sqlite_utils import Database

from data import migrations
from data.contacts import Contacts
from data.db import connect, create_private, now, remove, transaction
from data.errors import DataError, NotFound
from data.fieldwork import ClosedBy, Fieldwork
from data.holdings import Holdings
from data.invitations import Invitations
from data.pool import Lease, Pool
from data.responses import Responses
from data.runs import Runs
from data.typing_tools import TypingTools

SUFFIX = ".sqlite"
CATALOGUE = f"catalogue{SUFFIX}"
_log = logging.getLogger(__name__)
_pool = Pool()
_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")


def check_slug(slug: str) -> str:
    """Return the short name of a study as it is, safe in links and file names; raises DataError when it is not."""
    if not _SLUG.fullmatch(slug):
        raise DataError(
            f"The short name of a study holds 1-64 small letters a-z, digits and hyphens, got {slug[:80]!r}."
        )
    return slug


@dataclass(frozen=True)
class Home:
    """The folder that holds all of an installation's data (SAMTAL_HOME); files are created 0600, folders 0700."""

    root: Path

    @property
    def catalogue_path(self) -> Path:
        """Accounts, sessions and the list of studies."""
        return self.root / CATALOGUE

    @property
    def studies_folder(self) -> Path:
        """One file per study."""
        return self.root / "studies"

    @property
    def vectors_path(self) -> Path:
        """Vectors of texts; may be deleted at any time."""
        return self.root / "cache" / f"vectors{SUFFIX}"

    @property
    def weights_path(self) -> Path:
        """Folder of prepared text models; may be deleted at any time."""
        return self.root / "cache" / "weights"

    @property
    def locks_path(self) -> Path:
        """Folder of the files by which processes tell that they are alive."""
        return self.root / "locks"

    def study_path(self, slug: str) -> Path:
        """Return the file of a study; raises DataError when `slug` is not a plain short name."""
        return self.studies_folder / f"{check_slug(slug)}{SUFFIX}"

    def open_catalogue(self) -> Database:
        """Return an up-to-date connection to the catalogue; close it after use (it is a context manager)."""
        db = connect(self.catalogue_path)
        return _migrated(db, migrations.catalogue, self.catalogue_path)


@dataclass(frozen=True)
class Study:
    """A study: its short name (in links and file names), title, day of birth, and whether it takes answers.

    `open` is what was so when the file was asked; in the list of studies it may be older than a closing date or a cap.
    """

    slug: str
    title: str
    created: datetime
    open: bool


class StudyFile:
    """One study's file: survey versions, responses and runs. Cheap to open; use it within one thread and close it.

    Raises NotFound when there is no such file, DataError when a newer Samtal wrote it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lease: Lease | None = _pool.take(path)
        self.db = _migrated(self._lease.db, migrations.study, path)
        self.responses = Responses(self.db)
        self.runs = Runs(self.db)
        self.invitations = Invitations(self.db)
        self.contacts = Contacts(self.db)
        self.holdings = Holdings(self.db)
        self.typing_tools = TypingTools(self.db)

    def __enter__(self) -> "StudyFile":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the file go; closing twice is harmless."""
        lease, self._lease = self._lease, None
        if lease is not None:
            _pool.give(lease)

    @property
    def study(self) -> Study:
        """What the file says about itself; raises DataError when it was never finished being created."""
        meta = self._meta()
        return Study(
            self.path.name.removesuffix(SUFFIX),
            meta["title"],
            datetime.fromisoformat(meta["created"]),
            self._closed_by(meta) is None,
        )

    @property
    def fieldwork(self) -> Fieldwork:
        """On what terms the study takes answers; raises DataError when it was never finished being created."""
        return Fieldwork.from_meta(self._meta())

    @property
    def closed_by(self) -> ClosedBy | None:
        """What keeps the study from taking answers at this moment, or None when it takes them."""
        return self._closed_by(self._meta())

    def set_fieldwork(self, fieldwork: Fieldwork) -> None:
        """Write on what terms the study takes answers."""
        self.set_meta(**fieldwork.to_meta())

    def _meta(self) -> dict[str, str]:
        meta = dict(self.db.execute("SELECT key, value FROM meta").fetchall())
        if "title" not in meta:
            raise DataError(f"The file '{self.path.name}' holds no study.")
        return meta

    def _closed_by(self, meta: dict[str, str]) -> ClosedBy | None:
        fieldwork = Fieldwork.from_meta(meta)
        if meta["open"] != "1":
            return "switch"
        if fieldwork.closes and fieldwork.closes <= datetime.now(UTC):
            return "date"
        if fieldwork.cap is not None and self.responses.counts().complete >= fieldwork.cap:
            return "cap"
        return None

    def prize_for(self, response_id: str) -> str | None:
        """Return what whoever gave a complete response may still win; None without a prize or after the entry."""
        prize = self.fieldwork.prize
        return prize if prize and not self.contacts.entered(response_id) else None

    def set_meta(self, **values: str) -> None:
        """Write facts about the study (title, created, open)."""
        with transaction(self.db):
            for key, value in values.items():
                self.db.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", [key, value])

    def publish(self, document: dict[str, Any]) -> int:
        """Store a survey document as the next version and return its number; the newest one again changes nothing."""
        text = json.dumps(document, ensure_ascii=False)
        with transaction(self.db):
            row = self.db.execute("SELECT version, document FROM surveys ORDER BY version DESC LIMIT 1").fetchone()
            if row and row[1] == text:
                return row[0]
            version = row[0] + 1 if row else 1
            self.db.execute(
                "INSERT INTO surveys (version, document, published) VALUES (?, ?, ?)", [version, text, now()]
            )
        return version

    def survey(self, version: int | None = None) -> tuple[int, dict[str, Any]]:
        """Return the number and document of a survey version, by default the newest; raises NotFound."""
        row = self.db.execute(
            "SELECT version, document FROM surveys WHERE ? IS NULL OR version = ? ORDER BY version DESC LIMIT 1",
            [version, version],
        ).fetchone()
        if row is None:
            raise NotFound(f"The study has no survey version {version}." if version else "The study has no survey yet.")
        return row[0], json.loads(row[1])


class Studies:
    """All studies of a home. The files are the truth; the catalogue's list is kept in step with them."""

    def __init__(self, home: Home) -> None:
        self.home = home

    def create(self, slug: str, title: str, document: dict[str, Any]) -> Study:
        """Create a study that takes answers, with its first survey version; raises DataError when the name is taken."""
        path = self.home.study_path(slug)
        create_private(path)
        with StudyFile(path) as file, transaction(file.db):
            if file.db["meta"].count:
                raise DataError(f"There is a study '{slug}' already. Choose another short name.")
            file.set_meta(title=title, created=now(), open="1")
            file.publish(document)
            study = file.study
        _pool.close(path)
        self._remember(study)
        return study

    def list(self) -> list[Study]:
        """Return all studies, oldest first. A file copied into the studies folder appears, a removed one goes."""
        with self.home.open_catalogue() as db:
            rows = db.execute("SELECT slug, title, created, open FROM studies").fetchall()
        known = {row[0]: Study(row[0], row[1], datetime.fromisoformat(row[2]), bool(row[3])) for row in rows}
        slugs = {path.name.removesuffix(SUFFIX) for path in self.home.studies_folder.glob(f"*{SUFFIX}")}
        for slug in known.keys() - slugs:
            self._forget(slug)
        found = [self._adopt(slug) for slug in sorted(slugs - known.keys()) if _SLUG.fullmatch(slug)]
        studies = [known[slug] for slug in known.keys() & slugs] + [study for study in found if study]
        return sorted(studies, key=lambda study: (study.created, study.slug))

    def get(self, slug: str) -> Study:
        """Return one study; raises NotFound."""
        with self.file(slug) as file:
            return file.study

    def file(self, slug: str) -> StudyFile:
        """Open a study's file; close it after use (it is a context manager). Raises NotFound."""
        path = self.home.study_path(slug)
        if not path.is_file():
            raise NotFound(f"There is no study '{slug}'.")
        return StudyFile(path)

    def set_open(self, slug: str, is_open: bool) -> Study:
        """Let the study take answers, or stop it; returns the study as it is now. Raises NotFound."""
        with self.file(slug) as file:
            file.set_meta(open="1" if is_open else "0")
            study = file.study
        self._remember(study)
        return study

    def rename(self, slug: str, title: str) -> Study:
        """Give the study another title; returns the study as it is now. Raises NotFound."""
        with self.file(slug) as file:
            file.set_meta(title=title)
            study = file.study
        self._remember(study)
        return study

    def delete(self, slug: str) -> None:
        """Delete a study for good: its file, its place in the list, and all cached vectors. Raises NotFound."""
        path = self.home.study_path(slug)
        if not path.is_file():
            raise NotFound(f"There is no study '{slug}'.")
        remove(path)
        _pool.close(path)
        remove(self.home.vectors_path)
        self._forget(slug)

    def _adopt(self, slug: str) -> Study | None:
        """Take a file that the catalogue does not know into the list; None when it holds no study."""
        try:
            study = self.get(slug)
        except DataError as error:
            _log.warning("A file in the studies folder is left out: %s", error)
            return None
        self._remember(study)
        return study

    def _remember(self, study: Study) -> None:
        with self.home.open_catalogue() as db, transaction(db):
            db.execute(
                "INSERT OR REPLACE INTO studies (slug, title, created, open) VALUES (?, ?, ?, ?)",
                [study.slug, study.title, study.created.isoformat(timespec="milliseconds"), study.open],
            )

    def _forget(self, slug: str) -> None:
        with self.home.open_catalogue() as db, transaction(db):
            db.execute("DELETE FROM studies WHERE slug = ?", [slug])


def _migrated(db: Database, wanted: migrations.Migrations, path: Path) -> Database:
    """Return `db` brought up to date, or close it and raise DataError."""
    try:
        migrations.migrate(db, wanted, path.name)
    except (DataError, sqlite3.Error) as error:
        db.close()
        if isinstance(error, DataError):
            raise
        raise DataError(f"The file '{path.name}' cannot be read: {error}.") from error
    return db
