"""The results that a report is made of, whatever the caller gave, checked to belong together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from circles.errors import InputError
from circles.money import name_currency

if TYPE_CHECKING:
    from circles.contagion import Cascade, Losses, PresetComparison
    from circles.matching import Proposal
    from circles.portfolio import Portfolio

_PRESETS = ("worst", "base", "forbearance")


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """What a report tells of.

    Attributes
    ----------
    portfolio, proposal, cascade
        As given to `build_report`.
    cases
        Losses by the name of their terms, the three presets first and in one order; may be empty.
    presets
        The comparison of the presets, if the losses were given as one.
    """

    portfolio: Portfolio
    proposal: Proposal | None
    cascade: Cascade | None
    cases: dict[str, Losses]
    presets: PresetComparison | None

    @property
    def unit(self) -> str:
        """What amounts are in: yuan, or the code of another currency."""
        return name_currency(self.portfolio.currency)


def gather_results(
    portfolio: Portfolio,
    *,
    proposal: Proposal | None,
    cascade: Cascade | None,
    losses: Mapping[str, Losses] | PresetComparison | None,
) -> Results:
    """Bring the results of a run together.

    Raises
    ------
    InputError
        If one was made from another portfolio, or `losses` is an empty mapping.
    """
    results = Results(
        portfolio=portfolio,
        proposal=proposal,
        cascade=cascade,
        cases=_name_cases(losses),
        presets=None if losses is None or isinstance(losses, Mapping) else losses,
    )
    _refuse_foreign(results)
    return results


def _name_cases(losses: Mapping[str, Losses] | PresetComparison | None) -> dict[str, Losses]:
    if losses is None:
        return {}
    if not isinstance(losses, Mapping):
        return {name: getattr(losses, name) for name in _PRESETS}
    if not losses:
        msg = "losses must hold at least one result, got an empty mapping; leave it out instead"
        raise InputError(msg)
    known = [name for name in _PRESETS if name in losses]
    return {name: losses[name] for name in (*known, *(name for name in losses if name not in known))}


def _refuse_foreign(results: Results) -> None:
    own, proposal, cascade = results.portfolio.digest(), results.proposal, results.cascade
    foreign = [f"losses “{name}”" for name, losses in results.cases.items() if losses.portfolio_digest != own]
    if cascade is not None and cascade.portfolio_digest != own:
        foreign.append("cascade")
    if proposal is not None and proposal.digest != own and proposal.portfolio().digest() != own:
        foreign.append("proposal")
    if foreign:
        msg = f"the {foreign[0]} of the report was made from another portfolio than the one given; give that one"
        raise InputError(msg)
