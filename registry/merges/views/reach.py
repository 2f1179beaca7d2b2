"""What a merge tells of the other entry, to who may not see that one: that there was a merge, and no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from registry.base.permissions import sees_firm
from registry.base.vocabulary import Action
from registry.firms.models.firms import Firm
from registry.firms.models.merges import Merge
from registry.merges.queries import merges
from registry.merges.views import merge_page
from registry.site.access import actor
from registry.site.timeline import Happening
from registry.trail.models import TrailEntry

_ACTS = frozenset({Action.MERGE, Action.UNMERGE, "edit"})


class Beyond:
    """The merges of one firm by whether the reader may see their other entry."""

    def __init__(self, firm: Firm) -> None:
        self._rows = merges.of(firm)
        self._firm = firm
        unseen = [row for row in self._rows if not sees_firm(actor(), self._other(row))]
        self._moments = {at for row in unseen for at in (row.at, row.undone_at)}

    def _other(self, row: Merge) -> Firm:
        return row.folded if row.winner_id == self._firm.id else row.winner

    def folded(self) -> list[tuple[Merge, str]]:
        """The merges into the firm that stand, each with what the reader may call the entry."""
        standing = (row for row in self._rows if row.undone_at is None and row.winner_id == self._firm.id)
        return [(row, merge_page.name_of(row.folded, sees=sees_firm(actor(), row.folded))) for row in standing]

    def hides(self, act: TrailEntry) -> bool:
        """Whether the reason of an act, and what it calls the other entry, are for others."""
        return act.verb in _ACTS and self._conceals(act.at)

    def told(self, lines: list[Happening]) -> list[Happening]:
        """The course of the firm without the opinions of such merges."""
        return [replace(line, opinion="") if self._conceals(line.moment) else line for line in lines]

    def _conceals(self, at: datetime) -> bool:
        return at in self._moments
