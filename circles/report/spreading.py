"""The part of a report on a cascade: what one default caused, round by round, and whom it hit worst."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from circles.report.section import Section, write_first_rows, write_paragraph
from circles.viz.headline import describe_cascade, figure_cascade, title_cascade
from circles.viz.page import write_figures
from circles.viz.style import NODE_STYLES
from circles.viz.tables import Shown, write_table
from circles.viz.wording import say_yuan

if TYPE_CHECKING:
    from circles.contagion import Cascade

_MEMBERS_SHOWN = 20
_NAMED = 12

_ROUNDS = (
    Shown(name="round", heading="Round", write=lambda turn: f"{turn:,}"),
    Shown(name="failed", heading="Failed", write=lambda count: f"{count:,}", number=True),
    Shown(name="members", heading="Members"),
)


def _money(name: str, heading: str) -> Shown:
    return Shown(name=name, heading=heading, write=say_yuan, number=True)


_ACCOUNT = (Shown(name="item", heading="Where the money comes from"), _money("amount_fen", "Yuan"))
_MEMBERS = (
    Shown(name="member_id", heading="Member"),
    Shown(name="name", heading="Name"),
    Shown(name="state", heading="State", write=lambda state: NODE_STYLES[state].label),
    Shown(name="round", heading="Round", write=lambda turn: "" if pd.isna(turn) or turn < 0 else f"{int(turn)}"),
    _money("called_fen", "Called (yuan)"),
    _money("paid_fen", "Paid (yuan)"),
    _money("trade_loss_fen", "Trade loss (yuan)"),
    _money("own_shortfall_fen", "Own shortfall (yuan)"),
)


def write_spreading(cascade: Cascade, names: pd.Series) -> Section:
    """Write the section on a cascade.

    Parameters
    ----------
    cascade
        What one set of first defaults caused.
    names
        Members' names by id.
    """
    hit = list_hit(cascade.members, names)
    parts = [
        write_paragraph(describe_cascade(cascade)),
        write_figures(figure_cascade(cascade)),
        write_table(list_rounds(cascade.members), _ROUNDS, caption="Who fails when", row_name="round"),
        write_table(list_account(cascade), _ACCOUNT, caption="The whole account", row_name="account"),
        write_paragraph(
            "Recovered + deposits + guarantors + risk pool + bank loss = what was owed on the loans called; this is "
            "checked on every run."
        ),
    ]
    if len(hit):
        parts.append(write_first_rows(hit, _MEMBERS, caption="Hit worst", row_name="hit", limit=_MEMBERS_SHOWN))
    return Section(name="spreading", title=title_cascade(cascade), body="".join(parts))


def list_rounds(members: pd.DataFrame) -> pd.DataFrame:
    """Give one row a round in which somebody failed: ``round, failed, members``; the rounds are the true ones."""
    failed = members.loc[members["state"].isin(("first", "contagious"))]
    grouped = failed.sort_values("member_id").groupby(failed["round"].astype("int64"), sort=True)["member_id"]
    named = grouped.agg(lambda ids: ", ".join(ids.head(_NAMED)) + _say_more(len(ids) - _NAMED))
    return pd.DataFrame({"failed": grouped.size(), "members": named}).rename_axis("round").reset_index()


def list_account(cascade: Cascade) -> pd.DataFrame:
    """Give where the money for the called loans comes from: ``item, amount_fen``; the last row is the bank's loss."""
    rows = {
        "Recovered from the defaulters": cascade.recovered_fen,
        "Deposits": cascade.deposit_used_fen,
        "Paid by guarantors": cascade.guarantor_paid_fen,
        "Risk pool": cascade.risk_pool_used_fen,
        "Bank loss": cascade.bank_loss_fen,
    }
    return pd.DataFrame({"item": list(rows), "amount_fen": list(rows.values())})


def list_hit(members: pd.DataFrame, names: pd.Series) -> pd.DataFrame:
    """Give the members touched but not named as failing first, those who lose most first."""
    hit = members.loc[~members["state"].isin(("untouched", "first"))]
    hit = hit.assign(name=names.reindex(hit["member_id"]).array, lost=hit["paid_fen"] + hit["trade_loss_fen"])
    return hit.sort_values(["lost", "member_id"], ascending=[False, True], ignore_index=True)


def _say_more(count: int) -> str:
    return f" and {count:,} more" if count > 0 else ""
