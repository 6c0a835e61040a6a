"""Losses on several terms side by side: one text, and one table where each has its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from circles.contagion.losses.losses import CASE_TITLES, TAIL_LEVEL
from circles.contagion.losses.pool_table import describe_pools
from circles.money import format_yuan

if TYPE_CHECKING:
    from circles.contagion.losses.losses import Losses
    from circles.portfolio import Portfolio

_WIDTH, _COLUMN = 42, 18
_TAIL_MEASURES = {"value_at_risk": "value at risk", "expected_shortfall": "expected shortfall"}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class SideBySide:
    """Losses of one portfolio on several terms and the same draws; prints as a table with a column for each.

    Attributes
    ----------
    losses
        The `Losses` by the name of their terms, at least one.
    """

    losses: Mapping[str, Losses]

    @property
    def table(self) -> pd.DataFrame:
        """One row a preset and distribution: ``preset`` and the columns of `Losses.table`."""
        return self._stack(lambda losses: losses.table)

    @property
    def members(self) -> pd.DataFrame:
        """One row a preset and member: ``preset`` and the columns of `Losses.members`."""
        return self._stack(lambda losses: losses.members)

    def circles(self, portfolio: Portfolio) -> pd.DataFrame:
        """One row a preset and pool: ``preset`` and the columns of `describe_pools`.

        Raises
        ------
        InputError
            If the losses are those of another portfolio.
        """
        return self._stack(lambda losses: describe_pools(portfolio, losses))

    @property
    def trials(self) -> pd.DataFrame:
        """One row a trial, to export: ``trial``, ``first_defaults``, then for each preset its counts and losses.

        Columns of `Losses.trial_table` with the preset's name before them.
        """
        common = ["trial", "first_defaults"]
        tables = {name: losses.trial_table for name, losses in self.losses.items()}
        named = [table.drop(columns=common).add_prefix(f"{name}_") for name, table in tables.items()]
        first = next(iter(tables.values()))
        return pd.concat([first[common], *named], axis=1)

    def _stack(self, pick: Callable[[Losses], pd.DataFrame]) -> pd.DataFrame:
        frames = [pick(losses).assign(preset=name) for name, losses in self.losses.items()]
        whole = pd.concat(frames, ignore_index=True)
        return whole[["preset", *(column for column in whole.columns if column != "preset")]]

    def __str__(self) -> str:
        several = list(self.losses.values())
        return "\n".join(
            [
                f"Bank loss over {several[0].trials:,} trials (seed {several[0].seed}, correlation "
                f"{several[0].correlation:g}), yuan",
                _line("", list(self.losses)),
                *self._expected_lines(),
                _yuan_line("standard deviation", [one.standard_deviation_fen for one in several]),
                *self._interval_lines("standard_deviation"),
                *self._tail_lines(),
                _line("  part of it on estimated resources", [f"{one.estimated_share:.0%}" for one in several]),
                _line("guarantees multiply expected loss by", [_factor(one) for one in several]),
                _line("defaults a trial, first", [f"{one.first_defaults.mean():,.2f}" for one in several]),
                _line("  by contagion", [f"{one.contagious_defaults.mean():,.2f}" for one in several]),
            ]
        )

    __repr__ = __str__

    def _expected_lines(self) -> Iterator[str]:
        for case, title in CASE_TITLES.items():
            found = [dict(losses.cases).get(case) for losses in self.losses.values()]
            amounts = [None if one is None else one.expected_loss_fen for one in found]
            yield _yuan_line(f"expected loss, {title}", amounts)
            if case == "with_guarantees":
                yield from self._interval_lines("expected_loss")

    def _tail_lines(self) -> Iterator[str]:
        for measure, title in _TAIL_MEASURES.items():
            amounts = [getattr(losses, measure)(TAIL_LEVEL) for losses in self.losses.values()]
            yield _yuan_line(f"{title} {TAIL_LEVEL * 100:g} %", amounts)
            yield from self._interval_lines(measure)

    def _interval_lines(self, measure: str) -> Iterator[str]:
        intervals = [losses.interval(measure) for losses in self.losses.values()]
        yield _yuan_line("  95 % interval, from", [one.low_fen for one in intervals])
        yield _yuan_line("  to", [one.high_fen for one in intervals])


def _yuan_line(title: str, amounts: list[int | None] | list[int]) -> str:
    return _line(title, ["–" if amount is None else format_yuan(amount) for amount in amounts])


def _line(title: str, texts: list[str]) -> str:
    return f"{title:<{_WIDTH}}" + "".join(f"{text:>{_COLUMN}}" for text in texts)


def _factor(losses: Losses) -> str:
    without = losses.with_trade.expected_loss_fen
    return f"{losses.expected_loss_fen / without:.2f}" if without else "–"
