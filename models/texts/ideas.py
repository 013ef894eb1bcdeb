"""The ideas of an answer: its sentences and clauses, as they were written."""

import re

_SENTENCE_END = re.compile(r"(?<=[.!?…;])\s+|\s+[-–—]+\s+|\s+[•/|]\s+|(?<=[^\W\d_])[.!?]+(?=[^\W\d_]{2})|[。！？]")
_JOINTS = (
    "but and although though while because however plus "
    "men och eftersom samt og fordi mens "
    "mutta ja sekä koska vaikka joten"
)
_CLAUSE_END = re.compile(rf"\s*[,;:()]+\s*|\s+(?=(?:{'|'.join(_JOINTS.split())})\s)", re.IGNORECASE)


def split_ideas(text: str) -> tuple[str, ...]:
    """Return the sentences of an answer and the clauses of each, in order, each text once; at least one.

    A sentence of one clause is not repeated. "Cheap, but slow" gives itself, "Cheap" and "but slow".
    """
    ideas: list[str] = []
    for line in text.splitlines():
        for part in _SENTENCE_END.split(" ".join(line.split())):
            sentence = (part or "").strip()
            if not _says_something(sentence):
                continue
            clauses = [clause.strip() for clause in _CLAUSE_END.split(sentence) if clause and _says_something(clause)]
            ideas += [sentence, *(clauses if len(clauses) > 1 else [])]
    return tuple(dict.fromkeys(ideas)) or (" ".join(text.split()),)


def _says_something(text: str) -> bool:
    return any(character.isalnum() for character in text)
