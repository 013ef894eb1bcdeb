"""Where the public sets lie that most benchmarks measure on; they are not part of the project."""

from pathlib import Path

PUBLIC_DATA = Path(__file__).parent.parent.parent / "shared" / "data"
