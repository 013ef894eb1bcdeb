"""Errors of the numeric core; each is one sentence that says what is wrong and what to do."""


class ModelError(Exception):
    """Base of everything that `models` raises on purpose, besides ValueError for a bad parameter."""


class EmbedderUnavailable(ModelError):
    """The text model asked for cannot be loaded on this machine."""
