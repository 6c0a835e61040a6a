"""The commands by name; each is imported here and written in the file of its name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

import circles.cli.backtest as backtest
import circles.cli.cascade as cascade
import circles.cli.check as check
import circles.cli.compare as compare
import circles.cli.compile_ as compile_
import circles.cli.convert as convert
import circles.cli.demo as demo
import circles.cli.doctor as doctor
import circles.cli.estimate as estimate
import circles.cli.export as export
import circles.cli.fragility as fragility
import circles.cli.generate as generate
import circles.cli.horizon as horizon
import circles.cli.import_ as import_
import circles.cli.interventions as interventions
import circles.cli.load as load
import circles.cli.losses as losses
import circles.cli.map as map_
import circles.cli.match as match
import circles.cli.neo4j as neo4j
import circles.cli.overview as overview
import circles.cli.pack as pack
import circles.cli.rank as rank
import circles.cli.reform as reform
import circles.cli.replay as replay
import circles.cli.report as report
import circles.cli.reverse_stress as reverse_stress
import circles.cli.shock as shock
import circles.cli.sweep as sweep
import circles.cli.tail as tail
import circles.cli.verify as verify
import circles.cli.worst_sets as worst_sets

app = typer.Typer(
    name="circles",
    help="Form guarantee circles (联保), prove how good each plan is, and simulate how a default spreads.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

_COMMANDS: dict[str, Callable[..., None]] = {
    "check": check.check,
    "convert": convert.convert,
    "generate": generate.generate,
    "import": import_.import_,
    "estimate": estimate.estimate,
    "load": load.load,
    "export": export.export,
    "match": match.match,
    "reform": reform.reform,
    "verify": verify.verify,
    "cascade": cascade.cascade,
    "losses": losses.losses,
    "tail": tail.tail,
    "compare": compare.compare,
    "rank": rank.rank,
    "worst-sets": worst_sets.worst_sets,
    "sweep": sweep.sweep,
    "shock": shock.shock,
    "reverse-stress": reverse_stress.reverse_stress,
    "interventions": interventions.interventions,
    "fragility": fragility.fragility,
    "horizon": horizon.horizon,
    "backtest": backtest.backtest,
    "map": map_.map_,
    "replay": replay.replay,
    "overview": overview.overview,
    "report": report.report,
    "pack": pack.pack,
    "demo": demo.demo,
    "doctor": doctor.doctor,
    "compile": compile_.compile_,
}
for name, command in _COMMANDS.items():
    app.command(name)(command)
app.add_typer(neo4j.neo4j, name="neo4j")


def _show_version(wanted: bool) -> None:
    if wanted:
        import circles

        typer.echo(f"circles {circles.__version__}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and stop.")
    ] = False,
) -> None:
    """Form guarantee circles (联保), prove how good each plan is, and simulate how a default spreads."""
