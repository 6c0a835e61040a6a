"""What a drawing says in words: its title, one sentence, the figures on top and the facts at the foot."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from circles.money import name_currency
from circles.viz.drawing import Figure
from circles.viz.escape import clean_text
from circles.viz.grouping import owed_by_loan
from circles.viz.wording import say_amount, say_count, say_share

if TYPE_CHECKING:
    from circles.contagion import Cascade
    from circles.matching import Proposal
    from circles.portfolio import Portfolio
    from circles.settlement import Terms
    from circles.viz.scene import Question, Scene

_NAMED = 3

ALONE = "unpaid on their own loans, had nothing spread and nobody paid for them"
"""What "first defaults alone" are, wherever the figure stands: first defaulters' shortfalls, before deposits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """What a page says in words."""

    title: str
    sentence: str
    figures: tuple[Figure, ...]
    facts: tuple[tuple[str, str], ...] = ()


def write_headline(question: Question, scene: Scene, *, count: int) -> Headline:
    """Say in words what a map answers.

    Parameters
    ----------
    question, scene
        What was asked, and what was looked up for it.
    count
        Members drawn.
    """
    said = _say_result(question, scene)
    facts = list_facts(question.portfolio, terms=None if question.cascade is None else question.cascade.terms)
    if question.member is not None:
        said = _say_surroundings(question, said, count=count)
    return replace(said, title=clean_text(question.title) if question.title else said.title, facts=facts)


def _say_result(question: Question, scene: Scene) -> Headline:
    portfolio, cascade, proposal = question.portfolio, question.cascade, question.proposal
    unit = name_currency(portfolio.currency)
    if cascade is not None:
        return Headline(
            title=title_cascade(cascade),
            sentence=describe_cascade(cascade, unit),
            figures=figure_cascade(cascade, unit),
        )
    if proposal is not None:
        return Headline(
            title="Proposed circles",
            sentence=describe_proposal(proposal, unit),
            figures=figure_proposal(proposal, unit),
        )
    figures = figure_circles(portfolio) if scene.start < 0 else figure_member(portfolio, scene)
    title = f"Guarantee circles at {portfolio.as_of}"
    return Headline(title=title, sentence=describe_circles(portfolio), figures=figures)


def _say_surroundings(question: Question, said: Headline, *, count: int) -> Headline:
    member = clean_text(question.member, longest=30)
    within = f"{say_count(count - 1, 'member')} within {say_count(question.hops, 'hop')} of it."
    if question.cascade is None and question.proposal is None:
        return replace(said, title=f"Around {member} at {question.portfolio.as_of}", sentence=within)
    return replace(said, title=f"{said.title}: around {member}", sentence=f"{within} {said.sentence}")


def figure_member(portfolio: Portfolio, scene: Scene) -> tuple[Figure, ...]:
    """Give the headline figures of the member whose surroundings are drawn."""
    unit = name_currency(portfolio.currency)
    member = portfolio.members.iloc[scene.start]
    circles = int((scene.grouping.member == scene.start).sum())
    source = member["resources_source"]
    return (
        Figure(
            label="Owes", value=f"{say_amount(scene.exposure[scene.start])} {unit}", note="balance and accrued interest"
        ),
        Figure(
            label="Can pay",
            value=f"{say_amount(member['resources_fen'])} {unit}",
            note="" if source != source else f"resources, {source}",
        ),
        Figure(label="Circles", value=f"{circles:,}", note=clean_text(member["name"], longest=60)),
    )


def title_cascade(cascade: Cascade) -> str:
    """Give the title of a cascade: who defaults first."""
    first = cascade.rounds[0]
    if not first:
        return "Nobody defaults"
    return f"If {name_members(first)} {'defaults' if len(first) == 1 else 'default'}"


def describe_cascade(cascade: Cascade, unit: str) -> str:
    """Say in one or two sentences what a cascade did; `unit` is the word after amounts."""
    states = cascade.members["state"].value_counts()
    contagious, paid, hurt = (int(states.get(state, 0)) for state in ("contagious", "paid", "hurt"))
    rounds = say_count(len(cascade.rounds) - 1, "round")
    said = [
        f"{say_count(contagious, 'more member')} {_verb(contagious, 'fail')} because of it, in {rounds}",
        f"{say_count(paid, 'member')} paid and {_verb(paid, 'stand')}",
        f"{say_count(hurt, 'member')} lost trade money and {_verb(hurt, 'stand')}",
    ]
    found = [text for text, count in zip(said, (contagious, paid, hurt), strict=True) if count]
    spread = "; ".join(found) if found else "Nobody else is touched"
    return f"{spread}. The bank loses {say_amount(cascade.bank_loss_fen)} {unit}."


def _verb(count: int, verb: str) -> str:
    return f"{verb}s" if count == 1 else verb


def figure_cascade(cascade: Cascade, unit: str) -> tuple[Figure, ...]:
    """Give the headline figures of a cascade: loss, its bounds, the first defaults alone, failures and rounds."""
    states = cascade.members["state"].value_counts()
    first, contagious = int(states.get("first", 0)), int(states.get("contagious", 0))
    rounds = say_count(len(cascade.rounds) - 1, "round")
    high = cascade.conservative_loss_fen
    upper = f"at most {say_amount(high)}" if high is not None else "no upper bound for these terms"
    return (
        Figure(
            label="Bank loss",
            value=f"{say_amount(cascade.bank_loss_fen)} {unit}",
            note=f"at least {say_amount(cascade.optimistic_loss_fen)}, {upper}",
        ),
        Figure(
            label="First defaults alone",
            value=f"{say_amount(cascade.loss_without_guarantee_fen)} {unit}",
            note=ALONE,
        ),
        Figure(
            label="Paid by guarantors",
            value=f"{say_amount(cascade.guarantor_paid_fen)} {unit}",
            note=f"deposits {say_amount(cascade.deposit_used_fen)}, recovered {say_amount(cascade.recovered_fen)}",
        ),
        Figure(
            label="Members that failed",
            value=f"{first + contagious:,}",
            note=f"{first:,} first, {contagious:,} because of others, in {rounds}",
        ),
    )


