"""The packs of all circles of a proposal, in a folder."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from circles.output import new_folder
from circles.report.pack.pack import build_pack, write_frame
from circles.report.pack.words import say
from circles.viz.escape import escape_html

if TYPE_CHECKING:
    from circles.matching import Proposal, SavedProposal
    from circles.portfolio import Portfolio
    from circles.settlement import Terms
    from circles.viz.languages import Language

_OWNED = re.compile(r"index\.html|pack-\d{5,}\.html")


def write_packs(
    portfolio: Portfolio,
    proposal: Proposal | SavedProposal,
    folder: str | Path,
    *,
    terms: Terms | None = None,
    lang: Language = "en",
    force: bool = False,
) -> Path:
    """Write the packs of all proposed circles into a folder, whole or not at all, with an index for the staff.

    Files are numbered in the proposal's order, whatever circles are called: ``pack-00001.html`` and so on. The index
    tells ids and sizes of circles, and no member.

    Parameters
    ----------
    portfolio, proposal, terms, lang
        As in `build_pack`.
    folder
        Where to; its parent must exist.
    force
        Replace a folder of packs that is there already.

    Returns
    -------
    The folder written.

    Raises
    ------
    InputError
        As `build_pack`, or if the folder exists and `force` is not given, holds other files, or cannot be written.
    """
    title = say("index", lang)
    with new_folder(folder, owned=lambda name: _OWNED.fullmatch(name) is not None, force=force) as draft:
        rows = []
        for number, circle in enumerate(proposal.circles["circle_id"].drop_duplicates(), 1):
            pack = build_pack(portfolio, proposal, circle, terms=terms, lang=lang)
            name = f"pack-{number:05d}.html"
            pack.save(draft / name)
            rows.append((circle, len(pack.members), name))
        facts = ((say("as_of", lang), str(portfolio.as_of)), (say("print", lang), portfolio.digest()))
        page = write_frame(
            title=title, question=say("index_note", lang), body=_write_index(rows, lang), facts=facts, lang=lang
        )
        (draft / "index.html").write_text(page, encoding="utf-8", newline="\n")
    return Path(folder)


def _write_index(rows: list[tuple[str, int, str]], lang: Language) -> str:
    head = "".join(f'<th scope="col">{say(key, lang)}</th>' for key in ("circle", "members", "file"))
    body = "".join(
        f'<tr><th scope="row"><bdi>{escape_html(circle)}</bdi></th><td>{count:,}</td>'
        f'<td><a href="{name}">{name}</a></td></tr>'
        for circle, count, name in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
