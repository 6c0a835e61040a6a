"""Reports: results as tables and as one page that a committee can read and print; nothing is computed here."""

from circles.report.health import build_health_report
from circles.report.pack import Pack, build_pack, write_packs
from circles.report.report import Report, build_report
from circles.report.tables import render_table

__all__ = [
    "Pack",
    "Report",
    "build_health_report",
    "build_pack",
    "build_report",
    "render_table",
    "write_packs",
]
