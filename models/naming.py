"""Names a business can read, made of the words that set each segment apart."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain

from models.cleaning import excerpt, without_noise
from models.terms import Candidate, Key

Terms = Mapping[str, Sequence[Candidate]]

LONGEST = 48
STRONG = (0.0, 0.2, 0.35)
NEARLY = 0.75


def segment_names(terms: Sequence[Terms], spoken: Sequence[Mapping[str, int]], quotes: Sequence[str]) -> list[str]:
    """Return one name per segment, all different: up to three of its strongest terms in its leading language.

    terms: per segment and language, the strongest first. spoken: answers per language ("" = unknown). quotes: each
    segment's best quote, which names it, shortened and between quotation marks, when no term does. A term names only
    the segment where it weighs most. The leading language is the segment's most common one; where the study's most
    common language is nearly as common in the segment, that one leads, so that names can be read side by side.
    """
    study = sum((Counter(dict(count)) for count in spoken), Counter[str]())
    owner = _owners(terms)
    names: list[str] = []
    for segment, (by_language, count, quote) in enumerate(zip(terms, spoken, quotes, strict=True)):
        lead = leading_language(count, study)
        order = sorted(by_language, key=lambda language: (language != lead, -count.get(language, 0), language))
        own = ([term for term in by_language[language] if owner[term.key] == segment] for language in order)
        words = next((words for words in map(_pick, own) if words), [])
        name = ", ".join(words)
        name = _sentence_case(name) if name else _quoted(quote)
        names.append(_different(name, names))
    return names


def leading_language(count: Mapping[str, int], study: Mapping[str, int]) -> str:
    """Return the language that leads in a segment; "" when none is known."""
    known = {language: number for language, number in count.items() if language and number}
    if not known:
        return ""
    best = max(known.values())
    close = [language for language, number in known.items() if number >= NEARLY * best]
    return min(close, key=lambda language: (-study.get(language, 0), language != "en", language))


def _owners(terms: Sequence[Terms]) -> dict[Key, int]:
    """Return the segment where each term weighs most; the larger segment where it weighs the same."""
    best: dict[Key, tuple[float, int]] = {}
    for segment, by_language in enumerate(terms):
        for term in chain.from_iterable(by_language.values()):
            best[term.key] = max(best.get(term.key, (0.0, 0)), (term.weight, -segment))
    return {key: -segment for key, (_, segment) in best.items()}


def _pick(candidates: Sequence[Candidate]) -> list[str]:
    """Return up to three terms that are short enough together; later ones must be fairly strong beside the first."""
    chosen: list[Candidate] = []
    for term in candidates:
        if len(chosen) == len(STRONG):
            break
        strong = term.weight >= STRONG[len(chosen)] * candidates[0].weight
        if strong and len(", ".join(t.text for t in [*chosen, term])) <= LONGEST:
            chosen.append(term)
    return [term.text for term in chosen]


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
