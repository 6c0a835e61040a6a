"""Where things of the server lie: its home, what is fetched once, and which home serves a port."""

from __future__ import annotations

import os
from pathlib import Path

from circles.settings import read_settings


def default_home() -> Path:
    """Give the home of the local server: CIRCLES_NEO4J_HOME, else a folder among the user's data."""
    return read_settings().neo4j_home or _base("XDG_DATA_HOME", ".local/share") / "neo4j"


def cache_folder() -> Path:
    """Give the folder of what is fetched once: CIRCLES_CACHE, else a folder in the user's cache."""
    return read_settings().cache or _base("XDG_CACHE_HOME", ".cache")


def ports_folder() -> Path:
    """Give the folder that notes which home serves which port."""
    return _base("XDG_STATE_HOME", ".local/state") / "ports"


def _base(variable: str, default: str) -> Path:
    """Give circles' folder in a base folder of the XDG specification, which wants relative values ignored."""
    named = Path(os.environ.get(variable, ""))
    return (named if named.is_absolute() else Path.home() / default) / "circles"
