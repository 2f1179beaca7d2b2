"""The statistician's desk: who can be filed in this window and who cannot, firms in the levels, the yearly re-check."""

from __future__ import annotations

from typing import Any

from registry.base.extensions import clock, db
from registry.base.permissions import Actor
from registry.base.vocabulary import Role
from registry.filings.models import Filing
from registry.filings.queries import announced, filings, lineup
from registry.filings.queries.lineup import LineupState
from registry.filings.rules import chain
from registry.filings.views import filed
from registry.reference.queries import reference

SHOWN = 8


def desk(actor: Actor) -> dict[str, Any] | None:
    if not actor.holds(Role.STATISTICIAN):
        return None
    on = clock.today()
    due = lineup.of(list(db.session.scalars(filings.due(actor)).unique()), on=on)
    groups = {state: [one for one in due if one.state is state] for state in LineupState}
    under_way = list(db.session.scalars(filings.under_way(actor)).unique())
    return {
        "window": next(iter(announced.coming(on)), None),
        "groups": groups,
        "total": len(due),
        "shown": SHOWN,
        "labels": lineup.LINEUP_LABELS,
        "tones": lineup.LINEUP_TONES,
        "in_the_way": filed.in_the_way,
        "sent_back": filed.sent_back,
        "levels": _by_level(under_way),
        "oldest": [(row, (on - _since(row)).days, chain.next_level(row.results)) for row in under_way[:5]],
        "level_labels": chain.LEVEL_LABELS,
        "places": reference.division_names(),
    }


def _since(row: Filing) -> Any:
    """It stands where it stands since the last level passed it, or since it was filed."""
    return max((result.on for result in row.results), default=row.filed_on)


def _by_level(found: list[Filing]) -> list[tuple[Any, int, int]]:
    """Level whose answer is awaited -> how many, and the most days one of them has waited there."""
    on = clock.today()
    table: dict[Any, list[int]] = {}
    for row in found:
        table.setdefault(chain.next_level(row.results), []).append((on - _since(row)).days)
    order = [*chain.ChainLevel, None]
    return [(level, len(table[level]), max(table[level])) for level in order if level in table]
