"""The ideas of an answer: its sentences and clauses, as they were written."""

import re

from models.texts.cleaning import without_noise
from models.texts.denied import matters_not

_SHORTENED = "t.ex. bl.a. m.m. m.a.o. ca. kl. nr. f.eks. fx. esim. mm. ns. e.g. i.e. approx."
_AFTER_NONE = "".join(rf"(?<!\b{re.escape(short)})" for short in _SHORTENED.split())
_SENTENCE_END = re.compile(
    rf"(?<=[.!?…;]){_AFTER_NONE}\s+"
    r"|\s+[-–—]+\s+|\s+[•/|]\s+|(?<=[^\W\d_]{2})[.!?]+(?=[^\W\d_]{2})|[。！？]",
    re.IGNORECASE,
)
_JOINTS = (
    "but and although though while because however plus "
    "men och eftersom samt og fordi mens "
    "mutta ja sekä koska vaikka joten"
)
_CLAUSE_END = re.compile(
    rf"\s*(?:[;()]|(?<!\d)[,:]|[,:](?!\d))+\s*|\s+(?=(?:{'|'.join(_JOINTS.split())})\s)", re.IGNORECASE
)


def split_ideas(text: str) -> tuple[str, ...]:
    """Return the sentences of an answer and the clauses of each, in order, each text once; at least one.

    A sentence of one clause is not repeated. "Cheap, but slow" gives itself, "Cheap" and "but slow". Links, addresses,
    handles and long numbers are left out, since their dots end no sentence.

    >>> split_ideas("T.ex. 19,90 kr. Fast!")
    ('T.ex. 19,90 kr.', 'Fast!')
    """
    ideas: list[str] = []
    for line in without_noise(text).splitlines():
        for part in _SENTENCE_END.split(" ".join(line.split())):
            sentence = (part or "").strip()
            if not _says_something(sentence):
                continue
            clauses = [clause.strip() for clause in _CLAUSE_END.split(sentence) if clause and _says_something(clause)]
            ideas += [sentence, *(clauses if len(clauses) > 1 else [])]
    return tuple(dict.fromkeys(ideas)) or (" ".join(text.split()),)


def wished(text: str) -> tuple[str, ...]:
    """Return the ideas of an answer but those that say that something does not matter; all where nothing else is left.

    >>> wished("Price doesn't matter, but service does")
    ('but service does',)
    """
    ideas = split_ideas(text)
    return tuple(idea for idea in ideas if not matters_not(idea)) or ideas


def _says_something(text: str) -> bool:
    return any(character.isalnum() for character in text)
