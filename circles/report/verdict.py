"""What losses say about the guarantees, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circles.viz.wording import say_amount, say_count, say_share

if TYPE_CHECKING:
    from circles.contagion import Cascade, Losses

_NEARLY_EQUAL = 0.005


def judge_guarantees(losses: Losses) -> str:
    """Say whether the guarantees help the bank or spread the loss: with them, and without any, on the same draws."""
    without, guaranteed = losses.with_trade.expected_loss_fen, losses.expected_loss_fen
    if without == 0 and guaranteed == 0:
        return "Nothing was lost in any trial, with or without the guarantees."
    if without == 0:
        return "The guarantees amplify: without them nothing was lost in any trial."
    if guaranteed > without * (1 + _NEARLY_EQUAL):
        return f"The guarantees amplify: they multiply by {guaranteed / without:.2f} what would be lost without them."
    if guaranteed < without * (1 - _NEARLY_EQUAL):
        return f"The guarantees help: they leave {say_share(guaranteed, without)} of what would be lost without them."
    return "The guarantees make no difference to the expected loss."


def judge_estimates(losses: Losses) -> str:
    """Say what part of the tail rests on estimated resources."""
    share = 100 * losses.estimated_share
    return f"{share:.0f} % of the expected shortfall rests on resources that are estimates."


def judge_cascade_estimates(cascade: Cascade) -> str:
    """Say what part of a cascade's loss rests on estimated resources, and how many that it reached have such."""
    return (
        f"{say_share(cascade.estimated_share, 1)} of the bank's loss rests on resources that are estimates; of the "
        f"{say_count(cascade.reached, 'member')} that the default reached, {cascade.estimated_members:,} have such."
    )


def state_losses(name: str, losses: Losses, unit: str) -> str:
    """State the expected loss and the tail of one case in a sentence; `unit` is the word after amounts."""
    return (
        f"Under the terms “{name}” the bank expects to lose {say_amount(losses.expected_loss_fen)} {unit} in a "
        f"year; one year in a hundred costs {say_amount(losses.value_at_risk(0.99))} or more, "
        f"{say_amount(losses.expected_shortfall(0.99))} on average. {judge_guarantees(losses)}"
    )
