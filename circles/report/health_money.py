"""The parts of the health page on money: by year and month, by size, and how loans, circles and resources stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circles.report.histogram import Column, draw_histogram
from circles.report.section import Section, write_pairs, write_paragraph
from circles.viz.escape import escape_html
from circles.viz.tables import Amount, Shown, with_unit, write_table
from circles.viz.wording import say_number, say_part, say_whole_yuan

if TYPE_CHECKING:
    import pandas as pd

    from circles.health import Health

_YEARS = (
    Shown(name="table", heading="Table"),
    Shown(name="year", heading="Year"),
    Shown(name="rows", heading="Rows", number=True, write=say_number),
    Amount(name="amount_fen", heading="Amount", write=say_whole_yuan),
    Shown(name="part", heading="Of the table", number=True, write=say_part, meter="part"),
)
_GRADES = (
    Shown(name="grade", heading="Grade", write=lambda grade: str(grade).replace("_", " ")),
    Shown(name="loans", heading="Loans", number=True, write=say_number),
    Amount(name="balance_fen", heading="Balance"),
    Shown(name="share", heading="Of all balances", number=True, write=say_part, meter="share"),
)
_CIRCLES = (
    Shown(name="members", heading="Members", write=say_number),
    Shown(name="circles", heading="Circles", number=True, write=say_number),
    Shown(name="share", heading="Of all circles", number=True, write=say_part, meter="share"),
)
_SOURCES = (
    Shown(name="source", heading="Source"),
    Shown(name="members", heading="Members", number=True, write=say_number),
    Amount(name="amount_fen", heading="Resources"),
    Shown(name="share", heading="Of all members", number=True, write=say_part, meter="share"),
)
_SIZE_LABELS = ("0", "1k", "10k", "100k", "1M", "10M", "100M+")
_MONTH_LABELS_EVERY = 6


def write_money(health: Health) -> Section:
    """Write trade by month as a chart, and money by year as a table."""
    if not health.years["amount_fen"].sum():
        return Section(name="money", title="", body="")
    totals = health.years.groupby("table")["amount_fen"].transform("sum").clip(lower=1)
    years = health.years.assign(part=health.years["amount_fen"] / totals)
    table = write_table(years, with_unit(_YEARS, health.unit), caption="Money by year", row_name="year")
    return Section(name="money", title="Money by time", body=write_pairs([_draw_months(health), table]))


def _draw_months(health: Health) -> str:
    months = health.months
    if not len(months):
        return ""
    columns = [
        Column(value=float(row.amount_fen), label=f"{row.month:%Y-%m}" if place % _MONTH_LABELS_EVERY == 0 else "")
        for place, row in enumerate(months.itertuples())
    ]
    best = months.loc[months["amount_fen"].idxmax()]
    caption = (
        f"Trade by month, {months['month'].iloc[0]:%Y-%m} to {months['month'].iloc[-1]:%Y-%m}; "
        f"the highest, {best['month']:%Y-%m}, is {say_whole_yuan(best['amount_fen'])} {health.unit}."
    )
    chart = draw_histogram(columns, title="Trade by month", width=440, height=190)
    return f"<figure>{chart}<figcaption>{escape_html(caption)}</figcaption></figure>"


def write_book(health: Health) -> Section:
    """Write where resources come from, loans by grade and circles by size."""
    asked = (
        (health.sources, _SOURCES, "Resources by source", "source"),
        (health.grades, _GRADES, "Loans by grade", "grade"),
        (health.circles, _CIRCLES, "Circles by size", "circle"),
    )
    tables = [
        write_table(frame, with_unit(columns, health.unit), caption=caption, row_name=name)
        for frame, columns, caption, name in asked
        if len(frame)
    ]
    return Section(name="book", title="Resources, loans and circles", body=write_pairs(tables))


def write_sizes(health: Health) -> Section:
    """Write a small histogram of each column of amounts, all with the same classes."""
    figures = [
        _draw_sizes(f"{table}.{column}", frame)
        for (table, column), frame in health.sizes.groupby(["table", "column"], sort=False)
        if frame["rows"].sum()
    ]
    if not figures:
        return Section(name="sizes", title="", body="")
    explained = write_paragraph(
        f"How many values lie in each class; a class begins at the amount under it, in {health.unit}. "
        "Two humps a factor of ten thousand apart are a mixed unit."
    )
    return Section(
        name="sizes",
        title="Amounts by size",
        body=f'{explained}<div class="small-charts">{"".join(figures)}</div>',
    )


def _draw_sizes(place: str, frame: pd.DataFrame) -> str:
    columns = [
        Column(value=float(count), label=label, text=f"{count:,}" if count else "")
        for count, label in zip(frame["rows"], _SIZE_LABELS, strict=True)
    ]
    chart = draw_histogram(columns, title=f"{place} by size", width=290)
    return f"<figure>{chart}<figcaption>{escape_html(place)}</figcaption></figure>"
