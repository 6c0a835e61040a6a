"""The tables of a cascade, in whole fen: what happened to each member, circle and pool, and every payment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from circles.contagion.cascade.infection import join_names
from circles.contagion.cascade.recourse import name_borrowers
from circles.settlement.fen_groups import sum_by
from circles.settlement.ledger import CALLED, FIRST, REFUSED, UNPAID

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.contagion.cascade.debts import Debts
    from circles.settlement import Obligations, Settlement, WholeFen

CIRCLE = "circle:"


def frame_members(
    obligations: Obligations, settlement: Settlement, whole: WholeFen, *, hits: NDArray[np.int64]
) -> pd.DataFrame:
    """Tabulate what happened to every member, in the order of ids; columns as in `Cascade.members`.

    `hits` is what `pair_hitters` gives.
    """
    paid = sum_by(obligations.pools.member[whole.entry], whole.paid, len(obligations.members))
    trade_loss, left = spend_cash(obligations, settlement, paid)
    called = np.maximum(np.rint(settlement.called_total).astype(np.int64), paid)
    failed = settlement.round >= 0
    return pd.DataFrame(
        {
            "member_id": pd.Series(obligations.members, dtype="str"),
            "state": name_states(settlement, paid=paid, trade_loss=trade_loss),
            "round": pd.Series(settlement.round, dtype="Int64").mask(~failed),
            "cause": name_causes(settlement),
            "hit_by": pd.Series(join_names(obligations.members, hits, count=len(paid)), dtype="str"),
            "called_fen": np.where(failed, called, paid),
            "paid_fen": paid,
            "trade_loss_fen": trade_loss,
            "own_shortfall_fen": sum_by(obligations.loans.borrower, whole.loan_shortfall, len(paid)),
            "left_fen": left,
        }
    )


def spend_cash(
    obligations: Obligations, settlement: Settlement, paid: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give each member's trade loss and what it has left; a failed one has nothing left, unless it refused.

    What a member lost on buyers and paid is at most its resources; whoever failed after a trade loss lost all the
    rest of its cash, whichever way.
    """
    rest = obligations.resources.astype(np.int64) - paid
    trade_loss = np.minimum(np.rint(settlement.trade_loss).astype(np.int64), rest)
    swept = (settlement.cause == UNPAID) | ((settlement.cause == CALLED) & (trade_loss > 0) & (paid > 0))
    trade_loss = np.where(swept, rest, trade_loss)
    return trade_loss, np.where((settlement.round >= 0) & (settlement.cause != REFUSED), 0, rest - trade_loss)


def name_states(settlement: Settlement, *, paid: NDArray[np.int64], trade_loss: NDArray[np.int64]) -> Any:
    """Name what became of each member: first, contagious, paid, hurt or untouched."""
    failed = settlement.round >= 0
    names = np.select(
        [settlement.cause == FIRST, failed, paid > 0, trade_loss > 0],
        ["first", "contagious", "paid", "hurt"],
        "untouched",
    )
    return pd.Series(names.astype(object), dtype="str")


def name_causes(settlement: Settlement) -> Any:
    """Name what brought each contagious defaulter down, call, receivable or refusal; missing for all others."""
    names = pd.Series(np.full(len(settlement.cause), None, dtype=object), dtype="str")
    names[settlement.cause == CALLED] = "call"
    names[settlement.cause == UNPAID] = "receivable"
    names[settlement.cause == REFUSED] = "refusal"
    return names


def frame_pools(obligations: Obligations, whole: WholeFen) -> pd.DataFrame:
    """Tabulate every pool, in the order of ids; columns as in `Cascade.pools`."""
    return pd.DataFrame(
        {
            "id": pd.Series(obligations.pools.ids, dtype="str"),
            "shortfall_fen": whole.pool_shortfall,
            "deposit_used_fen": whole.pool_deposit_used,
            "paid_fen": whole.pool_paid,
            "bank_loss_fen": whole.pool_loss,
        }
    )


def frame_circles(pools: pd.DataFrame) -> pd.DataFrame:
    """Keep the pools that are circles, under the circles' own ids."""
    circles = pools[pools["id"].str.startswith(CIRCLE).to_numpy(dtype=np.bool_)].reset_index(drop=True)
    return circles.assign(id=circles["id"].str.slice(len(CIRCLE)).astype("str"))


def frame_payments(obligations: Obligations, whole: WholeFen, debts: Debts) -> pd.DataFrame:
    """Tabulate every payment by round, then pool and payer; columns as in `Cascade.payments`."""
    pools, names = obligations.pools, name_borrowers(obligations, debts, whole)
    order = np.lexsort((whole.entry, whole.call_round))
    entry = whole.entry[order]
    return pd.DataFrame(
        {
            "payer_id": pd.Series(obligations.members[pools.member[entry]], dtype="str"),
            "pool_id": pd.Series(pools.ids[pools.pool[entry]], dtype="str"),
            "amount_fen": whole.paid[order],
            "round": whole.call_round[order],
            "on_behalf_of": pd.Series(names[order], dtype="str"),
        }
    )
