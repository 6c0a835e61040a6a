"""An estimate of the far tail in a file."""

from __future__ import annotations

from pathlib import Path

from circles.contagion.losses.intervals import Interval
from circles.contagion.losses.measures import exact_level
from circles.contagion.losses.saved_file import (
    Arrays,
    Head,
    demand,
    describe_terms,
    read_saved,
    read_terms,
    read_whole,
    write_saved,
)
from circles.contagion.losses.tail import TailEstimate

FORMAT = "circles-tail-1"
_AMOUNTS = ("value_at_risk_fen", "expected_shortfall_fen")
_INTERVALS = ("value_at_risk_interval", "expected_shortfall_interval")


def write_tail(estimate: TailEstimate, path: str | Path, *, force: bool) -> Path:
    """Write an estimate to a file, whole or not at all; see `TailEstimate.save`."""
    head: Head = {
        "format": FORMAT,
        "level": estimate.level,
        **{name: getattr(estimate, name) for name in _AMOUNTS},
        **{name: list(getattr(estimate, name)) for name in _INTERVALS},
        "confidence": estimate.value_at_risk_interval.confidence,
        "gain": estimate.gain,
        "shift": estimate.shift,
        "trials": estimate.trials,
        "seed": estimate.seed,
        "terms": describe_terms(estimate.terms),
    }
    return write_saved(path, head, {}, force=force)


def read_tail_estimate(path: str | Path) -> TailEstimate:
    """Read an estimate that `TailEstimate.save` wrote.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    The estimate.

    Raises
    ------
    InputError
        If there is no such file, it is damaged or edited so that it contradicts itself, or something else wrote it.
    """
    return read_saved(path, form=FORMAT, what="estimate of a tail", rebuild=_rebuild)


def _rebuild(head: Head, arrays: Arrays) -> TailEstimate:
    exact_level(head["level"])
    exact_level(head["confidence"], what="confidence")
    shift = tuple(head["shift"])
    demand(
        len(shift) > 0 and all(isinstance(one, float) for one in (*shift, head["gain"])),
        "shift and gain must be numbers",
    )
    at_risk, shortfall = (_read_interval(head, name) for name in _INTERVALS)
    return TailEstimate(
        level=head["level"],
        value_at_risk_fen=read_whole(head, "value_at_risk_fen", least=0),
        expected_shortfall_fen=read_whole(head, "expected_shortfall_fen", least=head["value_at_risk_fen"]),
        value_at_risk_interval=at_risk,
        expected_shortfall_interval=shortfall,
        gain=head["gain"],
        shift=shift,
        trials=read_whole(head, "trials", least=1),
        seed=read_whole(head, "seed"),
        terms=read_terms(head),
    )


def _read_interval(head: Head, name: str) -> Interval:
    low, high = head[name]
    ends = {"low": low, "high": high}
    low = read_whole(ends, "low", least=0)
    return Interval(low_fen=low, high_fen=read_whole(ends, "high", least=low), confidence=head["confidence"])
