"""What no figure of a report says by itself."""

from __future__ import annotations

LIMITS = (
    "Resources decide everything: what a member can pay is taken from the data as it is. Where it is an estimate, so "
    "is every loss that rests on it.",
    "Default probabilities, the correlation and the recovery rates are assumptions of whoever gave them; nothing here "
    "was calibrated to the portfolio.",
    "A cascade is settled at one date, in rounds. What members earn later, and what guarantors get back from the "
    "defaulters, is left out.",
    "The bounds hold for the same first defaults and the same data; they say nothing about wrong data.",
    "Intervals cover the chance of the draw, not the choice of the model.",
    "No score and no figure decides alone: a person does, with a reason.",
)
"""Sentences that stand at the end of every report."""
