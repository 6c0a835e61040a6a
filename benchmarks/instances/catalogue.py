"""The published instances by name; a name never changes its meaning."""

from __future__ import annotations

from benchmarks.instances.chain import draw_chain
from benchmarks.instances.drawing import Drawn, Instance
from benchmarks.instances.town import Town, draw_town


def _town(name: str, town: Town, *, about: str, gap: float, time_limit: float) -> Instance:
    return Instance(name=name, about=about, draw=lambda seed: draw_town(town, seed), gap=gap, time_limit=time_limit)


_DEGREE_12 = "mean degree 12, sizes 3–6"
_ALL = (
    _town("town-300", Town(members=300), about=_DEGREE_12, gap=0.0, time_limit=60),
    _town("town-1000", Town(members=1_000), about=_DEGREE_12, gap=0.0025, time_limit=60),
    _town("town-10000", Town(members=10_000), about=_DEGREE_12, gap=0.003, time_limit=300),
    _town("town-55000", Town(members=55_000), about=_DEGREE_12, gap=0.0065, time_limit=600),
    _town("town-250000", Town(members=250_000), about=_DEGREE_12, gap=0.007, time_limit=2_400),
    _town(
        "planted-1000",
        Town(members=1_000, tie=60),
        about="planted circles are tied twice as strongly as others",
        gap=0.0025,
        time_limit=60,
    ),
    _town("sizes8-1000", Town(members=1_000, largest=8), about="sizes 3–8", gap=0.01, time_limit=120),
    _town(
        "hubs-2000",
        Town(members=2_000, hubs=10, hub_degree=500),
        about="10 firms know 500 others each",
        gap=0.01,
        time_limit=120,
    ),
    _town("mixed-1000", Town(members=1_000, mode="mixed"), about="strangers at a charge", gap=0.01, time_limit=60),
    _town("mixed-10000", Town(members=10_000, mode="mixed"), about="strangers at a charge", gap=0.015, time_limit=120),
    _town(
        "strangers-1000",
        Town(members=1_000, mode="strangers"),
        about="nobody is acquainted, some pairs are scored",
        gap=0.01,
        time_limit=60,
    ),
    Instance(
        name="chain-103",
        about="a supply chain, mean degree about 45, equal loans",
        draw=lambda seed: draw_chain(103, seed),
        gap=0.01,
        time_limit=60,
    ),
)
INSTANCES: dict[str, Instance] = {instance.name: instance for instance in _ALL}


def draw(name: str, seed: int = 1) -> Drawn:
    """Draw an instance by name: the same name and seed give the same problem."""
    return INSTANCES[name].draw(seed)
