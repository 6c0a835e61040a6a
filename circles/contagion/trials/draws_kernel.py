"""The inner loop of drawing defaults: one hash and one comparison a member and trial.

A member's uniform in a trial has 53 bits. The upper 32 come from a hash made of 32-bit operations, which compilers
turn into vector instructions; the lower 21 come from a second hash, made only where the upper bits do not settle it.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from circles.settlement.kernel import compile_loop, trailing_zeros

BLOCK = 4096
"""Members marked before defaulters are gathered: the marks of a block stay in the first-level cache."""

WORD = 8
"""Marks looked at together while defaulters are gathered."""

_SQRT_HALF = math.sqrt(0.5)


class DrawnMembers(NamedTuple):
    """Members that can default, class by class.

    Attributes
    ----------
    order
        Shape (m,), int32: positions of the members in the portfolio.
    low, high
        Shape (m,), uint32: the halves of the members' keys.
    threshold
        Shape (m,), float64: Φ⁻¹ of the default probability.
    class_start
        Shape (classes + 1,), int64: where each class begins.
    """

    order: Any
    low: Any
    high: Any
    threshold: Any
    class_start: Any


class DrawnTrials(NamedTuple):
    """What a chunk of trials says about every class.

    Attributes
    ----------
    low, high
        Shape (trials,), uint32: the halves of the trials' keys.
    shift
        Shape (trials, classes), float64: √ρ·F of the class's sector.
    root
        √(1−ρ).
    limit, sure
        Shape (trials, classes), uint32: upper bits above `limit` are no default, below `sure` a default, whatever
        the lower bits and whoever the member of the class.
    """

    low: Any
    high: Any
    shift: Any
    root: float
    limit: Any
    sure: Any


@compile_loop
def mix_bits(word: Any) -> Any:
    """Mix 32 bits so that each input bit flips each output bit about half the time.

    The multiply-xorshift permutation "lowbias32" of Wellons (2018), "Prospecting for hash functions". Every step is
    cut back to 32 bits, because numba widens them.
    """
    mixed = np.uint32(word ^ np.uint32(word >> np.uint32(16)))
    mixed = np.uint32(mixed * np.uint32(0x7FEB352D))
    mixed = np.uint32(mixed ^ np.uint32(mixed >> np.uint32(15)))
    mixed = np.uint32(mixed * np.uint32(0x846CA68B))
    return np.uint32(mixed ^ np.uint32(mixed >> np.uint32(16)))


@compile_loop
def _mark_candidates(members: Any, trials: Any, place: Any, marks: Any) -> None:
    """Mark members whose upper bits are within the limit; a plain loop over slices, so that it becomes vector code."""
    start, stop, trial, group = place
    low, high = members.low[start:stop], members.high[start:stop]
    trial_low, trial_high = trials.low[trial], trials.high[trial]
    limit = trials.limit[trial, group]
    for i in range(low.size):
        first = mix_bits(np.uint32(low[i] ^ trial_low))
        marks[i] = mix_bits(np.uint32(first ^ np.uint32(high[i] ^ trial_high))) <= limit


@compile_loop
def _is_default(members: Any, trials: Any, place: Any) -> bool:
    """Compare a member's whole uniform with its own conditional default probability."""
    member, trial, group = place
    first = mix_bits(np.uint32(members.low[member] ^ trials.low[trial]))
    upper = mix_bits(np.uint32(first ^ np.uint32(members.high[member] ^ trials.high[trial])))
    if upper < trials.sure[trial, group]:
        return True
    lower = np.uint32(mix_bits(np.uint32(upper ^ first)) >> np.uint32(11))
    uniform = (np.float64(upper) * 2.0**21 + np.float64(lower)) * 2.0**-53
    distance = (trials.shift[trial, group] - members.threshold[member]) / trials.root
    return bool(uniform < 0.5 * math.erfc(distance * _SQRT_HALF))


@compile_loop
def _note_defaults(members: Any, trials: Any, place: Any, marks: Any, found: Any) -> None:
    """Set the bit of each defaulter among a block's marked members."""
    start, stop, trial, group = place
    marks[stop - start : BLOCK] = 0
    words = marks.view(np.uint64)
    for word in range((stop - start + WORD - 1) // WORD):
        bits = words[word]
        while bits != 0:
            i = start + WORD * word + (trailing_zeros(bits) >> 3)
            bits &= bits - np.uint64(1)
            if _is_default(members, trials, (i, trial, group)):
                member = members.order[i]
                found[member >> 6] |= np.uint64(1) << np.uint64(member & 63)


@compile_loop
def _list_defaults(found: Any, out: Any) -> int:
    """Write the members whose bits are set to `out`, ascending, clear the bits, and count them."""
    count = 0
    for word in range(found.size):
        bits = found[word]
        found[word] = 0
        while bits != 0:
            out[count] = 64 * word + trailing_zeros(bits)
            bits &= bits - np.uint64(1)
            count += 1
    return count


@compile_loop
def draw_trials(members: Any, trials: Any, member_count: int) -> Any:
    """Draw the first defaulters of a chunk of trials.

    Parameters
    ----------
    members
        The `DrawnMembers`.
    trials
        The `DrawnTrials`.
    member_count
        Members of the portfolio; those of `members` are some of them.

    Returns
    -------
    offsets, shape (trials + 1,), int64, and defaulters, int32, ascending in each trial: trial t has
    ``defaulters[offsets[t]:offsets[t + 1]]``.
    """
    count = members.order.size
    offsets = np.zeros(trials.low.size + 1, dtype=np.int64)
    out = np.empty(4 * count + 16, dtype=np.int32)
    marks = np.zeros(BLOCK, dtype=np.uint8)
    found = np.zeros((member_count + 63) // 64, dtype=np.uint64)
    position = 0
    for trial in range(trials.low.size):
        if position + count > out.size:
            larger = np.empty(2 * out.size, dtype=np.int32)
            larger[:position] = out[:position]
            out = larger
        for group in range(members.class_start.size - 1):
            end = members.class_start[group + 1]
            for start in range(members.class_start[group], end, BLOCK):
                place = (start, min(start + BLOCK, end), trial, group)
                _mark_candidates(members, trials, place, marks)
                _note_defaults(members, trials, place, marks, found)
        position += _list_defaults(found, out[position:])
        offsets[trial + 1] = position
    return offsets, out[:position].copy()
