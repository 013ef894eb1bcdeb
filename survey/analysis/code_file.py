"""From a file of answers to a table of codes, in this process."""

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from data.files import Table, only_text_column, read_table, require_columns
from models.codes.frames import Frame
from models.codes.learning import Correction
from models.coding import GIVEN, Coding, code_answers
from models.leaning import FRAMES_OF, speaking
from models.population import Basis
from models.progress import Progress, silent, stretch
from models.texts.cleaning import as_text, is_blank
from models.texts.nothing_said import cannot_be_coded
from models.vectors.remembering import Remembering
from survey.errors import AppError
from survey.frames import PACKAGED, everyday_sentences, find_frame, packaged_frame
from survey.report.folder import check_folder, write_folder
from survey.report.writers import plain_cell
from survey.wording import count, percent

HEADER = ("row", "code", "probability", "evidence")
SORTING = 0.4
"""Part of the work that goes into what answers are about, where that is asked."""


@dataclass(frozen=True)
class CodeRequest:
    """What to code with which frame, and where the table goes.

    frame: benefits, values, lifestyle or the path of a YAML file. text: column with answers; None means the only text
    column. learn: a table of corrected rows. embedder: as in models.embed.load_embedder.
    """

    path: Path
    out: Path
    weights: Path
    frame: str
    text: str | None = None
    learn: Path | None = None
    embedder: str = "auto"


def code_file(request: CodeRequest, progress: Progress = silent) -> list[str]:
    """Code the answers in a file, write the table, and return what was found as lines to show.

    Nothing is written before everything is done. Raises AppError, DataError and ModelError.
    """
    if request.out.is_dir():
        raise AppError(f"'{request.out}' is a folder; name a file for the codes, for example codes.csv.")
    check_folder(request.out.absolute().parent)
    frame = find_frame(request.frame)
    table = read_table(request.path)
    answers = _answers(table, request.text)
    corrections = _corrections(request.learn, answers, frame) if request.learn else ()
    progress(0.0, "Loading the text model")
    from models.embed import load_embedder

    embedder = Remembering(load_embedder(request.embedder, request.weights), {})
    sorting = SORTING if request.frame in PACKAGED else 0.0
    about = _about(request.frame, answers, embedder, stretch(progress, 0.0, sorting))
    coding = code_answers(
        answers,
        frame,
        embedder,
        corrections=corrections,
        background=everyday_sentences(),
        about=about,
        progress=stretch(progress, sorting, 1.0),
    )
    write_folder(request.out.absolute().parent, {request.out.name: codes_csv(coding)})
    return [*_summary(coding, frame, answers, len(corrections)), *_elsewhere(request.frame, about, answers)]


def _about(frame: str, answers: Sequence[str], embedder: Remembering, progress: Progress) -> dict[str, float]:
    """Return the probability of each answer that it speaks of what a packaged frame is for; {} for one's own frame."""
    if frame not in PACKAGED:
        return {}
    frames = {name: packaged_frame(name) for name in PACKAGED}
    return speaking(answers, _basis_of(frame), frames, embedder, progress)


def _basis_of(frame: str) -> Basis:
    return next(basis for basis, names in FRAMES_OF.items() if frame in names)


def codes_csv(coding: Coding) -> str:
    """Return one line per code of each row; a row without any has one line with an empty code.

    The probability of an empty code is that of the likeliest one that was not given.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    for row in range(len(coding.probabilities)):
        for given in coding.given(row):
            writer.writerow([row, plain_cell(given.code), f"{given.probability:.4f}", plain_cell(given.evidence)])
        if not coding.given(row):
            writer.writerow([row, "", f"{coding.probabilities[row].max():.4f}", ""])
    return out.getvalue()


def _answers(table: Table, column: str | None) -> list[str]:
    require_columns(table, [column] if column is not None else [])
    name = column or only_text_column(table)
    answers = [as_text(cell) for cell in table.frame[name].tolist()]
    if all(is_blank(answer) for answer in answers):
        raise AppError(f"There are no answers in '{name}' of '{table.name}'; name the column with --text.")
    return answers


def _corrections(path: Path, answers: Sequence[str], frame: Frame) -> tuple[Correction, ...]:
    """Return the corrected answers; lines of one row are its codes, and an empty code means that it has none."""
    table = read_table(path)
    require_columns(table, ["row", "code"])
    known = {code.id for code in frame.codes}
    codes: dict[int, set[str]] = {}
    for line, (cell, code) in enumerate(
        zip(table.frame["row"].tolist(), table.frame["code"].tolist(), strict=True), start=2
    ):
        row = as_text(cell).strip()
        if not row.isascii() or not row.isdigit() or int(row) >= len(answers):
            raise AppError(
                f"Line {line} of '{table.name}' names the row '{row}': rows are whole numbers from 0 to "
                f"{len(answers) - 1}, as in the table of codes."
            )
        name = as_text(code).strip()
        if name and name not in known:
            raise AppError(
                f"Line {line} of '{table.name}' names the code '{name}', which is not in the frame: "
                f"use {', '.join(code.id for code in frame.codes)}."
            )
        codes.setdefault(int(row), set()).update([name] if name else [])
    first: dict[str, int] = {}
    for at, chosen in codes.items():
        other = first.setdefault(answers[at], at)
        if codes[other] != chosen:
            raise AppError(
                f"'{table.name}' gives the rows {other} and {at} different codes though their answers are the same: "
                "give both the same codes, or leave one out."
            )
    return tuple(
        Correction(answers[row], frozenset(given)) for row, given in codes.items() if not is_blank(answers[row])
    )


def _summary(coding: Coding, frame: Frame, answers: Sequence[str], corrected: int) -> list[str]:
    there = [row for row, answer in enumerate(answers) if not is_blank(answer)]
    counts = Counter(given.code for row in there for given in coding.given(row))
    without = [row for row in there if not coding.given(row)]
    mute = sum(cannot_be_coded(answers[row]) for row in without)
    learnt = f", learning from {count(corrected, 'corrected answer')}" if corrected else ""
    lines = [f"{count(len(there), 'answer')} coded with '{frame.label()}'{learnt}."]
    lines += [f"{percent(number / len(there)):>5}  {frame.code(code).label()}" for code, number in counts.most_common()]
    if without:
        look = int(coding.doubtful.sum())
        worth, say = "is" if look == 1 else "are", "says" if mute == 1 else "say"
        lines.append(
            f"{count(len(without), 'answer')} without a code: {look} of them nearly got one and {worth} worth a look, "
            f"and {mute} {say} nothing, as “no idea” does."
        )
    return lines


def _elsewhere(frame: str, about: Mapping[str, float], answers: Sequence[str]) -> list[str]:
    """Return how many answers speak of something that the frame is not for, as a line to show; none, no line."""
    number = sum(about.get(answer, 1.0) < GIVEN for answer in answers)
    if not number:
        return []
    sides = ["what people want from a product", "values and ways of life"]
    other, own = sides if _basis_of(frame) == "psychographic" else sides[::-1]
    verb = "speaks" if number == 1 else "speak"
    return [f"{count(number, 'answer')} {verb} of {other} rather than of {own}, which this frame is for."]
