"""One cascade of a replay: what is known of each member drawn in each round, and who brought whom down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circles.contagion.cascade.timeline import NEVER, Timeline, trace_rounds
from circles.money import name_currency
from circles.viz.languages import say_unit
from circles.viz.replay.words import say_counted
from circles.viz.wording import say_amount

if TYPE_CHECKING:
    from circles.contagion import Cascade
    from circles.portfolio import Portfolio
    from circles.viz.languages import Language

_ROUNDS = ("failed_round", "paid_round", "hurt_round")
_KNOWN = ("cause", "hit_by", "called_fen", "paid_fen", "trade_loss_fen", "own_shortfall_fen", "left_fen")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Panel:
    """One cascade as a replay shows it.

    Attributes
    ----------
    name
        What stands over it; empty for the only one.
    cascade, timeline
        What is shown.
    members
        Frame, one row a member drawn, in the order of the drawing: ``failed_round, paid_round, hurt_round`` and the
        cascade's columns.
    falls
        Frame ``source, target, round``: who brought down whom, positions among the members drawn.
    unit
        What amounts are in.
    missed
        Members that this cascade brings down and the drawing lacks.
    """

    name: str
    cascade: Cascade
    timeline: Timeline
    members: pd.DataFrame
    falls: pd.DataFrame
    unit: str
    missed: int

    @property
    def steps(self) -> int:
        """Rounds, the one of the first defaults included."""
        return len(self.timeline.rounds)

    def say_rounds(self, lang: Language) -> list[str]:
        """Say in a sentence what stands after each round."""
        return [
            say_counted(
                "status",
                row.failed,
                lang,
                turn=row.round,
                last=self.steps - 1,
                so_far=f"{row.failed_so_far:,}",
                amount=say_amount(row.unpaid_so_far_fen),
                unit=say_unit(self.unit, lang),
            )
            for row in self.timeline.rounds.itertuples()
        ]


def look_up_panel(portfolio: Portfolio, cascade: Cascade, ids: pd.Series, *, name: str) -> Panel:
    """Look up what a replay shows of a cascade.

    Parameters
    ----------
    portfolio, cascade
        Which, and what it was run on.
    ids
        Ids of the members drawn, in order.
    name
        What stands over it.

    Raises
    ------
    InputError
        If the cascade was run on another portfolio.
    """
    timeline = trace_rounds(portfolio, cascade)
    rows = pd.Index(cascade.members["member_id"]).get_indexer(ids)
    known = pd.concat([timeline.members[[*_ROUNDS]], cascade.members[[*_KNOWN]]], axis=1)
    members = known.iloc[np.where(rows < 0, 0, rows)].reset_index(drop=True)
    members.loc[rows < 0, [*_ROUNDS]] = NEVER
    fallen = set(timeline.members.loc[timeline.members["failed_round"] >= 0, "member_id"])
    return Panel(
        name=name,
        cascade=cascade,
        timeline=timeline,
        members=members,
        falls=_pair_falls(members, ids),
        unit=name_currency(portfolio.currency),
        missed=len(fallen - set(ids)),
    )


def _pair_falls(members: pd.DataFrame, ids: pd.Series) -> pd.DataFrame:
    place = {member: at for at, member in enumerate(ids)}
    rows = [
        (place[hitter], at, row.failed_round)
        for at, row in enumerate(members.itertuples())
        if row.failed_round > 0 and isinstance(row.hit_by, str)
        for hitter in row.hit_by.split(";")
        if hitter in place
    ]
    return pd.DataFrame(rows, columns=["source", "target", "round"], dtype=np.int64)
