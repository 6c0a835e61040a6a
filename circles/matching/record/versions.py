"""The versions that a result depends on."""

from __future__ import annotations

import platform
from importlib.metadata import version

_PACKAGES = ("circles", "numpy", "numba", "ortools", "pandas", "scipy")


def list_versions() -> dict[str, str]:
    """List the versions of Python and of the packages that decide what is formed."""
    return {"python": platform.python_version(), **{name: version(name) for name in _PACKAGES}}
