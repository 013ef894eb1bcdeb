"""From a file of answers to a folder of results, in this process."""

import re
import time
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

from data.files import Table, only_text_column, read_table, require_columns, sentence_columns
from models.population import Question
from models.progress import Progress, silent
from models.results import Segmentation
from models.texts.cleaning import is_blank, joined
from survey.analysis.column_specs import parse_describing, questions, told
from survey.analysis.settings import LARGEST_MIN_SHARE, LARGEST_SEED, MOST_SEGMENTS
from survey.errors import AppError
from survey.report.context import ReportContext
from survey.report.folder import check_folder, write_folder

READ, LOADED, SEGMENTED = 0.02, 0.1, 0.95
"""Shares of the work that are done after reading the file, loading the text model and segmenting."""

CLOSED_INSTEAD = "; or name the ratings, choices and numbers that are to form segments with --closed"
"""What else may be done with a file that seems to hold no open answers."""


@dataclass(frozen=True)
class FileRequest:
    """What to segment, how, and where the results go.

    text: columns with answers, several are embedded apart and averaged; none means the only text column. id: column
    whose cells identify the rows. k: number of segments, (lowest, highest), or None to find it. min_share: smallest
    share of a segment, in [0, 0.5); None leaves it to the engine. embedder: as in models.embed.load_embedder. describe:
    columns that only describe the segments, as `survey.analysis.column_specs.parse_describing` reads them.
    """

    path: Path
    out: Path
    weights: Path
    text: tuple[str, ...] = ()
    id: str | None = None
    k: int | tuple[int, int] | None = None
    min_share: float | None = None
    seed: int = 0
    embedder: str = "auto"
    describe: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.min_share is not None and not 0 <= self.min_share < LARGEST_MIN_SHARE:
            raise AppError(f"The minimum share must be at least 0 and below 0.5, got {self.min_share:g}; 5 % is 0.05.")
        if not 0 <= self.seed <= LARGEST_SEED:
            raise AppError(f"The seed must be a whole number from 0 to {LARGEST_SEED}, got {self.seed}.")


def parse_k(text: str) -> int | tuple[int, int] | None:
    """Return the number of segments meant by 'auto' (None), 'N' or 'LO-HI'; raises AppError for anything else.

    >>> parse_k("auto"), parse_k("5"), parse_k("3-8")
    (None, 5, (3, 8))
    """
    if text.strip().lower() == "auto":
        return None
    match = re.fullmatch(r"(\d{1,9})(?:\s*[-–]\s*(\d{1,9}))?", text.strip(), re.ASCII)
    low, high = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
    if not 1 <= low <= high <= MOST_SEGMENTS:
        raise AppError(
            f"The number of segments must be 'auto', a number from 1 to {MOST_SEGMENTS} or a range such as 3-8, "
            f"got '{text}'."
        )
    return low if low == high else (low, high)


def segment_file(request: FileRequest, progress: Progress = silent) -> ReportContext:
    """Segment the answers in a file, write the results into a folder, and return what was written about.

    Nothing is written before everything is done. Raises AppError, DataError and ModelError.
    """
    started = time.perf_counter()
    progress(0.0, f"Reading {request.path.name}")
    check_folder(request.out)
    table = read_table(request.path)
    read = questions([parse_describing(given, table) for given in request.describe], table, {})
    describing = {name for one in read for name in one.columns}
    columns = _columns(table, request, describing)
    answers = list(zip(*(table.frame[name].tolist() for name in columns), strict=True))
    _refuse_blank(table, columns, answers)
    segmentation = _segment(answers, [one.question for one in read], request, progress)
    progress(SEGMENTED, "Writing the report")
    context = ReportContext(
        segmentation=segmentation,
        source=table.name,
        questions=columns,
        answers=[joined(parts) for parts in answers],
        seconds=time.perf_counter() - started,
        ids=table.frame[request.id].tolist() if request.id is not None else None,
        notes=(*table.notes, *told(read), *unread(table, {*columns, *describing}, request.id)),
    )
    from survey.report.writers import WRITERS

    write_folder(request.out, {name: write(context) for name, write in WRITERS.items()})
    progress(1.0, "Done")
    return context


def unread(table: Table, used: Collection[str], id_column: str | None) -> tuple[str, ...]:
    """Return what is to be said of columns that read like open answers and are used for nothing."""
    besides = [*used, *([id_column] if id_column is not None and id_column not in used else [])]
    return tuple(
        f"'{name}' reads like open answers and was not used: name it with --text if it is to count."
        for name in sentence_columns(table, besides)
    )


def _columns(table: Table, request: FileRequest, describing: Collection[str]) -> tuple[str, ...]:
    """Return the columns of open answers: those named, or the only one beside what describes."""
    wanted = tuple(dict.fromkeys(request.text))
    require_columns(table, [*wanted, *([request.id] if request.id is not None else [])])
    for name in wanted:
        if name in describing:
            raise AppError(f"The column '{name}' forms the segments: it cannot describe them as well.")
    return wanted or (only_text_column(table, CLOSED_INSTEAD, describing),)


def _refuse_blank(table: Table, columns: tuple[str, ...], answers: list[tuple[str, ...]]) -> None:
    if all(is_blank(part) for parts in answers for part in parts):
        named = ", ".join(f"'{name}'" for name in columns)
        rows = "the only row is" if len(answers) == 1 else f"all {len(answers):,} rows are"
        raise AppError(
            f"There are no answers in {named} of '{table.name}': {rows} blank; "
            "name the column with the answers with --text."
        )


def _segment(
    answers: list[tuple[str, ...]], describing: list[Question], request: FileRequest, progress: Progress
) -> Segmentation:
    progress(READ, "Loading the text model")
    from models.answers import segment_answers
    from models.embed import load_embedder
    from models.segment import SegmentSettings

    settings = SegmentSettings(k=request.k, seed=request.seed)
    if request.min_share is not None:
        settings = replace(settings, min_share=request.min_share)
    embedder = load_embedder(request.embedder, request.weights)
    result = segment_answers(
        answers,
        settings=settings,
        embedder=embedder,
        describing=describing,
        progress=_part(progress, LOADED, SEGMENTED),
    )
    return result.segmentation


def _part(progress: Progress, start: float, end: float) -> Progress:
    return lambda fraction, message: progress(start + fraction * (end - start), message)
