"""What maps and reports say alike, in the language of the report: titles, sentences, figures and facts.

English is what maps say; the Chinese of the same sentences stands here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from circles.money import name_currency
from circles.report.words import say, say_name
from circles.viz import headline as english
from circles.viz.drawing import Figure
from circles.viz.escape import clean_text
from circles.viz.languages import say_unit
from circles.viz.wording import say_amount, say_share

if TYPE_CHECKING:
    from circles.contagion import Cascade
    from circles.matching import Proposal
    from circles.portfolio import Portfolio
    from circles.settlement import Terms
    from circles.viz.languages import Language

_NAMED = 3


def title_cascade(cascade: Cascade, lang: Language) -> str:
    """Give the title of a cascade: who defaults first."""
    if lang == "en":
        return english.title_cascade(cascade)
    first = cascade.rounds[0]
    return say("title_default", lang, names=_name_members(first, lang)) if first else say("title_nobody", lang)


def describe_cascade(cascade: Cascade, unit: str, lang: Language) -> str:
    """Say in one or two sentences what a cascade did; `unit` is the word after amounts."""
    if lang == "en":
        return english.describe_cascade(cascade, unit)
    states = cascade.members["state"].value_counts()
    rounds = len(cascade.rounds) - 1
    counts = {state: int(states.get(state, 0)) for state in ("contagious", "paid", "hurt")}
    found = [
        say(f"spread_{state}", lang, count=f"{count:,}", rounds=rounds) for state, count in counts.items() if count
    ]
    spread = "；".join(found) or say("spread_nobody", lang)
    return say("spread_loss", lang, spread=spread, amount=say_amount(cascade.bank_loss_fen), unit=unit)


def figure_cascade(cascade: Cascade, unit: str, lang: Language) -> tuple[Figure, ...]:
    """Give the headline figures of a cascade: loss, its bounds, the first defaults alone, failures and rounds."""
    if lang == "en":
        return english.figure_cascade(cascade, unit)
    states, high = cascade.members["state"].value_counts(), cascade.conservative_loss_fen
    first, contagious = int(states.get("first", 0)), int(states.get("contagious", 0))
    notes = {
        "loss": say(
            "figure_no_bound" if high is None else "figure_bounds",
            lang,
            low=say_amount(cascade.optimistic_loss_fen),
            high=say_amount(high),
        ),
        "alone": say("figure_alone_note", lang),
        "paid": say(
            "figure_paid_note",
            lang,
            deposit=say_amount(cascade.deposit_used_fen),
            recovered=say_amount(cascade.recovered_fen),
        ),
    }
    amounts = {
        "loss": cascade.bank_loss_fen,
        "alone": cascade.loss_without_guarantee_fen,
        "paid": cascade.guarantor_paid_fen,
    }
    failed = say(
        "figure_failed_note", lang, first=f"{first:,}", contagious=f"{contagious:,}", rounds=len(cascade.rounds) - 1
    )
    return (
        *(
            Figure(label=say(f"figure_{name}", lang), value=f"{say_amount(fen)} {unit}", note=notes[name])
            for name, fen in amounts.items()
        ),
        Figure(label=say("figure_failed", lang), value=f"{first + contagious:,}", note=failed),
    )


def describe_proposal(proposal: Proposal, unit: str, lang: Language) -> str:
    """Say in one sentence what a proposal would do; `unit` is the word after amounts."""
    if lang == "en":
        return english.describe_proposal(proposal, unit)
    return say(
        "proposal_said",
        lang,
        circles=f"{proposal.circles['circle_id'].nunique():,}",
        members=f"{proposal.circles['member_id'].nunique():,}",
        amount=say_amount(int(proposal.circles["amount_fen"].sum())),
        unit=unit,
        unplaced=f"{len(proposal.unplaced):,}",
    )


def figure_proposal(proposal: Proposal, unit: str, lang: Language) -> tuple[Figure, ...]:
    """Give the headline figures of a proposal: circles, members, amount, score with its bound, unplaced."""
    if lang == "en":
        return english.figure_proposal(proposal, unit)
    circles, members = proposal.circles["circle_id"].nunique(), proposal.circles["member_id"].nunique()
    amount, asked = say_amount(int(proposal.circles["amount_fen"].sum())), members + len(proposal.unplaced)
    score = say(
        "figure_score_note",
        lang,
        bound=f"{proposal.upper_bound:,}",
        gap=f"{100.0 * float(proposal.gap):.2f}",
        status=say_name("status", str(proposal.status).lower(), lang),
    )
    shown = (
        ("circles", circles, say("figure_circles_note", lang, amount=amount, unit=unit)),
        ("placed", members, say("figure_placed_note", lang, share=say_share(members, asked))),
        ("unplaced", len(proposal.unplaced), say("figure_unplaced_note", lang)),
        ("score", proposal.score, score),
    )
    return tuple(
        Figure(label=say(f"figure_{name}", lang), value=f"{count:,}", note=note) for name, count, note in shown
    )


def describe_circles(portfolio: Portfolio, lang: Language) -> str:
    """Say in one sentence what circles a portfolio has today."""
    if lang == "en":
        return english.describe_circles(portfolio)
    inside, circles = portfolio.circle_members["member_id"].nunique(), len(portfolio.circles)
    return (
        say("circles_said", lang, members=f"{inside:,}", circles=f"{circles:,}")
        if circles
        else say("circles_none", lang)
    )


def list_facts(portfolio: Portfolio, *, terms: Terms | None, lang: Language) -> tuple[tuple[str, str], ...]:
    """Give the facts at the foot of a page: data date, currency, what is estimated, terms, fingerprint."""
    if lang == "en":
        return english.list_facts(portfolio, terms=terms)
    estimated = int((portfolio.members["resources_source"] == "estimated").sum())
    rests = say("fact_estimated_of", lang, estimated=f"{estimated:,}", members=f"{len(portfolio.members):,}")
    facts = {"fact_date": str(portfolio.as_of), "fact_currency": portfolio.currency, "fact_estimated": rests}
    if terms is not None:
        facts["fact_terms"] = _describe_terms(terms, say_unit(name_currency(portfolio.currency), lang), lang)
    facts["fact_print"] = portfolio.digest()
    return tuple((say(key, lang), value) for key, value in facts.items())


def _describe_terms(terms: Terms, unit: str, lang: Language) -> str:
    rates = say(
        "terms_rates",
        lang,
        first=f"{100 * terms.recovery_rate:.3g}",
        contagious=f"{100 * terms.contagious:.3g}",
        receivable=f"{100 * terms.receivable_recovery_rate:.3g}",
    )
    spread = say("terms_cross" if terms.cross_default else "terms_no_cross", lang)
    if terms.cross_default and terms.standstill:
        spread = say("terms_standstill", lang, names=_name_members(terms.standstill, lang))
    pool = say("terms_pool", lang, amount=say_amount(terms.risk_pool_fen), unit=unit)
    return say(
        "terms_said",
        lang,
        settlement=say(f"settlement_{terms.settlement}", lang),
        share=say(f"share_{terms.share}", lang),
        rates=rates,
        spread=spread,
        pool=pool if terms.risk_pool_fen else "",
    )


def _name_members(ids: tuple[str, ...], lang: Language) -> str:
    named = "、".join(clean_text(member, longest=30) for member in ids[:_NAMED])
    return named if len(ids) <= _NAMED else say("names_cut", lang, named=named, all=f"{len(ids):,}")
