"""Options of all commands that simulate random scenarios, each declared once; ranges are the library's own."""

from __future__ import annotations

from typing import Annotated

import typer

TrialsOption = Annotated[int, typer.Option("--trials", min=1, help="How many random scenarios.")]
DrawSeedOption = Annotated[int, typer.Option("--seed", help="Any whole number; same seed, same scenarios.")]
CorrelationOption = Annotated[
    float,
    typer.Option(
        "--correlation", help="How much defaults depend on the common factor (ρ), from 0 to anything below 1."
    ),
]
SectorColumnOption = Annotated[
    str | None, typer.Option("--sector-column", help="A text column of members, such as industry or region.")
]
SectorCorrelationOption = Annotated[
    float | None, typer.Option("--sector-correlation", min=0, max=1, help="How much sectors move together.")
]
SensitivityOption = Annotated[
    float, typer.Option("--resource-sensitivity", min=0, help="How much resources fall with the common factor (β).")
]
