"""``circles horizon``: what follows month by month, with calls that take time and members that pay from income."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from circles.cli.options import AsOfOption, EncodingOption, Format, FormatOption, Preset, SourceArgument
from circles.cli.terms import TermOption, TermsOption, build_terms

if TYPE_CHECKING:
    from circles.portfolio import Portfolio

DefaultAtOption = Annotated[
    list[str] | None,
    typer.Option("--default", help="A member that defaults, MEMBER or MEMBER@MONTH; give it once for each."),
]
DrawSeedOption = Annotated[
    int | None, typer.Option("--seed", help="Draw who defaults when, from default probabilities, instead.")
]
TimeOption = Annotated[
    list[str] | None,
    typer.Option("--time", help="Change one field of the timetable: NAME=VALUE, such as months=24 or call_delay=0."),
]


def horizon(
    source: SourceArgument,
    default: DefaultAtOption = None,
    seed: DrawSeedOption = None,
    correlation: Annotated[
        float, typer.Option("--correlation", help="How much drawn defaults come together (ρ), from 0 to below 1.")
    ] = 0.12,
    terms: TermsOption = Preset.BASE,
    term: TermOption = None,
    time: TimeOption = None,
    members: Annotated[bool, typer.Option("--members", help="List members instead of months.")] = False,
    as_of: AsOfOption = None,
    encoding: EncodingOption = None,
    form: FormatOption = Format.TEXT,
) -> None:
    """Show month by month what follows when members default at stated or random times."""
    from dataclasses import replace

    from circles.cli.fields import parse_fields
    from circles.cli.screen import show, show_table
    from circles.cli.source import open_source
    from circles.contagion import Timetable, draw_default_months, run_horizon
    from circles.errors import InputError

    if bool(default) == (seed is not None):
        msg = "horizon: give either --default, once for each member, or --seed"
        raise InputError(msg)
    timetable = replace(Timetable(), **parse_fields(time or [], Timetable))  # type: ignore[arg-type]
    portfolio = open_source(source, as_of=as_of, encoding=encoding)
    if seed is None:
        months = read_defaults(portfolio, default or [])
    else:
        months = draw_default_months(portfolio, months=timetable.months, seed=seed, correlation=correlation)
    result = run_horizon(portfolio, months, build_terms(terms, term), timetable=timetable)
    table = result.members[result.members["state"] != "untouched"] if members else result.months
    if form is Format.TEXT:
        show(f"{result}\n")
    show_table(table, form)


def read_defaults(portfolio: Portfolio, texts: list[str]) -> dict[str, int]:
    """Read MEMBER or MEMBER@MONTH; an id that contains @ itself is found as it is.

    Raises
    ------
    InputError
        If the month of a member is no number.
    """
    known = set(portfolio.members["member_id"])
    return dict(_read_default(text, known) for text in texts)


def _read_default(text: str, known: set[str]) -> tuple[str, int]:
    from circles.errors import InputError

    member, _, month = text.rpartition("@")
    if text in known or not member:
        return text, 0
    if month.isdecimal():
        return member, int(month)
    if member not in known:
        return text, 0
    msg = f"--default {text}: the month after @ must be a whole number from 0, got {month!r}"
    raise InputError(msg)
