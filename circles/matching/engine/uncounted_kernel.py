"""Arrays that kernels read quickly.

Numba counts, with a lock, every time a kernel reads an array out of a tuple, which takes most of the time of a walk.
An array that does not say who owns its memory is not counted. The caller keeps the memory until the kernel returns.
"""

from __future__ import annotations

from typing import Any

from numba.core import cgutils, config
from numba.extending import intrinsic


def _disown(_typing: Any, array: Any) -> Any:
    def generate(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        view = context.make_array(array)(context, builder, value=arguments[0])
        view.meminfo = cgutils.get_null_value(view.meminfo.type)  # type: ignore[no-untyped-call]
        return view._getvalue()  # noqa: SLF001 (the only way numba offers)

    return array(array), generate


def _same(array: Any) -> Any:
    return array


uncounted: Any = _same if config.DISABLE_JIT else intrinsic(_disown)  # type: ignore[attr-defined]
"""Give the same array without its owner, inside a kernel."""
