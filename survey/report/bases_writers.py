"""The files of segments on one or several bases, each as text: segments.csv, result.json, report.html."""

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

from models.solution import ClassEvidence, Crossing, Portrait, Solution
from survey.class_words import lead
from survey.report.bases_context import BasesContext, chosen, placed
from survey.report.writers import marker_json, maybe, number, plain_cell, result_json

TOPICS_REPORT = "topics.html"


def files_of(context: BasesContext) -> dict[str, str]:
    """Return the files by name; segments by topics have a report of their own beside the one on the bases."""
    from survey.report.bases_page import bases_html
    from survey.report.page import report_html

    files = {
        "segments.csv": segments_csv(context),
        "report.html": bases_html(context),
        "result.json": bases_json(context),
    }
    return files | ({TOPICS_REPORT: report_html(context.topics)} if context.topics is not None else {})


def segments_csv(context: BasesContext) -> str:
    """Return one line per input row, in input order: row from 0, id when there is one, three columns per basis.

    segment_<basis> is 0, without a name, for people who said nothing that the basis is made of. Segments by topics
    keep the columns segment, name and confidence.
    """
    out = io.StringIO(newline="")
    columns: list[tuple[str, Sequence[Any]]] = []
    if context.topics is not None:
        found = context.topics.segmentation
        names = {one.segment: one.name for one in found.segments}
        columns += _columns("", found.labels.tolist(), names, found.confidence.tolist())
    for one in context.solutions.solutions:
        names = {portrait.segment: portrait.name for portrait in one.portraits}
        columns += _columns(f"_{one.basis}", one.labels.tolist(), names, one.confidence.tolist())
    header = ["row", *(["id"] if context.ids is not None else []), *(name for name, _ in columns)]
    csv.writer(out, lineterminator="\n").writerow(header)
    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    for row in range(context.solutions.people):
        identity = [context.ids[row]] if context.ids is not None else []
        writer.writerow([row, *identity, *(values[row] for _, values in columns)])
    return out.getvalue()


def _columns(
    suffix: str, labels: Sequence[int], names: dict[int, str], confidence: Sequence[float]
) -> list[tuple[str, Sequence[Any]]]:
    return [
        (f"segment{suffix}", labels),
        (f"name{suffix}", [plain_cell(names.get(label, "")) for label in labels]),
        (f"confidence{suffix}", [round(value, 4) for value in confidence]),
    ]


def bases_json(context: BasesContext) -> str:
    """Return all solutions and their evidence as JSON; unknown numbers are null, shares are 0-1.

    stability, null: as in survey.report.writers.result_json. shares: part of the difference between segments that
    each question carries. without: agreement with segments found without that question. classes: what latent class
    analysis says beside, null where it does not apply. Segments by topics stand beside `bases` as they stand alone.
    """
    found = context.solutions
    topics = json.loads(result_json(context.topics)) if context.topics is not None else {}
    result = {
        **topics,
        "people": found.people,
        "seed": found.seed,
        "embedder": found.embedder,
        "seconds": number(context.seconds, 2),
        "bases": {solution.basis: _solution(solution, context) for solution in found.solutions},
        "crossings": [_crossing(crossing) for crossing in found.crossings],
        "notes": [*context.notes, *found.notes],
    }
    return json.dumps(result, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _solution(solution: Solution, context: BasesContext) -> dict[str, Any]:
    evidence, here = solution.evidence, chosen(solution)
    return {
        "k": solution.k,
        "verdict": evidence.verdict,
        "sentence": evidence.sentence,
        "stability": number(here.stability) if here else None,
        "null": number(here.null_upper) if here else None,
        "method": solution.method,
        "choice": solution.choice,
        "placed": placed(solution),
        "questions": list(solution.questions),
        "shares": {name: number(share) for name, share in solution.shares.items()},
        "without": {name: number(share) for name, share in solution.without.items()},
        "segments": [_portrait(portrait) for portrait in solution.portraits],
        "evidence": {
            "dip_p": maybe(evidence.dip_p),
            "separation_p": maybe(evidence.separation_p),
            "segment_stability": [number(value) for value in evidence.segment_stability],
            "n": evidence.n,
            "pairs": evidence.pairs,
            "by_k": [
                {
                    "k": entry.k,
                    "stability": number(entry.stability),
                    "null": number(entry.null),
                    "null_upper": number(entry.null_upper),
                }
                for entry in evidence.by_k
            ],
        },
        "classes": None if solution.classes is None else _classes(solution.classes, context),
        "alternatives": [
            {
                "method": other.method,
                "k": other.k,
                "stability": number(other.stability),
                "verdict": other.verdict,
                "agreement": number(other.agreement),
            }
            for other in solution.alternatives
        ],
        "warnings": list(solution.warnings),
        "notes": list(solution.notes),
    }


def _classes(found: ClassEvidence, context: BasesContext) -> dict[str, Any]:
    return {
        "sentence": lead(found, context.item),
        "k": found.k,
        "best": found.best,
        "entropy": number(found.here.entropy),
        "agreement": number(found.agreement),
        "pairs": found.pairs,
        "pairs_left": found.here.local,
        "strongest": [
            {
                "one": context.item(one.question, one.answer),
                "other": context.item(one.other_question, one.other_answer),
                "residual": number(one.residual, 2),
            }
            for one in found.strongest
        ],
        "by_k": [
            {
                "k": one.k,
                "loglik": number(one.loglik, 2),
                "parameters": one.parameters,
                "bic": number(one.bic, 2),
                "entropy": number(one.entropy),
                "pairs_left": one.local,
                "blrt_p": maybe(one.blrt_p),
            }
            for one in found.fits
        ],
        "draws": found.draws,
        "n": found.n,
        "n_total": found.n_total,
    }


def _portrait(portrait: Portrait) -> dict[str, Any]:
    return {
        "segment": portrait.segment,
        "name": portrait.name,
        "size": portrait.size,
        "share": number(portrait.share),
        "share_low": number(portrait.share_low),
        "share_high": number(portrait.share_high),
        "confidence": number(portrait.confidence),
        "stability": maybe(portrait.stability),
        "wants": [marker_json(marker) for marker in portrait.wants],
        "values": [marker_json(marker) for marker in portrait.values],
        "who": [marker_json(marker) for marker in portrait.who],
        "codes": [
            {
                "code": code.code,
                "label": code.label,
                "share": number(code.share),
                "share_total": number(code.share_total),
                "quote": code.quote.text if code.quote else None,
            }
            for code in portrait.codes
        ],
        "terms": [term.text for term in portrait.terms],
        "quotes": [quote.text for quote in portrait.quotes],
        "message": portrait.message,
        "warnings": list(portrait.warnings),
    }


def _crossing(crossing: Crossing) -> dict[str, Any]:
    return {
        "one": crossing.one,
        "other": crossing.other,
        "counts": crossing.counts.tolist(),
        "cramers_v": number(crossing.cramers_v),
        "ami": number(crossing.ami),
        "p": maybe(crossing.p, 6),
    }
