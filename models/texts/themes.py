"""Topics heard in answers that do not fall into segments: small heaps of similar answers, no claim of groups."""

from collections import Counter
from collections.abc import Sequence
from math import sqrt

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from threadpoolctl import threadpool_limits

from models.results import Floats, Ints, Theme
from models.texts.cleaning import Answered
from models.texts.meaning import group_means, without_language
from models.texts.naming import Encode, segment_names
from models.texts.quotes import choose_quotes
from models.texts.terms import Vocabulary, distinct_terms

AT_MOST = 6
QUOTES = 3


def find_themes(
    answered: Answered, vectors: Floats, confidence: Floats, vocabulary: Vocabulary, encode: Encode
) -> tuple[Theme, ...]:
    """Return the topics of the answers, the most common first: about √n of them, at most six.

    vectors: float (n, d), unit rows; confidence: (n,); both in the order of `answered`. encode: as in
    models.profiles.profile_segments.
    """
    labels = _heaps(answered.texts, vectors)
    quotes = choose_quotes(answered, vectors, labels, confidence, QUOTES)
    languages = np.array(answered.languages)
    spoken = [Counter(languages[labels == theme].tolist()) for theme in range(1, len(quotes) + 1)]
    centres = group_means(without_language(vectors, answered.languages), labels)
    names = segment_names(
        distinct_terms(vocabulary, labels), spoken, [quote[0].text for quote in quotes], centres, encode
    )
    return tuple(
        Theme(name=name.text, size=int((labels == theme).sum()), quotes=quote)
        for theme, (name, quote) in enumerate(zip(names, quotes, strict=True), start=1)
    )


def _heaps(texts: Sequence[str], vectors: Floats) -> Ints:
    """Return labels 1..k, 1 the largest heap (ties: by its first text in the alphabet), whatever the order of rows."""
    order = sorted(range(len(texts)), key=lambda at: (texts[at], vectors[at].tobytes()))
    sorted_vectors: NDArray[np.float64] = np.asarray(vectors, dtype=np.float64)[order]
    distinct = len(np.unique(sorted_vectors, axis=0))
    k = min(distinct, AT_MOST, max(1, round(sqrt(len(texts)))))
    with threadpool_limits(1):
        found = KMeans(k, n_init=4, random_state=0).fit_predict(sorted_vectors)
    sizes = Counter(found.tolist())
    first = {heap: int(np.argmax(found == heap)) for heap in sizes}
    number = {heap: place for place, heap in enumerate(sorted(sizes, key=lambda h: (-sizes[h], first[h])), start=1)}
    labels = np.empty(len(texts), dtype=np.int64)
    labels[order] = [number[heap] for heap in found.tolist()]
    return labels
