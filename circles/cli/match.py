"""``circles match``: propose circles."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from circles.cli import INTERRUPTED
from circles.cli.answers import (
    AlternativesOption,
    CountOption,
    ExplainOption,
    FlagsOption,
    FragileOption,
    Questions,
    RuleCostsOption,
    SelfFormedOption,
    StabilityOption,
    SwapOption,
    WhyOption,
    answer,
    show_answer,
)
from circles.cli.options import (
    AsOfOption,
    EncodingOption,
    ForceOption,
    Format,
    FormatOption,
    Preset,
    SeedOption,
    SourceArgument,
    TopOption,
    WorkersOption,
)
from circles.cli.terms import TermsOption

if TYPE_CHECKING:
    import pandas as pd

    from circles.matching import MatchingRules, Proposal

RulesOption = Annotated[
    str | None,
    typer.Option("--rules", help="A TOML file with fields of the matching rules, or a product such as zhejiang-2007."),
]
RuleOption = Annotated[
    list[str] | None,
    typer.Option(
        "--rule",
        help="Change one field of the rules: NAME=VALUE, such as max_members=4 or allowed_regions=Hangzhou,Jiaxing.",
    ),
]
TimeLimitOption = Annotated[float | None, typer.Option("--time-limit", min=0, help="Seconds to search at most.")]
PortfolioOutOption = Annotated[
    Path | None, typer.Option("--portfolio-out", help="Write the portfolio with the proposal in place.")
]
ProposalOutOption = Annotated[
    Path | None, typer.Option("--proposal-out", help="Write the audit file that circles verify judges.")
]
GapOption = Annotated[float, typer.Option("--gap", min=0, max=1, help="Stop once proven to be this near the best.")]


def match(
    source: SourceArgument,
    rules: RulesOption = None,
    rule: RuleOption = None,
    seed: SeedOption = 7,
    gap: GapOption = 0.01,
    time_limit: TimeLimitOption = 60.0,
    workers: WorkersOption = None,
    explain: ExplainOption = None,
    why: WhyOption = None,
    alternatives: AlternativesOption = None,
    count: CountOption = 5,
    swap: SwapOption = None,
    rule_costs: RuleCostsOption = False,
    stability: StabilityOption = False,
    fragile: FragileOption = False,
    self_formed: SelfFormedOption = False,
    flags: FlagsOption = False,
    terms: TermsOption = Preset.WORST,
    top: TopOption = 20,
    unplaced: Annotated[bool, typer.Option("--unplaced", help="List the unplaced instead of the circles.")] = False,
    portfolio_out: PortfolioOutOption = None,
    proposal_out: ProposalOutOption = None,
    graph: Annotated[str | None, typer.Option("--graph", help="Also write the circles into this graph store.")] = None,
    force: ForceOption = False,
    as_of: AsOfOption = None,
    encoding: EncodingOption = None,
    form: FormatOption = Format.TEXT,
) -> None:
    """Propose circles for the open applications, with the proof of how good the proposal is."""
    from circles.cli.screen import show, show_first, show_table, watch_interrupt, watch_search
    from circles.cli.source import choose_workers, open_source
    from circles.matching import form_circles

    asked, threads = build_rules(rules, rule), choose_workers(workers)
    refuse_outputs(portfolio_out, proposal_out, force=force)
    portfolio = open_source(source, as_of=as_of, encoding=encoding)
    questions = Questions(
        explain=explain,
        why=why,
        alternatives=alternatives,
        count=count,
        swap=swap,
        rule_costs=rule_costs,
        stability=stability,
        fragile=fragile,
        self_formed=self_formed,
        flags=flags,
    )
    questions.refuse_wrong(portfolio)
    with watch_interrupt() as interrupted:
        with watch_search("forming circles") as observer:
            proposal = form_circles(
                portfolio, asked, seed=seed, gap=gap, time_limit=time_limit, workers=threads, observer=observer
            )
        found = None if interrupted() else answer(proposal, questions, terms=terms, workers=threads)
    if found is not None:
        show_answer(found, form, top=top)
        proposal = found.proposal
    elif form is Format.TEXT:
        show(str(proposal))
        show_first(proposal.unplaced if unplaced else _line_up(proposal.circles), top)
    else:
        show_table(proposal.unplaced if unplaced else proposal.circles, form)
    _tell_stopped(proposal)
    if interrupted():
        raise typer.Exit(INTERRUPTED)
    keep_proposal(proposal, portfolio_out, proposal_out, force=force)
    if graph is not None:
        _write_circles(proposal, graph)
    raise typer.Exit(0 if len(proposal.circles) and not (found and found.has_findings) else 1)


def _tell_stopped(proposal: Proposal) -> None:
    """Say that time ended the search: then the result depends on how fast this machine was."""
    from circles.cli.screen import tell
    from circles.matching import PlanStatus

    if proposal.status is PlanStatus.TIME_LIMIT:
        tell("the search was ended by its time limit, so another run may differ; give it more with --time-limit")


def build_rules(base: str | None, changes: list[str] | None) -> MatchingRules:
    """Give a product's rules, or the default ones with a file's fields, and then single fields changed."""
    from circles.cli.fields import parse_fields, read_fields
    from circles.matching import PRODUCTS, MatchingRules

    changed = parse_fields(changes or [], MatchingRules)
    if base in PRODUCTS:
        return MatchingRules.preset(str(base), **changed)
    filed = read_fields(Path(base), MatchingRules) if base else {}
    return replace(MatchingRules(), **{**filed, **changed})  # type: ignore[arg-type]


def _line_up(circles: pd.DataFrame) -> pd.DataFrame:
    """Give one row a circle: its members side by side, what they would borrow, and its score."""
    grouped = circles.groupby("circle_id", sort=False)
    columns = {"members": ("member_id", " ".join), "amount_fen": ("amount_fen", "sum"), "score": ("score", "first")}
    return grouped.agg(**columns).reset_index()


def refuse_outputs(*paths: Path | None, force: bool) -> None:
    """Refuse before long work what could not be written afterwards."""
    from circles.output import refuse_existing

    for path in paths:
        if path is not None:
            refuse_existing(path, force=force)


def keep_proposal(proposal: Proposal, folder: Path | None, file: Path | None, *, force: bool) -> None:
    """Write the portfolio with a proposal in place, and its audit file, where asked, and say so."""
    from circles.cli.screen import tell

    if file is not None:
        proposal.save(file, force=force)
        tell(f"the audit file of the proposal is {file}")
    if folder is not None:
        from circles.dataset import write_portfolio

        write_portfolio(proposal.portfolio(), folder, force=force)
        tell(f"the portfolio with the proposed circles is in {folder}")


def _write_circles(proposal: Proposal, graph: str) -> None:
    from circles.cli.screen import tell
    from circles.graph import open_graph

    with open_graph(graph) as store:
        store.write_circles(proposal.circles, "proposed")
    tell(f"the proposed circles are in {graph}")
