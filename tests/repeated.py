"""Prints what every method finds, people in the order of the given seed: the same for every seed, process and thread.

Run as `python -m tests.repeated SEED`; seed 0 leaves the people as they come.
"""

import hashlib
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from models.bases import segment_population
from models.closed.latent import LatentSettings, items_of, latent_classes
from models.closed.partition import PartitionSettings, partition_blocks
from models.features import Answers, encode
from models.population import Population, Question
from models.results import Ints
from models.segment import SegmentSettings, segment_vectors
from models.single import one_question
from models.solution_io import to_dict
from models.solutions import SolveSettings, solve
from tests.fakes import FakeEmbedder

PEOPLE = 97
QUICK = PartitionSettings(pairs=4, null_sets=4, null_pairs=2, starts=3)
SAMPLED = replace(QUICK, max_evidence_rows=60)
SOLVING = SolveSettings(pairs=4, null_sets=4, null_pairs=2, starts=3)
VECTORS = SegmentSettings(pairs=4, null_sets=4, max_evidence_rows=60)
LATENT = LatentSettings(most=3, starts=4, pairs=2)


def survey() -> list[Answers]:
    """Return answers of PEOPLE people in three groups to one question of many kinds."""
    rng = np.random.default_rng(5)
    group = rng.integers(0, 3, PEOPLE)
    words = np.array([["price", "cheap", "fair"], ["coverage", "signal", "forest"], ["service", "kind", "help"]])
    said = [" ".join(rng.permutation(words[g])[:2]) + f" for {rng.choice(['me', 'us', 'work'])}" for g in group]
    marks = [{item: int(np.clip(rng.integers(1, 4) + g, 1, 5)) for item in "xyz"} for g in group]
    return [
        Answers("plan", "nominal", [None if rng.random() < 0.1 else "abc"[g] for g in group], ("a", "b", "c")),
        Answers("how", "ordinal", [int(np.clip(g * 2 + rng.integers(0, 3), 1, 5)) for g in group], (1, 2, 3, 4, 5)),
        Answers("values", "battery", marks, (1, 2, 3, 4, 5), ("x", "y", "z"), ipsatise=True),
        Answers("uses", "multi", [["p"] if g == 0 else ["q", "r"][: rng.integers(1, 3)] for g in group]),
        Answers("spend", "number", np.exp(rng.normal(group, 0.7)).tolist()),
        Answers("why", "text", said, vectors=FakeEmbedder(60).encode(said)),
    ]


def mixed(answers: Answers, order: Ints) -> Answers:
    """Return the answers with the people in another order."""
    vectors = None if answers.vectors is None else answers.vectors[order]
    return replace(answers, values=[answers.values[at] for at in order], vectors=vectors)


def _population(questions: Sequence[Answers]) -> Any:
    asked = tuple(
        Question(one.name, replace(one, vectors=None), ("benefit",) if at % 2 else ("psychographic",))
        for at, one in enumerate(questions)
    )
    found = segment_population(Population(PEOPLE, asked), settings=SOLVING, embedder=FakeEmbedder())
    return replace(found.solutions, seconds=0.0)


METHODS: dict[str, Callable[[Sequence[Answers]], Any]] = {
    "partition": lambda questions: partition_blocks([encode(one) for one in questions], QUICK),
    "sampled partition": lambda questions: partition_blocks([encode(one) for one in questions], SAMPLED),
    "latent classes": lambda questions: latent_classes(items_of(questions[:4]), LATENT),
    "solution": lambda questions: solve(questions, SOLVING),
    "solution of choices": lambda questions: solve([questions[0], questions[1], questions[3]], SOLVING),
    "vectors": lambda questions: segment_vectors(questions[-1].vectors, VECTORS),  # type: ignore[arg-type]
    "one choice": lambda questions: one_question(questions[0]),
    "one scale": lambda questions: one_question(questions[1]),
    "one number": lambda questions: one_question(questions[4]),
    "population": _population,
}


def digests(seed: int) -> dict[str, str]:
    """Return a fingerprint of every method's whole result, people back in their own order."""
    order = np.random.default_rng(seed).permutation(PEOPLE) if seed else np.arange(PEOPLE)
    questions = [mixed(one, order) for one in survey()]
    return {name: _digest(method(questions), order) for name, method in METHODS.items()}


def _digest(result: Any, order: Ints) -> str:
    plain, arrays = to_dict(result)
    made = hashlib.sha256(json.dumps(_without_rows(plain)).encode())
    for name in sorted(arrays):
        array = arrays[name]
        if len(array) == PEOPLE:
            array = array[np.argsort(order)]
        made.update(name.encode() + array.tobytes())
    return made.hexdigest()


def _without_rows(plain: Any) -> Any:
    """What is said without where it stands: a quote's row and typical people are numbered by the input's order."""
    if isinstance(plain, dict):
        return {key: _without_rows(value) for key, value in plain.items() if key not in ("row", "typical")}
    return [_without_rows(item) for item in plain] if isinstance(plain, list) else plain


if __name__ == "__main__":
    sys.stdout.write(json.dumps(digests(int(sys.argv[1]))))
