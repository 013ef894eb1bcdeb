"""The code frames that ship with Samtal, in `data/packaged/frames`, and frames of one's own."""

from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from models.codes.frames import Frame, FrameError, load_frame

FOLDER = Path(str(files("data"))) / "packaged" / "frames"
PACKAGED = ("benefits", "values", "lifestyle")
SUFFIXES = (".yaml", ".yml")


def packaged_frame(name: str) -> Frame:
    """Return a packaged frame, one of PACKAGED; raises FrameError when there is none of that name."""
    return load_frame(FOLDER / f"{name}.yaml")


def packaged_documents() -> dict[str, Any]:
    """Return the packaged frames as plain documents by id, for a worker (see models.work.jobs)."""
    return {name: yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8")) for name in PACKAGED}


def find_frame(name: str) -> Frame:
    """Return the packaged frame of that name, or the one in that file; raises FrameError, in a sentence."""
    if name in PACKAGED:
        return packaged_frame(name)
    if Path(name).suffix.lower() in SUFFIXES or Path(name).exists():
        return load_frame(Path(name))
    raise FrameError(f"There is no code frame '{name}': use {', '.join(PACKAGED)}, or the path of a YAML file.")


def everyday_sentences() -> Mapping[str, Sequence[str]]:
    """Return what customers say on all sorts of things, by language, for comparison while answers are few."""
    codes = packaged_frame("benefits").codes
    languages = {language for code in codes for language in code.exemplars}
    return {
        language: [text for code in codes for text in code.exemplars.get(language, ())]
        for language in sorted(languages)
    }
