"""The unpaid bills of the sample portfolio, read by the models of the literature.

Question: if the twenty largest debtors among the members fail, what do clearing, DebtRank and thresholds say, and how
far do they differ?

Only receivables and bank loans are in these models. Guarantees are not: `circles.run_cascade` is for them. Members'
resources stand for outside assets in clearing and for buffers in the others; loans are outside liabilities.

    python examples/published_models.py [FOLDER]
"""

import argparse
from pathlib import Path

import numpy as np

import circles
from circles.contagion import clear_payments, furfine_cascade, receivable_exposures
from circles.contagion.debtrank import debtrank

SAMPLE = Path(__file__).parent / "zhejiang_2007"
FIRST = 20


def main() -> None:
    """Read a portfolio and print one line a model."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?", default=SAMPLE)
    network = receivable_exposures(circles.read_portfolio(parser.parse_args().folder))
    owed = np.asarray(network.exposures.sum(axis=0))
    first = np.argsort(-owed, kind="stable")[:FIRST]
    stress = np.zeros(len(owed))
    stress[first] = 1
    cash = np.where(stress > 0, 0, network.resources)
    print(network)
    for rank in ("pari_passu", "senior"):
        print(f"{'Eisenberg-Noe, bank ' + rank:<34}", in_yuan(clear(network, cash, rank, 1.0)))
        print(f"{'Rogers-Veraart .8, bank ' + rank:<34}", in_yuan(clear(network, cash, rank, 0.8)))
    print(f"{'Thresholds':<34}", furfine_cascade(network.exposures, network.resources, first))
    for kind in ("single_hit", "linear"):
        print(f"{kind:<34}", debtrank(network.exposures, network.resources, owed, stress, kind=kind))


def clear(network, cash, rank, left):
    """Clear bills and loans; ``left`` of a defaulter's assets is left after the costs of its default."""
    return clear_payments(network.liabilities, cash, network.loans, alpha=left, beta=left, external_rank=rank)


def in_yuan(clearing) -> str:
    """Say who fails and what stays unpaid, in yuan."""
    return f"{clearing.defaulted.sum():,} default, {clearing.shortfall.sum() / 100:,.2f} yuan unpaid"


if __name__ == "__main__":
    main()
