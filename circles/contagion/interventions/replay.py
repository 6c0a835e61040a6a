"""Interventions on one scripted cascade: the same members default first, with each intervention in place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from circles.contagion.cascade.cascade import run_cascade
from circles.contagion.interventions.intervention import (
    Intervention,
    SparesMembers,
    apply_to_terms,
    check_interventions,
    frame_ranked,
    name_kind,
)
from circles.settlement import check_terms

if TYPE_CHECKING:
    import pandas as pd

    from circles.contagion.cascade.cascade import Cascade
    from circles.portfolio import Portfolio
    from circles.settlement import Terms

_COLUMNS = [
    "intervention",
    "kind",
    "cost_fen",
    "bank_loss_fen",
    "avoided_fen",
    "avoided_per_yuan",
    "contagious",
    "fewer_contagious",
]


def replay_interventions(
    portfolio: Portfolio,
    first_defaulters: Sequence[str],
    interventions: Iterable[Intervention],
    terms: Terms | None = None,
) -> pd.DataFrame:
    """Run one cascade again with each intervention in place, and rank by loss avoided per yuan.

    Parameters
    ----------
    portfolio
        Members need resources; default probabilities are not used.
    first_defaulters
        Ids of the members that default first; one that is bailed out does not.
    interventions
        At least one, such as `BailOut` or those of `propose_interventions`.
    terms
        How defaults are settled; None means the worst case, ``Terms()``.

    Returns
    -------
    Frame, one row an intervention: ``intervention, kind, cost_fen, bank_loss_fen`` (with it), ``avoided_fen``,
    ``avoided_per_yuan`` (as `InterventionComparison.interventions`), ``contagious`` (members brought down),
    ``fewer_contagious`` (than without it).

    Raises
    ------
    InputError
        If there are no interventions, one does not fit the portfolio, or as `run_cascade`.
    """
    agreed, listed = check_terms(terms), check_interventions(interventions)
    before = run_cascade(portfolio, first_defaulters, agreed)
    rows = []
    for one in listed:
        first = one.spare(first_defaulters) if isinstance(one, SparesMembers) else first_defaulters
        rows.append(_describe(one, before, run_cascade(one.apply(portfolio), first, apply_to_terms(one, agreed))))
    return frame_ranked(rows)[_COLUMNS]


def _describe(intervention: Intervention, before: Cascade, after: Cascade) -> dict[str, object]:
    contagious = _count_contagious(after)
    return {
        "intervention": str(intervention),
        "kind": name_kind(intervention),
        "cost_fen": int(intervention.cost_fen),
        "bank_loss_fen": after.bank_loss_fen,
        "avoided_fen": before.bank_loss_fen - after.bank_loss_fen,
        "contagious": contagious,
        "fewer_contagious": _count_contagious(before) - contagious,
    }


def _count_contagious(cascade: Cascade) -> int:
    return sum(len(fallen) for fallen in cascade.rounds[1:])
