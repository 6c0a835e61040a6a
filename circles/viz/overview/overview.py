"""The overview: bubbles of the whole book, its members behind them, lists and maps a click away."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from circles.errors import InputError
from circles.money import name_currency
from circles.output import new_folder
from circles.viz.escape import clean_text, escape_html, escape_json
from circles.viz.languages import say_unit
from circles.viz.masking import number_all
from circles.viz.overview.bubbles import build_bubbles, find_darkest, list_members, place_members
from circles.viz.overview.flows import list_flows, list_lines, write_flow_rows, write_layers, write_notes
from circles.viz.overview.neighbourhoods import draw_circles
from circles.viz.overview.pieces import list_circles, write_bubbles, write_places, write_search
from circles.viz.overview.words import list_script_words, say, say_counted
from circles.viz.page import fill_page, hash_source, read_asset
from circles.viz.wording import say_whole_yuan

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from circles.contagion import Losses
    from circles.portfolio import Portfolio
    from circles.viz.languages import Language
    from circles.viz.masking import Numbers

_OWNED = re.compile(r"index\.html|places\.js|(search|bubble)-\d+\.js|circle-\d+\.html")
MOST_MAPS = 200


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class Overview:
    """A picture of a whole book; `Overview.save` writes it as a folder that opens from disk.

    Attributes
    ----------
    bubbles
        Frame ``region, industry, members, exposure_fen, level, x, y, radius``, most exposed first.
    circles
        Frame ``circle_id, exposure_fen, members, bubble``, most exposed first.
    flows
        Frame ``kind, source, target, amount_fen``: trade of the last twelve months and guarantees in force between
        bubbles (positions in `bubbles`) and inside them, strongest of each kind first.
    """

    bubbles: pd.DataFrame
    circles: pd.DataFrame
    flows: pd.DataFrame
    _portfolio: Portfolio
    _members: pd.DataFrame
    _home: NDArray[np.int32]
    _places: NDArray[np.float32]
    _mapped: tuple[str, ...]
    _numbers: Numbers | None
    _measure: str
    _lang: Language

    def save(self, folder: str | Path, *, force: bool = False) -> Path:
        """Write the folder, whole or not at all; open its ``index.html``.

        Parameters
        ----------
        folder
            The folder; its parent must exist.
        force
            Replace an overview that is there already.

        Raises
        ------
        InputError
            If the folder exists and may not be replaced, or it cannot be written.
        """
        with new_folder(folder, owned=lambda name: bool(_OWNED.fullmatch(name)), force=force) as draft:
            names = {}
            drawn = draw_circles(self._portfolio, list(self._mapped), numbers=self._numbers, lang=self._lang)
            for place, (shown, page) in enumerate(zip(self.circles["circle_id"], drawn, strict=False)):
                names[shown] = f"circle-{place}.html"
                page.save(draft / names[shown])
            write_places(draft, self._places)
            write_bubbles(draft, self._members, self._home, self.circles, names)
            firsts = write_search(draft, self._members, self._home, self.circles, names)
            (draft / "index.html").write_text(self._write_index(firsts, names), encoding="utf-8", newline="\n")
        return Path(folder)

    def _write_index(self, firsts: list[str], maps: dict[str, str]) -> str:
        behaviour = read_asset("overview.js")
        policy = (
            f"default-src 'none'; script-src 'self' {hash_source(behaviour)}; style-src 'unsafe-inline'; "
            "base-uri 'none'; form-action 'none'"
        )
        lang, unit = self._lang, self._unit()
        mapped = say("mapped", lang, maps=f"{len(maps):,}", circles=f"{len(self.circles):,}")
        rows, darkest = list(self.bubbles.itertuples(index=False)), find_darkest(self.bubbles)
        return fill_page(
            "overview.html",
            say,
            lang,
            policy=escape_html(policy, longest=1000),
            sentence=escape_html(f"{self._say(lang)} {mapped}", longest=1000),
            title=escape_html(say("title", lang, as_of=self._portfolio.as_of)),
            owed=escape_html(say("owed", lang, unit=unit)),
            amount=escape_html(say("amount", lang, unit=unit)),
            measure=escape_html(say(self._measure, lang)),
            how=escape_html(say("how", lang, measure=say(f"in_{self._measure}", lang)), longest=1000),
            maps=_list_maps(self.circles, maps, lang),
            darkest=escape_html(_say_darkest(self.bubbles, darkest, lang)),
            rows="".join(_write_row(place, row, lang) for place, row in enumerate(rows)),
            layers=write_layers(self.flows, lang),
            notes=write_notes(self.flows, unit, lang),
            flows=write_flow_rows(self.flows, [f"{row[0]} · {row[1]}" for row in rows], lang),
            data=escape_json(
                {
                    "bubbles": _list_bubbles(self.bubbles, lang),
                    "darkest": darkest,
                    "lines": list_lines(self.flows),
                    "firsts": firsts,
                    "words": list_script_words(lang),
                }
            ),
            behaviour=behaviour,
        )

    def _unit(self) -> str:
        return say_unit(name_currency(clean_text(self._portfolio.currency)), self._lang)

    def _say(self, lang: Language) -> str:
        return say(
            "said",
            lang,
            members=f"{len(self._members):,}",
            bubbles=say_counted("bubbles", len(self.bubbles), lang),
            owed=say_whole_yuan(self.bubbles["exposure_fen"].sum()),
            unit=self._unit(),
        )

    def __str__(self) -> str:
        return self._say(self._lang)

    __repr__ = __str__


def draw_overview(
    portfolio: Portfolio,
    *,
    losses: Losses | None = None,
    maps: int = 5,
    mask: bool = False,
    lang: Language = "en",
) -> Overview:
    """Draw the whole book: a bubble for each region and industry, sized by exposure, shaded by risk.

    Parameters
    ----------
    portfolio
        The book, of any size.
    losses
        What was simulated on it: bubbles are then shaded by the part of what is owed that the bank loses in bad years
        (contributions to expected shortfall at level .99) instead of default probability.
    maps
        Circles, most exposed first, that get a map of their own beside the overview, 0 to 200.
    mask
        Numbers in place of the ids and names of members and circles, the same as in `draw_map` of the same portfolio.
    lang
        Language of the pages: ``en`` or ``zh``.

    Returns
    -------
    The overview; ``.save("overview")`` writes its folder.

    Raises
    ------
    InputError
        If `maps` is out of range, the losses are of another portfolio, or there are no words in that language.

    Examples
    --------
    >>> import pandas as pd
    >>> from circles.portfolio import Portfolio
    >>> book = Portfolio.from_frames(as_of="2007-12-29", members=pd.DataFrame({"member_id": ["M1", "M2"]}))
    >>> draw_overview(book)
    Overview of 2 members in 1 bubble, 0 yuan owed.
    """
    if isinstance(maps, bool) or not isinstance(maps, int) or not 0 <= maps <= MOST_MAPS:
        msg = f"maps must be a whole number from 0 to {MOST_MAPS}, got {maps!r}"
        raise InputError(msg)
    if losses is not None and losses.portfolio_digest != portfolio.digest():
        msg = "the losses were simulated on another portfolio; give the one that they were simulated on"
        raise InputError(msg)
    numbers = number_all(portfolio, lang) if mask else None
    members = list_members(portfolio, numbers=numbers, losses=losses, lang=lang)
    bubbles = build_bubbles(members)
    home, places = place_members(members, bubbles)
    circles = list_circles(portfolio, members, home)
    return Overview(
        bubbles=bubbles,
        circles=circles if numbers is None else circles.assign(circle_id=circles["circle_id"].map(numbers.circles)),
        flows=list_flows(portfolio, home, bubbles=len(bubbles)),
        _portfolio=portfolio,
        _members=members,
        _home=home,
        _places=places,
        _mapped=tuple(circles["circle_id"].head(maps)),
        _numbers=numbers,
        _measure="default_probability" if losses is None else "loss",
        _lang=lang,
    )


def _say_level(level: float, lang: Language) -> str:
    return say("unknown", lang) if level != level else f"{level:.1%}"


def _say_darkest(bubbles: pd.DataFrame, darkest: float, lang: Language) -> str:
    return ("≥ " if (bubbles["level"] > darkest).any() else "") + _say_level(darkest, lang)


def _list_bubbles(bubbles: pd.DataFrame, lang: Language) -> list[list[object]]:
    return [
        [
            *(row.region, row.industry, float(row.x), float(row.y), float(row.radius), _say_level(row.level, lang)),
            None if row.level != row.level else float(row.level),
            row.members,
        ]
        for row in bubbles.itertuples(index=False)
    ]


def _list_maps(circles: pd.DataFrame, maps: dict[str, str], lang: Language) -> str:
    rows = [
        f'<tr><td><a href="{maps[row.circle_id]}">{escape_html(row.circle_id)}</a></td>'
        f"<td>{say_counted('circle_members', row.members, lang)}</td><td>{say_whole_yuan(row.exposure_fen)}</td></tr>"
        for row in circles.head(len(maps)).itertuples(index=False)
    ]
    title = escape_html(say("maps", lang))
    return f'<h2>{title}</h2><div class="maps" tabindex="0"><table>{"".join(rows)}</table></div>' if rows else ""


def _write_row(place: int, row: object, lang: Language) -> str:
    region, industry, members, owed, level = row[:5]  # type: ignore[index]
    return (
        f'<tr id="row-{place}"><th scope="row"><button type="button" data-bubble="{place}">{escape_html(region)} · '
        f"{escape_html(industry)}</button></th><td>{members:,}</td><td>{say_whole_yuan(owed)}</td>"
        f"<td>{_say_level(level, lang)}</td></tr>"
    )
