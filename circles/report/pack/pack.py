"""The pack of one circle, as a page to read, print and sign."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from circles.money import name_currency
from circles.output import save_text
from circles.report.pack.blanks import write_blanks
from circles.report.pack.liability import Example, list_liability, work_examples
from circles.report.pack.statement import write_examples, write_liability
from circles.report.pack.words import say
from circles.settlement import check_terms
from circles.viz.escape import clean_text, escape_html
from circles.viz.languages import HTML_LANG, Language, say_unit
from circles.viz.page import Policy, read_asset, write_facts

if TYPE_CHECKING:
    import pandas as pd

    from circles.matching import Proposal, SavedProposal
    from circles.portfolio import Portfolio
    from circles.settlement import Terms


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Pack:
    """The pack of one proposed circle: a self-contained page without scripts that prints on A4.

    Attributes
    ----------
    circle_id
        Whose pack it is.
    members
        Frame ``member_id, amount_fen, deposit_fen, name, for_others_fen, at_most_fen``: what each may owe.
    examples
        The worked examples, with their cascades.
    """

    circle_id: str
    members: pd.DataFrame
    examples: tuple[Example, ...]
    _page: str

    def html(self) -> str:
        """Give the whole page."""
        return self._page

    def save(self, path: str | Path, *, force: bool = False) -> Path:
        """Write the page to a file, whole or not at all.

        Parameters
        ----------
        path
            The file; its folder must exist.
        force
            Replace a file that is there already.

        Returns
        -------
        The path written.

        Raises
        ------
        InputError
            If the file exists and `force` is not given, or it cannot be written.
        """
        return save_text(self._page, path, force=force)

    def __str__(self) -> str:
        return f"Pack of circle {clean_text(self.circle_id)} for {len(self.members):,} members"

    __repr__ = __str__


def build_pack(
    portfolio: Portfolio,
    proposal: Proposal | SavedProposal,
    circle_id: str,
    *,
    terms: Terms | None = None,
    lang: Language = "en",
) -> Pack:
    """Write what the members of a proposed circle must know before they sign.

    What each may owe at most and the circle's total; two worked examples of a default, settled on the terms; terms to
    fill in; signature lines. It tells names, loans and deposits of the circle's own members, and nobody's means.

    Parameters
    ----------
    portfolio
        What the proposal was formed from.
    proposal
        Proposed circles, formed now or read from an audit file.
    circle_id
        One of them.
    terms
        How the examples are settled; None means the worst case, ``Terms()``.
    lang
        ``en`` or ``zh``.

    Returns
    -------
    The pack; ``.save("pack.html")`` writes it.

    Raises
    ------
    InputError
        If no proposed circle has that id, the proposal is another portfolio's, or the language has no words.
    """
    agreed = check_terms(terms)
    members = list_liability(portfolio, proposal, circle_id)
    examples = work_examples(members, agreed, as_of=str(portfolio.as_of), currency=portfolio.currency)
    unit = say_unit(name_currency(portfolio.currency), lang)
    body = write_liability(members, unit, lang) + write_examples(members, examples, agreed, unit=unit, lang=lang)
    blanks = write_blanks(members, circle=circle_id, as_of=str(portfolio.as_of), unit=unit, lang=lang)
    page = write_frame(
        title=say("title", lang, circle=clean_text(circle_id)),
        question=say("question", lang, count=len(members)),
        body=body + blanks,
        facts=((say("as_of", lang), str(portfolio.as_of)), (say("print", lang), portfolio.digest())),
        lang=lang,
    )
    return Pack(circle_id=circle_id, members=members, examples=examples, _page=page)


def write_frame(*, title: str, question: str, body: str, facts: tuple[tuple[str, str], ...], lang: Language) -> str:
    """Put a finished body into a page of its own."""
    style = (read_asset(name, package="circles.report") for name in ("report.css", "pack.css"))
    return Template(read_asset("pack.html", package="circles.report")).substitute(
        lang=HTML_LANG[lang],
        policy=escape_html(Policy(), longest=1000),
        title=escape_html(title),
        style=read_asset("page.css") + "".join(style),
        question=escape_html(question, longest=1000),
        body=body,
        facts=write_facts(facts),
    )
