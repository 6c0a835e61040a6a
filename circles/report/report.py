"""The report: one page of a run for a committee, to read on a screen or on paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from circles.output import save_text
from circles.report.all_cases import write_all_cases
from circles.report.forming import write_forming
from circles.report.guaranteeing import write_guaranteeing
from circles.report.limits import list_limits
from circles.report.losing import write_losing
from circles.report.results import Results, gather_results
from circles.report.section import Section, write_list
from circles.report.spreading import write_spreading
from circles.report.verdict import state_losses
from circles.report.words import say
from circles.viz.escape import clean_text, escape_html
from circles.viz.headline import describe_cascade, describe_circles, describe_proposal, list_facts, title_cascade
from circles.viz.languages import HTML_LANG, Language, say_unit
from circles.viz.page import Policy, read_asset, write_facts

if TYPE_CHECKING:
    from circles.contagion import Cascade, Losses, PresetComparison
    from circles.matching import Proposal
    from circles.portfolio import Portfolio


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Report:
    """One self-contained page of a run, without scripts; it prints on A4.

    Attributes
    ----------
    title
        The page's heading.
    headline
        The main results, a sentence each.
    sections
        The parts of the page, in order.
    """

    title: str
    headline: tuple[str, ...]
    sections: tuple[Section, ...]
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
        return "\n".join([f"Report “{self.title}”", *self.headline])

    __repr__ = __str__


def build_report(
    portfolio: Portfolio,
    *,
    proposal: Proposal | None = None,
    cascade: Cascade | None = None,
    losses: Mapping[str, Losses] | PresetComparison | None = None,
    title: str | None = None,
    lang: Language = "en",
) -> Report:
    """Put the results of a run on one page: the proposal, the cascade, the losses, and their limits.

    Nothing is computed: every figure is taken from a result.

    Parameters
    ----------
    portfolio
        The data that the cascade and the losses were computed on: with a proposal, usually ``proposal.portfolio()``.
    proposal
        Proposed circles, made from this portfolio or giving it.
    cascade
        What one set of first defaults caused.
    losses
        Losses by the name of their terms, or the comparison of the three presets.
    title
        The page's heading, in place of the usual one.
    lang
        ``en`` or ``zh``.

    Returns
    -------
    The report; ``.save("report.html")`` writes it.

    Raises
    ------
    InputError
        If a result was made from another portfolio, `losses` is an empty mapping, or the language has no words.

    Examples
    --------
    >>> import pandas as pd
    >>> from circles.portfolio import Portfolio
    >>> book = Portfolio.from_frames(as_of="2007-12-29", members=pd.DataFrame({"member_id": ["M1"]}))
    >>> print(build_report(book))
    Report “Guarantee circles at 2007-12-29”
    The portfolio has no circles yet.
    """
    results = gather_results(portfolio, proposal=proposal, cascade=cascade, losses=losses)
    return write_report(
        title=clean_text(title) if title else say("title", lang, as_of=portfolio.as_of),
        question=_say_question(results, lang),
        headline=_write_headline(results, lang),
        sections=_write_sections(results, lang),
        facts=list_facts(portfolio, terms=None if cascade is None else cascade.terms, lang=lang),
        lang=lang,
    )


def write_report(
    *,
    title: str,
    question: str,
    headline: tuple[str, ...],
    sections: tuple[Section, ...],
    facts: tuple[tuple[str, str], ...],
    lang: Language = "en",
) -> Report:
    """Put finished sections on one page.

    Parameters
    ----------
    title, question
        The heading, and the sentence under it.
    headline
        The main results, a sentence each.
    sections
        The parts, in order.
    facts
        (name, value) pairs of the foot.
    lang
        ``en`` or ``zh``: the language all of these are in.
    """
    page = Template(read_asset("report.html", package="circles.report")).substitute(
        lang=HTML_LANG[lang],
        main_results=escape_html(say("main_results", lang)),
        policy=escape_html(Policy(), longest=1000),
        title=escape_html(title),
        style=read_asset("page.css") + read_asset("report.css", package="circles.report"),
        question=escape_html(question, longest=1000),
        headline=write_list(headline),
        sections="".join(section.html() for section in sections),
        facts=write_facts(facts),
    )
    return Report(title=title, headline=headline, sections=sections, _page=page)


def _write_headline(results: Results, lang: Language) -> tuple[str, ...]:
    proposal, cascade, unit = results.proposal, results.cascade, say_unit(results.unit, lang)
    said = [describe_circles(results.portfolio, lang) if proposal is None else describe_proposal(proposal, unit, lang)]
    if cascade is not None:
        title, spread = title_cascade(cascade, lang), describe_cascade(cascade, unit, lang)
        said.append(say("headline_cascade", lang, title=title, said=spread))
    return (*said, *(state_losses(name, losses, unit, lang) for name, losses in results.cases.items()))


def _write_sections(results: Results, lang: Language) -> tuple[Section, ...]:
    sections, unit = [], say_unit(results.unit, lang)
    if results.proposal is not None:
        sections.append(write_forming(results.proposal, unit, lang))
    if results.cascade is not None:
        sections.append(write_spreading(results.cascade, results.portfolio, unit, lang))
    if results.cases:
        sections.append(write_losing(results.cases, unit=unit, lang=lang, presets=results.presets))
    guaranteed = write_guaranteeing(results.portfolio, results.unit, lang)
    if guaranteed is not None:
        sections.append(guaranteed)
    sections.append(Section(name="limits", title=say("limits", lang), body=write_list(list_limits(lang))))
    if results.cases:
        sections.append(write_all_cases(results.cases, unit=unit, lang=lang))
    return tuple(sections)


def _say_question(results: Results, lang: Language) -> str:
    asked = []
    if results.proposal is not None:
        asked.append(say("ask_proposal", lang))
    if results.cascade is not None:
        title = title_cascade(results.cascade, lang)
        asked.append(say("ask_cascade", lang, title=f"{title[0].lower()}{title[1:]}"))
    if results.cases:
        asked.append(say("ask_losses", lang))
    said = say("asked_and", lang).join(asked or [say("ask_nothing", lang)])
    return say("question", lang, as_of=results.portfolio.as_of, asked=said)
