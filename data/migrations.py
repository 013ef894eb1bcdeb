"""The shape of the files, as ordered migrations; each file remembers which ones it has had."""

from functools import lru_cache

from sqlite_utils import Database, Migrations

from data.db import transaction
from data.errors import DataError

catalogue = Migrations("samtal-catalogue")
study = Migrations("samtal-study")


def migrate(db: Database, migrations: Migrations, file_name: str) -> None:
    """Bring the file behind `db` up to date; all pending migrations or none of them.

    `PRAGMA user_version` holds the number of migrations of an up-to-date file, so that opening one costs one read.
    Raises DataError when the file was written by a newer Samtal or is of another kind.
    """
    names = _names(migrations)
    if db.execute("PRAGMA user_version").fetchone()[0] == len(names):
        return
    with transaction(db):
        applied = [migration.name for migration in migrations.applied(db)]
        if any(name not in names for name in applied):
            raise DataError(f"The file '{file_name}' was written by a newer Samtal. Update this one and open it again.")
        if not applied and db.table_names():
            raise DataError(f"The file '{file_name}' is not a {migrations.name} file.")
        migrations.apply(db)
        db.execute(f"PRAGMA user_version={len(names)}")


@lru_cache
def _names(migrations: Migrations) -> tuple[str, ...]:
    """Return the names of all migrations of a set, in order: those that an empty file still lacks."""
    empty = Database(memory=True)
    try:
        return tuple(migration.name for migration in migrations.pending(empty))
    finally:
        empty.close()


@catalogue()
def accounts_sessions_studies(db: Database) -> None:
    """Accounts, their sessions, set-up links (tokens only as hashes) and the list of studies."""
    db.executescript("""
    CREATE TABLE accounts (
        id INTEGER PRIMARY KEY,
        email TEXT NOT NULL UNIQUE COLLATE NOCASE,
        name TEXT NOT NULL,
        role TEXT NOT NULL,
        password_hash TEXT NOT NULL,
        created TEXT NOT NULL
    );
    CREATE TABLE sessions (
        token_hash TEXT PRIMARY KEY,
        account_id INTEGER NOT NULL REFERENCES accounts(id) ON DELETE CASCADE,
        created TEXT NOT NULL,
        expires TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX sessions_account ON sessions(account_id);
    CREATE TABLE setup_tokens (
        token_hash TEXT PRIMARY KEY,
        created TEXT NOT NULL,
        expires TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE studies (
        slug TEXT PRIMARY KEY,
        title TEXT NOT NULL,
        created TEXT NOT NULL,
        open INTEGER NOT NULL
    ) WITHOUT ROWID;
    """)


@study()
def surveys_responses_answers_runs(db: Database) -> None:
    """Survey versions, responses, consents, append-only answers, and runs that never change once they have ended."""
    db.executescript("""
    CREATE TABLE meta (
        key TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE surveys (
        version INTEGER PRIMARY KEY,
        document TEXT NOT NULL,
        published TEXT NOT NULL
    );
    CREATE TRIGGER surveys_are_kept BEFORE UPDATE ON surveys
        BEGIN SELECT RAISE(ABORT, 'a published survey version never changes'); END;
    CREATE TABLE responses (
        id TEXT PRIMARY KEY,
        token_hash TEXT NOT NULL UNIQUE,
        survey_version INTEGER NOT NULL REFERENCES surveys(version),
        language TEXT NOT NULL,
        status TEXT NOT NULL DEFAULT 'partial' CHECK (status IN ('partial', 'complete')),
        started TEXT NOT NULL,
        finished TEXT
    );
    CREATE TABLE consents (
        id INTEGER PRIMARY KEY,
        response_id TEXT NOT NULL REFERENCES responses(id) ON DELETE CASCADE,
        text_version TEXT NOT NULL,
        language TEXT NOT NULL,
        at TEXT NOT NULL
    );
    CREATE INDEX consents_response ON consents(response_id);
    CREATE TABLE answers (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        response_id TEXT NOT NULL REFERENCES responses(id) ON DELETE CASCADE,
        question TEXT NOT NULL,
        turn INTEGER NOT NULL CHECK (turn >= 0),
        revision INTEGER NOT NULL CHECK (revision >= 1),
        value TEXT NOT NULL,
        at TEXT NOT NULL,
        UNIQUE (response_id, question, turn, revision)
    );
    CREATE TRIGGER answers_are_appended BEFORE UPDATE ON answers
        BEGIN SELECT RAISE(ABORT, 'an answer never changes: append a revision'); END;
    CREATE TRIGGER answers_are_kept BEFORE DELETE ON answers
        WHEN EXISTS (SELECT 1 FROM responses WHERE id = OLD.response_id)
        BEGIN SELECT RAISE(ABORT, 'an answer goes only with its whole response'); END;
    CREATE TABLE runs (
        id TEXT PRIMARY KEY,
        owner TEXT NOT NULL,
        settings TEXT NOT NULL,
        status TEXT NOT NULL DEFAULT 'queued'
            CHECK (status IN ('queued', 'running', 'done', 'failed', 'cancelled')),
        fraction REAL NOT NULL DEFAULT 0,
        message TEXT NOT NULL DEFAULT '',
        reason TEXT NOT NULL DEFAULT '',
        created TEXT NOT NULL,
        finished TEXT
    );
    CREATE TRIGGER runs_end_once BEFORE UPDATE ON runs
        WHEN OLD.status IN ('done', 'failed', 'cancelled')
        BEGIN SELECT RAISE(ABORT, 'a run that has ended never changes'); END;
    CREATE TABLE run_results (
        run_id TEXT PRIMARY KEY REFERENCES runs(id) ON DELETE CASCADE,
        result TEXT NOT NULL,
        arrays BLOB NOT NULL
    );
    CREATE TRIGGER run_results_are_kept BEFORE UPDATE ON run_results
        BEGIN SELECT RAISE(ABORT, 'the result of a run never changes'); END;
    """)


