"""Published instances: matching problems drawn from a seed, each with a planted plan that nobody may fall below.

::

    drawing.py     what an instance is: a problem and its planted circles
    town.py        firms on a map, acquainted with neighbours and a few far away
    chain.py       a supply chain in which nearly everybody supplies everybody
    catalogue.py   the instances by name
    solving.py     one instance solved once: value, bound, gap, seconds, memory

``python -m benchmarks.instances`` solves them and prints the table of docs/benchmarks.md.
"""

from benchmarks.instances.catalogue import INSTANCES, draw
from benchmarks.instances.drawing import Drawn, Instance

__all__ = ["INSTANCES", "Drawn", "Instance", "draw"]
