"""The parts of a pack that members fill in: terms, order of draw-down, signatures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circles.report.pack.words import say
from circles.report.section import Section, write_paragraph
from circles.viz.escape import clean_text, escape_html
from circles.viz.wording import say_amount

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from circles.viz.languages import Language

_TERMS = ("term_start", "term_length", "term_rate", "term_share", "term_deposit", "term_notice", "term_leave")
_LONG = 10
"""Rows from which a table may be parted between two sheets of paper."""


def write_blanks(members: pd.DataFrame, *, circle: str, as_of: str, unit: str, lang: Language) -> str:
    """Write the terms to agree on and the signature lines, with what is signed for beside them.

    Parameters
    ----------
    members
        As `list_liability` gives.
    circle, as_of
        Its id, and the day of the data.
    unit
        What amounts are in.
    lang
        ``en`` or ``zh``.
    """
    named = [
        (clean_text(row.member_id), clean_text(row.name_shown, longest=60))
        for row in members.rename(columns={"name": "name_shown"}).itertuples()
    ]
    items = [(say(key, lang), "") for key in _TERMS]
    agreed = _write_table(items, (say("item", lang), say("agreed", lang)))
    order = _write_table(named, (say("order", lang), say("place", lang), say("date", lang)))
    signed = _write_table(
        [*named, (say("bank", lang), "")],
        (say("member", lang), say("signature", lang), say("date", lang)),
        kind=" sign",
    )
    most = say_amount(int(members["at_most_fen"].max()))
    read = say(
        "sign_note",
        lang,
        circle=say("circle_named", lang, circle=clean_text(circle)),
        as_of=as_of,
        amount=most,
        unit=unit,
    )
    return (
        Section(
            name="terms", title=say("terms", lang), body=write_paragraph(say("terms_note", lang)) + agreed + order
        ).html()
        + Section(name="sign", title=say("sign", lang), body=write_paragraph(read) + signed).html()
    )


def _write_table(rows: Sequence[tuple[str, str]], headings: tuple[str, ...], *, kind: str = "") -> str:
    head = "".join(f'<th scope="col">{escape_html(heading)}</th>' for heading in headings)
    empty = "<td></td>" * (len(headings) - 1)
    body = "".join(
        f'<tr><th scope="row"><bdi>{escape_html(label)}</bdi>'
        f"{f'<br><small><bdi>{escape_html(note)}</bdi></small>' if note else ''}</th>{empty}</tr>"
        for label, note in rows
    )
    long = " long" if len(rows) > _LONG else ""
    return f'<table class="blank{kind}{long}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
