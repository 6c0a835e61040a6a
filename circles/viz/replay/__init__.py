"""Replays: a cascade round by round, alone or beside another one, as pages that open off line."""

from circles.viz.replay.replay import Replay, draw_replay

__all__ = ["Replay", "draw_replay"]
