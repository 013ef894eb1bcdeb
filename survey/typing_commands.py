"""The commands about typing tools: made, tried, handed on as workbook or survey, and put to work on a file."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

typing_commands = typer.Typer(rich_markup_mode=None, help="Make typing tools: golden questions that tell segments.")

TOOL = typer.Argument(help="A tool made by typing fit.", metavar="TOOL.json")


@typing_commands.command("fit")
def typing_fit(
    file: Annotated[Path, typer.Argument(help="Answers: CSV (also gzipped), Excel or Parquet.", metavar="FILE")],
    out: Annotated[Path, typer.Option(help="The tool to write.", metavar="TOOL.json")],
    segment: Annotated[str, typer.Option(help="Column with everybody's segment.", metavar="COL")] = "segment",
    segments: Annotated[
        Path | None,
        typer.Option(
            help="Table that holds this column, row by row as FILE: the segments.csv of segment.",
            metavar="SEGMENTS.csv",
            show_default="FILE itself",
        ),
    ] = None,
    closed: Annotated[
        list[str] | None,
        typer.Option(
            help="Column that may be asked, COL or COL:TYPE; FIRST..LAST and PATTERN* too. May be given several times.",
            metavar="COL[:TYPE]",
        ),
    ] = None,
    survey: Annotated[
        Path | None,
        typer.Option(help="The survey that was asked; its closed questions may be asked.", metavar="SURVEY"),
    ] = None,
    questions: Annotated[
        int | None, typer.Option(help="How many questions to ask.", metavar="N", show_default="as advised")
    ] = None,
    cost: Annotated[
        float | None,
        typer.Option(
            help="What one more question must add to the share of people typed right, for example 0.02.",
            metavar="S",
            show_default="the fewest within one standard error of the best",
        ),
    ] = None,
    most: Annotated[int, typer.Option(help="Questions tried at most.", metavar="N")] = 10,
    items: Annotated[bool, typer.Option("--items", help="Items of a battery count as questions of their own.")] = False,
    seed: Annotated[int, typer.Option(help="The same seed gives the same tool.", metavar="N")] = 0,
) -> None:
    """Choose golden questions, measure what they are worth on people they were not chosen on, and write the tool."""
    from survey.analysis.typing_file import ToolRequest, make_tool, tool_lines, tool_settings
    from survey.terminal import shown_progress

    settings = tool_settings(most, questions, cost, items, seed)
    request = ToolRequest(file, out, segment, segments, tuple(closed or ()), survey, settings)
    with shown_progress() as progress:
        tool = make_tool(request, progress)
    _show(tool_lines(tool))
    print(f"The tool is in {out}.")


@typing_commands.command("sheet")
def typing_sheet(
    tool: Annotated[Path, TOOL],
    out: Annotated[Path, typer.Option(help="The workbook to write.", metavar="TOOL.xlsx")],
) -> None:
    """Write the tool as a workbook: type answers into cells, and formulas show segment and probabilities."""
    from survey.analysis.typing_file import write_sheet

    write_sheet(tool, out)
    print(f"The workbook is in {out}.")


@typing_commands.command("survey")
def typing_survey(
    tool: Annotated[Path, TOOL],
    out: Annotated[Path, typer.Option(help="The survey to write, .yaml or .json; must not exist.", metavar="SURVEY")],
) -> None:
    """Write the golden questions as a survey that the chat can ask."""
    from survey.analysis.typing_file import write_golden_survey
    from survey.wording import count

    asked = write_golden_survey(tool, out)
    print(f"Wrote {out} with {count(asked, 'question')}.")


def type_people(
    file: Annotated[Path, typer.Argument(help="Answers of new people, as for segment.", metavar="FILE")],
    tool: Annotated[Path, typer.Option(help="A tool made by typing fit.", metavar="TOOL.json")],
    out: Annotated[Path, typer.Option(help="The table to write, for example typed.csv.", metavar="OUT.csv")],
    id: Annotated[str | None, typer.Option(help="Column that identifies the rows.", metavar="COL")] = None,
) -> None:
    """Say to which segment everybody in FILE belongs, by a typing tool."""
    from survey.analysis.typing_file import type_file

    _show(type_file(file, tool, out, id))
    print(f"The table is in {out}.")


def _show(lines: Iterable[str]) -> None:
    from survey.terminal import one_line

    for line in lines:
        print(f"{'  ' if line.startswith(' ') else ''}{one_line(line)}")


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.add_typer(typing_commands, name="typing")
    app.command("type")(type_people)
