"""The command line: `python -m survey.cli COMMAND`. It parses, calls the library, and says what happened.

Heavy libraries are imported by the commands that need them, so that help appears at once.
"""

import io
import sys
import warnings
from pathlib import Path
from typing import Annotated

import typer

from data.errors import DataError
from models.errors import ModelError
from survey.errors import AppError
from survey.settings import Settings
from survey.typing_commands import register as register_typing

PROGRAM = "python -m survey.cli"
PROBLEMS, USER_ERROR, STOPPED = 1, 2, 130

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Samtal turns answers into customer segments. SAMTAL_HOME names the folder of all data.",
)

survey_commands = typer.Typer(rich_markup_mode=None, help="Look at survey files.")
app.add_typer(survey_commands, name="survey")
register_typing(app)


@app.command()
def segment(
    file: Annotated[Path, typer.Argument(help="Answers: CSV (also gzipped), Excel or Parquet.", metavar="FILE")],
    out: Annotated[Path, typer.Option(help="Folder for segments.csv, result.json and report.html.", metavar="DIR")],
    text: Annotated[
        list[str] | None,
        typer.Option(help="Column with answers; may be given several times.", metavar="COL", show_default="the only"),
    ] = None,
    id: Annotated[str | None, typer.Option(help="Column that identifies the rows.", metavar="COL")] = None,
    k: Annotated[str, typer.Option(help="Number of segments: auto, N or LO-HI.", metavar="K")] = "auto",
    min_share: Annotated[
        float | None, typer.Option(help="Smaller segments are merged, for example 0.05.", metavar="S")
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same segments.", metavar="N")] = 0,
    embedder: Annotated[
        str, typer.Option(help="Text model: auto, multilingual, minilm, english, a name or a folder.", metavar="MODEL")
    ] = "auto",
    basis: Annotated[
        list[str] | None,
        typer.Option(
            help="topics, benefit, psychographic, demographic, place, behaviour or firm; may be given several times.",
            metavar="BASIS",
            show_default="topics",
        ),
    ] = None,
    closed: Annotated[
        list[str] | None,
        typer.Option(
            help="Column with closed answers that form segments, COL, COL:TYPE or COL:TYPE:BASIS; also FIRST..LAST "
            "and PATTERN*. May be given several times.",
            metavar="COL[:TYPE]",
        ),
    ] = None,
    describe: Annotated[
        list[str] | None,
        typer.Option(help="Column that only describes the segments; may be given several times.", metavar="COL[:TYPE]"),
    ] = None,
    survey: Annotated[
        Path | None,
        typer.Option(help="The survey that was asked: names, types, options and bases of columns.", metavar="SURVEY"),
    ] = None,
) -> None:
    """Segment the people in FILE by their answers and write the results into DIR."""
    from data.studies import Home
    from survey.analysis.answer_file import FileRequest, parse_k, segment_file
    from survey.analysis.basis_file import BasesRequest, parse_bases, segment_bases
    from survey.terminal import bases_summary, shown_progress, summary

    request = FileRequest(
        path=file,
        out=out,
        weights=Home(Settings.from_env().home).weights_path,
        text=tuple(text or ()),
        id=id,
        k=parse_k(k),
        min_share=min_share,
        seed=seed,
        embedder=embedder,
        describe=tuple(describe or ()),
    )
    bases, topics = parse_bases(basis or ())
    with shown_progress() as progress:
        if closed or survey or bases:
            asked = BasesRequest(request, bases, topics, tuple(closed or ()), survey)
            lines = bases_summary(segment_bases(asked, progress))
        else:
            lines = summary(segment_file(request, progress))
    for line in [*lines, f"The report is in {out / 'report.html'}."]:
        print(line)


@app.command()
def code(
    file: Annotated[Path, typer.Argument(help="Answers: CSV (also gzipped), Excel or Parquet.", metavar="FILE")],
    frame: Annotated[
        str, typer.Option(help="Code frame: benefits, values, lifestyle, or a YAML file.", metavar="FRAME")
    ],
    out: Annotated[Path, typer.Option(help="The table of codes to write, for example codes.csv.", metavar="OUT")],
    text: Annotated[
        str | None, typer.Option(help="Column with answers.", metavar="COL", show_default="the only")
    ] = None,
    learn: Annotated[
        Path | None, typer.Option(help="Corrected rows: a table with the columns row and code.", metavar="CORRECTIONS")
    ] = None,
    embedder: Annotated[
        str, typer.Option(help="Text model: auto, multilingual, minilm, english, a name or a folder.", metavar="MODEL")
    ] = "auto",
) -> None:
    """Code the open answers in FILE with a code frame and write row, code, probability and evidence."""
    from data.studies import Home
    from survey.analysis.code_file import CodeRequest, code_file
    from survey.terminal import one_line, shown_progress

    weights = Home(Settings.from_env().home).weights_path
    with shown_progress() as progress:
        lines = code_file(CodeRequest(file, out, weights, frame, text, learn, embedder), progress)
    for line in lines:
        print(one_line(line))
    print(f"The codes are in {out}.")


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 is every network.")] = "localhost",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 8501,
    url: Annotated[
        str | None,
        typer.Option(help="Address under which people reach the server.", show_default="SAMTAL_URL or host and port"),
    ] = None,
) -> None:
    """Start the server and print the links to the studio, the chats and, at first, the set-up page."""
    from survey.serving import links, refuse_taken_port, run_server, settings_for

    refuse_taken_port(host, port)
    settings = settings_for(Settings.from_env(), host, port, url)
    for line in links(settings):
        print(line, flush=True)
    run_server(settings, host, port)


