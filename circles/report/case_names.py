"""The cases in which the same trials are settled, and the measures taken of each, in the order of tables."""

from __future__ import annotations

CASES = ("with_guarantees", "with_trade", "bare", "optimistic", "conservative")
"""Cases of `Losses`; their names are the words ``case_…``."""

MEASURES = ("expected_loss", "value_at_risk", "expected_shortfall")
"""The columns of `Losses.table` begin with the measure; their names are the words ``measure_…``."""
