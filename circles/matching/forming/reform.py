"""Forming circles anew after something changed: what can stand stands, and every change has its price."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from circles.errors import InputError
from circles.matching.forming.candidates import select_candidates
from circles.matching.forming.changes import list_changes
from circles.matching.forming.form import check_types, propose
from circles.matching.forming.proposal import Proposal
from circles.matching.forming.recall import list_past_circles, recall_circles, recall_prices
from circles.matching.forming.search import Observer, Search
from circles.matching.forming.stating import list_runs
from circles.matching.record.saved import SavedProposal

if TYPE_CHECKING:
    import pandas as pd

    from circles.matching.rules import MatchingRules
    from circles.portfolio import Portfolio


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Reform:
    """Circles formed anew from an earlier proposal.

    Attributes
    ----------
    proposal
        The new proposal; circles that stand as they were have kept their ids.
    changes
        Frame ``circle_id, outcome, now, reason, detail``: for every earlier circle, whether it is ``kept``, ``changed``
        (two or more of its members are together again, in the circles ``now``) or ``dissolved``, and why: a code and a
        sentence; then one row for every ``new`` circle, and whence its members come.
    """

    proposal: Proposal
    changes: pd.DataFrame

    def __str__(self) -> str:
        counts = self.changes["outcome"].value_counts()
        told = [f"{int(counts.get(what, 0)):,} {what}" for what in ("kept", "changed", "dissolved", "new")]
        return f"Earlier circles: {', '.join(told[:3])}; {told[3]}\n{self.proposal}"

    __repr__ = __str__


def reform_circles(
    previous: Proposal | SavedProposal,
    portfolio: Portfolio,
    rules: MatchingRules | None = None,
    *,
    seed: int = 0,
    gap: float = 0.01,
    time_limit: float | None = 60.0,
    workers: int | None = None,
    observer: Observer | None = None,
) -> Reform:
    """Form circles anew after the portfolio or the rules changed, and keep of an earlier proposal what can be kept.

    Every circle that is not one of the earlier ones costs the weight ``change``; the search begins with the earlier
    circles that are still allowed, and with the earlier prices.

    Parameters
    ----------
    previous
        The earlier proposal, or what `circles.read_proposal` read from its audit file.
    portfolio
        The portfolio as it is now; the earlier circles are not in it, for their members would be taken.
    rules
        What holds now; None: the rules of the earlier proposal.
    seed, gap, time_limit, workers, observer
        As for `circles.form_circles`.

    Returns
    -------
    The new proposal, with a proof of how good it is, and what became of every earlier circle.

    Raises
    ------
    InputError
        If an argument is out of its range, `previous` is no proposal, or a rule needs resources that are not stated.
    """
    if not isinstance(previous, Proposal | SavedProposal):
        msg = f"previous must be a circles.Proposal or SavedProposal, got {type(previous).__name__}"
        raise InputError(msg)
    chosen_rules = previous.rules if rules is None else rules
    check_types(portfolio, chosen_rules)
    search = Search(seed=seed, gap=gap, time_limit=time_limit, workers=workers, observer=observer)
    past = list_past_circles(previous.circles)
    candidates = recall_circles(select_candidates(portfolio, chosen_rules), past)
    runs = previous.runs if isinstance(previous, SavedProposal) else list_runs(previous.forming)
    search = replace(search, start=recall_prices(candidates, runs))
    proposal = propose(portfolio, chosen_rules, candidates, search=search, past=past)
    return Reform(proposal=proposal, changes=list_changes(candidates, chosen_rules, past, circles=proposal.circles))
