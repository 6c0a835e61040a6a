"""Names of a package that load on first use, so that importing the package costs nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any


def load_on_first_use(package: str, homes: Mapping[str, Sequence[str]]) -> Callable[[str], Any]:
    """Give the ``__getattr__`` of a package (PEP 562) that finds each name in its home when it is first asked for.

    Parameters
    ----------
    package
        The package's ``__name__``.
    homes
        Module inside the package → the names it holds.

    Examples
    --------
    >>> find = load_on_first_use("circles", {"money": ["format_yuan"]})
    >>> find("format_yuan")(150)
    '1.50'
    """
    home_of = {name: home for home, names in homes.items() for name in names}

    def load(name: str) -> Any:
        if name not in home_of:
            msg = f"module {package!r} has no attribute {name!r}"
            raise AttributeError(msg)
        value = getattr(import_module(f"{package}.{home_of[name]}"), name)
        setattr(sys.modules[package], name, value)
        return value

    return load
