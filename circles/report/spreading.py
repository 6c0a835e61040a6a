"""The part of a report on a cascade: what one default caused, round by round, and whom it hit worst."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from circles.report.columns import show_amount, show_count, show_text
from circles.report.section import Section, write_first_rows, write_paragraph
from circles.report.verdict import judge_cascade_estimates
from circles.report.words import say
from circles.viz.charts import draw_matrix, draw_rounds
from circles.viz.escape import clean_text, escape_html
from circles.viz.headline import describe_cascade, figure_cascade, title_cascade
from circles.viz.page import write_figures
from circles.viz.style import NODE_STYLES
from circles.viz.tables import Shown, write_table
from circles.viz.wording import say_number

if TYPE_CHECKING:
    from circles.contagion import Cascade
    from circles.portfolio import Portfolio
    from circles.viz.languages import Language

_MEMBERS_SHOWN = 20
_NAMED = 12


def write_spreading(cascade: Cascade, portfolio: Portfolio, unit: str, lang: Language) -> Section:
    """Write the section on a cascade.

    Parameters
    ----------
    cascade
        What one set of first defaults caused.
    portfolio
        What it was computed on.
    unit
        What amounts are in.
    lang
        ``en`` or ``zh``.
    """
    hit = list_hit(cascade.members, portfolio.members.set_index("member_id")["name"], lang)
    parts = [
        write_paragraph(describe_cascade(cascade, unit, lang)),
        write_figures(figure_cascade(cascade, unit, lang)),
        write_paragraph(judge_cascade_estimates(cascade, lang)),
        _draw_spread(cascade, portfolio, lang),
        _write_rounds(cascade, lang),
        _write_account(cascade, unit, lang),
        write_paragraph(say("account_said", lang)),
    ]
    if len(hit):
        columns, caption = _show_hit(unit, lang), say("hit_caption", lang)
        parts.append(write_first_rows(hit, columns, caption=caption, row_name="hit", limit=_MEMBERS_SHOWN, lang=lang))
    return Section(name="spreading", title=title_cascade(cascade, lang), body="".join(parts))


def _write_rounds(cascade: Cascade, lang: Language) -> str:
    columns = (
        show_text("round", "round", lang, write=say_number),
        show_count("failed", "failed", lang),
        show_text("members", "members", lang),
    )
    rounds = list_rounds(cascade.members, lang)
    return write_table(rounds, columns, caption=say("rounds_caption", lang), row_name="round")


def _write_account(cascade: Cascade, unit: str, lang: Language) -> str:
    columns = (show_text("item", "account_source", lang), show_amount("amount_fen", "amount", lang, unit=unit))
    return write_table(list_account(cascade, lang), columns, caption=say("account_caption", lang), row_name="account")


def _show_hit(unit: str, lang: Language) -> tuple[Shown, ...]:
    return (
        show_text("member_id", "member", lang, note="name"),
        show_text("state", "state", lang, write=lambda state: NODE_STYLES[state].say_label(lang), note="when"),
        show_amount("called_fen", "called", lang, unit=unit),
        show_amount("paid_fen", "paid", lang, unit=unit),
        show_amount("trade_loss_fen", "trade_loss", lang, unit=unit),
        show_amount("own_shortfall_fen", "own_shortfall", lang, unit=unit),
    )


def _draw_spread(cascade: Cascade, portfolio: Portfolio, lang: Language) -> str:
    """Draw who failed when, and because of whom; nothing where the default brought nobody down."""
    if not (cascade.members["state"] == "contagious").any():
        return ""
    charts = {
        "rounds_figure": draw_rounds(cascade, lang=lang),
        "matrix_figure": draw_matrix(cascade, portfolio, lang=lang),
    }
    figures = (
        f"<figure>{chart.inline()}<figcaption>{escape_html(say(key, lang))}</figcaption></figure>"
        for key, chart in charts.items()
    )
    return f'<div class="charts">{"".join(figures)}</div>'


def list_rounds(members: pd.DataFrame, lang: Language = "en") -> pd.DataFrame:
    """Give one row a round in which somebody failed: ``round, failed, members``; the rounds are the true ones."""
    failed = members.loc[members["state"].isin(("first", "contagious"))]
    grouped = failed.sort_values("member_id").groupby(failed["round"].astype("int64"), sort=True)["member_id"]
    named = grouped.agg(lambda ids: say("list_comma", lang).join(ids.head(_NAMED)) + _say_more(len(ids) - _NAMED, lang))
    return pd.DataFrame({"failed": grouped.size(), "members": named}).rename_axis("round").reset_index()


def list_account(cascade: Cascade, lang: Language = "en") -> pd.DataFrame:
    """Give where the money for the called loans comes from: ``item, amount_fen``; the last row is the bank's loss."""
    rows = {
        "account_recovered": cascade.recovered_fen,
        "account_deposits": cascade.deposit_used_fen,
        "account_guarantors": cascade.guarantor_paid_fen,
        "account_pool": cascade.risk_pool_used_fen,
        "account_bank": cascade.bank_loss_fen,
    }
    return pd.DataFrame({"item": [say(key, lang) for key in rows], "amount_fen": list(rows.values())})


def list_hit(members: pd.DataFrame, names: pd.Series, lang: Language = "en") -> pd.DataFrame:
    """Give the members touched but not named as failing first, worst first, with ``name`` and ``when`` they failed."""
    hit = members.loc[~members["state"].isin(("untouched", "first"))]
    hit = hit.assign(
        name=[clean_text(name, longest=60) for name in names.reindex(hit["member_id"])],
        when=["" if pd.isna(turn) or turn < 0 else say("in_round", lang, round=int(turn)) for turn in hit["round"]],
        lost=hit["paid_fen"] + hit["trade_loss_fen"],
    )
    return hit.sort_values(["lost", "member_id"], ascending=[False, True], ignore_index=True)


def _say_more(count: int, lang: Language) -> str:
    return say("and_more", lang, count=f"{count:,}") if count > 0 else ""
