"""The pack for the members of a proposed circle: what each may owe, an example, terms to agree on, and signatures."""

from circles.report.pack.folder import write_packs
from circles.report.pack.pack import Pack, build_pack

__all__ = ["Pack", "build_pack", "write_packs"]
