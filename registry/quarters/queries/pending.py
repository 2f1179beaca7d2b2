"""Quarters that wait: for an office's word, and for the city office to close them."""

from __future__ import annotations

from datetime import datetime, time

from sqlalchemy import Select, exists, select

from registry.base.clocks import SHANGHAI
from registry.base.extensions import clock
from registry.base.labels import N_
from registry.base.pending import Pending, Task
from registry.base.periods import Quarter
from registry.base.permissions import Actor, can
from registry.quarters.models import QuarterDrawing, Snapshot
from registry.quarters.queries import due


def unspoken(actor: Actor) -> Select[str] | None:
    return due.unspoken(actor, clock.today()) if can(actor, "quarter.certify") else None


def to_close(actor: Actor) -> Select[str] | None:
    """Quarters that are over, whose lines are kept, and that nobody has closed."""
    if not can(actor, "quarter.close"):
        return None
    closed = exists().where(Snapshot.quarter == QuarterDrawing.quarter, Snapshot.sealed)
    over = QuarterDrawing.complete, QuarterDrawing.quarter < Quarter.of(clock.today()).label
    return select(QuarterDrawing.quarter).where(*over, ~closed).order_by(QuarterDrawing.quarter)


def _unspoken(actor: Actor, _limit: int) -> list[Task]:
    """A quarter has no number: its page goes by its label. It waits since it is over."""
    return [
        Task(
            "certify", one.quarter.label, 0, "", datetime.combine(one.quarter.next.first, time(), SHANGHAI),
            due_on=one.until, label=N_("确认季度数据"), endpoint="certifying.certify",
            values={"label": one.quarter.label}, termed=True,
        )
        for one in due.of_office(actor, clock.today())
    ]  # fmt: skip


WAITING = (
    Pending("certify", N_("季度数据待确认"), "quarters.listing", unspoken, tasks=_unspoken),
    Pending("close", N_("待冻结的季度"), "quarters.listing", to_close, is_task=False),
)
