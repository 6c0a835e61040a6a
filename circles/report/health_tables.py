"""The parts of the health page on columns and dates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circles.report.section import Section, write_flow, write_paragraph
from circles.viz.tables import Shown, write_table
from circles.viz.wording import say_count, say_part

if TYPE_CHECKING:
    import pandas as pd

    from circles.health import Health


def _say_few(count: int) -> str:
    return f"{count:,}" if count else "–"


_COLUMNS = (
    Shown(name="column", heading="Column"),
    Shown(name="filled", heading="Filled", number=True, meter="filled_share"),
    Shown(name="missing", heading="Missing", number=True, write=_say_few),
    Shown(name="smallest", heading="From … to", number=True, note="upper"),
)
_DATES = (
    Shown(name="place", heading="Column"),
    Shown(name="first", heading="First", number=True),
    Shown(name="last", heading="Last", number=True),
    Shown(name="missing", heading="Missing", number=True, write=_say_few),
)
_LATER = Shown(name="later", heading="After that date", number=True, write=_say_few)


def write_columns(health: Health) -> Section:
    """Write one table a table: how far each column is filled, and between what its values lie."""
    parts = [_write_columns(name, frame) for name, frame in health.columns.groupby("table", sort=False)]
    return Section(name="columns", title=f"Columns, amounts in {health.unit}", body=write_flow(parts))


def _write_columns(name: str, frame: pd.DataFrame) -> str:
    rows = int(frame["rows"].iloc[0])
    stated, empty = frame[frame["missing"] < rows], frame.loc[frame["missing"] == rows, "column"]
    shares = 1 - stated["missing"] / rows
    shown = stated.assign(filled_share=shares, filled=[say_part(share) for share in shares])
    shown["upper"] = [f"to {largest}" if largest else "" for largest in shown["largest"]]
    table = write_table(shown, _COLUMNS, caption=f"{name}: {say_count(rows, 'row')}", row_name=f"columns-{name}")
    return table + (write_paragraph(f"Not stated at all: {', '.join(empty)}.") if len(empty) else "")


def write_dates(health: Health) -> Section:
    """Write which days each date column covers."""
    if not len(health.dates):
        return Section(name="dates", title="", body="")
    frame = health.dates.assign(place=health.dates["table"] + "." + health.dates["column"])
    columns = (*_DATES, _LATER) if frame["later"].any() else _DATES
    return Section(
        name="dates",
        title="Dates covered",
        body=write_table(frame, columns, caption=f"The data are of {health.as_of}", row_name="date"),
    )
