"""``circles demo``: the whole job once, from a folder of tables to a map and a report."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from circles.cli.options import AsOfOption, EncodingOption, ForceOption, Preset, SeedOption

if TYPE_CHECKING:
    import pandas as pd

    from circles.contagion import Cascade, PresetComparison
    from circles.matching import Proposal
    from circles.portfolio import Portfolio

_FILES = {"circles.db", "circles.snapshot", "proposal.html", "cascade.html", "report.html", "sample", "proposed"}


def demo(
    folder: Annotated[
        Path | None,
        typer.Argument(help="A folder of tables or a workbook; without one, a sample of 3,000 members is made."),
    ] = None,
    out: Annotated[Path, typer.Option("--out", help="The folder for what is written.")] = Path("circles-demo"),
    default: Annotated[
        str | None,
        typer.Option("--default", help="The member that defaults; else the one that brings most others down."),
    ] = None,
    trials: Annotated[int, typer.Option("--trials", min=1, help="How many random scenarios.")] = 10_000,
    seed: SeedOption = 7,
    graph: Annotated[
        str | None,
        typer.Option("--graph", help="neo4j for the server of circles neo4j start, or an address; else a file."),
    ] = None,
    force: ForceOption = False,
    as_of: AsOfOption = None,
    encoding: EncodingOption = None,
) -> None:
    """Check, load, match, let a member default, simulate losses, draw and report: the whole job once."""
    from circles.cli.demo_store import demo_address
    from circles.cli.screen import show
    from circles.output import new_folder

    out.parent.mkdir(parents=True, exist_ok=True)
    start = time.perf_counter()
    with (
        new_folder(out, owned=lambda name: name in _FILES or name.startswith("circles.db"), force=force) as place,
        demo_address(graph, place) as address,
    ):
        loaded = _load(folder or _make_sample(place, seed), address, as_of=as_of, encoding=encoding)
        proposal = _match(loaded, place, address, seed=seed)
        book = proposal.portfolio()
        cascade = _spread(book, default)
        losses = _simulate(book, trials, seed)
        _draw(loaded, proposal, cascade, losses, place)
    show(f"\nDone in {time.perf_counter() - start:.0f} s. Open in a browser:")
    for name, what in {
        "report.html": "the report: everything on one page",
        "cascade.html": "the map of what the default touched",
        "proposal.html": "the map of the proposed circles",
    }.items():
        show(f"  {out / name}  {what}")
    kept = f"sqlite:///{out / 'circles.db'}" if graph is None else address
    show(f"The loaded tables are in {kept}, which every command takes as its source.")


def _make_sample(place: Path, seed: int) -> Path:
    from circles.dataset import write_portfolio
    from circles.generate import generate_portfolio

    folder = place / "sample"
    write_portfolio(generate_portfolio(members=3_000, trades=9_000, seed=seed), folder)
    return folder


def _load(folder: Path, address: str, *, as_of: str | None, encoding: str | None) -> Portfolio:
    """Check the tables and load them into a graph store; work goes on from what the store gives back."""
    from circles.cli.demo_store import save_kept
    from circles.cli.screen import show
    from circles.dataset import check_dataset
    from circles.errors import DatasetError
    from circles.graph import open_graph

    show(f"1. Check {folder}")
    found = check_dataset(folder, as_of=as_of, encoding=encoding)
    if found.portfolio is None:
        raise DatasetError(found.problems)
    show(f"   {found.portfolio}\n   no problems, {len(found.warnings)} warnings")
    show(f"2. Load into {'an embedded graph store' if address.startswith('sqlite:') else address}")
    with open_graph(address) as store:
        save_kept(store, found.portfolio, address)
        return store.load()


def _match(portfolio: Portfolio, place: Path, address: str, *, seed: int) -> Proposal:
    from circles.cli.screen import show, stop_on_interrupt, watch_search
    from circles.dataset import write_portfolio
    from circles.graph import open_graph
    from circles.matching import MatchingRules, check_proposal, form_circles

    show("3. Propose circles among acquainted firms")
    rules = MatchingRules()
    with stop_on_interrupt(), watch_search("forming circles") as observer:
        proposal = form_circles(portfolio, rules, seed=seed, observer=observer)
    violations = check_proposal(portfolio, rules, proposal)
    show(f"{_indent(str(proposal))}\n   independent check: {len(violations)} violations")
    write_portfolio(proposal.portfolio(), place / "proposed")
    with open_graph(address) as store:
        store.write_circles(proposal.circles, "proposed")
    return proposal


def _spread(book: Portfolio, default: str | None) -> Cascade:
    from circles.cli.options import Format
    from circles.cli.screen import show, show_table
    from circles.contagion import compare_cascades, rank_members, run_cascade
    from circles.settlement import Terms

    terms = Terms.preset(Preset.BASE.value)
    first = default or _most_harmful(rank_members(book, terms).members)
    name = book.members.set_index("member_id")["name"].get(first)
    cascade = run_cascade(book, [first], terms)
    show(f"4. Let {first} ({name}) default\n{_indent(str(cascade))}\n   the same default under the three presets:")
    show_table(compare_cascades(book, [first]), Format.TEXT)
    return cascade


def _most_harmful(ranking: pd.DataFrame) -> str:
    """Choose the member that brings most others down; among equals the one that costs the bank most."""
    return str(ranking.sort_values("brought_down", ascending=False, kind="stable")["member_id"].iloc[0])


def _simulate(book: Portfolio, trials: int, seed: int) -> PresetComparison:
    from circles.cli.screen import progress_bar, show
    from circles.contagion import compare_presets

    show(f"5. Simulate a year, {trials:,} times, under the three presets")
    with progress_bar("trials") as progress:
        losses = compare_presets(book, trials=trials, seed=seed, resource_sensitivity=0.3, progress=progress)
    show(_indent(str(losses)))
    return losses


def _draw(loaded: Portfolio, proposal: Proposal, cascade: Cascade, losses: PresetComparison, place: Path) -> None:
    from circles.cli.screen import show
    from circles.report import build_report
    from circles.viz import draw_map

    show("6. Draw the maps and write the report")
    book = proposal.portfolio()
    draw_map(loaded, proposal=proposal).save(place / "proposal.html")
    draw_map(book, cascade=cascade).save(place / "cascade.html")
    build_report(book, proposal=proposal, cascade=cascade, losses=losses).save(place / "report.html")


def _indent(text: str) -> str:
    return "\n".join(f"   {line}" for line in text.splitlines())
