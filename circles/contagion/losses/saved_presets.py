"""A comparison of the three presets in a folder: the losses of each in a file, and the break-even in one more."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from circles.contagion.losses.break_even import BreakEven
from circles.contagion.losses.presets import PresetComparison, list_changes
from circles.contagion.losses.saved import read_losses
from circles.contagion.losses.saved_file import Arrays, Head, demand, read_saved, read_whole, write_saved
from circles.contagion.trials.arguments import check_number
from circles.errors import InputError
from circles.output import new_folder
from circles.settlement import Terms, change_terms
from circles.settlement.terms import PRESETS

FORMAT = "circles-break-even-1"
_BREAK_EVEN = "break_even.npz"


def write_presets(comparison: PresetComparison, folder: str | Path, *, force: bool) -> Path:
    """Write a comparison into a folder, whole or not at all; see `PresetComparison.save`."""
    with new_folder(folder, owned=lambda name: name.endswith(".npz"), force=force) as draft:
        for name, losses in comparison.presets:
            losses.save(draft / f"{name}.npz")
        write_saved(draft / _BREAK_EVEN, {"format": FORMAT, **asdict(comparison.break_even)}, {}, force=False)
    return Path(folder)


def read_preset_comparison(folder: str | Path) -> PresetComparison:
    """Read a comparison that `PresetComparison.save` wrote: the same tables, and the same break-even.

    Parameters
    ----------
    folder
        The folder.

    Returns
    -------
    The comparison.

    Raises
    ------
    InputError
        If a file is missing, damaged or edited, or they are not of one comparison.
    """
    losses = {name: read_losses(Path(folder) / f"{name}.npz") for name in PRESETS}
    drawn = {(one.trials, one.seed, one.portfolio_digest, one.correlation) for one in losses.values()}
    changes = list_changes({name: one.terms for name, one in losses.items()})
    agreed = {name: change_terms(Terms.preset(name), changes) for name in PRESETS}  # type: ignore[arg-type]
    if len(drawn) > 1 or any(one.terms != agreed[name] for name, one in losses.items()):
        msg = f"{folder}: its files are not the three presets of one comparison"
        raise InputError(msg)
    found = read_saved(Path(folder) / _BREAK_EVEN, form=FORMAT, what="break-even", rebuild=_rebuild)
    return PresetComparison(**losses, break_even=found)


def _rebuild(head: Head, arrays: Arrays) -> BreakEven:
    costs = head["cost_at_none"], head["cost_at_all"]
    demand(all(isinstance(cost, float) for cost in costs), "costs must be numbers")
    recovery = head["recovery"]
    return BreakEven(
        recovery=None if recovery is None else check_number("recovery", recovery, most=1),
        cost_at_none=costs[0],
        cost_at_all=costs[1],
        trials=read_whole(head, "trials", least=1),
    )
