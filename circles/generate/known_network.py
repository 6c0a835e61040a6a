"""The known aggregates of a real provincial guarantee network, as data, and what they are at another size."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkAggregates:
    """What is known of a guarantee network: counts of firms, guarantees and shapes.

    Attributes
    ----------
    firms, guarantees, components
        Firms in the network, guarantees between them, connected components whatever the direction.
    pairs
        Components of two firms.
    largest, diameter
        Firms in the largest component, and the longest of the shortest ways through it, whatever the direction.
    both_sides
        Firms that both guarantee and are guaranteed.
    mutual, rings_of_three, rings_of_four
        Pairs that guarantee each other; simple directed cycles.
    guaranteed_by, guarantees_for
        The largest in-degree and the largest out-degree of a firm.
    chain
        Guarantees on the longest directed path, rings counted as one firm.
    """

    firms: int
    guarantees: int
    components: int
    pairs: int
    largest: int
    diameter: int
    both_sides: int
    mutual: int
    rings_of_three: int
    rings_of_four: int
    guaranteed_by: int
    guarantees_for: int
    chain: int

    @property
    def larger(self) -> int:
        """Components of three firms or more."""
        return self.components - self.pairs

    @property
    def firms_in_larger(self) -> int:
        """Firms in components of three or more."""
        return self.firms - 2 * self.pairs


KNOWN = NetworkAggregates(
    firms=18_711,
    guarantees=13_478,
    components=7_158,
    pairs=6_573,
    largest=464,
    diameter=18,
    both_sides=509,
    mutual=9,
    rings_of_three=3,
    rings_of_four=1,
    guaranteed_by=89,
    guarantees_for=75,
    chain=5,
)
"""Rings were looked for up to six firms; there were none of five or six."""


def scale_aggregates(firms: int) -> NetworkAggregates:
    """Give what the known aggregates are in a network of another size.

    Counts and the largest sizes follow the number of firms; diameter and longest chain stay.
    """
    share = firms / KNOWN.firms
    return NetworkAggregates(
        firms=firms,
        guarantees=round(KNOWN.guarantees * share),
        components=round(KNOWN.components * share),
        pairs=round(KNOWN.pairs * share),
        largest=round(KNOWN.largest * share),
        diameter=KNOWN.diameter,
        both_sides=round(KNOWN.both_sides * share),
        mutual=round(KNOWN.mutual * share),
        rings_of_three=round(KNOWN.rings_of_three * share),
        rings_of_four=round(KNOWN.rings_of_four * share),
        guaranteed_by=round(KNOWN.guaranteed_by * share),
        guarantees_for=round(KNOWN.guarantees_for * share),
        chain=KNOWN.chain,
    )
