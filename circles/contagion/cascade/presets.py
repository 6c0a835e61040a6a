"""One default under the three ready-made terms side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from circles.contagion.cascade.cascade import Cascade, run_cascade
from circles.settlement import Terms, change_terms

if TYPE_CHECKING:
    from circles.portfolio import Portfolio
    from circles.settlement.terms import Preset

_PRESETS: tuple[Preset, ...] = ("worst", "base", "forbearance")


def compare_cascades(
    portfolio: Portfolio, first_defaulters: Sequence[str], *, changes: Mapping[str, object] | None = None
) -> pd.DataFrame:
    """Settle the same first defaults under the worst, base and forbearance terms.

    Parameters
    ----------
    portfolio
        What everybody owes and can pay.
    first_defaulters
        Ids of the members that default first.
    changes
        Fields of `Terms` by name, with the value that they have in all three presets, such as ``{"share": "able"}``.

    Returns
    -------
    Frame with one row a preset: ``preset``, ``contagious`` (members brought down), ``rounds`` (in which somebody
    fell), and in fen ``bank_loss_fen``, ``optimistic_loss_fen``, ``conservative_loss_fen``,
    ``loss_without_guarantee_fen``, ``guarantor_paid_fen``.

    Raises
    ------
    InputError
        As `run_cascade`, or if `changes` names no field of the terms or gives it a value that is not allowed.

    Examples
    --------
    >>> from circles.portfolio import Portfolio
    >>> members = pd.DataFrame({"member_id": ["M1"], "resources_fen": [0]})
    >>> loans = pd.DataFrame({"loan_id": ["L1"], "borrower_id": ["M1"], "balance_fen": [100]})
    >>> book = Portfolio.from_frames(as_of="2007-12-29", members=members, loans=loans)
    >>> compare_cascades(book, ["M1"])["bank_loss_fen"].tolist()
    [100, 75, 75]
    """
    agreed = {name: change_terms(Terms.preset(name), changes or {}) for name in _PRESETS}
    return pd.DataFrame(
        [_describe(name, run_cascade(portfolio, first_defaulters, terms)) for name, terms in agreed.items()]
    )


def _describe(preset: str, cascade: Cascade) -> dict[str, object]:
    return {
        "preset": preset,
        "contagious": sum(len(fallen) for fallen in cascade.rounds[1:]),
        "rounds": len(cascade.rounds) - 1,
        "bank_loss_fen": cascade.bank_loss_fen,
        "optimistic_loss_fen": cascade.optimistic_loss_fen,
        "conservative_loss_fen": cascade.conservative_loss_fen,
        "loss_without_guarantee_fen": cascade.loss_without_guarantee_fen,
        "guarantor_paid_fen": cascade.guarantor_paid_fen,
    }
