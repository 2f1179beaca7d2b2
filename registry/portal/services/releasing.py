"""Entries of firms are released, field by field, and withdrawn; progress of a plan is published."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import select

from registry.base.errors import FieldError, NotAllowed, ReasonNeeded, RegistryError
from registry.base.extensions import db
from registry.base.permissions import Actor, can
from registry.firms.models.firms import Firm
from registry.plans.queries import plans
from registry.plans.queries.standing import PlanStanding, standing
from registry.portal import texts
from registry.portal.models import PortalProgress, PortalRelease
from registry.portal.queries import sources
from registry.portal.queries.releases import of_firms as releases_of_firms
from registry.portal.rules.catalog import COLLECTIONS, ENTRIES, PROGRESS, chosen
from registry.portal.rules.rights import releases
from registry.portal.services import drawing
from registry.sheets.wording import LIST_JOINT
from registry.trail.services import trail
from registry.trail.services.trail import Act

MOST = 3_000
"""Firms of one press."""


def release(
    actor: Actor, firms: Sequence[Firm], keys: Iterable[str], *, at: datetime, on: date, early_reason: str = ""
) -> int:
    """These fields of these firms are public; how many it is new for. Raises NotAllowed, FieldError."""
    if not can(actor, "portal.release") or actor.user_id is None or actor.office_id is None:
        raise NotAllowed
    drawing.hold()
    _refuse(actor, firms, early_reason)
    fields, acts = list(chosen(COLLECTIONS[ENTRIES], list(keys))), []
    held = releases_of_firms([firm.id for firm in firms])
    for firm in firms:
        before = held.get(firm.id)
        if before is not None and before.fields == fields:
            continue
        if before is not None:
            before.ended_at, before.ended_by_name, before.end_reason = at, actor.name, texts.OTHER_FIELDS
            db.session.flush()
        row = PortalRelease(
            firm=firm, fields=fields, early_reason="" if sources.may_be_shown(firm) else early_reason.strip(),
            office_id=actor.office_id, by_id=actor.user_id, by_name=actor.name, at=at,
        )  # fmt: skip
        db.session.add(row)
        after = {"fields": ", ".join(fields)}
        reason = row.early_reason
        acts.append(Act("release_entry", "firm", firm.id, firm.name, after=after, reason=reason))
    db.session.flush()
    trail.record_all(actor, acts, at=at)
    drawing.of_firms([firm.id for firm in firms], at=at, on=on)
    return len(acts)


def withdraw(actor: Actor, firms: Sequence[Firm], *, reason: str, at: datetime, on: date) -> int:
    """They are no longer public; how many were. Raises NotAllowed, ReasonNeeded."""
    if not can(actor, "portal.release") or any(not releases(actor, firm) for firm in firms):
        raise NotAllowed
    if not reason.strip():
        raise ReasonNeeded
    drawing.hold()
    acts, held = [], releases_of_firms([firm.id for firm in firms])
    if not held:
        raise RegistryError(texts.NOT_STANDING)
    for firm in firms:
        row = held.get(firm.id)
        if row is not None:
            row.ended_at, row.ended_by_name, row.end_reason = at, actor.name, reason.strip()
            acts.append(Act("withdraw_entry", "firm", firm.id, firm.name, reason=reason.strip()))
    db.session.flush()
    trail.record_all(actor, acts, at=at)
    drawing.of_firms([firm.id for firm in firms], at=at, on=on)
    return len(acts)


def digest_of(firms: Iterable[Firm], keys: Iterable[str]) -> str:
    """Of what a person was shown: it is done only if it is still so."""
    told = [(firm.id, firm.version) for firm in firms], sorted(keys)
    return hashlib.sha256(repr(told).encode()).hexdigest()


def _refuse(actor: Actor, firms: Sequence[Firm], early_reason: str) -> None:
    if not firms:
        raise FieldError("firms", texts.NOTHING_CHOSEN)
    if len(firms) > MOST:
        raise FieldError("firms", texts.TOO_MANY, limit=MOST, count=len(firms))
    for firm in firms:
        if not releases(actor, firm):
            raise NotAllowed
        if firm.voided_at is not None or firm.merged_into_id is not None:
            raise FieldError("firms", texts.NOT_LISTED, name=firm.name)
        if not sources.may_be_shown(firm):
            if len(firms) > 1:
                raise FieldError("firms", texts.NOT_LISTED, name=firm.name)
            if not early_reason.strip():
                raise FieldError("early_reason", texts.EARLY_REASON, name=firm.name)


# -- progress of the plan -------------------------------------------------------------------------
def progress_now(on: date) -> PlanStanding | None:
    """The newest plan's targets as they stand at the end of a day."""
    plan = plans.current(on)
    return standing(plan, on) if plan is not None else None


def publish(actor: Actor, codes: Iterable[str], *, at: datetime, on: date) -> PortalProgress:
    """The targets named as they stand today; what was published of this plan before is over. Raises NotAllowed,
    RegistryError, FieldError('targets')."""
    if not can(actor, "portal.progress") or actor.user_id is None:
        raise NotAllowed
    found = progress_now(on)
    if found is None:
        raise RegistryError(texts.NO_PLAN)
    wanted = set(codes)
    drawing.hold()
    lines = {
        one.target.code: {
            "name": one.target.name, "goal": str(one.target.amount), "value": str(len(one.counted)),
            "unit": one.target.unit,
        }
        for one in found.targets
        if one.target.code in wanted
    }  # fmt: skip
    if not lines:
        raise FieldError("targets", texts.NO_TARGETS)
    _end_former(found.version.name, actor, at)
    row = PortalProgress(plan=found.version.name, as_of=on, lines=lines, by_id=actor.user_id, by_name=actor.name, at=at)
    db.session.add(row)
    db.session.flush()
    told = LIST_JOINT.join(f"{line['name']} {line['value']}/{line['goal']}{line['unit']}" for line in lines.values())
    trail.record(actor, "publish_progress", row, at=at, after={"lines": told})
    drawing.of_few(PROGRESS, at=at, on=on)
    return row


def withdraw_progress(actor: Actor, row: PortalProgress, *, reason: str, at: datetime, on: date) -> None:
    """Raises NotAllowed, ReasonNeeded, RegistryError."""
    if not can(actor, "portal.progress"):
        raise NotAllowed
    if not reason.strip():
        raise ReasonNeeded
    db.session.refresh(row, with_for_update={"of": PortalProgress})
    if row.ended_at is not None:
        raise RegistryError(texts.NOT_STANDING)
    row.ended_at, row.ended_by_name, row.end_reason = at, actor.name, reason.strip()
    db.session.flush()
    trail.record(actor, "withdraw_progress", row, at=at, reason=reason.strip())
    drawing.of_few(PROGRESS, at=at, on=on)


def _end_former(plan: str, actor: Actor, at: datetime) -> None:
    rows = select(PortalProgress).where(PortalProgress.plan == plan, PortalProgress.ended_at.is_(None))
    for row in db.session.scalars(rows):
        row.ended_at, row.ended_by_name, row.end_reason = at, actor.name, texts.PUBLISHED_ANEW
    db.session.flush()
