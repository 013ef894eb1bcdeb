"""Secrets that people carry: sessions and set-up links. Only their hashes are ever stored."""

import hashlib
import secrets

TOKEN_BYTES = 32


def new_token() -> str:
    """Return a fresh secret of 32 random bytes, as 43 URL-safe characters."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_hash(token: str) -> str:
    """Return what is stored of a token: its SHA-256, in hex. Any text is accepted, also a forged cookie."""
    return hashlib.sha256(token.encode("utf-8", errors="replace")).hexdigest()
