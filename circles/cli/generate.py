"""``circles generate``: write a sample portfolio."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from circles.cli.options import ForceOption, SeedOption

_TRADES_A_MEMBER = 8


def generate(
    out: Annotated[Path, typer.Argument(help="The folder to write.", show_default=False)],
    members: Annotated[int, typer.Option("--members", min=0, help="How many members.")] = 10_000,
    trades: Annotated[
        int | None, typer.Option("--trades", min=0, help="Rows of trade (a pair and a month); else 8 a member.")
    ] = None,
    seed: SeedOption = 7,
    profile: Annotated[str, typer.Option("--profile", help="Which facts the sample reproduces.")] = "zhejiang-2007",
    force: ForceOption = False,
) -> None:
    """Write a made-up portfolio with known statistics; the same seed writes the same bytes."""
    from circles.cli.screen import progress_bar, show, tell
    from circles.dataset import write_portfolio
    from circles.generate import generate_portfolio
    from circles.output import refuse_existing

    refuse_existing(out, force=force)
    usual = _TRADES_A_MEMBER * members if members > 1 else 0  # one member has nobody to trade with
    rows = usual if trades is None else trades
    tell(f"generating {members:,} members and {rows:,} trades …")
    with progress_bar("generating") as progress:
        portfolio = generate_portfolio(members=members, trades=rows, seed=seed, profile=profile, progress=progress)
    tell(f"writing {out} …")
    write_portfolio(portfolio, out, force=force)
    show(f"{portfolio}\nwritten to {out}")
