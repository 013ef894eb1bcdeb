"""Which language each answer is written in: lingua's n-gram models with the study's own mix as a prior."""

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b

import numpy as np
from lingua import IsoCode639_1, Language, LanguageDetector, LanguageDetectorBuilder
from numpy.typing import NDArray

from models.results import Ints
from models.texts.cleaning import without_noise

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

TELLING = {
    "nb": "alltid av ble bli blir blitt bra deg dere dyrt enkelt enn etter etterpå gi gir gjennom gjør gjøre gjort"
    " greit ha hjelp hjem hva kjapt kjøpe lett meg mer mitt ditt sitt mye noe noen nå opp oss raskt rett seg slik sånn"
    " ta tar tatt treg uten ut veldig å",
    "da": "ad af altid blev blevet blive bliver dig efter end gerne give giver godt gør gøre have hjælp hurtig hurtigt"
    " hvad igennem jer kun købe langsom let lidt mere mig mit dit sit måske nemmere nemt nogen noget nu op sådan sig"
    " tag tage taget tager ud uden",
    "sv": "alltid att av bli blir bra dig dyrt efter enkelt från för göra ha hjälp inte jag köpa lätt mig mycket när"
    " och också något någon nära sig snabbt ta tar ut utan vad är även",
}
"""Everyday words that are spelt one way in some of the three languages, which lingua's n-grams often confuse."""
ALIKE = ("nb", "da")
"""Also long texts in these two are looked at twice."""
TELLS = 3.0
MOST_TELLING = 4
CHARACTERS = 240
SURE_AT_ONCE = 0.99
LONG_ENOUGH = 40
SURE_ENOUGH = 0.6
SHARPNESS = 2.5
FEW = 20
WORTH_A_MODEL = 0.01
AT_MOST = 9
_TEXTS_AT_A_TIME = 2048
_MOST_REMEMBERED = 50_000

_LETTERS = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]+")


def detect_languages(texts: Sequence[str]) -> tuple[str, ...]:
    """Return one ISO 639-1 code per text, "" where it cannot be told.

    A quick model over all of LANGUAGES settles clear texts and shows which languages the study has; the doubtful
    rest goes to the exact models of those languages only. Both then count as evidence in a mixture whose weights,
    the study's share of each language, are found by expectation-maximisation: short Norwegian answers stay
    Norwegian in a Norwegian study, and an even mix of Danish and Norwegian is left open where a text could be either.
    The result does not depend on the order of the texts. A text is read up to its first 240 characters.
    """
    cleaned = [without_noise(text)[:CHARACTERS] for text in texts]
    counted = Counter(text for text in cleaned if _LETTERS.search(text))
    if not counted:
        return ("",) * len(cleaned)
    distinct = sorted(counted)
    counts = np.array([counted[text] for text in distinct])
    _, posterior = _mixture(_evidence(distinct, counts), counts)
    best = posterior.argmax(axis=1).tolist()
    found = {
        text: LANGUAGES[code] if posterior[row, code] >= SURE_ENOUGH else ""
        for row, (text, code) in enumerate(zip(distinct, best, strict=True))
    }
    return tuple(found.get(text, "") for text in cleaned)


def _evidence(texts: Sequence[str], counts: Ints) -> NDArray[np.float64]:
    """Return how well each of LANGUAGES explains each text, (n, languages), rows sum to 1."""
    quick = _detector(LANGUAGES, exact=False).confidences(texts)
    short = np.array([len(text) < LONG_ENOUGH for text in texts])
    alike = np.isin(quick.argmax(axis=1), [LANGUAGES.index(code) for code in ALIKE])
    doubtful = np.flatnonzero(short | alike | (quick.max(axis=1) <= SURE_AT_ONCE))
    share, _ = _mixture(_floored(quick), counts)
    candidates = _candidates(share, few=len(texts) < FEW)
    if len(doubtful) == 0 or len(candidates) < 2:
        return _floored(quick)
    detector = _detector(candidates, exact=True)
    unclear = [texts[row] for row in doubtful.tolist()]
    exact = detector.confidences(unclear) ** SHARPNESS * _told(unclear)
    readable = exact.sum(axis=1) > 0
    quick[doubtful[readable]] = exact[readable]
    return _floored(quick)


