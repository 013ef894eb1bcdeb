"""Groups among the answers to one open question, through the segmentation of open answers."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from models.features import Answers
from models.groups.segment_settings import SegmentSettings
from models.one_question.number_groups import Found, Wanted
from models.segment import segment_vectors
from models.texts.cleaning import Answered, as_text, to_embed
from models.texts.languages import detect_languages
from models.texts.meaning import group_means, without_language
from models.texts.naming import segment_names
from models.texts.quotes import choose_quotes
from models.texts.terms import distinct_terms, read_vocabulary
from models.texts.wording import beside_meaning


@dataclass(frozen=True)
class OpenFound:
    """Groups of open answers with a name each, and what a reader should know."""

    found: Found
    names: tuple[str, ...]
    notes: tuple[str, ...]


def open_groups(answers: Answers, wanted: Wanted) -> OpenFound:
    """Return the groups of open answers, none of them blank, largest first; named by terms, or by a quote.

    Raises ValueError when the answers have no vectors.
    """
    if answers.vectors is None or len(answers.vectors) != len(answers.values):
        raise ValueError(f"the text question '{answers.name}' needs one vector per person")
    texts = tuple(as_text(value) for value in answers.values)
    languages = tuple(detect_languages(texts))
    k = (wanted.least, wanted.most) if wanted.k is None and wanted.least > 1 else wanted.k
    settings = SegmentSettings(k=k, min_share=wanted.smallest_share, seed=wanted.seed, pairs=wanted.pairs)
    worded = beside_meaning(answers.vectors, [to_embed(text) for text in texts], languages)
    made = segment_vectors(worded, settings, languages, wording=worded.shape[1] - answers.vectors.shape[1])
    vocabulary = read_vocabulary(texts, languages)
    spoken = [
        dict(Counter(languages[at] for at in np.flatnonzero(made.labels == group).tolist()))
        for group in range(1, made.k + 1)
    ]
    quotes = choose_quotes(
        Answered(texts, languages, tuple(range(len(texts)))), answers.vectors, made.labels, made.confidence, 1
    )
    centres = group_means(without_language(answers.vectors, languages), made.labels)
    names = segment_names(
        distinct_terms(vocabulary, made.labels), spoken, [own[0].text if own else "" for own in quotes], centres, None
    )
    found = Found(made.labels, made.confidence, made.evidence)
    return OpenFound(found, tuple(name.text for name in names), made.notes)
