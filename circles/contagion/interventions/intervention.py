"""What every intervention has: a price, and a portfolio after it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from numbers import Integral
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import pandas as pd

from circles.errors import InputError

if TYPE_CHECKING:
    from circles.portfolio import Portfolio
    from circles.settlement import Terms


@runtime_checkable
class Intervention(Protocol):
    """Something that the bank could do; its text says what it is."""

    @property
    def cost_fen(self) -> int:
        """What it costs, whole fen, as whoever considers it states."""
        ...

    def apply(self, portfolio: Portfolio) -> Portfolio:
        """Give the portfolio with it in place."""
        ...


@runtime_checkable
class ChangesTerms(Protocol):
    """An intervention that changes how defaults are settled."""

    def apply_terms(self, terms: Terms) -> Terms:
        """Give the terms with it in place."""
        ...


@runtime_checkable
class SparesMembers(Protocol):
    """An intervention that keeps members from defaulting first."""

    def spare(self, first_defaulters: Sequence[str]) -> list[str]:
        """Give those of some first defaulters that default nevertheless."""
        ...


def check_interventions(interventions: Iterable[Intervention]) -> list[Intervention]:
    """Give interventions as a list.

    Raises
    ------
    InputError
        If there are none, it is one outside of a list, or one is something else.
    """
    if isinstance(interventions, Intervention | str):
        msg = f"interventions must be a list, got {str(interventions)!r:.60} alone; write it in brackets"
        raise InputError(msg)
    listed = list(interventions)
    if not listed:
        msg = "interventions must be at least one; propose_interventions finds some"
        raise InputError(msg)
    for one in listed:
        if not isinstance(one, Intervention):
            msg = f"an intervention must be one such as BailOut or AddDeposit, got {one!r:.60}"
            raise InputError(msg)
    return listed


def apply_to_terms(intervention: Intervention, terms: Terms) -> Terms:
    """Give the terms after an intervention; most leave them as they are."""
    return intervention.apply_terms(terms) if isinstance(intervention, ChangesTerms) else terms


def name_kind(intervention: Intervention) -> str:
    """Name the kind of an intervention: ``bail_out`` for a `BailOut`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", type(intervention).__name__).lower()


def frame_ranked(rows: list[dict[str, object]]) -> pd.DataFrame:
    """Put rows of interventions in order: the most loss avoided per yuan first.

    ``avoided_per_yuan`` is NaN where nothing is paid; what avoids a loss for nothing comes first, what adds to it for
    nothing last.
    """
    frame = pd.DataFrame(rows)
    cost, avoided = frame["cost_fen"].astype("float64"), frame["avoided_fen"].astype("float64")
    per_yuan = (avoided / cost).where(cost > 0)
    free = avoided.gt(0).astype("float64") - avoided.lt(0)
    rank = per_yuan.fillna(free.replace({1.0: float("inf"), -1.0: float("-inf")}))
    order = pd.DataFrame({"rank": -rank, "avoided": -avoided, "name": frame["intervention"]})
    ranked = frame.assign(avoided_per_yuan=per_yuan).loc[order.sort_values(["rank", "avoided", "name"]).index]
    return ranked.astype({"intervention": "str", "kind": "str"}).reset_index(drop=True)


def check_amount(name: str, fen: object, *, least: int = 0) -> None:
    """Refuse an amount that is not whole fen of at least `least`."""
    if isinstance(fen, bool) or not isinstance(fen, Integral) or int(fen) < least:
        msg = f"{name} must be whole fen of at least {least}, got {fen!r}"
        raise InputError(msg)
