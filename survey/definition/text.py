"""Text in several languages, as SurveyJS writes it: a plain string, or a mapping from language to string."""

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

from pydantic import ConfigDict, RootModel, model_validator
from pydantic_core import PydanticCustomError

from survey.definition.languages import ALIASES

DEFAULT = "default"


class Localised(RootModel[dict[str, str]]):
    """One text; a plain string counts as its `default`.

    >>> title = Localised.model_validate({"default": "Why?", "sv": "Varför?"})
    >>> title.text("sv"), title.text("fi")
    ('Varför?', 'Why?')
    """

    model_config = ConfigDict(frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _from_plain(cls, value: Any) -> Any:
        texts = value if isinstance(value, Mapping) else {DEFAULT: value}
        if not texts:
            raise PydanticCustomError("no_text", "must hold at least one text")
        found = {}
        for language, text in texts.items():
            if len(texts) > 1 and isinstance(text, str) and not text.strip():
                continue
            if isinstance(text, bool) or not isinstance(text, str | int | float) or not str(text).strip():
                raise PydanticCustomError("no_text", "must be a text, or texts by language such as 'default' and 'sv'")
            found[ALIASES.get(str(language), str(language))] = str(text).strip()
        if not found:
            raise PydanticCustomError("no_text", "must hold at least one text")
        return found

    def text(self, language: str) -> str:
        """Return the text in `language`, else the default one, else the first."""
        return self.root.get(language) or self.root.get(DEFAULT) or next(iter(self.root.values()))

    def has(self, language: str) -> bool:
        """Say whether there is a text of its own in `language`."""
        return language in self.root

    def plain(self) -> "Localised":
        """Return the same texts without markup, or unchanged where nothing but markup is left."""
        return Localised({language: without_markup(text) or text for language, text in self.root.items()})


_BREAK = re.compile(r"(?i)<\s*(?:br|/p|/div|/li|/h[1-6]|/tr|/ul|/ol)\b[^>]{0,500}>")
_HIDDEN = re.compile(r"(?is)<(script|style)\b[^>]{0,500}>.*?</\1\s*>|<!--.*?-->")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,2000}>")


def without_markup(text: str) -> str:
    """Return what a reader of an HTML text would see, as plain text.

    >>> without_markup("<h3>Thank you!</h3><p>See you &amp; yours <b>soon</b>.</p>")
    'Thank you!\\nSee you & yours soon.'
    """
    kept = _TAG.sub("", _BREAK.sub("\n", _HIDDEN.sub("", text)))
    lines = (" ".join(line.split()) for line in unescape(kept).splitlines())
    return "\n".join(line for line in lines if line)
