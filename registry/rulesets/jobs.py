"""The standing of every firm in the background: a new year, and rules whose day has come."""

from __future__ import annotations

from registry.base import turns
from registry.base.extensions import clock
from registry.base.turns import Pace
from registry.pathway.services import standing
from registry.rulesets.services import effects


def bring_up_to_date() -> int:
    """Judge every firm of another year, or by newly effective rules; committed chunk by chunk, harmless to repeat.

    How many firms there were.
    """
    done: list[int] = []
    for refreshed in (standing.refresh_stale, effects.take):
        pace = Pace()
        turns.take(refreshed(pace, on=clock.today(), at=clock.now()), turns.let_go, pace, tell=done.append)
    return sum(done)
