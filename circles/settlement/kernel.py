"""How the numeric loops of settlements are compiled.

Three sorts: a *loop* is called from Python; a *step* is called by loops only; an *inlined step* of a few lines is
written into its callers. Steps neither make nor keep arrays, so they are compiled without counting references to
them (the calling loop holds them all), since every count is an atomic operation; and they are put into their callers
by the compiler, since each call would copy the hundred and more fields of its arrays.

The cache of machine code is keyed by all kernel files of the package: numba itself looks only at the file of the loop,
and would go on running a step in another file as it was before a change.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeVar, cast

from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.core.caching import FunctionCache
from numba.cpython.unsafe import numbers
from numba.extending import intrinsic

Loop = TypeVar("Loop", bound=Callable[..., object])


class _SourcesCache(FunctionCache):
    """Numba's cache of a function's machine code, made to notice changes in the files of its steps."""

    def _index_key(self, sig: Any, codegen: Any) -> tuple[Any, ...]:
        own = cast("Any", super())._index_key(sig, codegen)  # noqa: SLF001 - numba's hook for this
        return (*own, _fingerprint(Path(__file__).parents[1]))


@cache
def _fingerprint(package: Path) -> str:
    others = [package / "settlement" / name for name in ("kernel.py", "ledger.py")]
    sources = sorted([*package.rglob("*_kernel.py"), *filter(Path.exists, others)])
    return blake2b(b"\x00".join(source.read_bytes() for source in sources)).hexdigest()


def compile_loop(function: Loop) -> Loop:
    """Compile a loop so that threads run it side by side; keep the machine code where a cache can be written.

    Where neither the package's folder nor the home folder is writable, numba has no place for a cache and raises;
    then the code is compiled anew in every process.
    """
    compiled: Any = njit(nogil=True, error_model="numpy")(function)
    with suppress(RuntimeError):
        compiled._cache = cast("Any", _SourcesCache)(function)  # noqa: SLF001 - what numba's cache=True does, with our key
    return cast("Loop", compiled)


def compile_step(function: Loop) -> Loop:
    """Compile a step that only loops call: without references to count and without a wrapper for Python."""
    options: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True, "_nrt": False, "forceinline": True}
    return cast("Loop", njit(nogil=True, error_model="numpy", **options)(function))


def inline_step(function: Loop) -> Loop:
    """Write a step of a few lines into every loop that uses it: nothing to call and nothing to compile by itself."""
    return cast("Loop", njit(inline="always")(function))


def _write_prefetch(typing_context: Any, records: Any, index: Any) -> Any:
    """Write the instruction behind `prefetch`."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind, byte, number = signature.args[0], ir.IntType(8).as_pointer(), ir.IntType(32)
        array = context.make_array(kind)(context, builder, arguments[0])
        place = cast("Any", cgutils).get_item_pointer(context, builder, kind, array, [arguments[1]], wraparound=False)
        instruction = builder.module.declare_intrinsic(
            "llvm.prefetch", [byte], ir.FunctionType(ir.VoidType(), [byte, number, number, number])
        )
        builder.call(instruction, [builder.bitcast(place, byte), number(1), number(3), number(1)])
        return context.get_dummy_value()

    return types.void(records, types.intp), generate


prefetch: Any = intrinsic(_write_prefetch)
"""``prefetch(records, index)`` asks for a place of an array ahead of its use, without waiting for it.

A processor guesses how long a loop goes on, guesses wrong at its end where lengths differ, and waits there for memory;
with what is needed asked for some items before, going through the debts of the failed takes a third of the time.
"""

trailing_zeros: Any = numbers.trailing_zeros
"""``trailing_zeros(word)`` gives the position of the lowest bit of a word that is set."""
