"""Which language each answer is written in: lingua's n-gram models with the study's own mix as a prior."""

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from lingua import IsoCode639_1, LanguageDetector, LanguageDetectorBuilder
from numpy.typing import NDArray

from models.cleaning import without_noise

NORDIC = ("sv", "nb", "da", "fi", "en")
"""The languages Samtal is written for, all equal; short answers are always weighed against these."""

LANGUAGE_NAMES = {
    "ar": "Arabic", "da": "Danish", "de": "German", "el": "Greek", "en": "English", "es": "Spanish", "et": "Estonian",
    "fa": "Persian", "fi": "Finnish", "fr": "French", "he": "Hebrew", "hi": "Hindi", "is": "Icelandic", "it": "Italian",
    "ja": "Japanese", "ko": "Korean", "lt": "Lithuanian", "lv": "Latvian", "nb": "Norwegian", "nl": "Dutch",
    "pl": "Polish", "pt": "Portuguese", "ru": "Russian", "sv": "Swedish", "th": "Thai", "tr": "Turkish",
    "uk": "Ukrainian", "zh": "Chinese",
}  # fmt: skip
"""The languages that can be told apart, by ISO 639-1 code; Norwegian in both written forms is nb."""

LANGUAGES = tuple(LANGUAGE_NAMES)

CHARACTERS = 240
SURE_AT_ONCE = 0.99
LONG_ENOUGH = 40
SURE_ENOUGH = 0.6
SHARPNESS = 2.5
FEW = 20
WORTH_A_MODEL = 0.01
AT_MOST = 9

_LETTERS = re.compile(r"[^\W\d_]")


def detect_languages(texts: Sequence[str]) -> tuple[str, ...]:
    """Return one ISO 639-1 code per text, "" where it cannot be told.

    A quick model over all of LANGUAGES settles clear texts and shows which languages the study has; the doubtful
    rest goes to the exact models of those languages only. Both then count as evidence in a mixture whose weights,
    the study's share of each language, are found by expectation-maximisation: short Norwegian answers stay
    Norwegian in a Norwegian study, and an even mix of Danish and Norwegian is left open where a text could be either.
    The result does not depend on the order of the texts. A text is read up to its first 240 characters.
    """
    cleaned = [without_noise(text)[:CHARACTERS] for text in texts]
    distinct = sorted({text for text in cleaned if _LETTERS.search(text)})
    if not distinct:
        return ("",) * len(cleaned)
    evidence = _evidence(distinct)
    _, posterior = _mixture(evidence)
    best = posterior.argmax(axis=1).tolist()
    found = {
        text: LANGUAGES[code] if posterior[row, code] >= SURE_ENOUGH else ""
        for row, (text, code) in enumerate(zip(distinct, best, strict=True))
    }
    return tuple(found.get(text, "") for text in cleaned)


def _evidence(texts: Sequence[str]) -> NDArray[np.float64]:
    """Return how well each of LANGUAGES explains each text, (n, languages), rows sum to 1."""
    quick = _confidences(_detector(LANGUAGES, exact=False), texts)
    short = np.array([len(text) < LONG_ENOUGH for text in texts])
    doubtful = np.flatnonzero(short | (quick.max(axis=1) <= SURE_AT_ONCE))
    share, _ = _mixture(_floored(quick))
    candidates = _candidates(share, few=len(texts) < FEW)
    if len(doubtful) == 0 or len(candidates) < 2:
        return _floored(quick)
    detector = _detector(candidates, exact=True)
    exact = _confidences(detector, [texts[row] for row in doubtful.tolist()]) ** SHARPNESS
    detector.unload_language_models()
    readable = exact.sum(axis=1) > 0
    quick[doubtful[readable]] = exact[readable]
    return _floored(quick)


def _candidates(share: NDArray[np.float64], *, few: bool) -> tuple[str, ...]:
    """Return the languages that are common enough in this study to deserve an exact model, in code order."""
    common = [int(code) for code in np.argsort(-share, kind="stable")[:AT_MOST] if share[code] >= WORTH_A_MODEL]
    chosen = {LANGUAGES[code] for code in common}
    return tuple(sorted(chosen | set(NORDIC) if few else chosen))


def _mixture(evidence: NDArray[np.float64], rounds: int = 100) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the share of each language in the study, (languages,), and each text's probabilities, (n, languages)."""
    n, languages = evidence.shape
    pseudo = 1 / languages
    share = np.full(languages, 1 / languages)
    for _ in range(rounds):
        posterior = evidence * share
        posterior /= posterior.sum(axis=1, keepdims=True)
        updated = (posterior.sum(axis=0) + pseudo) / (n + pseudo * languages)
        if np.abs(updated - share).max() < 1e-6:
            break
        share = updated
    return share, posterior


def _floored(confidences: NDArray[np.float64]) -> NDArray[np.float64]:
    floored = confidences + 1e-6
    return floored / floored.sum(axis=1, keepdims=True)


def _confidences(detector: LanguageDetector, texts: Sequence[str]) -> NDArray[np.float64]:
    """Return lingua's confidence in each of LANGUAGES for each text, (n, languages); 0 where it has no model."""
    column = {code: place for place, code in enumerate(LANGUAGES)}
    out = np.zeros((len(texts), len(LANGUAGES)))
    for row, text in enumerate(texts):
        for found in detector.compute_language_confidence_values(text):
            out[row, column[found.language.iso_code_639_1.name.lower()]] = found.value
    return out


@lru_cache(maxsize=8)
def _detector(codes: tuple[str, ...], *, exact: bool) -> LanguageDetector:
    builder = LanguageDetectorBuilder.from_iso_codes_639_1(*(getattr(IsoCode639_1, code.upper()) for code in codes))
    return (builder if exact else builder.with_low_accuracy_mode()).build()