def _told(texts: Sequence[str]) -> NDArray[np.float64]:
    """Return how much more likely telling words make each of LANGUAGES, (n, languages); 1 where they say nothing."""
    factors = np.ones((len(texts), len(LANGUAGES)))
    for code, words in TELLING.items():
        telling = set(words.split())
        counts = [sum(word in telling for word in _WORD.findall(text.lower())) for text in texts]
        factors[:, LANGUAGES.index(code)] = TELLS ** np.minimum(counts, MOST_TELLING)
    return factors


def _candidates(share: NDArray[np.float64], *, few: bool) -> tuple[str, ...]:
    """Return the languages that are common enough in this study to deserve an exact model, in code order."""
    common = [int(code) for code in np.argsort(-share, kind="stable")[:AT_MOST] if share[code] >= WORTH_A_MODEL]
    chosen = {LANGUAGES[code] for code in common}
    return tuple(sorted(chosen | set(NORDIC) if few else chosen))


def _mixture(
    evidence: NDArray[np.float64], counts: Ints, rounds: int = 100
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the share of each language in the study, (languages,), and each text's probabilities, (n, languages).

    counts: answers with each text, (n,).
    """
    n, languages = counts.sum(), evidence.shape[1]
    pseudo = 1 / languages
    share = np.full(languages, 1 / languages)
    for _ in range(rounds):
        posterior = evidence * share
        posterior /= posterior.sum(axis=1, keepdims=True)
        updated = (counts @ posterior + pseudo) / (n + pseudo * languages)
        if np.abs(updated - share).max() < 1e-6:
            break
        share = updated
    return share, posterior


def _floored(confidences: NDArray[np.float64]) -> NDArray[np.float64]:
    floored = confidences + 1e-6
    return floored / floored.sum(axis=1, keepdims=True)


class _Detector:
    """lingua's detector for some languages, and what it said of texts, which a run asks about again and again.

    It is remembered under hashes, so that nobody's answers stay in memory.
    """

    def __init__(self, detector: LanguageDetector) -> None:
        self._detector = detector
        self._said: dict[bytes, NDArray[np.float64]] = {}

    def confidences(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return lingua's confidence in each of LANGUAGES for each text, (n, languages); 0 where it has no model."""
        out = np.zeros((len(texts), len(LANGUAGES)))
        for low in range(0, len(texts), _TEXTS_AT_A_TIME):
            some = texts[low : low + _TEXTS_AT_A_TIME]
            keys = [blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest() for text in some]
            known = self._said
            said = {key: known[key] for key in keys if key in known}
            said |= self._asked({key: text for key, text in zip(keys, some, strict=True) if key not in said})
            out[low : low + len(some)] = [said[key] for key in keys]
            self._said = said if len(known) > _MOST_REMEMBERED else known | said
        return out

    def _asked(self, texts: dict[bytes, str]) -> dict[bytes, NDArray[np.float64]]:
        column, said = _columns(), {}
        found = self._detector.compute_language_confidence_values_in_parallel(list(texts.values())) if texts else []
        for key, values in zip(texts, found, strict=True):
            said[key] = np.zeros(len(LANGUAGES))
            for value in values:
                said[key][column[value.language]] = value.value
        return said


@lru_cache(maxsize=1)
def _columns() -> dict[Language, int]:
    """Return where each language stands in LANGUAGES."""
    codes = {one: one.iso_code_639_1.name.lower() for one in Language.all()}
    return {one: LANGUAGES.index(code) for one, code in codes.items() if code in LANGUAGES}


@lru_cache(maxsize=8)
def _detector(codes: tuple[str, ...], *, exact: bool) -> _Detector:
    builder = LanguageDetectorBuilder.from_iso_codes_639_1(*(getattr(IsoCode639_1, code.upper()) for code in codes))
    return _Detector((builder if exact else builder.with_low_accuracy_mode()).build())
