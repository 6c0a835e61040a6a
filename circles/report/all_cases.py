"""The last part of a report: every case and every measure with its interval, for whoever wants to check."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from circles.report.case_names import CASES, MEASURES
from circles.report.section import Section, write_paragraph
from circles.report.words import say, say_name
from circles.viz.tables import Shown, write_table
from circles.viz.wording import say_whole_yuan

if TYPE_CHECKING:
    from circles.contagion import Losses
    from circles.viz.languages import Language


def write_all_cases(cases: dict[str, Losses], *, unit: str, lang: Language) -> Section:
    """Write the section with one table a measure: a row a case, a column for each set of terms.

    Parameters
    ----------
    cases
        Losses by the name of their terms, on the same draws.
    unit
        What amounts are in.
    lang
        ``en`` or ``zh``.
    """
    columns = (
        Shown(name="case", heading=say("case", lang)),
        *(
            Shown(name=f"case_{place}", heading=say_name("terms", name, lang), number=True, note=f"case_{place}_note")
            for place, name in enumerate(cases)
        ),
    )
    tables = (
        write_table(
            list_cases(cases, measure, lang),
            columns,
            caption=say("cases_caption", lang, measure=say(f"measure_{measure}", lang), unit=unit),
            row_name=measure,
        )
        for measure in MEASURES
    )
    explained = write_paragraph(say("intervals_explained", lang))
    return Section(name="cases", title=say("cases", lang), body=f"{explained}{''.join(tables)}")


def list_cases(cases: dict[str, Losses], measure: str, lang: Language = "en") -> pd.DataFrame:
    """Give one row a case: ``case``, and for the k-th terms ``case_k`` with its interval in ``case_k_note``."""
    frame = pd.DataFrame({"case": [say(f"case_{case}", lang) for case in CASES]}, index=list(CASES))
    for place, losses in enumerate(cases.values()):
        rows = losses.table.set_index("case").reindex(frame.index)
        low, high = (rows[f"{measure}_{end}_fen"].map(say_whole_yuan) for end in ("low", "high"))
        frame[f"case_{place}"] = rows[f"{measure}_fen"].map(say_whole_yuan)
        frame[f"case_{place}_note"] = [_write_interval(*ends) for ends in zip(low, high, strict=True)]
    return frame.reset_index(drop=True)


def _write_interval(low: str, high: str) -> str:
    """Write an interval, in whole yuan: it is wider than a yuan by far."""
    return f"{low} – {high}" if low != "–" else ""
