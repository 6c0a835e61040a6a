"""Settings from the environment (``CIRCLES_*``) and a ``.env`` file in the working folder."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from circles.errors import InputError


class Settings(BaseSettings):
    """What a user may set once for all commands.

    Attributes
    ----------
    graph
        Where the graph store is (``CIRCLES_GRAPH``); ``sqlite:///circles.db`` in the working folder by default.
    workers
        Threads that engines may use (``CIRCLES_WORKERS``), at least 1; one a core by default.
    neo4j_user, neo4j_password
        How a Neo4j server knows us (``CIRCLES_NEO4J_USER``, ``CIRCLES_NEO4J_PASSWORD``); the password is never shown.
    neo4j_database
        Which database of that server (``CIRCLES_NEO4J_DATABASE``).
    neo4j_home
        Folder of the Neo4j server that circles runs on this machine (``CIRCLES_NEO4J_HOME``); by default
        ``~/.local/share/circles/neo4j``.
    cache
        Folder of what is fetched once, such as that server's program (``CIRCLES_CACHE``); by default
        ``~/.cache/circles``.
    """

    model_config = SettingsConfigDict(env_prefix="CIRCLES_", env_file=".env", extra="ignore", frozen=True)

    graph: str = "sqlite:///circles.db"
    workers: int | None = Field(default=None, ge=1)
    neo4j_user: str = "neo4j"
    neo4j_password: SecretStr | None = None
    neo4j_database: str = "neo4j"
    neo4j_home: Path | None = None
    cache: Path | None = None


def read_settings() -> Settings:
    """Read the settings.

    Raises
    ------
    InputError
        If a setting has a value that is not allowed; the message names the variable.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = f"CIRCLES_{'_'.join(str(part) for part in first['loc'])}".upper()
        msg = f"setting {name}: {first['msg']}, got {first['input']!r}"
        raise InputError(msg) from None
