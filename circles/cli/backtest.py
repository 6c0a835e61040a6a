"""``circles backtest``: predicted against observed defaults."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from circles.cli.options import AsOfOption, EncodingOption, Format, FormatOption, SourceArgument


def backtest(
    source: SourceArgument,
    observed: Annotated[
        Path | None,
        typer.Option("--observed", help="A CSV file with a column member_id: who has defaulted since."),
    ] = None,
    default: Annotated[
        list[str] | None, typer.Option("--default", help="A member that has defaulted since; once for each.")
    ] = None,
    grade_column: Annotated[
        str | None, typer.Option("--grade-column", help="A text column of members; ranges of probabilities without it.")
    ] = None,
    correlation: Annotated[
        float, typer.Option("--correlation", help="How much defaults depend on one factor (ρ), from 0 to below 1.")
    ] = 0.12,
    level: Annotated[float, typer.Option("--level", help="Level of the intervals.")] = 0.95,
    as_of: AsOfOption = None,
    encoding: EncodingOption = None,
    form: FormatOption = Format.TEXT,
) -> None:
    """Compare default probabilities with the defaults of the twelve months after, grade by grade, with intervals."""
    from circles.cli.screen import show, show_table
    from circles.cli.source import open_source
    from circles.contagion import backtest_defaults
    from circles.errors import InputError

    if observed is None and not default:
        msg = "backtest: say who defaulted with --observed or --default; a file without rows means nobody"
        raise InputError(msg)
    ids = [*(default or []), *(read_ids(observed) if observed is not None else [])]
    portfolio = open_source(source, as_of=as_of, encoding=encoding)
    result = backtest_defaults(portfolio, ids, grade_column=grade_column, correlation=correlation, level=level)
    if form is Format.TEXT:
        show(f"{result}\n")
    show_table(result.grades, form)


def read_ids(path: Path) -> list[str]:
    """Read the column member_id of a CSV file.

    Raises
    ------
    InputError
        If the file cannot be read or has no such column.
    """
    import csv

    from circles.errors import InputError

    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            names = rows.fieldnames or []
            ids = [row["member_id"].strip() for row in rows] if "member_id" in names else None
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        msg = f"{path}: cannot be read as CSV in UTF-8: {error}"
        raise InputError(msg) from error
    if ids is None:
        msg = f"{path}: has no column member_id, got {', '.join(names) or 'nothing'}"
        raise InputError(msg)
    return [member for member in ids if member]
