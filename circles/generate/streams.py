"""Streams of chance: one for every noun, so that a change to one table leaves the others as they were."""

from __future__ import annotations

import numpy as np


def open_stream(seed: int, noun: str) -> np.random.Generator:
    """Give the stream of chance of one noun; no global generator is touched.

    Parameters
    ----------
    seed
        At least 0, of any size.
    noun
        What the numbers are for. Different nouns give independent streams of one seed (spawn key = the noun's bytes).

    Examples
    --------
    >>> bool(open_stream(7, "towns").random() == open_stream(7, "towns").random())
    True
    >>> bool(open_stream(7, "towns").random() == open_stream(7, "trade").random())
    False
    """
    key = np.random.SeedSequence(seed, spawn_key=tuple(noun.encode()))
    return np.random.Generator(np.random.PCG64(key))
