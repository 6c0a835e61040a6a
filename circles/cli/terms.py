"""The terms of a settlement on the command line: a preset, and any field by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from circles.cli.options import Preset

if TYPE_CHECKING:
    from circles.settlement import Terms

TermsOption = Annotated[Preset, typer.Option("--terms", help="Ready-made terms of the settlement.")]
TermOption = Annotated[
    list[str] | None,
    typer.Option("--term", help="Change one field of the terms: NAME=VALUE, such as share=able or recovery_rate=0.3."),
]


def build_terms(preset: Preset, changes: list[str] | None) -> Terms:
    """Give a preset's terms with some fields changed."""
    from circles.settlement import Terms, change_terms

    return change_terms(Terms.preset(preset.value), parse_changes(changes))


def parse_changes(changes: list[str] | None) -> dict[str, object]:
    """Read NAME=VALUE settings of the terms: what is changed, by the name of the field."""
    from circles.cli.fields import parse_fields
    from circles.settlement import Terms

    return parse_fields(changes or [], Terms)
