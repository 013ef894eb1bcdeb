"""Names a business can read, made of the words that set each segment apart and that mean what it is about."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.groups.reduce import unit
from models.results import Floats
from models.texts.cleaning import excerpt, without_noise
from models.texts.terms import Candidate, Key

Terms = Mapping[str, Sequence[Candidate]]
Encode = Callable[[Sequence[str]], NDArray[np.float32]]

LONGEST = 48
NEARLY = 0.75
CONSIDERED = 20
SAID_BY = 2
ALONE = 0.3
MEANINGLESS = 0.1
STRONG = (0.0, 0.0, 0.35)


@dataclass(frozen=True)
class Name:
    """A segment's name and the terms it is made of; none when a quote had to stand in."""

    text: str
    terms: tuple[Candidate, ...] = ()


def segment_names(
    terms: Sequence[Terms],
    spoken: Sequence[Mapping[str, int]],
    quotes: Sequence[str],
    centres: Floats,
    encode: Encode | None,
) -> list[Name]:
    """Return one name per segment, all different: up to three terms in its leading language.

    terms: per segment and language, the strongest first. spoken: answers per language ("" = unknown). quotes: each
    segment's best quote, which names it, shortened and between quotation marks, when no term does. centres: float
    (segments, d), the mean of each segment's vectors with what all answers of a language share taken out; encode: text
    to vectors of that kind, or None to leave meaning out. Among a segment's strongest terms those lead that are also
    near to it in meaning; one that only a single answer holds is left out. A term names only the segment where it leads
    most. The leading language is the segment's most common one; where the study's most common language is nearly as
    common in the segment, that one leads, so that names can be read side by side.
    """
    study = sum((Counter(dict(count)) for count in spoken), Counter[str]())
    languages = [_naming_language(terms[at], spoken[at], study) for at in range(len(terms))]
    strongest = [
        [term for term in by_language.get(lead, ()) if term.count >= SAID_BY][:CONSIDERED]
        for by_language, lead in zip(terms, languages, strict=True)
    ]
    ranked = _by_meaning(strongest, languages, centres, encode) if encode and len(terms) > 1 else strongest
    owner = _owners(ranked)
    names: list[Name] = []
    for segment, (candidates, quote) in enumerate(zip(ranked, quotes, strict=True)):
        chosen = _pick([term for term in candidates if owner[term.key] == segment])
        text = _sentence_case(", ".join(term.text for term in chosen)) if chosen else _quoted(quote)
        names.append(Name(_different(text, [name.text for name in names]), chosen))
    return names


def leading_language(count: Mapping[str, int], study: Mapping[str, int]) -> str:
    """Return the language that leads in a segment; "" when none is known."""
    known = {language: number for language, number in count.items() if language and number}
    if not known:
        return ""
    best = max(known.values())
    close = [language for language, number in known.items() if number >= NEARLY * best]
    return min(close, key=lambda language: (-study.get(language, 0), language != "en", language))


def _naming_language(terms: Terms, count: Mapping[str, int], study: Mapping[str, int]) -> str:
    lead = leading_language(count, study)
    order = sorted(terms, key=lambda language: (language != lead, -count.get(language, 0), language))
    return next((language for language in order if any(term.count >= SAID_BY for term in terms[language])), lead)


def _by_meaning(
    terms: Sequence[Sequence[Candidate]], languages: Sequence[str], centres: Floats, encode: Encode
) -> list[list[Candidate]]:
    """Return each segment's terms anew, the best name first; their weights now count nearness in meaning as well.

    Nearness is the cosine to the segment's centre, 0-1 from its least to its most similar term.
    """
    written = sorted({(language, term.text) for language, own in zip(languages, terms, strict=True) for term in own})
    if not written:
        return [list(own) for own in terms]
    vectors = np.asarray(encode([text for _, text in written]), dtype=np.float64)
    spoken = np.array([language for language, _ in written])
    for language in set(languages):
        among = spoken == language
        if among.any():
            vectors[among] -= vectors[among].mean(axis=0)
    place = {pair: at for at, pair in enumerate(written)}
    directions, ranked = unit(np.asarray(centres)), []
    for own, language, direction in zip(terms, languages, directions, strict=True):
        near = unit(vectors[[place[language, term.text] for term in own]]) @ direction if own else np.zeros(0)
        span = float(np.ptp(near)) if len(near) > 1 else 0.0
        nearness = (near - near.min()) / span if span > 0 else np.ones(len(near))
        weighed = [
            replace(term, weight=term.weight * (MEANINGLESS + float(share)))
            for term, share in zip(own, nearness, strict=True)
        ]
        ranked.append(sorted(weighed, key=lambda term: (-round(term.weight, 9), term.key)))
    return ranked


def _owners(terms: Sequence[Sequence[Candidate]]) -> dict[Key, int]:
    """Return the segment where each term weighs most; the larger segment where it weighs the same."""
    best: dict[Key, tuple[float, int]] = {}
    for segment, own in enumerate(terms):
        for term in own:
            best[term.key] = max(best.get(term.key, (0.0, 0)), (term.weight, -segment))
    return {key: -segment for key, (_, segment) in best.items()}


def _pick(candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Return up to three terms that are short enough together; the third must be fairly strong beside the first.

    None when there is only one, and few answers of the segment hold it.
    """
    chosen: list[Candidate] = []
    for term in candidates:
        if len(chosen) == len(STRONG):
            break
        strong = term.weight >= STRONG[len(chosen)] * candidates[0].weight
        if strong and len(", ".join(t.text for t in [*chosen, term])) <= LONGEST:
            chosen.append(term)
    if len(chosen) == 1 and chosen[0].share < ALONE:
        return ()
    return tuple(chosen)


def _sentence_case(name: str) -> str:
    first = name.split(maxsplit=1)[0]
    return name[0].upper() + name[1:] if first.islower() else name


def _quoted(quote: str) -> str:
    words = excerpt(without_noise(quote), LONGEST - 2)
    return f"“{words}”" if words else "Answers without words"


def _different(name: str, taken: Sequence[str]) -> str:
    number, candidate = 1, name
    while candidate in taken:
        number += 1
        candidate = f"{name} ({number})"
    return candidate
