"""What a researcher may ask of a segmentation, checked before anything is started."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models.closed.names import METHOD_NAMES
from models.population import BASES, Basis
from survey.analysis.population import forming
from survey.definition import Survey
from survey.errors import AppError
from survey.wording import BASIS_WORDS

MOST_SEGMENTS = 50
LARGEST_MIN_SHARE = 0.5
LARGEST_SEED = 2**32 - 1
KNOWN = ("bases", "questions", "k", "min_share", "seed", "method", "centred")


@dataclass(frozen=True)
class SegmentationSettings:
    """A checked request.

    questions: without bases, names of open questions whose answers are embedded apart and averaged; with bases, the
    questions that form them. bases: to segment by, each a solution of its own; () for the topics of open answers. k:
    number of segments, (lowest, highest), or None to find it. min_share: smallest share of a segment, in [0, 0.5); None
    leaves it to the engine. method: key of models.closed.names.METHOD_NAMES, "" for the one that suits the questions.
    centred: whether batteries are compared with each person's own mean; None leaves it to the survey.
    """

    questions: tuple[str, ...]
    k: int | tuple[int, int] | None = None
    min_share: float | None = None
    seed: int = 0
    bases: tuple[Basis, ...] = ()
    method: str = ""
    centred: bool | None = None

    def document(self) -> dict[str, Any]:
        """Return the settings as they are stored with a run."""
        k = list(self.k) if isinstance(self.k, tuple) else self.k
        told = {"questions": list(self.questions), "k": k, "min_share": self.min_share, "seed": self.seed}
        further = {"bases": list(self.bases), "method": self.method}
        marks = {} if self.centred is None else {"centred": self.centred}
        return {**told, **{name: value for name, value in further.items() if value}, **marks}

    def numbers(self) -> dict[str, Any]:
        """Return the part that the numeric core is told."""
        told = {"k": self.k, "min_share": self.min_share, "seed": self.seed, "method": self.method or None}
        return {name: value for name, value in told.items() if value is not None}


def check(settings: Mapping[str, Any], survey: Survey) -> SegmentationSettings:
    """Return the checked settings; unknown names and values that make no sense raise AppError.

    settings: either `bases` (names of models.population.BASES), or `questions` (names) or `question` (one name); and
    optionally `k` (None or "auto", a number, or two), `min_share`, `seed` and, by bases, `method` and `centred`.
    Without any of these, the survey's only open question is taken.
    """
    unknown = sorted(settings.keys() - {"question", *KNOWN})
    if unknown:
        raise AppError(f"A segmentation has no setting '{unknown[0]}'.", f"Use {', '.join(KNOWN)}.")
    wanted = settings.get("questions") or settings.get("question")
    bases = _bases(settings["bases"], survey) if settings.get("bases") else ()
    if bases and wanted:
        raise AppError("A segmentation is either by bases or by the topics of some questions.", "Choose one of them.")
    return SegmentationSettings(
        questions=tuple(_forming(bases, survey)) if bases else _questions(wanted, survey),
        k=_k(settings.get("k")),
        min_share=_min_share(settings.get("min_share")),
        seed=_seed(settings.get("seed")),
        bases=bases,
        method=_method(settings.get("method"), bases),
        centred=_centred(settings.get("centred"), bases),
    )


def offered_bases(survey: Survey) -> dict[Basis, tuple[str, ...]]:
    """Return the names of the questions that form each basis, of every basis there is; () where none does."""
    return {basis: tuple(question.name for question in forming(survey, basis)) for basis in BASES}


def lacking(basis: Basis) -> AppError:
    """Return what to say when no question of a survey forms a basis."""
    return AppError(
        f"No question of this survey says {BASIS_WORDS[basis].says}, so it gives no such segments.",
        f"Add {BASIS_WORDS[basis].example}, or mark a question with 'basis: {basis}' in the survey document.",
    )


def free_text(survey: Survey) -> list[str]:
    """Return the names of the questions that are answered in the respondent's own words."""
    return [question.name for question in survey.questions if question.encoder == "text"]


def _questions(wanted: str | Sequence[str] | None, survey: Survey) -> tuple[str, ...]:
    offered = free_text(survey)
    hint = f"The open ones are: {', '.join(offered)}." if offered else "Ask an open question first."
    if wanted is None:
        if len(offered) != 1:
            raise AppError(f"The survey has {len(offered)} open questions; one must be chosen.", hint)
        return tuple(offered)
    names = tuple(dict.fromkeys([wanted] if isinstance(wanted, str) else wanted))
    for name in names:
        if survey.question(name) is None:
            raise AppError(f"The survey has no question '{name}'.", hint)
        if name not in offered:
            raise AppError(f"The question '{name}' is not answered in free text.", hint)
    return names


def _bases(wanted: str | Sequence[str], survey: Survey) -> tuple[Basis, ...]:
    names = [wanted] if isinstance(wanted, str) else list(wanted)
    unknown = [name for name in names if name not in BASES]
    if unknown:
        raise AppError(f"There is no basis '{unknown[0]}'.", f"Use {', '.join(BASES)}.")
    bases = tuple(basis for basis in BASES if basis in names)
    for basis in bases:
        if not forming(survey, basis):
            raise lacking(basis)
    return bases


def _forming(bases: Sequence[Basis], survey: Survey) -> dict[str, None]:
    return dict.fromkeys(question.name for basis in bases for question in forming(survey, basis))


def _k(k: Any) -> int | tuple[int, int] | None:
    if k is None or k == "auto":
        return None
    bounds = [k, k] if _is_int(k) else list(k) if isinstance(k, list | tuple) else []
    if len(bounds) != 2 or not all(map(_is_int, bounds)) or not 1 <= bounds[0] <= bounds[1] <= MOST_SEGMENTS:
        raise AppError(
            f"The number of segments must be found automatically, a number from 1 to {MOST_SEGMENTS},"
            f" or a lowest and a highest number, got {k!r}."
        )
    return bounds[0] if bounds[0] == bounds[1] else (bounds[0], bounds[1])


def _min_share(share: Any) -> float | None:
    if share is None:
        return None
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share < LARGEST_MIN_SHARE:
        raise AppError(f"The smallest share of a segment must be at least 0 and below 0.5, got {share!r}.")
    return float(share)


def _seed(seed: Any) -> int:
    if seed is None:
        return 0
    if not _is_int(seed) or not 0 <= seed <= LARGEST_SEED:
        raise AppError(f"The seed must be a whole number from 0 to {LARGEST_SEED}, got {seed!r}.")
    return int(seed)


def _method(method: Any, bases: Sequence[Basis]) -> str:
    if not method:
        return ""
    if method not in METHOD_NAMES:
        raise AppError(f"There is no method '{method}'.", f"Use {', '.join(METHOD_NAMES)}.")
    if not bases:
        raise AppError("Topics of open answers are found in one way; only segments by bases have a choice of methods.")
    return str(method)


def _centred(centred: Any, bases: Sequence[Basis]) -> bool | None:
    if centred is not None and not isinstance(centred, bool):
        raise AppError(f"Marks are centred or not: the setting must be true, false or left out, got {centred!r}.")
    if centred is not None and not bases:
        raise AppError("Topics of open answers have no marks to centre; only segments by bases have.")
    return centred


def _is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