@study()
def invitations_contacts(db: Database) -> None:
    """Invitations (tokens only as hashes), addresses for a prize draw apart from everything, and who has made an entry.

    An invitation whose response is deleted stays used and forgets what it knew.
    """
    db.executescript("""
    CREATE TABLE invitations (
        token_hash TEXT PRIMARY KEY,
        descriptors TEXT NOT NULL,
        made TEXT NOT NULL,
        used INTEGER NOT NULL DEFAULT 0 CHECK (used IN (0, 1)),
        response_id TEXT UNIQUE REFERENCES responses(id) ON DELETE SET NULL
    ) WITHOUT ROWID;
    CREATE TRIGGER invitations_forget AFTER UPDATE OF response_id ON invitations
        WHEN NEW.response_id IS NULL AND OLD.response_id IS NOT NULL
        BEGIN UPDATE invitations SET descriptors = '{}' WHERE token_hash = NEW.token_hash; END;
    CREATE TABLE contacts (
        position INTEGER PRIMARY KEY,
        address TEXT NOT NULL UNIQUE COLLATE NOCASE,
        week TEXT NOT NULL
    );
    CREATE TABLE draw_entries (
        response_id TEXT PRIMARY KEY REFERENCES responses(id) ON DELETE CASCADE
    ) WITHOUT ROWID;
    """)


@study()
def details_endings_inactive_quotas(db: Database) -> None:
    """Details of answers, ends other than complete, answers off the path with their time, and marks of quota cells."""
    for statement in (
        "ALTER TABLE answers ADD COLUMN detail TEXT",
        "ALTER TABLE responses ADD COLUMN seed INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE responses ADD COLUMN descriptors TEXT NOT NULL DEFAULT '{}'",
        "ALTER TABLE responses ADD COLUMN ending TEXT",
        "ALTER TABLE responses ADD COLUMN outcome TEXT NOT NULL DEFAULT 'partial'"
        " CHECK (outcome IN ('partial', 'complete', 'screened', 'full'))",
        "UPDATE responses SET outcome = status",
        "ALTER TABLE responses DROP COLUMN status",
        "ALTER TABLE responses RENAME COLUMN outcome TO status",
        """CREATE TABLE inactive (
            response_id TEXT NOT NULL REFERENCES responses(id) ON DELETE CASCADE,
            question TEXT NOT NULL,
            turn INTEGER NOT NULL,
            since INTEGER NOT NULL,
            till INTEGER
        )""",
        "CREATE INDEX inactive_response ON inactive(response_id)",
        """CREATE TABLE quota_marks (
            response_id TEXT NOT NULL REFERENCES responses(id) ON DELETE CASCADE,
            quota TEXT NOT NULL,
            PRIMARY KEY (quota, response_id)
        ) WITHOUT ROWID""",
        "CREATE INDEX quota_marks_response ON quota_marks(response_id)",
    ):
        db.execute(statement)


@study()
def traps(db: Database) -> None:
    """What was written in the field that people cannot see."""
    db.execute("ALTER TABLE responses ADD COLUMN trap TEXT NOT NULL DEFAULT ''")


@study()
def typing_tools(db: Database) -> None:
    """Typing tools, one for each basis, as JSON."""
    db.execute("""CREATE TABLE typing_tools (
        basis TEXT PRIMARY KEY,
        tool TEXT NOT NULL,
        run_id TEXT REFERENCES runs(id) ON DELETE SET NULL,
        made TEXT NOT NULL
    ) WITHOUT ROWID""")


@study()
def kinds_of_runs(db: Database) -> None:
    """What a run is: a segmentation, a typing tool made from one, or a comparison."""
    db.execute("ALTER TABLE runs ADD COLUMN kind TEXT NOT NULL DEFAULT 'segments'")
