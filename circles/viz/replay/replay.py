"""The replay of a cascade, or of two side by side: the public result and the way to it."""

from __future__ import annotations

import html
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from circles.errors import InputError
from circles.money import name_currency
from circles.output import save_text
from circles.viz.compose import compose_drawing
from circles.viz.headline import Headline, describe_cascade, figure_cascade, list_facts
from circles.viz.languages import join_sentences, say_unit
from circles.viz.map import check_limit
from circles.viz.masking import mask_drawing
from circles.viz.replay.page import write_replay
from circles.viz.replay.panel import Panel, look_up_panel
from circles.viz.replay.words import say, say_counted
from circles.viz.scene import Question
from circles.viz.wording import say_count

if TYPE_CHECKING:
    import pandas as pd

    from circles.contagion import Cascade
    from circles.portfolio import Portfolio
    from circles.viz.languages import Language


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Replay:
    """A cascade round by round as one page; it shows itself in a notebook.

    Attributes
    ----------
    title
        The page's title.
    rounds
        Frame ``panel`` (0, or 1 for the second cascade) and the columns of `circles.contagion.Timeline.rounds`.
    """

    title: str
    rounds: pd.DataFrame
    _page: str
    _lang: Language

    def html(self) -> str:
        """Give the whole page."""
        return self._page

    def save(self, path: str | Path, *, force: bool = False) -> Path:
        """Write the page to a file, whole or not at all.

        Raises
        ------
        InputError
            If the file exists and `force` is not given, or it cannot be written.
        """
        return save_text(self._page, path, force=force)

    def _repr_html_(self) -> str:
        source = html.escape(self._page, quote=True)
        title = say("replay", self._lang)
        return f'<iframe srcdoc="{source}" sandbox="allow-scripts" width="100%" height="820" title="{title}"></iframe>'

    def __str__(self) -> str:
        parts = [_count_rounds(rounds) for _, rounds in self.rounds.groupby("panel")]
        return f"Replay “{self.title}”: {' and '.join(parts)}"

    __repr__ = __str__


def draw_replay(
    portfolio: Portfolio,
    cascade: Cascade,
    *,
    after: tuple[Portfolio, Cascade] | None = None,
    names: tuple[str, str] | None = None,
    size: str = "exposure",
    limit: int = 300,
    title: str | None = None,
    mask: bool = False,
    lang: Language = "en",
) -> Replay:
    """Draw a cascade so that a reader can go through it round by round, alone or beside another one.

    Members stand where `draw_map` of the first cascade puts them, in every round and in both pictures.

    Parameters
    ----------
    portfolio, cascade
        What the cascade was run on, and the cascade.
    after
        A portfolio and a cascade run on it, to show beside the first, such as the same default after an intervention.
    names
        What stands over the two, in place of Before and After.
    size
        What members are sized by, as in `draw_map`.
    limit
        Members drawn at most, 1 to 2,000; the most important of the first cascade are kept.
    title
        Headline of the page, in place of the usual one.
    mask
        Numbers in place of ids and names; see `draw_map`.
    lang
        What the page is written in: ``en``, or ``zh`` for Chinese; see `draw_map`.

    Returns
    -------
    The replay; ``.save("replay.html")`` writes it.

    Raises
    ------
    InputError
        If a cascade was run on another portfolio than the one given with it, `after` is no such pair, `limit` is out of
        range, nothing is known of `size`, or there are no words in that language.
    """
    check_limit(limit)
    _check_after(after)
    question = Question(portfolio=portfolio, cascade=cascade, size=size, limit=limit, title=title, lang=lang)
    plain = compose_drawing(question)
    shown = [(portfolio, cascade), *([after] if after else [])]
    said = (names or (say("before", lang), say("after", lang))) if after else ("", "")
    ids = plain.nodes["member_id"]
    panels = [look_up_panel(*one, ids, name=name) for one, name in zip(shown, said, strict=False)]
    drawing = mask_drawing(plain, question) if mask else plain
    facts = _add_facts(drawing.facts, *shown[-1], name=said[-1], lang=lang) if after else drawing.facts
    spread = describe_cascade(cascade, drawing.unit, lang)
    drawing = replace(drawing, sentence=join_sentences([spread, _say_payments(panels[0], lang)], lang), facts=facts)
    omitted = (*drawing.omitted, *_say_missed(panels, lang))
    page = write_replay(drawing, panels, [_say(*one, lang) for one in shown], omitted)
    return Replay(title=drawing.title, rounds=_frame_rounds(panels), _page=page, _lang=lang)


def _check_after(after: object) -> None:
    """Refuse what is no pair of a portfolio and a cascade.

    Raises
    ------
    InputError
        If it is neither such a pair nor None.
    """
    from circles.contagion import Cascade
    from circles.portfolio import Portfolio

    match after:
        case None | (Portfolio(), Cascade()):
            return
    found = (
        f"({', '.join(type(part).__name__ for part in after)})" if isinstance(after, tuple) else type(after).__name__
    )
    msg = f"after must be a portfolio and the cascade run on it, (portfolio, cascade), got {found}"
    raise InputError(msg)


def _count_rounds(rounds: pd.DataFrame) -> str:
    """Count the rounds in which others fail, and say until which payments go on where that is later."""
    failing, last = _find_last_rounds(rounds)
    counted = say_count(failing, "round")
    return f"{counted}, payments until round {last:,}" if last > failing else counted


def _say_payments(panel: Panel, lang: Language) -> str:
    """Say when the last payments are made, where nobody fails in that round any more."""
    failing, last = _find_last_rounds(panel.timeline.rounds)
    return say("payments_until", lang, last=f"{last:,}") if last > failing else ""


def _find_last_rounds(rounds: pd.DataFrame) -> tuple[int, int]:
    """Give the last round in which somebody fails, and the last in which anything is paid."""
    rounds = rounds.set_index("round")
    fallen = rounds.index[rounds["failed"] > 0]
    moved = rounds[["paid_so_far_fen", "unpaid_so_far_fen"]].diff().fillna(0).ne(0).any(axis=1)
    return int(max(fallen, default=0)), int(max(rounds.index[moved], default=0))


def _say(portfolio: Portfolio, cascade: Cascade, lang: Language) -> Headline:
    unit = say_unit(name_currency(portfolio.currency), lang)
    sentence, figures = describe_cascade(cascade, unit, lang), figure_cascade(cascade, unit, lang)
    return Headline(title="", sentence=sentence, figures=figures)


def _add_facts(
    facts: tuple[tuple[str, str], ...], portfolio: Portfolio, cascade: Cascade, *, name: str, lang: Language
) -> tuple[tuple[str, str], ...]:
    """Add what is otherwise in the second cascade."""
    second = list_facts(portfolio, terms=cascade.terms, lang=lang)
    other = [
        (say("of_panel", lang, what=what, name=name), value) for what, value in second if (what, value) not in facts
    ]
    return (*facts, *other)


def _say_missed(panels: list[Panel], lang: Language) -> tuple[str, ...]:
    return tuple(
        say_counted("missed_in" if panel.name else "missed", panel.missed, lang, name=panel.name)
        for panel in panels
        if panel.missed
    )


def _frame_rounds(panels: list[Panel]) -> pd.DataFrame:
    import pandas as pd

    return pd.concat(
        [panel.timeline.rounds.assign(panel=number) for number, panel in enumerate(panels)], ignore_index=True
    )
