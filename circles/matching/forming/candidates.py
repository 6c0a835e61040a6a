"""Candidates: who may be placed at all, how close they are, and who may never be with whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from circles.errors import InputError
from circles.graph.affinity import measure_affinities
from circles.matching.forming.pairs import PairSet
from circles.matching.forming.trust import find_trust
from circles.matching.rules import (
    Applicants,
    CircleCase,
    MatchingRules,
    collect_applicants,
    judge_applicants,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.portfolio import Portfolio


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """Applicants that pass every rule on one applicant, ordered by member id.

    Attributes
    ----------
    applicants
        n of them; see `Applicants`.
    loans_fen, resources_fen
        Shape (n,), fen. Resources are −1 where not stated (then no rule needs them).
    industries
        Shape (n,): equal for equal industries; one that is not stated equals no other.
    known
        Pairs that declared acquaintance or traded in the window.
    related, excluded
        Pairs under one control, and pairs that the exclusions name.
    trust, trust_strength
        Pairs that do not know each other and that a path of trust joins, and its strength in 1/1,000,000,000; only
        where circles with strangers are formed.
    affinities
        Frame with one row a known pair, in the order of `known`; see `circles.graph.affinity`.
    for_strangers
        Shape (n,): passes the rules for a circle with strangers too.
    refused
        Frame ``member_id, application_id, reason, detail``: applicants that broke a rule, the first one broken.
    previous
        Circles of an earlier plan of which all members are candidates, and their ids; every other circle is charged
        the weight ``change``. None: there is no earlier plan, and no charge.
    ids
        Shape (n,): member ids.
    """

    applicants: Applicants
    loans_fen: NDArray[np.int64]
    resources_fen: NDArray[np.int64]
    industries: NDArray[np.int64]
    known: PairSet
    related: PairSet
    excluded: PairSet
    trust: PairSet
    trust_strength: NDArray[np.int64]
    affinities: pd.DataFrame
    for_strangers: NDArray[np.bool_]
    refused: pd.DataFrame
    previous: Mapping[tuple[int, ...], str] | None = None
    ids: NDArray[np.object_] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "ids", self.applicants.frame["member_id"].to_numpy(dtype=object))

    def __len__(self) -> int:
        return len(self.loans_fen)

    def case(self, circle: tuple[int, ...]) -> CircleCase:
        """Put a circle of candidates before the rules."""
        rows = np.array(circle, dtype=np.int64)
        return CircleCase(
            members=tuple(self.ids[rows]),
            loans_fen=self.loans_fen[rows],
            resources_fen=self.resources_fen[rows],
            known=self.known.among(rows),
            related=self.related.among(rows),
            excluded=self.excluded.among(rows),
        )


def select_candidates(portfolio: Portfolio, rules: MatchingRules) -> Candidates:
    """Choose the candidates among the applicants, and say why the others are none.

    Raises
    ------
    InputError
        If a rule compares loans with resources, and a candidate's are not stated.
    """
    applicants = collect_applicants(portfolio)
    limits = rules.limits(rules.kinds[0])
    judged = judge_applicants(applicants, rules, limits)
    passed = ~np.isin(np.arange(len(applicants.frame)), judged["row"])
    chosen = applicants.take(np.flatnonzero(passed))
    if any(rules.limits(kind).needs_resources for kind in rules.kinds):
        _refuse_missing_resources(chosen)
    among = chosen.frame["position"].to_numpy(np.int64)
    lag = find_lags(applicants, rules, members=len(portfolio.members))
    affinities = measure_affinities(
        portfolio, among, months=rules.trade_months, full_volume_fen=rules.full_volume_fen, lag=lag[among]
    )
    size = len(among)
    known = PairSet.of(size, affinities["first"], affinities["second"])
    for_strangers = _pass_for_strangers(chosen, rules)
    trust = find_trust(portfolio, rules, np.where(for_strangers, among, -1), known=known, lag=lag)
    return Candidates(
        applicants=chosen,
        loans_fen=chosen.frame["amount_fen"].to_numpy(np.int64),
        resources_fen=chosen.frame["resources_fen"].to_numpy(np.int64, na_value=-1),
        industries=_codes(chosen.frame["industry"]),
        known=known,
        related=find_related(portfolio, rules, among),
        excluded=find_excluded(portfolio, among),
        trust=trust.pairs,
        trust_strength=trust.strength,
        affinities=affinities,
        for_strangers=for_strangers,
        refused=_refused(applicants, judged),
    )


def find_lags(applicants: Applicants, rules: MatchingRules, *, members: int) -> NDArray[np.int64]:
    """Say how many months before the portfolio's each member's trade begins to earn points, shape (members,).

    It must be `min_trade_age_months` older than the application; for members that have not applied, than the date.
    """
    lag = np.full(members, rules.min_trade_age_months, dtype=np.int64)
    if rules.min_trade_age_months:
        applied, day = applicants.frame["applied_on"], applicants.as_of
        since = (day.year - applied.dt.year) * 12 + (day.month - applied.dt.month)
        lag[applicants.frame["position"]] += since.fillna(0).clip(lower=0).to_numpy(np.int64)
    return lag


def find_related(portfolio: Portfolio, rules: MatchingRules, among: NDArray[np.int64]) -> PairSet:
    """Find the pairs under one control: one control group, or linked, closed transitively over all members."""
    if not rules.related_parties_apart:
        return PairSet.of(len(among), [], [])
    count = len(portfolio.members)
    group = pd.factorize(portfolio.members["control_group"])[0]
    grouped = np.flatnonzero(group >= 0)
    leader = grouped[np.unique(group[grouped], return_index=True)[1]]
    strong = portfolio.links["kind"].isin(rules.link_kinds).to_numpy()
    left = np.concatenate([grouped, portfolio.codes("links", "member_a")[strong]])
    right = np.concatenate([leader[group[grouped]], portfolio.codes("links", "member_b")[strong]])
    web = coo_matrix((np.ones(len(left), np.int8), (left, right)), shape=(count, count))
    hands = connected_components(web, directed=False)[1][among]
    return _pairs_within(hands)


def find_excluded(portfolio: Portfolio, among: NDArray[np.int64]) -> PairSet:
    """Find the pairs that the exclusions name."""
    local = np.full(len(portfolio.members) + 1, -1, dtype=np.int64)
    local[among] = np.arange(len(among))
    left = local[portfolio.codes("exclusions", "member_a")]
    right = local[portfolio.codes("exclusions", "member_b")]
    inside = (left >= 0) & (right >= 0)
    return PairSet.of(len(among), left[inside], right[inside])


def _pairs_within(groups: NDArray[np.integer]) -> PairSet:
    """Give all pairs of equal groups."""
    order = np.argsort(groups, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(groups[order]) != 0]) if len(order) else np.empty(0, np.int64)
    blocks = [block for block in np.split(order, starts[1:]) if len(block) > 1]
    both = [np.triu_indices(len(block), 1) for block in blocks]
    first = [block[left] for block, (left, _) in zip(blocks, both, strict=True)]
    second = [block[right] for block, (_, right) in zip(blocks, both, strict=True)]
    none = np.empty(0, np.int64)
    return PairSet.of(len(groups), np.concatenate([none, *first]), np.concatenate([none, *second]))


def _pass_for_strangers(chosen: Applicants, rules: MatchingRules) -> NDArray[np.bool_]:
    broken = judge_applicants(chosen, rules, rules.limits("strangers"))["row"]
    return ~np.isin(np.arange(len(chosen.frame)), broken)


def _refuse_missing_resources(chosen: Applicants) -> None:
    missing = int(chosen.frame["resources_fen"].isna().sum())
    if missing:
        msg = (
            f"members: {missing:,} of {len(chosen.frame):,} candidates have no resources; fill them, "
            "run circles estimate, or switch the rules coverage and bearable off"
        )
        raise InputError(msg)


def _refused(applicants: Applicants, judged: pd.DataFrame) -> pd.DataFrame:
    first = judged.drop_duplicates("row", keep="first")
    who = applicants.frame[["member_id", "application_id", "amount_fen"]].iloc[first["row"]].reset_index(drop=True)
    return who.assign(reason=first["rule"].to_numpy(), detail=first["detail"].to_numpy())


def _codes(values: pd.Series) -> NDArray[np.int64]:
    codes = pd.factorize(values, sort=True)[0].astype(np.int64)
    unknown = codes < 0
    codes[unknown] = codes.max(initial=-1) + 1 + np.arange(int(unknown.sum()))
    return codes
