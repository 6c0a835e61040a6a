"""``circles reform``: form circles anew from an earlier proposal."""

from __future__ import annotations

import typer

from circles.cli import INTERRUPTED
from circles.cli.match import (
    GapOption,
    PortfolioOutOption,
    ProposalOutOption,
    RuleOption,
    RulesOption,
    TimeLimitOption,
    build_rules,
    keep_proposal,
    refuse_outputs,
)
from circles.cli.options import (
    AsOfOption,
    AuditFileArgument,
    EncodingOption,
    ForceOption,
    Format,
    FormatOption,
    SeedOption,
    SourceArgument,
    TopOption,
    WorkersOption,
)


def reform(
    previous: AuditFileArgument,
    source: SourceArgument,
    rules: RulesOption = None,
    rule: RuleOption = None,
    seed: SeedOption = 7,
    gap: GapOption = 0.01,
    time_limit: TimeLimitOption = 60.0,
    workers: WorkersOption = None,
    top: TopOption = 20,
    portfolio_out: PortfolioOutOption = None,
    proposal_out: ProposalOutOption = None,
    force: ForceOption = False,
    as_of: AsOfOption = None,
    encoding: EncodingOption = None,
    form: FormatOption = Format.TEXT,
) -> None:
    """Form circles anew after a change, keep of an earlier proposal what can stay, and list what became of it.

    Without rules, those of the earlier proposal hold.
    """
    from circles.cli.screen import show, show_first, show_table, watch_interrupt, watch_search
    from circles.cli.source import choose_workers, open_source
    from circles.matching import read_proposal, reform_circles

    refuse_outputs(portfolio_out, proposal_out, force=force)
    earlier, portfolio = read_proposal(previous), open_source(source, as_of=as_of, encoding=encoding)
    asked = build_rules(rules, rule) if rules or rule else earlier.rules
    threads = choose_workers(workers)
    with watch_interrupt() as interrupted, watch_search("forming circles anew") as observer:
        after = reform_circles(
            earlier, portfolio, asked, seed=seed, gap=gap, time_limit=time_limit, workers=threads, observer=observer
        )
    if form is Format.TEXT:
        show(str(after))
        show_first(after.changes[after.changes["outcome"] != "kept"], top)
    else:
        show_table(after.changes, form)
    if interrupted():
        raise typer.Exit(INTERRUPTED)
    keep_proposal(after.proposal, portfolio_out, proposal_out, force=force)
    raise typer.Exit(0 if len(after.proposal.circles) else 1)
