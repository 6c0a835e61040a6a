"""The part of the health page on who is connected with whom, and on hubs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circles.report.section import Section, write_pairs, write_paragraph
from circles.viz.escape import clean_text
from circles.viz.tables import Amount, Shown, with_unit, write_table
from circles.viz.wording import say_number, say_part

if TYPE_CHECKING:
    from circles.health import Health

_NETWORKS = (
    Shown(name="layer", heading="Joined by"),
    Shown(name="pairs", heading="Pairs", number=True, write=say_number),
    Shown(name="connected", heading="With a partner", number=True, write=say_number, meter="part"),
    Shown(name="isolated", heading="Without", number=True, write=say_number),
    Shown(name="networks", heading="Networks", number=True, write=say_number),
    Shown(name="largest", heading="Largest", number=True, write=say_number),
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
    Shown(name="share", heading="Share", number=True, write=say_part),
)
_CAPTIONS = {"buyer": "Largest buyers", "guarantor": "Largest guarantors"}


def _say_known(share: float) -> str:
    return say_part(share) if share == share else "–"


_SHARES = (
    Shown(name="role", heading="Held by the largest", write=lambda role: f"{role}s" if role != "guaranteed" else role),
    *(
        Shown(
            name=f"{count}",
            heading=f"{count}",
            number=True,
            write=lambda share: "–" if share != share else say_part(share),
        )
        for count in (1, 10, 100)
    ),
)


def write_connections(health: Health) -> Section:
    """Write the networks, their sizes, the largest buyers and guarantors, and how much is in few hands."""
    if not health.network("any of these")["pairs"]:
        body = write_paragraph("No member trades with, knows or stands for another.")
        return Section(name="connections", title="Who is connected", body=body)
    networks = health.networks.assign(part=health.networks["connected"] / max(health.members, 1))
    parts = [
        write_table(networks, _NETWORKS, caption="Networks of members", row_name="network"),
        write_pairs([_write_sizes(health), _write_shares(health)]),
        write_pairs([_write_hubs(health, role) for role in _CAPTIONS]),
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


def _write_shares(health: Health) -> str:
    """Write what the 1, 10 and 100 largest of each role hold; a dash where there are no more than that."""
    shares = health.concentration.pivot(index="role", columns="largest", values="share")
    shares = shares.reindex(index=list(dict.fromkeys(health.hubs["role"])), columns=[1, 10, 100])
    frame = shares.set_axis(shares.columns.astype(str), axis=1).reset_index()
    return write_table(frame, _SHARES, caption="How much is in few hands", row_name="share") if len(frame) else ""
