"""Who asks a Neo4j server, and which of its databases."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """User, password and database; the password is never shown.

    Attributes
    ----------
    user, password
        As the server knows them; no password is an empty one.
    database
        Name of the database on the server.
    """

    user: str = "neo4j"
    password: str | None = field(default=None, repr=False)
    database: str = "neo4j"


def find_credentials(address: str) -> Credentials:
    """Take user, password and database from the settings; circles knows the password of its own local server.

    Parameters
    ----------
    address
        Of the server that is asked.

    Raises
    ------
    InputError
        If a setting has a value that is not allowed.
    """
    from circles.graph.server import local_password
    from circles.settings import read_settings

    settings = read_settings()
    password = settings.neo4j_password.get_secret_value() if settings.neo4j_password else local_password(address)
    return Credentials(user=settings.neo4j_user, password=password, database=settings.neo4j_database)
