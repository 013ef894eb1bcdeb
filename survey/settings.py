"""Settings, read once from the environment and never changed."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_data_path

from survey.errors import AppError

SURFACES = ("all", "respond", "studio")


@dataclass(frozen=True)
class Settings:
    """Where Samtal keeps its files and how this process behaves.

    home: folder of the catalogue, the studies and the cache (SAMTAL_HOME).
    surface: which pages this process serves (SAMTAL_SURFACE): all, respond or studio.
    scheduler: address of a Dask scheduler for heavy work, or None for a local worker (SAMTAL_SCHEDULER).
    embedder: text model for segmentations: auto, minilm, multilingual, a name or a folder (SAMTAL_EMBEDDER).
    url: address under which people reach this server, used in links (SAMTAL_URL).
    """

    home: Path
    surface: str = "all"
    scheduler: str | None = None
    embedder: str = "auto"
    url: str = "http://localhost:8501"

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> "Settings":
        """Return the settings of this process; raises AppError when a value is not allowed."""
        surface = env.get("SAMTAL_SURFACE", cls.surface)
        if surface not in SURFACES:
            raise AppError(f"SAMTAL_SURFACE must be one of {', '.join(SURFACES)}, got '{surface}'.")
        return cls(
            home=Path(env["SAMTAL_HOME"]) if env.get("SAMTAL_HOME") else user_data_path("samtal", appauthor=False),
            surface=surface,
            scheduler=env.get("SAMTAL_SCHEDULER") or None,
            embedder=env.get("SAMTAL_EMBEDDER") or cls.embedder,
            url=(env.get("SAMTAL_URL") or cls.url).rstrip("/"),
        )