def describe_proposal(proposal: Proposal, unit: str) -> str:
    """Say in one sentence what a proposal would do; `unit` is the word after amounts."""
    circles, members = proposal.circles["circle_id"].nunique(), proposal.circles["member_id"].nunique()
    amount = int(proposal.circles["amount_fen"].sum())
    return (
        f"{say_count(circles, 'circle')} of {say_count(members, 'member')} would borrow {say_amount(amount)} {unit}; "
        f"{say_count(len(proposal.unplaced), 'application')} found no circle. A person decides on each."
    )


def figure_proposal(proposal: Proposal, unit: str) -> tuple[Figure, ...]:
    """Give the headline figures of a proposal: circles, members, amount, score with its bound, unplaced."""
    circles, members = proposal.circles["circle_id"].nunique(), proposal.circles["member_id"].nunique()
    amount = int(proposal.circles["amount_fen"].sum())
    asked = members + len(proposal.unplaced)
    gap = f"gap {100.0 * float(proposal.gap):.2f} %, {str(proposal.status).lower().replace('_', ' ')}"
    return (
        Figure(label="Circles", value=f"{circles:,}", note=f"{say_amount(amount)} {unit} in all"),
        Figure(label="Members placed", value=f"{members:,}", note=f"{say_share(members, asked)} of the applicants"),
        Figure(label="Not placed", value=f"{len(proposal.unplaced):,}", note="each with its reason in the proposal"),
        Figure(label="Score", value=f"{proposal.score:,}", note=f"no plan exceeds {proposal.upper_bound:,}; {gap}"),
    )


def describe_circles(portfolio: Portfolio) -> str:
    """Say in one sentence what circles a portfolio has today."""
    inside = portfolio.circle_members["member_id"].nunique()
    circles = len(portfolio.circles)
    if not circles:
        return "The portfolio has no circles yet."
    return f"{say_count(inside, 'member')} {'stands' if inside == 1 else 'stand'} in {say_count(circles, 'circle')}."


def figure_circles(portfolio: Portfolio) -> tuple[Figure, ...]:
    """Give the headline figures of the circles that a portfolio has today."""
    inside, unit = portfolio.circle_members["member_id"].nunique(), name_currency(portfolio.currency)
    owed = int(owed_by_loan(portfolio)[portfolio.codes("loans", "circle_id") >= 0].sum())
    whole = say_count(len(portfolio.members), "member")
    return (
        Figure(label="Circles", value=f"{len(portfolio.circles):,}", note=f"at {portfolio.as_of}"),
        Figure(label="Members in circles", value=f"{inside:,}", note=f"of {whole}"),
        Figure(label="Loans in circles", value=f"{say_amount(owed)} {unit}", note="balance and accrued interest"),
    )


def list_facts(portfolio: Portfolio, *, terms: Terms | None = None) -> tuple[tuple[str, str], ...]:
    """Give the facts at the foot of a page: data date, currency, what is estimated, terms, fingerprint."""
    estimated = int((portfolio.members["resources_source"] == "estimated").sum())
    facts = [
        ("Data of", str(portfolio.as_of)),
        ("Currency", portfolio.currency),
        ("Estimated resources", f"{estimated:,} of {say_count(len(portfolio.members), 'member')}"),
    ]
    if terms is not None:
        facts.append(("Terms", describe_terms(terms, name_currency(portfolio.currency))))
    return (*facts, ("Data fingerprint (SHA-256)", portfolio.digest()))


def describe_terms(terms: Terms, unit: str) -> str:
    """Write the terms of a settlement in one line; `unit` is the word after amounts.

    Examples
    --------
    >>> from circles.settlement import Terms
    >>> describe_terms(Terms.preset("base"), "yuan")
    'waterfall, equal shares; recovery 25 %, contagious 45 %, receivables 50 %; cross-default'
    """
    rates = ", ".join(
        f"{what} {100 * rate:.3g} %"
        for what, rate in (
            ("recovery", terms.recovery_rate),
            ("contagious", terms.contagious),
            ("receivables", terms.receivable_recovery_rate),
        )
    )
    shares = "equal shares" if terms.share == "equal" else f"shares by {terms.share}"
    pool = f"; risk pool {say_amount(terms.risk_pool_fen)} {unit}" if terms.risk_pool_fen else ""
    spread = "cross-default" if terms.cross_default else "no cross-default"
    if terms.cross_default and terms.standstill:
        spread += f" but a standstill of {name_members(terms.standstill)}"
    return f"{terms.settlement}, {shares}; {rates}; {spread}{pool}"


def name_members(ids: tuple[str, ...]) -> str:
    """Name up to three members, and count the others."""
    named = ", ".join(clean_text(member, longest=30) for member in ids[:_NAMED])
    return named if len(ids) <= _NAMED else f"{named} and {len(ids) - _NAMED:,} more"
