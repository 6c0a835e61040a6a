"""A server that is killed in the middle of a load and started again; killed_loads.py does it more often."""

import time

import pytest
from killed_loads import RETRY_SECONDS, ROWS_AT_ONCE, KilledLoads

from circles.graph.neo4j import batches, connection


@pytest.mark.slow
def test_a_load_whose_server_is_killed_is_whole_after_loading_again(empty_server, monkeypatch):
    monkeypatch.setattr(batches, "ROWS_AT_ONCE", ROWS_AT_ONCE)
    monkeypatch.setattr(connection, "RETRY_SECONDS", RETRY_SECONDS)
    port = int(empty_server.address.rpartition(":")[2])
    KilledLoads(empty_server.home, port, seed=time.time_ns(), members=400, trades=1_200).kill_one(0)
