"""What ``circles doctor`` finds on this machine, one finding a thing that circles needs or can use."""

from __future__ import annotations

import platform
import shutil
import sys
from dataclasses import dataclass
from enum import StrEnum
from importlib import metadata, util
from pathlib import Path

_PACKAGES = ("numpy", "pandas", "scipy", "networkx", "neo4j", "ortools", "pyvis", "numba", "openpyxl")
_LEAST_FREE_MEGABYTES = 500


class State(StrEnum):
    """How a thing stands."""

    OK = "ok"
    ABSENT = "not here"
    MISSING = "MISSING"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing: how it stands, and in words what is there or what to do."""

    state: State
    text: str


def examine(graph: str | None) -> list[Finding]:
    """Look at everything that circles needs for the graph store asked for, else the one of the settings."""
    from circles.cli.findings_of_neo4j import examine_neo4j
    from circles.errors import InputError
    from circles.settings import read_settings

    findings = [_find_python(), *map(_find_package, _PACKAGES), _find_pyarrow()]
    try:
        settings = read_settings()
    except InputError as error:
        return [*findings, Finding(state=State.MISSING, text=str(error)), find_room(Path.cwd(), "here")]
    address = graph or settings.graph
    text = f"settings: graph {settings.graph}, workers {settings.workers or 'one a core'}"
    findings += [Finding(state=State.OK, text=text), _find_store(address)]
    return [*findings, *examine_neo4j(address), find_room(Path.cwd(), "here")]


def _find_python() -> Finding:
    state = State.OK if sys.version_info >= (3, 11) else State.MISSING
    return Finding(state=state, text=f"Python {platform.python_version()} (3.11 or newer is needed)")


def _find_package(name: str) -> Finding:
    if util.find_spec(name) is None:
        return Finding(state=State.MISSING, text=f"{name}: not installed; install circles again, with its dependencies")
    return Finding(state=State.OK, text=f"{name} {metadata.version(name)}")


def _find_pyarrow() -> Finding:
    if util.find_spec("pyarrow") is None:
        text = "pyarrow: only needed to read and write Parquet files (pip install 'circles[parquet]')"
        return Finding(state=State.ABSENT, text=text)
    return _find_package("pyarrow")


def _find_store(address: str) -> Finding:
    from circles.errors import CirclesError
    from circles.graph import open_graph

    try:
        if address.startswith("sqlite:///") and not Path(address.removeprefix("sqlite:///")).exists():
            text = f"graph store {address}: nothing there yet, circles load DIR creates it"
            return Finding(state=State.OK, text=text)
        with open_graph(address) as store:
            return Finding(state=State.OK, text=f"graph store {store.summary()}")
    except CirclesError as error:
        return Finding(state=State.MISSING, text=f"graph store: {error}")


def find_room(folder: Path, where: str) -> Finding:
    """Say whether a folder's disk has room enough."""
    free = shutil.disk_usage(folder).free // 2**20
    state = State.OK if free >= _LEAST_FREE_MEGABYTES else State.MISSING
    return Finding(state=state, text=f"disk: {free:,} MB free {where}, {_LEAST_FREE_MEGABYTES} MB are enough")
