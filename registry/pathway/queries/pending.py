"""Firms in the directory of which an amount is in doubt that nobody else has settled, or carries a stage unproven."""

from __future__ import annotations

from sqlalchemy import Select

from registry.base.extensions import clock
from registry.base.labels import N_
from registry.base.pending import Pending, Task, first_of
from registry.base.permissions import Actor
from registry.base.vocabulary import Role
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.pathway.queries import unproven
from registry.pathway.rules.history import LISTED


def doubted(actor: Actor) -> Select[Firm] | None:
    """For who may settle it: the bureau in charge, and who sees the city; never the office that gave the amount."""
    if not actor.holds(Role.OFFICER, Role.CITY_OFFICE, Role.STATISTICIAN):
        return None
    found = firms.visible_to(actor).where(Firm.stage.in_(sorted(LISTED)), Firm.doubted != "")
    found = found.where(Firm.office_id != (actor.office_id or -1))
    if not actor.holds(Role.CITY_OFFICE, Role.STATISTICIAN):
        found = found.where(Firm.lead_bureau_id == actor.office_id)
    return found.order_by(Firm.statistical_county, Firm.id)


def resting(actor: Actor) -> int | None:
    """Worked out firm by firm from its figures."""
    if not actor.holds(Role.CLERK, Role.OFFICER, Role.CITY_OFFICE, Role.STATISTICIAN, Role.LEADER, Role.AUDITOR):
        return None
    return len(unproven.resting(actor, on=clock.today()))


def _doubted(actor: Actor, limit: int) -> list[Task]:
    return [
        Task(
            "doubt", row.name, row.id, row.office.short_name, None, label=N_("存疑金额待核实"),
            endpoint="figures.listing", values={"firm_id": row.id},
        )
        for row in first_of(doubted(actor), limit)
    ]  # fmt: skip


WAITING = (
    Pending("doubt", N_("存疑金额待核实"), "", doubted, tasks=_doubted, is_task=False),
    Pending("unproven", N_("阶段所依据的数未证"), "unproven.listing", found=resting, is_task=False),
)
