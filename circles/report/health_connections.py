"""The part of the health page on who is connected with whom, and on hubs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circles.report.section import Section, write_paragraph
from circles.viz.escape import clean_text
from circles.viz.tables import Amount, Shown, with_unit, write_table
from circles.viz.wording import say_number, say_part

if TYPE_CHECKING:
    from circles.health import Health

_NETWORKS = (
    Shown(name="layer", heading="Joined by"),
    Shown(name="pairs", heading="Pairs", number=True, write=say_number),
    Shown(name="connected", heading="Members with a partner", number=True, write=say_number, meter="part"),
    Shown(name="isolated", heading="Without any", number=True, write=say_number),
    Shown(name="networks", heading="Separate networks", number=True, write=say_number),
    Shown(name="largest", heading="Members of the largest", number=True, write=say_number),
)
_SIZES = (
    Shown(name="size", heading="Members of a network"),
    Shown(name="networks", heading="Networks", number=True, write=say_number),
    Shown(name="members", heading="Members in them", number=True, write=say_number, meter="part"),
)
_HUBS = (
    Shown(name="member_id", heading="Member", note="name"),
    Shown(name="partners", heading="Partners", number=True, write=say_number),
    Amount(name="amount_fen", heading="Amount"),
    Shown(name="share", heading="Share", number=True, write=say_part, meter="share"),
)
_CAPTIONS = {"buyer": "Largest buyers", "guarantor": "Largest guarantors"}
_SAID = {"buyer": "of all trade is bought", "seller": "of all trade is sold", "guarantor": "of all guarantees is given"}


def write_connections(health: Health) -> Section:
    """Write the networks, their sizes, the largest buyers and guarantors, and how much is in few hands."""
    if not health.network("any of these")["pairs"]:
        body = write_paragraph("No member trades with, knows or stands for another.")
        return Section(name="connections", title="Who is connected", body=body)
    networks = health.networks.assign(part=health.networks["connected"] / max(health.members, 1))
    parts = [
        write_table(networks, _NETWORKS, caption="Networks", row_name="network"),
        _write_sizes(health),
        *(_write_hubs(health, role) for role in _CAPTIONS),
        write_paragraph(_say_concentration(health)),
    ]
    return Section(name="connections", title="Who is connected", body="".join(parts))


def _write_sizes(health: Health) -> str:
    sizes = health.network_sizes
    sizes = sizes[(sizes["layer"] == "guarantee") & (sizes["networks"] > 0)]
    if not len(sizes):
        return ""
    shown = sizes.assign(part=sizes["members"] / sizes["members"].sum())
    return write_table(shown, _SIZES, caption="Guarantee networks by size", row_name="network-size")


def _write_hubs(health: Health, role: str) -> str:
    hubs = health.hubs[health.hubs["role"] == role]
    if not len(hubs):
        return ""
    named = hubs.assign(name=[clean_text(name, longest=60) for name in hubs["name"]])
    return write_table(named, with_unit(_HUBS, health.unit), caption=_CAPTIONS[role], row_name=role)


def _say_concentration(health: Health) -> str:
    said = []
    for role, what in _SAID.items():
        rows = health.concentration[health.concentration["role"] == role]
        steps = [f"{say_part(row.share)} by the largest {_say_largest(row.largest)}" for row in rows.itertuples()]
        if steps:
            said.append(f"{steps[0].split(' by ')[0]} {what} by the largest one" + "".join(f", {s}" for s in steps[1:]))
    return ". ".join(said) + "." if said else ""


def _say_largest(count: int) -> str:
    return "one" if count == 1 else f"{count:,}"
