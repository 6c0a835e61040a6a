"""How the numeric loops of settlements are compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

Loop = TypeVar("Loop", bound=Callable[..., object])


def compile_loop(function: Loop) -> Loop:
    """Compile a loop so that threads run it side by side; keep the machine code where a cache can be written.

    Numba raises at decoration when neither the package's folder nor the home folder is writable; then the code is
    compiled anew in every process.
    """
    try:
        return cast("Loop", njit(nogil=True, cache=True, error_model="numpy")(function))
    except RuntimeError:
        return cast("Loop", njit(nogil=True, error_model="numpy")(function))


def compile_step(function: Loop) -> Loop:
    """Compile a step that only other loops call: without the wrapper for Python, which takes half of the time."""
    options: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    return cast("Loop", njit(nogil=True, error_model="numpy", **options)(function))
