"""The main job from the Neo4j store: the same circles, cascades, losses and maps as from the portfolio itself."""

import pandas as pd
import pytest

import circles
from circles.portfolio import Portfolio


def work(portfolio: Portfolio) -> dict[str, object]:
    """The main job in small: frames, figures and pages by name."""
    proposal = circles.form_circles(portfolio, seed=7, gap=0.05, time_limit=20.0)
    proposed = proposal.portfolio()
    first = proposed.loans["borrower_id"].iloc[0]
    cascade = circles.run_cascade(proposed, [first])
    losses = circles.simulate_losses(proposed, trials=50, seed=7)
    return {
        "circles": proposal.circles,
        "unplaced": proposal.unplaced,
        "score": (proposal.score, proposal.upper_bound),
        "members": cascade.members,
        "payments": cascade.payments,
        "loss": (cascade.bank_loss_fen, losses.expected_loss_fen, losses.value_at_risk(0.99)),
        "map": circles.draw_map(proposed, cascade=cascade).html(),
    }


@pytest.fixture(scope="module")
def portfolio() -> Portfolio:
    return circles.generate_portfolio(members=60, trades=200, seed=7)


def test_the_main_job_gives_the_same_from_sqlite_from_neo4j_and_from_none(portfolio, store_address, tmp_path):
    loaded = []
    for address in (f"sqlite:///{tmp_path / 'circles.db'}", store_address):
        with circles.open_graph(address) as graph:
            graph.save(portfolio)
            loaded.append(graph.load())
    expected = work(portfolio)
    for found in map(work, loaded):
        for name, value in expected.items():
            if isinstance(value, pd.DataFrame):
                pd.testing.assert_frame_equal(found[name], value, obj=name)
            else:
                assert found[name] == value, name
