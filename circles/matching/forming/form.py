"""Forming circles: from a portfolio and rules to a proposal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circles.errors import InputError
from circles.matching.forming.bounding import bound_all
from circles.matching.forming.candidates import Candidates, select_candidates
from circles.matching.forming.drafting import draft_proposal
from circles.matching.forming.search import Observer, Search
from circles.matching.rules import MatchingRules
from circles.portfolio import Portfolio, check_portfolio

if TYPE_CHECKING:
    from circles.matching.forming.proposal import Proposal
    from circles.matching.forming.recall import PastCircle
    from circles.matching.forming.stage import Stage


def form_circles(
    portfolio: Portfolio,
    rules: MatchingRules | None = None,
    *,
    seed: int = 0,
    gap: float = 0.01,
    time_limit: float | None = 60.0,
    workers: int | None = None,
    observer: Observer | None = None,
) -> Proposal:
    """Propose guarantee circles among the applicants of a portfolio, and prove how good the proposal is.

    Parameters
    ----------
    portfolio
        Applicants are the members with an application; the newest one counts.
    rules
        What applicants and circles must be; None: `MatchingRules()`.
    seed
        At least 0. The same seed gives the same proposal, whatever the order of rows and the number of workers,
        unless the time limit ends the search.
    gap
        Proven share of the bound at which the search may stop, in [0, 1).
    time_limit
        Seconds for the search, more than 0; None: no limit.
    workers
        Threads; None: two.
    observer
        Called with (seconds, value so far, upper bound) as the search goes on.

    Returns
    -------
    The proposal. That nobody is eligible, or no circle is admissible, is a result with the status INFEASIBLE and a
    reason for every applicant.

    Raises
    ------
    InputError
        If an argument is out of its range, or a rule needs resources that are not stated.

    Examples
    --------
    >>> import pandas as pd
    >>> ids = ["M1", "M2", "M3"]
    >>> portfolio = Portfolio.from_frames(
    ...     as_of="2007-12-29",
    ...     members=pd.DataFrame({"member_id": ids, "resources_fen": 90_000_00}),
    ...     acquaintances=pd.DataFrame({"member_a": ["M1", "M2"], "member_b": ["M2", "M3"]}),
    ...     applications=pd.DataFrame({"application_id": ids, "member_id": ids, "amount_fen": 50_000_00}),
    ... )
    >>> form_circles(portfolio, seed=7).circles["member_id"].tolist()
    ['M1', 'M2', 'M3']
    """
    chosen_rules = MatchingRules() if rules is None else rules
    check_types(portfolio, chosen_rules)
    search = Search(seed=seed, gap=gap, time_limit=time_limit, workers=workers, observer=observer)
    candidates = select_candidates(portfolio, chosen_rules)
    return propose(portfolio, chosen_rules, candidates, search=search)


def propose(
    portfolio: Portfolio,
    rules: MatchingRules,
    candidates: Candidates,
    *,
    search: Search,
    past: tuple[PastCircle, ...] = (),
) -> Proposal:
    """Form the circles of candidates, bound them, and put them into a proposal."""
    stages = run_stages(candidates, rules, search)
    bound = bound_all(candidates, rules, search, stages=stages)
    return draft_proposal(portfolio, rules, candidates, stages=stages, bound=bound, search=search, past=past)


def check_types(portfolio: object, rules: object) -> None:
    """Refuse what is no portfolio, or no rules.

    Raises
    ------
    InputError
        Saying what it is instead.
    """
    check_portfolio(portfolio)
    if not isinstance(rules, MatchingRules):
        msg = f"rules must be circles.MatchingRules, got {type(rules).__name__}"
        raise InputError(msg)


def run_stages(candidates: Candidates, rules: MatchingRules, search: Search) -> list[Stage]:
    """Form the circles of one kind; with mode ``any``, those of acquaintances first, then strangers among the rest."""
    everybody = np.arange(len(candidates), dtype=np.int64)
    if rules.mode != "any":
        return [search.run(candidates, rules, rules.mode, chosen=everybody)]
    first = search.shortened(0.5).run(candidates, rules, "acquainted", chosen=everybody)
    left = candidates.for_strangers.copy()
    left[[member for circle in first.circles for member in circle]] = False
    second = search.shortened(0.3).after(first.plan)
    return [first, second.run(candidates, rules, "strangers", chosen=np.flatnonzero(left))]
