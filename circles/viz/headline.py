"""What a drawing says in words: its title, one sentence, the figures on top and the facts at the foot."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from circles.money import name_currency
from circles.viz.circle import describe_circle, figure_circle
from circles.viz.drawing import Figure
from circles.viz.escape import clean_text
from circles.viz.grouping import owed_by_loan
from circles.viz.languages import join_sentences, say_unit
from circles.viz.terms import describe_terms
from circles.viz.wording import name_members, say_amount, say_share
from circles.viz.words import say, say_counted

if TYPE_CHECKING:
    from circles.contagion import Cascade
    from circles.matching import Proposal, SavedProposal
    from circles.portfolio import Portfolio
    from circles.settlement import Terms
    from circles.viz.languages import Language
    from circles.viz.scene import Question, Scene
    from circles.viz.selection import Selection


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """What a page says in words."""

    title: str
    sentence: str
    figures: tuple[Figure, ...]
    facts: tuple[tuple[str, str], ...] = ()


def write_headline(question: Question, scene: Scene, selection: Selection) -> Headline:
    """Say in words what a map answers.

    Parameters
    ----------
    question, scene
        What was asked, and what was looked up for it.
    selection
        What is drawn.
    """
    cascade = question.cascade
    terms, first = (None, ()) if cascade is None else (cascade.terms, cascade.rounds[0])
    named = question.middle if question.circle is None else question.circle
    member = None if named is None else clean_text(named, longest=30)
    sentence, figures = _say_result(question, scene)
    return Headline(
        title=clean_text(question.title) if question.title else write_title(question, first=first, member=member),
        sentence=sentence if member is None else _say_surroundings(question, scene, selection, said=sentence),
        figures=figures,
        facts=list_facts(question.portfolio, terms=terms, lang=question.lang),
    )


def write_title(question: Question, *, first: tuple[str, ...], member: str | None) -> str:
    """Give the usual title of a map.

    Parameters
    ----------
    question
        What was asked.
    first, member
        What first defaulters, and the member or circle that the map is drawn around, are called.
    """
    result = _title_result(question, first)
    if member is None:
        return result
    view = "around" if question.chain is None else "chain"
    if question.cascade is None and question.proposal is None:
        return say(f"{view}_title", question.lang, member=member, as_of=question.portfolio.as_of)
    return say(f"{view}_in_title", question.lang, result=result, member=member)


def title_cascade(cascade: Cascade, lang: Language = "en") -> str:
    """Give the title of a cascade: who defaults first."""
    return _title_defaults(cascade.rounds[0], lang)


def _title_result(question: Question, first: tuple[str, ...]) -> str:
    if question.cascade is not None:
        return _title_defaults(first, question.lang)
    if question.proposal is not None:
        return say("proposal_title", question.lang)
    return say("circles_title", question.lang, as_of=question.portfolio.as_of)


def _title_defaults(first: tuple[str, ...], lang: Language) -> str:
    if not first:
        return say("nobody_title", lang)
    return say_counted("default_title", len(first), lang, names=name_members(first, lang))


def _say_result(question: Question, scene: Scene) -> tuple[str, tuple[Figure, ...]]:
    """Give the sentence and the figures of what is drawn."""
    portfolio, cascade, proposal, lang = question.portfolio, question.cascade, question.proposal, question.lang
    if question.circle is not None:
        return describe_circle(question, scene), figure_circle(question, scene)
    unit = say_unit(name_currency(portfolio.currency), lang)
    if cascade is not None:
        return describe_cascade(cascade, unit, lang), figure_cascade(cascade, unit, lang)
    if proposal is not None:
        return describe_proposal(proposal, unit, lang), figure_proposal(proposal, unit, lang)
    figures = figure_circles(portfolio, lang) if scene.start < 0 else figure_member(portfolio, scene, lang)
    return describe_circles(portfolio, lang), figures


def _say_surroundings(question: Question, scene: Scene, selection: Selection, *, said: str) -> str:
    """Say how many are within reach and, where these are not all, how many of them are drawn."""
    lang, hops = question.lang, say_counted("hops_count", question.hops, question.lang)
    near = "within" if question.circle is None else "around_circle"
    sentences = [say_counted(near, selection.reached - len(scene.starts), lang, hops=hops)]
    if scene.chain is not None:
        behind, ahead = (say_counted("members_count", int((far < len(far)).sum()) - 1, lang) for far in scene.chain)
        sentences = [say("chain_said", lang, behind=behind, ahead=ahead)]
    drawn = int(selection.members.sum())
    if drawn < selection.reached:
        sentences.append(say_counted("drawn_of_them", drawn - int(selection.members[scene.starts].sum()), lang))
    if question.circle is not None or question.cascade is not None or question.proposal is not None:
        sentences.append(said)
    return join_sentences(sentences, lang)


def figure_member(portfolio: Portfolio, scene: Scene, lang: Language) -> tuple[Figure, ...]:
    """Give the headline figures of the member whose surroundings are drawn."""
    word, money = partial(say, lang=lang), partial(_say_money, portfolio, lang)
    member = portfolio.members.iloc[scene.start]
    circles = int((scene.grouping.member == scene.start).sum())
    source = member["resources_source"]
    said = "" if source != source else word("source", source=word(f"source_{source}"))
    return (
        Figure(label=word("exposure"), value=money(scene.exposure[scene.start]), note=word("balance")),
        Figure(label=word("resources"), value=money(member["resources_fen"]), note=said),
        Figure(label=word("circles"), value=f"{circles:,}", note=clean_text(member["name"], longest=60)),
    )


def _say_money(portfolio: Portfolio, lang: Language, fen: object) -> str:
    return say("money", lang, amount=say_amount(fen), unit=say_unit(name_currency(portfolio.currency), lang))


def describe_cascade(cascade: Cascade, unit: str, lang: Language = "en") -> str:
    """Say in one or two sentences what a cascade did; `unit` is the word after amounts."""
    states = cascade.members["state"].value_counts()
    contagious, paid, hurt = (int(states.get(state, 0)) for state in ("contagious", "paid", "hurt"))
    rounds = say_counted("rounds_count", len(cascade.rounds) - 1, lang)
    said = [
        say_counted("more_fail", contagious, lang, rounds=rounds),
        say_counted("paid_and_stand", paid, lang),
        say_counted("hurt_and_stand", hurt, lang),
    ]
    found = [text for text, count in zip(said, (contagious, paid, hurt), strict=True) if count]
    spread = say("list_semicolon", lang).join(found) if found else say("nobody_else", lang)
    return say("bank_loses", lang, spread=spread, amount=say_amount(cascade.bank_loss_fen), unit=unit)


def figure_cascade(cascade: Cascade, unit: str, lang: Language = "en") -> tuple[Figure, ...]:
    """Give the headline figures of a cascade: loss, its bounds, the first defaults alone, failures and rounds."""
    word = partial(say, lang=lang)
    states = cascade.members["state"].value_counts()
    first, contagious = int(states.get("first", 0)), int(states.get("contagious", 0))
    rounds = say_counted("rounds_count", len(cascade.rounds) - 1, lang)
    high = cascade.conservative_loss_fen
    bounds = word(
        "low_only" if high is None else "bounds", low=say_amount(cascade.optimistic_loss_fen), high=say_amount(high)
    )
    others = word(
        "guarantors_note",
        deposit=say_amount(cascade.deposit_used_fen),
        recovered=say_amount(cascade.recovered_fen),
    )
    failed = word("failed_note", first=f"{first:,}", contagious=f"{contagious:,}", rounds=rounds)
    return (
        Figure(
            label=word("bank_loss"),
            value=word("money", amount=say_amount(cascade.bank_loss_fen), unit=unit),
            note=bounds,
        ),
        Figure(
            label=word("alone"),
            value=word("money", amount=say_amount(cascade.loss_without_guarantee_fen), unit=unit),
            note=word("alone_note"),
        ),
        Figure(
            label=word("guarantors_paid"),
            value=word("money", amount=say_amount(cascade.guarantor_paid_fen), unit=unit),
            note=others,
        ),
        Figure(label=word("failed"), value=f"{first + contagious:,}", note=failed),
    )


def describe_proposal(proposal: Proposal | SavedProposal, unit: str, lang: Language = "en") -> str:
    """Say in one sentence what a proposal would do; `unit` is the word after amounts."""
    return say(
        "proposal_said",
        lang,
        circles=say_counted("circles_count", proposal.circles["circle_id"].nunique(), lang),
        members=say_counted("members_count", proposal.circles["member_id"].nunique(), lang),
        amount=say_amount(int(proposal.circles["amount_fen"].sum())),
        unit=unit,
        unplaced=say_counted("applications_count", len(proposal.unplaced), lang),
    )


def figure_proposal(proposal: Proposal | SavedProposal, unit: str, lang: Language = "en") -> tuple[Figure, ...]:
    """Give the headline figures of a proposal: circles, members, amount, score with its bound, unplaced."""
    word = partial(say, lang=lang)
    circles, members = proposal.circles["circle_id"].nunique(), proposal.circles["member_id"].nunique()
    amount = say_amount(int(proposal.circles["amount_fen"].sum()))
    asked = members + len(proposal.unplaced)
    score = word(
        "score_note",
        bound=f"{proposal.upper_bound:,}",
        gap=f"{100.0 * float(proposal.gap):.2f}",
        status=word(f"status_{str(proposal.status).lower()}"),
    )
    return (
        Figure(label=word("circles"), value=f"{circles:,}", note=word("in_all", amount=amount, unit=unit)),
        Figure(label=word("placed"), value=f"{members:,}", note=word("placed_note", share=say_share(members, asked))),
        Figure(label=word("not_placed"), value=f"{len(proposal.unplaced):,}", note=word("not_placed_note")),
        Figure(label=word("score"), value=f"{proposal.score:,}", note=score),
    )


def describe_circles(portfolio: Portfolio, lang: Language = "en") -> str:
    """Say in one sentence what circles a portfolio has today."""
    circles = len(portfolio.circles)
    if not circles:
        return say("no_circles", lang)
    inside = portfolio.circle_members["member_id"].nunique()
    return say_counted("circles_said", inside, lang, circles=say_counted("circles_count", circles, lang))


def figure_circles(portfolio: Portfolio, lang: Language) -> tuple[Figure, ...]:
    """Give the headline figures of the circles that a portfolio has today."""
    word, inside = partial(say, lang=lang), portfolio.circle_members["member_id"].nunique()
    owed = int(owed_by_loan(portfolio)[portfolio.codes("loans", "circle_id") >= 0].sum())
    whole = word("of_members", members=say_counted("members_count", len(portfolio.members), lang))
    at_date = word("at_date", as_of=portfolio.as_of)
    return (
        Figure(label=word("circles"), value=f"{len(portfolio.circles):,}", note=at_date),
        Figure(label=word("inside"), value=f"{inside:,}", note=whole),
        Figure(label=word("loans_inside"), value=_say_money(portfolio, lang, owed), note=word("balance")),
    )


def list_facts(
    portfolio: Portfolio, *, terms: Terms | None = None, lang: Language = "en"
) -> tuple[tuple[str, str], ...]:
    """Give the facts at the foot of a page: data date, currency, what is estimated, terms, fingerprint."""
    word = partial(say, lang=lang)
    estimated = int((portfolio.members["resources_source"] == "estimated").sum())
    members = say_counted("members_count", len(portfolio.members), lang)
    facts = [
        (word("data_of"), str(portfolio.as_of)),
        (word("currency"), portfolio.currency),
        (word("estimated"), word("estimated_of", estimated=f"{estimated:,}", members=members)),
    ]
    if terms is not None:
        unit = say_unit(name_currency(portfolio.currency), lang)
        facts.append((word("terms"), describe_terms(terms, unit, lang)))
    return (*facts, (word("print"), portfolio.digest()))
