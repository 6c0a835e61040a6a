"""Keys of counter-based random numbers: 64 bits from a text, a seed or a trial's number, mixed."""

from __future__ import annotations

import operator
from hashlib import blake2b
from typing import TYPE_CHECKING, SupportsIndex

import numpy as np

from circles.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_GOLDEN = 0x9E3779B97F4A7C15


def text_key(kind: str, text: str) -> int:
    """Hash a text to 64 bits, the same on every machine and version."""
    return int(text_keys(kind, [text])[0])


def text_keys(kind: str, texts: Sequence[str]) -> NDArray[np.uint64]:
    """Hash texts as `text_key` does; shape (texts,)."""
    begun, digests = blake2b(digest_size=8, person=kind.encode()), bytearray()
    for text in texts:
        hashed = begun.copy()
        hashed.update(text.encode("utf-8", "surrogatepass"))
        digests += hashed.digest()
    return np.frombuffer(bytes(digests), dtype="<u8").astype(np.uint64)


def trial_keys(seed: int, numbers: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Give the key of each trial: shape (trials,), from its number and the seed."""
    return mix_words(
        mix_words(numbers.astype(np.uint64) * np.uint64(_GOLDEN)) ^ np.uint64(text_key("seed", str(check_seed(seed))))
    )


def mix_words(words: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Mix 64 bits: the finaliser of SplitMix64 (Steele, Lea & Flood 2014, "Fast splittable generators")."""
    mixed = words + np.uint64(_GOLDEN)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def check_seed(seed: SupportsIndex) -> int:
    """Give a seed as a Python integer.

    Raises
    ------
    InputError
        If it is not a whole number.
    """
    try:
        return operator.index(seed)
    except TypeError:
        msg = f"seed must be a whole number, got {seed!r}"
        raise InputError(msg) from None
