"""Axes of amounts: few round marks, in yuan or in millions of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.ticker import FuncFormatter, MaxNLocator

from circles.money import FEN_PER_YUAN
from circles.viz.charts.words import say
from circles.viz.languages import Language, say_unit

if TYPE_CHECKING:
    from matplotlib.axis import Axis

_MILLION = 1_000_000
_FROM = 5 * _MILLION


class AmountScale:
    """How an axis shows amounts: `divisor` fen are one of what its marks count."""

    def __init__(self, largest_fen: float, unit: str, lang: Language) -> None:
        many = largest_fen / FEN_PER_YUAN >= _FROM
        self.divisor = FEN_PER_YUAN * (_MILLION if many else 1)
        named = say_unit(unit, lang)
        self.unit = named if not many else f"{say('million', lang)}{'' if lang == 'zh' else ' '}{named}"

    def mark(self, axis: Axis, *, most: int = 5) -> None:
        """Put few round marks on an axis whose values are already divided."""
        axis.set_major_locator(MaxNLocator(nbins=most, min_n_ticks=2))
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
