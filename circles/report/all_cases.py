"""The last part of a report: every case and every measure with its interval, for whoever wants to check."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from circles.report.case_names import CASE_NAMES, MEASURES
from circles.report.section import Section, write_paragraph
from circles.viz.tables import Shown, write_table
from circles.viz.wording import say_whole_yuan

if TYPE_CHECKING:
    from circles.contagion import Losses


def write_all_cases(cases: dict[str, Losses], *, unit: str) -> Section:
    """Write the section with one table a measure: a row a case, a column for each set of terms.

    Parameters
    ----------
    cases
        Losses by the name of their terms, on the same draws.
    unit
        What amounts are in.
    """
    columns = (
        Shown(name="case", heading="Case"),
        *(
            Shown(name=f"case_{place}", heading=name, number=True, note=f"case_{place}_note")
            for place, name in enumerate(cases)
        ),
    )
    tables = (
        write_table(list_cases(cases, measure), columns, caption=f"{title}, {unit}", row_name=measure)
        for measure, title in MEASURES.items()
    )
    explained = write_paragraph(
        "Below each amount: the interval that holds the value of endless trials with 95 % confidence. At least: the "
        "bank may pursue anybody. At most: whoever cannot pay everything asked of it pays nothing; there is none where "
        "guarantors' shares are not equal."
    )
    return Section(name="cases", title="Every case with its interval", body=f"{explained}{''.join(tables)}")


def list_cases(cases: dict[str, Losses], measure: str) -> pd.DataFrame:
    """Give one row a case: ``case``, and for the k-th terms ``case_k`` with its interval in ``case_k_note``."""
    frame = pd.DataFrame({"case": list(CASE_NAMES.values())}, index=list(CASE_NAMES))
    for place, losses in enumerate(cases.values()):
        rows = losses.table.set_index("case").reindex(frame.index)
        low, high = (rows[f"{measure}_{end}_fen"].map(say_whole_yuan) for end in ("low", "high"))
        frame[f"case_{place}"] = rows[f"{measure}_fen"].map(say_whole_yuan)
        frame[f"case_{place}_note"] = [_write_interval(*ends) for ends in zip(low, high, strict=True)]
    return frame.reset_index(drop=True)


def _write_interval(low: str, high: str) -> str:
    """Write an interval, in whole yuan: it is wider than a yuan by far."""
    return f"{low} – {high}" if low != "–" else ""