@app.command()
def demo() -> None:
    """Create the demo study, or complete it; nothing happens when it is there already."""
    from data.studies import Home
    from survey.demo import set_up
    from survey.terminal import shown_progress

    settings = Settings.from_env()
    with shown_progress() as progress:
        made = set_up(Home(settings.home), settings.embedder, progress)
    print(f"The demo study is ready: {made.responses:,} responses and a finished segmentation. Next: {PROGRAM} serve")


@app.command()
def backup(
    archive: Annotated[Path, typer.Argument(help="The file to write, for example samtal.zip.", metavar="ARCHIVE")],
) -> None:
    """Copy all accounts, studies and answers into ARCHIVE, also while answers arrive."""
    from data.backup import backup as write_backup
    from data.studies import Home

    names = write_backup(Home(Settings.from_env().home), archive)
    print(f"Backed up {len(names)} files to {archive}.")


@app.command()
def restore(
    archive: Annotated[Path, typer.Argument(help="A file made by backup.", metavar="ARCHIVE")],
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace what is in SAMTAL_HOME.")] = False,
) -> None:
    """Put the contents of ARCHIVE into SAMTAL_HOME; stop the server before."""
    from data.backup import restore as read_backup
    from data.studies import Home

    home = Home(Settings.from_env().home)
    names = read_backup(archive, home, overwrite=overwrite)
    print(f"Restored {len(names)} files to {home.root}.")


@app.command()
def purge(
    study: Annotated[
        str | None, typer.Option(help="Short name of one study.", metavar="STUDY", show_default="all studies")
    ] = None,
) -> None:
    """Delete the answers that are older than the retention of their study."""
    from data.studies import Home
    from survey.erasure import purge as delete_old
    from survey.wording import count

    deleted = delete_old(Home(Settings.from_env().home), study)
    for slug, responses in deleted.items():
        print(f"{slug}: {count(responses, 'response')} deleted.")
    if not deleted:
        print("Nothing to delete: no retention is set, answers are kept until their study is deleted.")


@survey_commands.command("check")
def survey_check(
    file: Annotated[Path, typer.Argument(help="A survey in YAML or JSON.", metavar="FILE")],
) -> None:
    """Say everything that is wrong or doubtful in FILE, with lines; exit code 1 when there are errors."""
    from survey.definition.checking import as_lines
    from survey.definition.loading import check_file
    from survey.terminal import one_line

    found = check_file(file)
    for line in as_lines(file.name, found):
        print(one_line(line))
    if any(one.severity == "error" for one in found):
        raise typer.Exit(PROBLEMS)


@survey_commands.command("list")
def survey_list(
    words: Annotated[
        list[str] | None, typer.Argument(help="Only what holds all these words.", metavar="WORD", show_default="all")
    ] = None,
) -> None:
    """List the example surveys and the questions of the library."""
    from survey.drafts import listing

    lines = listing(" ".join(words or ()))
    for line in lines or ["Nothing found; other words, in any of the five languages, may do."]:
        print(line)


@survey_commands.command("new")
def survey_new(
    names: Annotated[list[str], typer.Argument(help="An example, or questions of the library.", metavar="NAME")],
    out: Annotated[Path, typer.Option(help="The file to write, .yaml or .json.", metavar="FILE")],
    title: Annotated[
        str | None, typer.Option(help="Title of a survey made of questions.", show_default="the first question")
    ] = None,
    locale: Annotated[
        str | None, typer.Option(help="Language of its title and default texts.", metavar="CODE", show_default="en")
    ] = None,
) -> None:
    """Write a new survey file to begin from: a copy of an example, or questions of the library."""
    from survey.drafts import write_draft
    from survey.wording import count

    survey = write_draft(names, out, title, locale)
    asked = count(sum(question.asks for question in survey.questions), "question")
    print(f"Wrote {out} with {asked}. Next: {PROGRAM} survey check {out}")


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code.

    0, 1 for a survey with errors, 2 with a sentence on standard error, or 130 when interrupted.
    """
    given = sys.argv[1:] if arguments is None else arguments
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that has no emoji shows "?"
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
    try:
        code = app(given or ["--help"], prog_name=PROGRAM, standalone_mode=False)
    except typer.TyperException as problem:
        return _fail(f"{problem.format_message()} See {PROGRAM} --help.", problem.exit_code)
    except (AppError, DataError, ModelError) as problem:
        return _fail(str(problem), USER_ERROR)
    if code == STOPPED:
        return _fail("Stopped; nothing was written.", STOPPED)
    return int(code or 0)


def _fail(sentence: str, code: int) -> int:
    from survey.terminal import one_line

    print(one_line(sentence), file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
