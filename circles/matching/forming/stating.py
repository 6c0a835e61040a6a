"""Stating a proposal as its audit file does: with the runs of the engine, by member id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circles.matching.record.saved import Run, SavedProposal
from circles.matching.record.versions import list_versions

if TYPE_CHECKING:
    from circles.matching.forming.forming import Forming
    from circles.matching.forming.proposal import Proposal


def state_proposal(proposal: Proposal, forming: Forming) -> SavedProposal:
    """Give a proposal and what it came from as its audit file states them."""
    search, portfolio = forming.search, forming.portfolio
    return SavedProposal(
        status=proposal.status,
        score=proposal.score,
        upper_bound=proposal.upper_bound,
        circles=proposal.circles,
        unplaced=proposal.unplaced,
        breakdown=proposal.breakdown,
        flags=proposal.flags,
        rules=proposal.rules,
        seed=int(proposal.seed),
        asked_gap=float(search.gap),
        time_limit=None if search.time_limit is None else float(search.time_limit),
        digest=proposal.digest,
        as_of=portfolio.as_of,
        currency=portfolio.currency,
        previous=proposal.previous,
        notes=proposal.notes,
        versions=list_versions(),
        runs=list_runs(forming),
    )


def list_runs(forming: Forming) -> tuple[Run, ...]:
    """List the runs of the engine whose circles are proposed or whose prices prove the bound."""
    ids = forming.candidates.ids
    return tuple(
        Run(
            kind=stage.kind,
            members=tuple(ids[stage.chosen]),
            plan=stage.plan,
            gives_circles=stage in forming.stages,
            gives_bound=stage in forming.bounding,
            place_at_least=stage.problem.place_at_least,
            lend_at_least=stage.problem.lend_at_least,
        )
        for stage in dict.fromkeys([*forming.stages, *forming.bounding])
    )
