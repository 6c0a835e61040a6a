"""What losses say about the guarantees, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circles.report.words import say, say_name
from circles.viz.wording import say_amount, say_count, say_share

if TYPE_CHECKING:
    from circles.contagion import Cascade, Losses, PresetComparison
    from circles.viz.languages import Language

_NEARLY_EQUAL = 0.005


def judge_guarantees(losses: Losses, lang: Language = "en") -> str:
    """Say whether the guarantees help the bank or spread the loss: with them, and without any, on the same draws."""
    without, guaranteed = losses.with_trade.expected_loss_fen, losses.expected_loss_fen
    if without == 0 and guaranteed == 0:
        return say("nothing_lost", lang)
    if without == 0:
        return say("amplify_nothing", lang)
    if guaranteed > without * (1 + _NEARLY_EQUAL):
        return say("amplify", lang, times=f"{guaranteed / without:.2f}")
    if guaranteed < without * (1 - _NEARLY_EQUAL):
        return say("help", lang, share=say_share(guaranteed, without))
    return say("no_difference", lang)


def judge_estimates(losses: Losses, lang: Language = "en") -> str:
    """Say what part of the tail rests on estimated resources."""
    return say("estimates", lang, share=f"{100 * losses.estimated_share:.0f}")


def judge_cascade_estimates(cascade: Cascade, lang: Language = "en") -> str:
    """Say what part of a cascade's loss rests on estimated resources, and how many that it reached have such."""
    return say(
        "cascade_estimates",
        lang,
        share=say_share(cascade.estimated_share, 1),
        members=say_count(cascade.reached, "member"),
        reached=f"{cascade.reached:,}",
        estimated=f"{cascade.estimated_members:,}",
    )


def state_break_even(losses: PresetComparison, lang: Language = "en") -> str:
    """State when the guarantees stop helping under the base terms."""
    found = losses.break_even
    none, whole = ("raise" if cost > 0 else "not_raise" for cost in (found.cost_at_none, found.cost_at_all))
    if found.recovery is not None:
        return say("turns", lang, said=found, recovery=f"{found.recovery:.0%}")
    if found.cost_at_none == found.cost_at_all == 0:
        return say("turns_nothing", lang, said=found)
    key = "turns_never" if none == whole else "turns_back"
    return say(key, lang, said=found, none=say(none, lang), whole=say(whole, lang))


def state_losses(name: str, losses: Losses, unit: str, lang: Language = "en") -> str:
    """State the expected loss and the tail of one case in a sentence; `unit` is the word after amounts."""
    return say(
        "headline_losses",
        lang,
        name=say_name("terms", name, lang),
        mean=say_amount(losses.expected_loss_fen),
        unit=unit,
        var=say_amount(losses.value_at_risk(0.99)),
        es=say_amount(losses.expected_shortfall(0.99)),
        judged=judge_guarantees(losses, lang),
    )
