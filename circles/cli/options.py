"""Arguments and options that several commands share, each declared once."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Format(StrEnum):
    """How results are written to stdout."""

    TEXT = "text"
    CSV = "csv"
    JSON = "json"


class Preset(StrEnum):
    """The ready-made terms of contagion; docs/methods/settlement.md explains them."""

    WORST = "worst"
    BASE = "base"
    FORBEARANCE = "forbearance"


class PageLanguage(StrEnum):
    """Languages of pages."""

    EN = "en"
    ZH = "zh"


class OnError(StrEnum):
    """What becomes of tables with wrong rows in them."""

    REFUSE = "refuse"
    QUARANTINE = "quarantine"


SourceArgument = Annotated[
    str,
    typer.Argument(
        help="A folder of tables, a workbook, or a graph store such as sqlite:///circles.db.",
        show_default=False,
    ),
]
FolderArgument = Annotated[
    Path, typer.Argument(help="A folder of tables, or a workbook (docs/files.md).", show_default=False)
]
AuditFileArgument = Annotated[
    Path, typer.Argument(help="The audit file: circles match --proposal-out.", show_default=False, metavar="PROPOSAL")
]
SizeOption = Annotated[
    str, typer.Option("--size", help="Size members by exposure, resources, called, paid or own_shortfall.")
]
AsOfOption = Annotated[
    str | None, typer.Option("--as-of", help="Date of the data (YYYY-MM-DD), where dataset.toml does not state it.")
]
EncodingOption = Annotated[
    str | None, typer.Option("--encoding", help="Encoding of the CSV files; found out where not given.")
]
OnErrorOption = Annotated[
    OnError,
    typer.Option("--on-error", help="Refuse everything if a row is wrong, or set wrong rows aside and go on."),
]
RejectsOption = Annotated[Path, typer.Option("--rejects", help="The folder for rows that were set aside.")]
LanguageOption = Annotated[PageLanguage, typer.Option("--lang", help="Language of the page.")]
FormatOption = Annotated[Format, typer.Option("--format", help="How the result is written to stdout.")]
SeedOption = Annotated[int, typer.Option("--seed", min=0, help="Same seed, same result.")]
ForceOption = Annotated[bool, typer.Option("--force", help="Replace what is there already.")]
WorkersOption = Annotated[
    int | None, typer.Option("--workers", min=1, help="Threads to use; the result does not depend on it.")
]
DefaultsOption = Annotated[
    list[str], typer.Option("--default", help="A member that defaults; give it once for each.", show_default=False)
]
TopOption = Annotated[int, typer.Option("--top", min=1, help="Rows to show in text; csv and json have all.")]
