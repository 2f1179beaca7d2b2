"""What the pages of deputies and successors show, as values."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, NamedTuple

from registry.base.extensions import clock
from registry.base.labels import N_
from registry.handovers import queries
from registry.handovers.queries import OpenLine
from registry.people.models import Deputy, User
from registry.site.access import actor


class State(NamedTuple):
    label: str
    tone: str
    is_open: bool = False


STATES = {
    "now": State(N_("代办中"), "ok", is_open=True),
    "coming": State(N_("尚未开始"), "info", is_open=True),
    "over": State(N_("已到期"), "plain"),
    "ended": State(N_("已提前结束"), "plain"),
}


def states(rows: Iterable[Deputy]) -> dict[int, State]:
    """Number of a deputyship -> its word and tone today, and whether it could be ended early."""
    return {row.id: STATES[queries.state_of(row, clock.today())] for row in rows}


def work_of(user: User) -> dict[str, Any]:
    """For the page of an account: what is open, who stands in for whom, what was handed over; no rows."""
    deputies = [*queries.of(actor(), user), *queries.by(actor(), user)]
    return {
        "lines": queries.open_lines(user),
        "deputies": deputies,
        "deputy_states": states(deputies),
        "handovers": queries.handovers_of(user),
        "work_labels": queries.labels(),
    }


def packed(lines: Iterable[OpenLine]) -> str:
    """The counts as a form carries them along."""
    return json.dumps({line.name: line.count for line in lines}, sort_keys=True)


def unpacked(text: str | None) -> dict[str, int]:
    """Back again; what is none was changed on the way and fits nothing."""
    try:
        found: Any = json.loads(text or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
