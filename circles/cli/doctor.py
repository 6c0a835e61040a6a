"""``circles doctor``: say whether everything is there that circles needs, and what to do if not."""

from __future__ import annotations

import platform
import shutil
import sys
from importlib import metadata, util
from pathlib import Path
from typing import Annotated

import typer

_PACKAGES = ("numpy", "pandas", "scipy", "networkx", "neo4j", "ortools", "pyvis", "numba", "openpyxl")
_LEAST_FREE_MEGABYTES = 500


def doctor(
    graph: Annotated[
        str | None, typer.Option("--graph", help="The graph store; else CIRCLES_GRAPH, else sqlite:///circles.db.")
    ] = None,
) -> None:
    """Check Python, packages, settings, the graph store and the disk, and say what to do about what is missing."""
    from circles.cli.screen import show

    checks = [_check_python(), *map(_check_package, _PACKAGES), _check_settings(), _check_store(graph), _check_disk()]
    for sound, text in checks:
        show(f"{'ok     ' if sound else 'MISSING'}  {text}")
    raise typer.Exit(0 if all(sound for sound, _ in checks) else 1)


def _check_python() -> tuple[bool, str]:
    return sys.version_info >= (3, 11), f"Python {platform.python_version()} (3.11 or newer is needed)"


def _check_package(name: str) -> tuple[bool, str]:
    if util.find_spec(name) is None:
        return False, f"{name}: not installed; install circles again, with its dependencies"
    return True, f"{name} {metadata.version(name)}"


def _check_settings() -> tuple[bool, str]:
    from circles.errors import InputError
    from circles.settings import read_settings

    try:
        settings = read_settings()
    except InputError as error:
        return False, str(error)
    return True, f"settings: graph {settings.graph}, workers {settings.workers or 'one a core'}"


def _check_store(graph: str | None) -> tuple[bool, str]:
    from circles.errors import CirclesError
    from circles.graph import open_graph
    from circles.settings import read_settings

    try:
        address = graph or read_settings().graph
        if address.startswith("sqlite:///") and not Path(address.removeprefix("sqlite:///")).exists():
            return True, f"graph store {address}: nothing there yet, circles load DIR creates it"
        with open_graph(address) as store:
            return True, f"graph store {address}: {store.summary()}"
    except CirclesError as error:
        return False, f"graph store: {error}"


def _check_disk() -> tuple[bool, str]:
    free = shutil.disk_usage(Path.cwd()).free // 2**20
    return (
        free >= _LEAST_FREE_MEGABYTES,
        f"disk: {free:,} MB free here, {_LEAST_FREE_MEGABYTES} MB are enough",
    )
