"""How defaults spread: cascades, random trials, loss distributions and rankings.

Names are loaded when they are first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from circles.contagion.cascade import Cascade, run_cascade
    from circles.contagion.cascade_presets import compare_cascades
    from circles.contagion.losses import Losses
    from circles.contagion.measures import Interval, LossDistribution
    from circles.contagion.presets import PresetComparison, compare_presets
    from circles.contagion.rank import Ranking, rank_members
    from circles.contagion.simulate import simulate_losses

_HOMES = {
    "cascade": ("Cascade", "run_cascade"),
    "cascade_presets": ("compare_cascades",),
    "losses": ("Losses",),
    "measures": ("Interval", "LossDistribution"),
    "presets": ("PresetComparison", "compare_presets"),
    "rank": ("Ranking", "rank_members"),
    "simulate": ("simulate_losses",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Cascade",
    "Interval",
    "LossDistribution",
    "Losses",
    "PresetComparison",
    "Ranking",
    "compare_cascades",
    "compare_presets",
    "rank_members",
    "run_cascade",
    "simulate_losses",
]


def __getattr__(name: str) -> object:
    if name not in _HOME_OF:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
