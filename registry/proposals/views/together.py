"""Several firms that may be nominated at once: which can be submitted now, and what each of the others lacks."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from registry.base.extensions import db
from registry.base.permissions import can
from registry.base.vocabulary import Action
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.proposals.queries import nominations
from registry.proposals.services import proposals
from registry.proposals.views import cases
from registry.proposals.views.cases import Obstacle
from registry.site.access import actor

SHOWN = 50
"""So many are looked at; each is judged by everything a nomination rests on."""


@dataclass(frozen=True)
class Unready:
    """A firm that cannot be submitted yet, and what is in the way, each with where it is put right."""

    firm: Firm
    obstacles: tuple[Obstacle, ...]


@dataclass(frozen=True)
class Submittable:
    """`ready` with the bureau that will review it; `more`: firms that were not looked at."""

    ready: tuple[tuple[Firm, str], ...] = ()
    unready: tuple[Unready, ...] = ()
    more: int = 0

    def __bool__(self) -> bool:
        return bool(self.ready or self.unready)

    @property
    def ids(self) -> list[int]:
        return [firm.id for firm, _office in self.ready]


def of(ids: Collection[int]) -> Submittable:
    """Of these firms those that the reader may submit now; what is submitted already is not among them."""
    wanted = sorted(set(ids))
    looked = wanted[:SHOWN]
    rows = firms.visible_to(actor()).where(Firm.id.in_(looked)).order_by(Firm.id)
    mine = [firm for firm in db.session.scalars(rows).unique() if can(actor(), "proposal.submit", firm)]
    ready, unready = [], []
    for firm in mine:
        obstacles = tuple(cases.obstacles(firm, nominations.open_of(firm), Action.SUBMIT))
        if obstacles:
            unready.append(Unready(firm, obstacles))
        else:
            ready.append((firm, proposals.reviewing_office(firm).short_name))
    return Submittable(tuple(ready), tuple(unready), len(wanted) - len(looked))
