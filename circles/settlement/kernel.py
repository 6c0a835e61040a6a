"""How the numeric loops of settlements are compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from numba import njit

Loop = TypeVar("Loop", bound=Callable[..., object])


def compile_loop(function: Loop) -> Loop:
    """Compile a loop so that threads run it side by side; keep the machine code where a cache can be written.

    Numba raises at decoration when neither the package's folder nor the home folder is writable; then the code is
    compiled anew in every process.
    """
    try:
        return cast("Loop", njit(nogil=True, cache=True)(function))
    except RuntimeError:
        return cast("Loop", njit(nogil=True)(function))
