"""What no figure of a report says by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circles.report.words import say

if TYPE_CHECKING:
    from circles.viz.languages import Language

_LIMITS = ("resources", "rates", "date", "bounds", "intervals", "person")


def list_limits(lang: Language) -> tuple[str, ...]:
    """Give the sentences that stand at the end of every report."""
    return tuple(say(f"limit_{name}", lang) for name in _LIMITS)
