"""Settings, read once from the environment and never changed."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from platformdirs import user_data_path

from survey.errors import AppError

SURFACES = ("all", "respond", "studio")


@dataclass(frozen=True)
class Settings:
    """Where Samtal keeps its files and how this process behaves.

    home: folder of the catalogue, the studies and the cache (SAMTAL_HOME).
    surface: which pages this process serves (SAMTAL_SURFACE): all, respond or studio.
    scheduler: address of a Dask scheduler for heavy work, or None for a local worker (SAMTAL_SCHEDULER).
    embedder: text model for segmentations: auto, multilingual, minilm, english, a name or a folder (SAMTAL_EMBEDDER).
    url: address under which people reach this server, used in links (SAMTAL_URL).
    llm_url, llm_model, llm_key: an OpenAI-compatible address, its model and its key, when a language model is to word
    the probes (SAMTAL_LLM_URL, SAMTAL_LLM_MODEL, SAMTAL_LLM_KEY); without an address, which is the default, none does.
    """

    home: Path
    surface: str = "all"
    scheduler: str | None = None
    embedder: str = "auto"
    url: str = "http://localhost:8501"
    llm_url: str = ""
    llm_model: str = ""
    llm_key: str = field(default="", repr=False)

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> "Settings":
        """Return the settings of this process; raises AppError when a value is not allowed."""
        surface = env.get("SAMTAL_SURFACE", cls.surface)
        if surface not in SURFACES:
            raise AppError(f"SAMTAL_SURFACE must be one of {', '.join(SURFACES)}, got '{surface}'.")
        llm_url, llm_model = (env.get(name, "").strip() for name in ("SAMTAL_LLM_URL", "SAMTAL_LLM_MODEL"))
        if llm_url and not (llm_url.startswith(("http://", "https://")) and urlsplit(llm_url).hostname):
            raise AppError("SAMTAL_LLM_URL must be an http or https address.", "For example http://localhost:8080/v1.")
        if llm_url and not llm_model:
            raise AppError("SAMTAL_LLM_URL is set and SAMTAL_LLM_MODEL is not.", "Name the model to ask.")
        return cls(
            home=Path(env["SAMTAL_HOME"]) if env.get("SAMTAL_HOME") else user_data_path("samtal", appauthor=False),
            surface=surface,
            scheduler=env.get("SAMTAL_SCHEDULER") or None,
            embedder=env.get("SAMTAL_EMBEDDER") or cls.embedder,
            url=(env.get("SAMTAL_URL") or cls.url).rstrip("/"),
            llm_url=llm_url,
            llm_model=llm_model,
            llm_key=env.get("SAMTAL_LLM_KEY", "").strip(),
        )
