"""What each segment is called, what its people say, and what to be careful about."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from models.portrait.cautions import ENOUGH_PEOPLE, between, poorly_placed, shaky, too_small
from models.results import Clustering, Floats, Quote, SegmentProfile, Term
from models.shares import take_turns, wilson
from models.texts.cleaning import Answered
from models.texts.languages import LANGUAGE_NAMES
from models.texts.meaning import group_means, without_language
from models.texts.naming import Encode, segment_names
from models.texts.quotes import choose_quotes
from models.texts.terms import Candidate, Vocabulary, alike, distinct_terms

TERMS = 10
QUOTES = 5
MOSTLY = 0.5
SPEAKS = 0.05
ENOUGH_TO_TELL = 20
ONE_LANGUAGE = 0.9
LANGUAGE_LEADS_STUDY = 0.7


def profile_segments(
    answered: Answered, vectors: Floats, clustering: Clustering, vocabulary: Vocabulary, encode: Encode
) -> tuple[SegmentProfile, ...]:
    """Return one profile per segment, segment 1 first: name, size with its interval, terms, quotes, warnings.

    vectors: float (n, d), unit rows, in the order of `answered`, as are the clustering's labels. encode: turns terms
    into vectors of the same kind, to find those that mean what a segment is about.
    """
    labels = clustering.labels
    spoken = _spoken(answered.languages, clustering)
    terms = distinct_terms(vocabulary, labels)
    quotes = choose_quotes(answered, vectors, labels, clustering.confidence, QUOTES)
    centres = group_means(without_language(vectors, answered.languages), labels)
    names = segment_names(terms, spoken, [_first(quote) for quote in quotes], centres, encode)
    study = sum((Counter(dict(count)) for count in spoken), Counter[str]())
    sizes = np.bincount(labels, minlength=clustering.k + 1)[1:]
    mostly_small = _mostly_small(sizes)
    profiles = []
    for at, name in enumerate(names):
        size, confidence = int(sizes[at]), clustering.confidence[labels == at + 1]
        stability = clustering.evidence.segment_stability
        low, high = wilson(size, len(labels))
        profiles.append(
            SegmentProfile(
                segment=at + 1,
                name=name.text,
                size=size,
                share=size / len(labels),
                share_low=low,
                share_high=high,
                confidence=float(confidence.mean()),
                stability=stability[at] if at < len(stability) else None,
                terms=leading_terms(name.terms, terms[at], spoken[at]),
                quotes=quotes[at],
                languages=dict(sorted(spoken[at].items(), key=lambda item: (-item[1], item[0]))),
                warnings=(
                    *([] if mostly_small else too_small(size)),
                    *shaky(stability[at] if at < len(stability) else None),
                    *poorly_placed(confidence),
                    *_language_warnings(spoken[at], study),
                ),
            )
        )
    return tuple(profiles)


def overall_warnings(clustering: Clustering) -> tuple[str, ...]:
    """Return what to be careful about in the solution as a whole, in sentences."""
    sizes = np.bincount(clustering.labels, minlength=clustering.k + 1)[1:]
    warnings = list(clustering.notes)
    if clustering.k > 1 and _mostly_small(sizes):
        small = int((sizes < ENOUGH_PEOPLE).sum())
        which = "Every segment has" if small == clustering.k else f"{small} of {clustering.k} segments have"
        warnings.append(
            f"{which} fewer than {ENOUGH_PEOPLE} people, the number market research usually asks for: their sizes and"
            " shares are rough."
        )
    return (*warnings, *between(clustering.confidence, clustering.k))


def _spoken(languages: Sequence[str], clustering: Clustering) -> list[dict[str, int]]:
    array = np.array(languages)
    return [dict(Counter(array[clustering.labels == at].tolist())) for at in range(1, clustering.k + 1)]


def _first(quotes: Sequence[Quote]) -> str:
    return quotes[0].text if quotes else ""


def leading_terms(
    named: Sequence[Candidate], terms: Mapping[str, Sequence[Candidate]], count: Mapping[str, int]
) -> tuple[Term, ...]:
    """Return up to ten terms of a segment: those of its name, then the strongest others.

    terms: by language. count: the segment's answers by language; those with at least a twentieth of it take turns.
    """
    size = sum(count.values())
    known = {language: count.get(language, 0) for language in terms}
    queues = {language: terms[language] for language in terms if known[language] >= SPEAKS * size} or terms
    by_key = {term.key: term for own in terms.values() for term in own}
    chosen = [by_key[term.key] for term in named]
    for term in take_turns(queues, known, sum(map(len, queues.values()))):
        if len(chosen) < TERMS and not any(_repeats(term, other) for other in chosen):
            chosen.append(term)
    return tuple(Term(term.text, term.share, term.share_total, term.weight) for term in chosen)


def _repeats(term: Candidate, other: Candidate) -> bool:
    return alike(term.key, other.key) or term.text.lower() == other.text.lower()


def _mostly_small(sizes: NDArray[np.int64]) -> bool:
    return bool((sizes < ENOUGH_PEOPLE).mean() >= MOSTLY)


def _language_warnings(count: Mapping[str, int], study: Mapping[str, int]) -> list[str]:
    size, everyone = sum(count.values()), sum(study.values())
    language = max(count, key=lambda language: (count[language], language))
    own, overall = count[language] / size, study[language] / everyone
    if not language or size < ENOUGH_TO_TELL or own < ONE_LANGUAGE or overall > LANGUAGE_LEADS_STUDY:
        return []
    name = LANGUAGE_NAMES.get(language, language)
    return [
        f"{own:.0%} of its answers are in {name}, against {overall:.0%} of all answers: check that people share a"
        " wish and not only a language."
    ]
