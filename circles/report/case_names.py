"""What a report calls the cases in which the same trials are settled, and the measures taken of each."""

from __future__ import annotations

CASE_NAMES = {
    "with_guarantees": "with the guarantees",
    "with_trade": "without guarantees",
    "bare": "first defaults alone",
    "optimistic": "at least (bound)",
    "conservative": "at most (bound)",
}
"""Case of `Losses` → name, in the order in which tables show them."""

MEASURES = {
    "expected_loss": "Expected loss",
    "value_at_risk": "Value at risk 99 %",
    "expected_shortfall": "Expected shortfall 99 %",
}
"""Measure → name; the columns of `Losses.table` begin with the measure."""

CASES_EXPLAINED = (
    "With the guarantees: everything that first defaults cause is settled. Without guarantees: failures still spread "
    "over unpaid receivables, but nobody is called, and there is no deposit and no risk pool. First defaults alone: "
    "what first defaulters leave unpaid on their own loans; nothing spreads at all. All on the same draws."
)
"""What the first three cases are, for readers of a table or a chart."""
