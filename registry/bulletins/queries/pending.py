"""Bulletins that wait: for an office's word on its numbers, for approval, for issue."""

from __future__ import annotations

from sqlalchemy import Select

from registry.base.labels import N_
from registry.base.pending import Pending, Task
from registry.base.permissions import Actor
from registry.base.vocabulary import Role
from registry.bulletins.models import Bulletin
from registry.bulletins.queries import bulletins
from registry.bulletins.rules.rights import SPEAKERS


def to_do(actor: Actor) -> Select[Bulletin] | None:
    return bulletins.to_do(actor) if actor.holds(*SPEAKERS, Role.CITY_OFFICE, Role.STATISTICIAN) else None


_CONFIRM = "bulletin_confirm", N_("通报待确认：其中有本单位的数字")
_APPROVE = "bulletin_approve", N_("通报待批准")
_ISSUE = "bulletin_issue", N_("通报已批准，待印发")


def _to_do(actor: Actor, limit: int) -> list[Task]:
    return [_task(actor, row) for row in bulletins.told_shortly(bulletins.to_do(actor).limit(limit))]


def _task(actor: Actor, row: Bulletin) -> Task:
    kind, label = _ISSUE if row.state == "approved" else _CONFIRM if bulletins.is_asked(actor, row) else _APPROVE
    return Task(
        kind, bulletins.title_of(row), row.id, row.quarter, row.submitted_at, label=label, endpoint="bulletins.show",
        values={"bulletin_id": row.id},
    )  # fmt: skip


WAITING = (Pending("bulletin", N_("季度通报待办"), "bulletins.listing", to_do, tasks=_to_do),)
