"""What of filings waits: seals to look at, firms to file, filings under way, re-checks of the year that is over."""

from __future__ import annotations

from sqlalchemy import Select

from registry.base.extensions import clock
from registry.base.labels import N_
from registry.base.pending import Pending
from registry.base.permissions import Actor
from registry.base.vocabulary import Role
from registry.filings.models import Filing
from registry.filings.queries import filings, rechecks, seals
from registry.firms.models.firms import Firm


def to_file(actor: Actor) -> Select[Firm] | None:
    return filings.due(actor) if actor.holds(Role.STATISTICIAN) else None


def under_way(actor: Actor) -> Select[Filing] | None:
    return filings.under_way(actor) if actor.holds(Role.STATISTICIAN) else None


def to_recheck(actor: Actor) -> Select[Firm] | None:
    return rechecks.undecided(actor, clock.today().year - 1) if actor.holds(Role.STATISTICIAN) else None


def to_seal(actor: Actor) -> int | None:
    """Worked out firm by firm from its checklist."""
    return len(seals.waiting(actor, on=clock.today())) if actor.holds(Role.STATISTICIAN, Role.OFFICER) else None


WAITING = (
    Pending("seal", N_("待核对印章的企业"), "checklists.to_seal", found=to_seal, is_task=False),
    Pending("file", N_("达标应入，尚未申报"), "filings.listing", to_file, values={"view": "due"}, is_task=False),
    Pending("level", N_("在审申报"), "filings.listing", under_way, values={"view": "open"}, is_task=False),
    Pending("recheck", N_("年度复核未办"), "rechecks.listing", to_recheck, is_task=False),
)
